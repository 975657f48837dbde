"""Alarms in words."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of, team_names_of
from careloop.domains.wallboards.types import AlarmRow, Figure, Level
from careloop.faces.web.wall.shown.types import AlarmShown
from careloop.faces.web.wall.wording import clock_time, lasting, said

__all__ = ["alarms_worded", "level_name"]


def alarms_worded(rows: Sequence[AlarmRow]) -> list[AlarmShown]:
    """Put alarms into words."""
    people = names_of(row.acknowledged_by for row in rows if row.acknowledged_by is not None)
    teams = team_names_of(row.team_id for row in rows if row.team_id is not None)
    return [_alarm(row, people, teams) for row in rows]


def _alarm(row: AlarmRow, people: Mapping[int, str], teams: Mapping[int, str]) -> AlarmShown:
    what = str(Figure(row.figure).label)
    if row.team_id is not None:
        what = _("%(what)s, %(team)s") % {"what": what, "team": teams.get(row.team_id, "")}
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


def level_name(level: Level) -> str:
    """Return how styles and scripts call a level; empty for none."""
    return {Level.WARNING: "warning", Level.ALARM: "alarm"}.get(level, "")
