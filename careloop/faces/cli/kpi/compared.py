"""Two periods side by side: what changed, whether chance explains it, and whether another mix or other rates made it."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careloop.faces.cli.kpi import questions
from careloop.faces.cli.kpi.answering import Unanswered
from careloop.faces.cli.kpi.numbers import NOTHING, as_facts, figure, headline, key_words, printed, spoken
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
from careloop.insight.changes import Part, Verdict
from careloop.insight.kpis import DIMENSIONS, TIMES, Compared
from careloop.insight.kpis.comparing import Pair

__all__ = ["compared_csv", "compared_facts", "compared_table", "other_period"]


def other_period(
    text: str, *, since: datetime | None, until: datetime | None, zone: str
) -> tuple[datetime, datetime] | None:
    """Read what a period is held against: `previous`, which is None here, or two days or moments with two dots between them."""
    if since is None or until is None:
        raise QuestionMakesNoSense(_("--compare needs a period to compare: give --from and --to."))
    if text == "previous":
        return None
    first, dots, last = text.partition("..")
    if not dots:
        raise QuestionMakesNoSense(
            _("--compare is “%(text)s”; write previous, or two days such as 2026-02-01..2026-03-01.") % {"text": text}
        )
    found = (questions.moment("--compare", first, zone), questions.moment("--compare", last, zone))
    if found[0] is None or found[1] is None or found[0] >= found[1]:
        raise QuestionMakesNoSense(_("The period ends before it begins."))
    return found[0], found[1]


def compared_table(found: Sequence[Compared | Unanswered]) -> str:
    """Write numbers under each other, one block for each metric."""
    return "\n\n".join(_block(one) for one in found)


def _block(found: Compared | Unanswered) -> str:
    if isinstance(found, Unanswered):
        return "\n".join([headline(found), found.sentence])
    lines = [headline(found.now)]
    if found.now.not_measured:
        needs = "; ".join(map(str, found.now.not_measured))
        return "\n".join([*lines, _("Not measured: it would need %(needs)s.") % {"needs": needs}])
    lines.append(
        _("%(since)s to %(until)s against %(before_since)s to %(before_until)s (%(zone)s)")
        % {
            "since": _day(found.now.since),
            "until": _day(found.now.until),
            "before_since": _day(found.before.since),
            "before_until": _day(found.before.until),
            "zone": found.now.zone,
        }
    )
    heads = [
        *(spoken((DIMENSIONS | TIMES)[name].words) for name in found.now.by),  # type: ignore[operator]
        pgettext("kpi table", "value"),
        pgettext("kpi table", "before"),
        pgettext("kpi table", "change"),
        pgettext("kpi table", "interval"),
        *([pgettext("kpi table", "mix"), pgettext("kpi table", "rate")] if found.split else []),
        "",
    ]
    parts = _parts(found)
    rows = [_line(found, pair, parts.get(_key(pair))) for pair in found.pairs]
    total = _line(found, found.total, found.split)
    if found.now.by:
        total = [pgettext("kpi table", "all"), *[""] * (len(found.now.by) - 1), *total]
    lines += printed([heads, *rows, total])
    if not found.reaches_back:
        lines.append(_("Nothing to compare with yet: facts do not reach back to the beginning of the earlier period."))
    lines += [f"! {spoken(flag.sentence)}" for flag in found.now.flags]
    return "\n".join(lines)


def _key(pair: Pair) -> tuple[object, ...]:
    return tuple(pair.dimensions.values())


def _parts(found: Compared) -> dict[tuple[object, ...], Part]:
    return {} if found.split is None else {(part.key,): part for part in found.split.parts}


def _line(found: Compared, pair: Pair, part: Any) -> list[str]:
    unit, change = found.now.metric.unit, pair.change
    now, before = (None if one is None else one.value for one in (pair.now, pair.before))
    known = change is not None and change.low is not None and change.high is not None
    cells = [
        *(key_words(value) for value in pair.dimensions.values()),
        figure(now, unit),
        figure(before, unit),
        NOTHING if change is None else _signed(change.difference, found),
        f"{_signed(change.low, found)} … {_signed(change.high, found)}" if known and change else NOTHING,
    ]
    if found.split:
        cells += [NOTHING, NOTHING] if part is None else [_signed(part.mix, found), _signed(part.rate, found)]
    return [*cells, "" if change is None else _verdict(change.verdict)]


def _signed(value: float | None, found: Compared) -> str:
    said = figure(value, found.now.metric.unit)
    return f"+{said}" if value is not None and value > 0 else said


def _verdict(verdict: Verdict) -> str:
    return {
        Verdict.HIGHER: pgettext("kpi table", "higher"),
        Verdict.LOWER: pgettext("kpi table", "lower"),
        Verdict.UNCLEAR: pgettext("kpi table", "may be chance"),
        Verdict.UNKNOWN: pgettext("kpi table", "not known whether chance"),
    }[verdict]


def _day(moment: datetime | None) -> str:
    return NOTHING if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def compared_csv(found: Sequence[Compared]) -> str:
    """Write one line per cell that either period has, and one for the total of each metric."""
    out = io.StringIO()
    by = found[0].now.by if found else ()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["metric", "version", "options", *by, "value", "before", "difference", "low", "high", "verdict", "mix", "rate"]
    )
    for one in found:
        head = [one.now.metric.id, one.now.metric.version, str(one.now.options)]
        for row in (*_rows(one), _row(one.total, one.split)):
            keys = [row["dimensions"].get(name) for name in by]
            figures = [value for name, value in row.items() if name != "dimensions"]
            writer.writerow(["" if cell is None else cell for cell in (*head, *keys, *figures)])
    return out.getvalue()


def compared_facts(found: Compared | Unanswered) -> dict[str, Any]:
    """Return both periods, and what lies between them, as values that JSON can hold."""
    if isinstance(found, Unanswered):
        return as_facts(found)
    return {
        **as_facts(found.now),
        "before": as_facts(found.before),
        "reaches_back": found.reaches_back,
        "change": {"total": _row(found.total, found.split), "rows": list(_rows(found))},
    }


def _rows(found: Compared) -> Iterator[dict[str, Any]]:
    parts = _parts(found)
    for pair in found.pairs:
        yield _row(pair, parts.get(_key(pair)))


def _row(pair: Pair, part: Any) -> dict[str, Any]:
    change = pair.change
    return {
        "dimensions": {
            name: value.isoformat() if isinstance(value, date) else value for name, value in pair.dimensions.items()
        },
        "value": None if pair.now is None else pair.now.value,
        "before": None if pair.before is None else pair.before.value,
        "difference": None if change is None else change.difference,
        "low": None if change is None else change.low,
        "high": None if change is None else change.high,
        "verdict": None if change is None else change.verdict.value,
        "mix": None if part is None else part.mix,
        "rate": None if part is None else part.rate,
    }
