"""What was typed, understood; or refused with a sentence."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careloop.faces.cli.kpi.boards import BOARDS
from careloop.insight import facts as lake
from careloop.insight import kpis
from careloop.insight.facts.errors import FactsError
from careloop.insight.kpis import Asked
from careloop.kernel.errors import Refusal
from careloop.kernel.sentences import Unusable

__all__ = [
    "QuestionMakesNoSense",
    "asked",
    "condition",
    "day",
    "day_begins",
    "dimensions",
    "facts_in",
    "moment",
    "refused",
]

SHORTHAND = re.compile(r"([a-z_]+)(!?=)(.+)")


class QuestionMakesNoSense(Refusal):
    """What was typed asks for something that cannot be measured."""


def refused(problem: Unusable) -> QuestionMakesNoSense:
    """Say in the reader's language why something cannot be used."""
    return QuestionMakesNoSense(problem.sentence(_))


def facts_in(folder: str, *, as_of: date | None = None) -> lake.Facts:
    """Open a folder of facts; as they were known at the end of a day where one is given."""
    try:
        return lake.read(Path(folder), as_of=as_of)
    except FactsError as problem:
        raise QuestionMakesNoSense(_(problem.template).format(**problem.values)) from problem


def asked(
    metrics: Sequence[str], board: str | None, options: Sequence[str], *, as_of: date | None = None
) -> list[Asked]:
    """Choose metrics with their options, as they were defined on a day; those of a board take the options that they know."""
    if not metrics and board is None:
        raise QuestionMakesNoSense(
            _("Say what to measure: --metric with an id, or --board. “careloop kpi list” names them.")
        )
    if board is not None and board not in BOARDS:
        raise QuestionMakesNoSense(
            _("There is no board “%(name)s”; there are %(names)s.") % {"name": board, "names": ", ".join(BOARDS)}
        )
    typed = dict(map(_option, options))
    names = [name for metric in metrics for name in metric.split(",")] or list(BOARDS[board or ""])
    try:
        chosen = [kpis.defined(name, as_of=as_of) for name in names]
        known = {option.name for metric in chosen for option in metric.options}
        if len(chosen) > 1 and not typed.keys() <= known:
            # Refused as for a single metric, in words that name its options.
            Asked.of(chosen[0], typed)
        return [
            Asked.of(
                metric, {name: value for name, value in typed.items() if name in _names(metric) or len(chosen) == 1}
            )
            for metric in chosen
        ]
    except Unusable as problem:
        raise refused(problem) from problem


def _names(metric: kpis.Metric) -> set[str]:
    return {option.name for option in metric.options}


def _option(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise QuestionMakesNoSense(
            _("--option is “%(text)s”; write a name, an equals sign and a value, such as target_s=30.") % {"text": text}
        )
    return name.strip(), value.strip()


def dimensions(text: str) -> tuple[str, ...]:
    """Read names with commas between them."""
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)


def day(option: str, text: str | None) -> date | None:
    """Read a day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise QuestionMakesNoSense(
            _("%(option)s is “%(text)s”; write a day such as 2026-03-01.") % {"option": option, "text": text}
        ) from problem


def day_begins(text: str | None) -> int:
    """Read when a day of operation begins, in seconds since midnight."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text or "00:00")
    if found is None:
        raise QuestionMakesNoSense(_("--day-begins is “%(text)s”; write a time of day such as 05:00.") % {"text": text})
    return int(found[1]) * 3600 + int(found[2]) * 60


def moment(option: str, text: str | None, zone: str) -> datetime | None:
    """Read a day or a moment; without an offset it is meant in the zone of the facts."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as problem:
        raise QuestionMakesNoSense(
            _("%(option)s is “%(text)s”; write a day such as 2026-03-01 or a moment such as 2026-03-01T09:00+09:00.")
            % {"option": option, "text": text}
        ) from problem
    if read.tzinfo is not None:
        return read
    return datetime.combine(read.date(), time(read.hour, read.minute, read.second), ZoneInfo(zone))


def condition(text: str | None) -> dict[str, object] | None:
    """Read a condition: JSON, or `field=value` with commas between several values and `;` between several fields."""
    if text is None:
        return None
    if text.lstrip().startswith("{"):
        try:
            loaded: dict[str, object] = json.loads(text)
        except ValueError as problem:
            raise QuestionMakesNoSense(_("--where cannot be read: it is not JSON.")) from problem
        return loaded
    return {"and": [_shorthand(part.strip()) for part in text.split(";") if part.strip()]}


def _shorthand(text: str) -> dict[str, object]:
    found = SHORTHAND.fullmatch(text)
    if found is None:
        raise QuestionMakesNoSense(
            _(
                "--where is “%(text)s”; write a condition as JSON, or field=value such as queue=billing,sales;channel=voice."
            )
            % {"text": text}
        )
    values = [value.strip() for value in found[3].split(",")]
    return {"field": found[1], "operator": "any_of" if found[2] == "=" else "none_of", "value": values}
