"""Measured numbers as text: tables for people, comma-separated lines, and plain values for JSON."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from careloop.faces.cli.kpi.answering import Unanswered
from careloop.insight.kpis import DIMENSIONS, TIMES, Metric, Result, replaced_by
from careloop.insight.kpis.metric import Unit
from careloop.insight.kpis.options import Choice, Options, names_of
from careloop.insight.kpis.results import Cells
from careloop.insight.kpis.words import LANGUAGES, Words

__all__ = [
    "NOTHING",
    "as_csv",
    "as_facts",
    "as_table",
    "beside",
    "caveats",
    "choices_words",
    "figure",
    "headline",
    "key_words",
    "language",
    "printed",
    "spoken",
    "unit_words",
]

NOTHING = "–"
SAID_IN_FULL = frozenset({Unit.SHARE, Unit.COUNT, Unit.RATIO, Unit.CONTACTS, Unit.CONTACTS_PER_8H, Unit.INDEX})
"""Units that a number shows itself, or the name of its metric."""


def language() -> str:
    """Return the reader's language as the catalogue names it."""
    code = (get_language() or "en").lower()
    return code if code in LANGUAGES else "en"


def spoken(words: Words) -> str:
    """Say words of the catalogue in the reader's language."""
    return words.spoken(language())


def as_table(results: Sequence[Result | Unanswered]) -> str:
    """Write numbers under each other, one block for each metric."""
    return "\n\n".join(_block(result) for result in results)


def headline(found: Result | Unanswered) -> str:
    """Say which metric it is, in which unit, with which options: unusual choices in words, all of them as they are typed."""
    asked = found.asked if isinstance(found, Unanswered) else found
    unit = [] if asked.metric.unit in SAID_IN_FULL else [unit_words(asked.metric.unit)]
    return "  ·  ".join([spoken(asked.metric.name), *choices_words(asked.metric, asked.options), *unit, found.identity])


def choices_words(metric: Metric, options: Options) -> list[str]:
    """Say what was chosen that is not the usual choice."""
    return [
        spoken(names_of(option)[chosen])
        for option in metric.options
        if isinstance(option, Choice) and (chosen := options.choice(option.name)) != option.default
    ]


def _block(result: Result | Unanswered) -> str:
    lines = [headline(result)]
    if isinstance(result, Unanswered):
        return "\n".join([*lines, result.sentence])
    if result.not_measured:
        return "\n".join([*lines, *caveats(result)])
    rows = _lines(result, result.cells) if result.cells is not None else []
    if result.whole is not None:
        (total,) = _lines(result, result.whole)
        total[: len(result.by)] = [pgettext("kpi table", "all"), *[""] * (len(result.by) - 1)][: len(result.by)]
        rows.append(total)
    return "\n".join([*lines, *printed([_heads(result), *rows]), *caveats(result)])


def caveats(result: Result) -> list[str]:
    """Say what must be known of a number: flags, its definition, until when its data are complete; or why there is none."""
    if result.not_measured:
        needs = "; ".join(map(str, result.not_measured))
        return [_("Not measured: it would need %(needs)s.") % {"needs": needs}]
    lines = [f"! {spoken(flag.sentence)}" for flag in result.flags]
    if (now := replaced_by(result.metric)) is not None:
        words = _(
            "Version %(version)d, as it was defined then; the definition has changed since and is version %(now)d today."
        )
        lines.append(words % {"version": result.metric.version, "now": now.version})
    if result.complete_until is None:
        return [*lines, _("No source says until when its data are complete.")]
    moment = f"{result.complete_until:%Y-%m-%d %H:%M} UTC"
    return [*lines, _("Data complete until %(moment)s.") % {"moment": moment}]


def _heads(result: Result) -> list[str]:
    return [
        *(spoken((DIMENSIONS | TIMES)[name].words) for name in result.by),  # type: ignore[operator]
        pgettext("kpi table", "value"),
        pgettext("kpi table", "interval"),
        pgettext("kpi table", "numerator"),
        pgettext("kpi table", "denominator"),
        pgettext("kpi table", "n"),
        "",
    ]


def _lines(result: Result, cells: Cells) -> list[list[str]]:
    unit = result.metric.unit
    lists = cells.lists()
    keys = [lists[name] for name in cells.keys] or [[""] * len(cells) for _name in result.by]
    lines = []
    for place in range(len(cells)):
        low, high = lists["low"][place], lists["high"][place]
        marks = []
        if lists["standing"][place] == "hidden":
            marks.append(pgettext("kpi table", "hidden: too few"))
        elif lists["n"][place] == 0 and lists["value"][place] is None:
            marks.append(pgettext("kpi table", "nothing to count"))
        elif lists["standing"][place] == "small_sample":
            marks.append(pgettext("kpi table", "small sample"))
        if lists["is_provisional"][place]:
            marks.append(pgettext("kpi table", "provisional"))
        lines.append(
            [
                *(key_words(values[place]) for values in keys),
                figure(lists["value"][place], unit),
                NOTHING if low is None or high is None else f"{figure(low, unit)} … {figure(high, unit)}",
                _plain(lists["numerator"][place]),
                _plain(lists["denominator"][place]),
                _plain(lists["n"][place]),
                ", ".join(marks),
            ]
        )
    return lines


