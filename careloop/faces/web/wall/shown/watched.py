"""What is watched, in words: a figure, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.domains.people.queries import team_names_of
from careloop.domains.queues.queries import queue_names
from careloop.domains.wallboards.types import AlarmRow, Level, ThresholdRow
from careloop.faces.web.wall.wording import lasting, said

__all__ = ["ThresholdShown", "level_name", "thresholds_worded", "what_is_watched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdShown:
    """One threshold in words. queue_id: for a figure of a queue."""

    id: int
    queue_id: int | None
    what: str
    direction: str
    warning: str
    alarm: str
    hold: str
    level: str
    level_word: str
    value: str


def thresholds_worded(rows: Sequence[ThresholdRow]) -> list[ThresholdShown]:
    """Put thresholds into words."""
    return [_threshold(row, what) for row, what in zip(rows, what_is_watched(rows), strict=True)]


def what_is_watched(rows: Sequence[AlarmRow | ThresholdRow]) -> list[str]:
    """Return of each row which figure it is about, and of which team or queue."""
    teams = team_names_of(row.team_id for row in rows if row.team_id is not None)
    queues = queue_names([row.queue_id for row in rows if row.queue_id is not None])
    found = []
    for row in rows:
        figure, place = str(row.figure.label), ""
        if row.team_id is not None:
            place = teams.get(row.team_id, "")
        elif row.queue_id is not None:
            place = queues.get(row.queue_id, "")
        found.append(_("%(what)s, %(team)s") % {"what": figure, "team": place} if place else figure)
    return found


def level_name(level: Level) -> str:
    """Return how styles and scripts call a level; empty for none."""
    return {Level.WARNING: "warning", Level.ALARM: "alarm"}.get(level, "")


def _threshold(row: ThresholdRow, what: str) -> ThresholdShown:
    return ThresholdShown(
        id=row.id,
        queue_id=row.queue_id,
        what=what,
        direction=str(row.direction.label),
        warning="–" if row.warning is None else said(row.figure, row.warning),
        alarm="–" if row.alarm is None else said(row.figure, row.alarm),
        hold=lasting(row.hold_seconds) if row.hold_seconds else _("at once"),
        level=level_name(row.level),
        level_word=str(row.level.label),
        value="–" if row.value is None else said(row.figure, row.value),
    )
