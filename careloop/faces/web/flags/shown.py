"""Flags as their pages show them: evidence in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careloop.domains.integrity.states import State
from careloop.domains.integrity.types import About, FlagRow, Method, Part, Severity, StepRow
from careloop.domains.people.queries import names_of
from careloop.faces.web.boards.keys import Names, key_words, names_in
from careloop.processes.measuring.catalogue import cards, dimensions

__all__ = ["TONES", "FlagShown", "StepShown", "Touched", "flags_shown", "sentence_of", "steps_shown", "touched_by"]

TONES: Mapping[Severity, str] = {Severity.SEVERE: "missed", Severity.WARNING: "due-soon", Severity.NOTE: "neutral"}
STATE_TONES: Mapping[State, str] = {State.OPEN: "waiting", State.ANSWERED: "solved", State.GONE: "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    """A part in which the check failed, too."""

    of: str
    name: str
    figure: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagShown:
    """A flag in words. name: of the part that it is about, empty for everything.

    evidence: what was found; limit: from where on it is a flag. said, by: of the answer, empty without one.
    """

    row: FlagRow
    sentence: str
    about: str
    name: str
    month: str
    tone: str
    severity: str
    state: str
    state_tone: str
    evidence: str
    limit: str
    said: str
    by: str
    parts: Sequence[PartShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One line of a history. who: empty for the house."""

    what: str
    why: str
    words: str
    who: str
    at: datetime
    found: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A number that the flag stands beside. href: its card in the same month."""

    name: str
    href: str


ICONS: Mapping[str, tuple[str, str]] = {
    "opened": ("triangle-alert", "missed"),
    "answered": ("message-square", "solved"),
    "reopened": ("rotate-ccw", "waiting"),
    "gone": ("check", ""),
    "restored": ("check", ""),
}


def flags_shown(rows: Sequence[FlagRow]) -> list[FlagShown]:
    """Put flags into words, within the scope of the workspace."""
    pairs = [(row.about.value, row.key) for row in rows] + [(part.of, part.key) for row in rows for part in row.parts]
    names = names_in((of, key) for of, key in pairs if of)
    people = names_of(row.answered_by for row in rows if row.answered_by is not None)
    return [_flag(row, names, people) for row in rows]


def sentence_of(sentence: Mapping[str, str]) -> str:
    """Say what a check says, in the reader's language."""
    return sentence.get((get_language() or "en").lower()) or sentence["en"]


def steps_shown(steps: Sequence[StepRow]) -> list[StepShown]:
    """Put a history into words, within the scope of the workspace."""
    people = names_of(step.user_id for step in steps if step.user_id is not None)
    return [
        StepShown(
            what=str(step.step.label),
            why=str(step.said.label) if step.said else str(step.reason.label) if step.reason else "",
            words=step.words,
            who=people.get(step.user_id or 0, ""),
            at=step.at,
            found="" if step.count is None else formats.number_format(step.count, 0, force_grouping=True),
            icon=ICONS[step.step.value][0],
            tone=ICONS[step.step.value][1],
        )
        for step in steps
    ]


def touched_by(row: FlagRow, *, workspace_key: str, zone: ZoneInfo) -> list[Touched]:
    """Return the numbers that a flag stands beside, each with the card of the month in question."""
    last = (row.until - timedelta(microseconds=1)).astimezone(zone).date()
    query = urlencode({"since": row.month.isoformat(), "until": last.isoformat()})
    return [
        Touched(name=one.name, href=f"{reverse('number', args=[workspace_key, one.id])}?{query}")
        for one in cards(language=get_language() or "en")
        if one.id in row.metrics
    ]


def _flag(row: FlagRow, names: Names, people: Mapping[int, str]) -> FlagShown:
    return FlagShown(
        row=row,
        sentence=sentence_of(row.sentence),
        about=str(row.about.label),
        name=key_words(row.about.value, row.key, names) if row.about is not About.WHOLE else "",
        month=formats.date_format(row.month, "YEAR_MONTH_FORMAT"),
        tone=TONES[row.severity],
        severity=str(row.severity.label),
        state=str(row.state.label),
        state_tone=STATE_TONES[row.state],
        evidence=_evidence(row),
        limit=_times(row.limit) if row.method is Method.PEERS else _figure(row.limit),
        said=str(row.said.label) if row.said else "",
        by=people.get(row.answered_by or 0, ""),
        parts=[_part(part, row.method, names) for part in row.parts],
    )


def _part(part: Part, method: Method, names: Names) -> PartShown:
    return PartShown(
        of=dimensions(language=get_language() or "en").get(part.of, part.of),
        name=key_words(part.of, part.key, names),
        figure=_times(part.value) if method is Method.PEERS else _figure(part.value),
        count=_counted(part.count, part.of_count, method),
    )


def _evidence(row: FlagRow) -> str:
    match row.method:
        case Method.PEERS:
            figure = _times(row.value)
        case Method.TREND:
            figure = _("moved by %(figure)s") % {"figure": _figure(row.value)}
        case _:
            figure = _figure(row.value)
    counted = _counted(row.count, row.of_count, row.method)
    return _("%(figure)s (%(counted)s)") % {"figure": figure, "counted": counted} if counted else figure


def _counted(count: float | None, of_count: float | None, method: Method) -> str:
    if count is None or of_count is None or (method is not Method.PEERS and count > of_count):
        return ""  # not every check counts parts of a whole
    words = _("%(count)s of %(of)s")
    if method is Method.PEERS:
        words = _("%(count)s, where the others on the same work let %(of)s expect")
    said = (formats.number_format(round(one), 0, force_grouping=True) for one in (count, of_count))
    return words % dict(zip(("count", "of"), said, strict=True))


def _times(value: float) -> str:
    return _("%(times)s-fold") % {"times": formats.number_format(round(value, 1), 1)}


def _figure(value: float) -> str:
    """Say the figure of a check: a share in percent, anything else, such as seconds, as it is."""
    if abs(value) <= 1:
        return f"{formats.number_format(round(value * 100, 1), 1)}%"
    return formats.number_format(round(value, 1), 1, force_grouping=True)