def unit_words(unit: Unit) -> str:
    """Say a unit."""
    return {
        Unit.SHARE: pgettext("unit", "share from 0 to 1"),
        Unit.RATIO: pgettext("unit", "ratio"),
        Unit.SECONDS: pgettext("unit", "seconds"),
        Unit.HOURS: pgettext("unit", "hours"),
        Unit.DAYS: pgettext("unit", "days"),
        Unit.MONTHS: pgettext("unit", "months"),
        Unit.COUNT: pgettext("unit", "count"),
        Unit.CONTACTS_PER_8H: pgettext("unit", "contacts in 8 hours"),
        Unit.CONTACTS: pgettext("unit", "contacts"),
        Unit.PER_THOUSAND: pgettext("unit", "per thousand"),
        Unit.PER_MILLION: pgettext("unit", "per million"),
        Unit.PER_YEAR: pgettext("unit", "share per year"),
        Unit.MONEY: pgettext("unit", "money"),
        Unit.FTE_INTERVALS: pgettext("unit", "people × intervals"),
        Unit.POINTS: pgettext("unit", "points"),
        Unit.INDEX: pgettext("unit", "index"),
    }[unit]


def key_words(value: object) -> str:
    """Say what a row is of."""
    match value:
        case None:
            return NOTHING
        case datetime():
            return f"{value:%Y-%m-%d %H:%M%z}"
    return str(value)


def figure(value: float | None, unit: Unit) -> str:
    """Write a number in its unit; a share as percent."""
    if value is None:
        return NOTHING
    if unit in {Unit.SHARE, Unit.PER_YEAR}:
        return f"{number_format(round(value * 100, 1), 1, use_l10n=True)}%"
    return str(number_format(round(value, 2), 2 if value % 1 else 0, use_l10n=True, force_grouping=True))


def _plain(value: float | None) -> str:
    if value is None:
        return NOTHING
    return str(number_format(round(value, 2), None if value % 1 else 0, use_l10n=True, force_grouping=True))


def printed(lines: Sequence[Sequence[str]]) -> list[str]:
    """Set cells in columns: the first to the left, numbers to the right."""
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) if column == 0 else " " * (width - _width(cell)) + cell
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def as_csv(results: Sequence[Result]) -> str:
    """Write one line per cell: which metric in front; which checks failed, and until when data are complete, behind."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    is_headed = False
    for result in results:
        shown = result.whole if result.cells is None else result.cells
        lists: Mapping[str, Sequence[Any]] = {} if shown is None else shown.lists()
        if not is_headed and lists:
            writer.writerow(["metric", "version", "options", *lists, *beside(result)])
            is_headed = True
        for values in zip(*lists.values(), strict=True):
            writer.writerow(
                [
                    result.metric.id,
                    result.metric.version,
                    str(result.options),
                    *("" if v is None else v for v in (*values, *beside(result).values())),
                ]
            )
    return out.getvalue()


def beside(result: Result) -> dict[str, str | None]:
    """Return what a file says of every cell of a metric, by column."""
    return {
        "flags": " ".join(flag.check for flag in result.flags),
        "complete_until": _moment(result.complete_until),
    }


def as_facts(result: Result | Unanswered) -> dict[str, Any]:
    """Return a result as values that JSON can hold; of what cannot be asked so, which metric it is and why."""
    if isinstance(result, Unanswered):
        return {
            "metric": result.asked.metric.id,
            "version": result.asked.metric.version,
            "name": spoken(result.asked.metric.name),
            "options": dict(result.asked.options),
            "unit": result.asked.metric.unit.value,
            "unanswered": result.sentence,
            "not_measured": [],
            "flags": [],
            "rows": [],
            "total": None,
        }
    return {
        "metric": result.metric.id,
        "version": result.metric.version,
        "newest_version": (replaced_by(result.metric) or result.metric).version,
        "name": spoken(result.metric.name),
        "options": dict(result.options),
        "unit": result.metric.unit.value,
        "by": list(result.by),
        "since": _moment(result.since),
        "until": _moment(result.until),
        "zone": result.zone,
        "day_begins": f"{result.day_begins_s // 3600:02d}:{result.day_begins_s % 3600 // 60:02d}",
        "complete_until": _moment(result.complete_until),
        "matured_until": _moment(result.matured_until),
        "seed": result.seed,
        "not_measured": [str(need) for need in result.not_measured],
        "flags": [
            {
                "check": flag.check,
                "severity": flag.severity.value,
                "sentence": spoken(flag.sentence),
                "value": flag.value,
                "evidence": dict(flag.evidence),
            }
            for flag in result.flags
        ],
        "unmade_checks": list(result.unmade),
        "notes": dict(result.notes),
        "rows": [] if result.cells is None else _records(result.cells),
        "total": None if result.whole is None else _records(result.whole)[0],
    }


def _records(cells: Cells) -> list[dict[str, Any]]:
    lists = cells.lists()
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(lists, values, strict=True)
        }
        for values in zip(*lists.values(), strict=True)
    ]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
