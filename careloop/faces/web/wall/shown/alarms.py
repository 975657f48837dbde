"""Alarms in words, and which of them are to be heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.wallboards.types import AlarmRow, Level
from careloop.faces.web.wall.shown.types import AlarmShown
from careloop.faces.web.wall.shown.watched import level_name, what_is_watched
from careloop.faces.web.wall.wording import clock_time, lasting, said

__all__ = ["Heard", "alarms_worded", "heard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a screen sounds: the worst level that nobody has acknowledged, of the alarms that unheard names; news in words."""

    sound: str
    unheard: str
    news: str


def alarms_worded(rows: Sequence[AlarmRow]) -> list[AlarmShown]:
    """Put alarms into words."""
    people = names_of(row.acknowledged_by for row in rows if row.acknowledged_by is not None)
    return [_alarm(row, what, people) for row, what in zip(rows, what_is_watched(rows), strict=True)]


def heard(rows: Sequence[AlarmRow], worded: Sequence[AlarmShown]) -> Heard:
    """Return what of some alarms is to be heard. worded: the same in words."""
    unheard = [row for row in rows if row.acknowledged_at is None]
    return Heard(
        sound=level_name(max((row.level for row in unheard), default=Level.NONE)),
        unheard=" ".join(str(row.id) for row in unheard),
        news=" ".join(f"{one.level_word}: {one.what}, {one.detail}." for one in worded if not one.acknowledged),
    )


def _alarm(row: AlarmRow, what: str, people: Mapping[int, str]) -> AlarmShown:
    value, limit = said(row.figure, row.value), said(row.figure, row.limit)
    who = people.get(row.acknowledged_by or 0, "")
    acknowledged = ""
    if row.acknowledged_at is not None:
        acknowledged = _("%(name)s takes care since %(time)s") % {"name": who, "time": clock_time(row.acknowledged_at)}
    return AlarmShown(
        id=row.id,
        level=level_name(row.level),
        level_word=str(Level(row.level).label),
        what=what,
        detail=_("%(value)s, limit %(limit)s") % {"value": value, "limit": limit},
        raised_at=row.raised_at,
        since=_("since %(time)s") % {"time": clock_time(row.raised_at)},
        acknowledged=acknowledged,
        acknowledged_by=who,
        acknowledged_at=row.acknowledged_at,
        cleared_at=row.cleared_at,
        lasted=lasting((row.cleared_at - row.raised_at).total_seconds()) if row.cleared_at else "",
    )
