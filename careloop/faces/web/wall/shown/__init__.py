"""Live figures as a screen shows them: tiles and rows of words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careloop.domains.integrity.queries import standing
from careloop.domains.people.queries import team_names_of
from careloop.domains.wallboards.queries import WallFigures
from careloop.domains.wallboards.types import AlarmRow, FeedRow, Level, ThresholdRow
from careloop.faces.web.wall.shown.alarms import Heard, alarms_worded, heard
from careloop.faces.web.wall.shown.queues import queue_row
from careloop.faces.web.wall.shown.tiles import tiles_of
from careloop.faces.web.wall.shown.types import AlarmShown, FeedShown, QueueShown, Shown, Tile
from careloop.faces.web.wall.shown.watched import ThresholdShown, thresholds_worded
from careloop.faces.web.wall.wording import clock_time, lasting, source_name

__all__ = [
    "AlarmShown",
    "FeedShown",
    "Heard",
    "QueueShown",
    "Shown",
    "ThresholdShown",
    "Tile",
    "alarms_worded",
    "heard",
    "not_looked_after",
    "shown",
    "thresholds_worded",
]

NOT_LOOKED_AFTER = timedelta(seconds=90)


def shown(wall: WallFigures, *, alarms: Sequence[AlarmRow], thresholds: Sequence[ThresholdRow]) -> Shown:
    """Put a wall into words, in the active language and zone."""
    levels: dict[str, Level] = {}
    for alarm in alarms:
        levels[alarm.figure] = max(levels.get(alarm.figure, Level.NONE), alarm.level)
    words = alarms_worded(alarms)
    to_hear = heard(alarms, words)
    names = team_names_of(queue.team_id for queue in wall.queues if queue.team_id is not None)
    return Shown(
        as_of=clock_time(wall.as_of),
        late=_late(wall),
        unwatched=not_looked_after(thresholds, wall.at),
        tiles=tiles_of(wall, levels, standing(since=wall.periods.day, until=wall.at)),
        queues=[queue_row(queue, names, wall.at) for queue in wall.queues],
        feeds=[_feed(feed, wall) for feed in wall.feeds],
        alarms=words,
        sound=to_hear.sound,
        unheard=to_hear.unheard,
        news=to_hear.news,
        day=clock_time(wall.periods.day),
    )


def _late(wall: WallFigures) -> str:
    if not wall.is_stale:
        return ""
    behind = lasting((wall.at - wall.as_of).total_seconds())
    return _("Counted until %(time)s only, %(behind)s ago. What has happened since is not in these figures.") % {
        "time": clock_time(wall.as_of),
        "behind": behind,
    }


def not_looked_after(thresholds: Sequence[ThresholdRow], at: datetime) -> str:
    """Say that thresholds are not looked at, or nothing while they are."""
    looked = [row.checked_at for row in thresholds]
    if all(moment is not None and at - moment < NOT_LOOKED_AFTER for moment in looked):
        return ""
    last = min((moment for moment in looked if moment is not None), default=None)
    if last is None:
        return _("Nobody has looked at the thresholds yet. Alarms begin when the worker runs.")
    return _("Nobody has looked at the thresholds since %(time)s. Do not rely on alarms until this is gone.") % {
        "time": clock_time(last)
    }


def _feed(feed: FeedRow, wall: WallFigures) -> FeedShown:
    source = source_name(feed.source)
    time = clock_time(feed.through)
    if feed.through < wall.periods.day:
        day = date_format(timezone.localtime(feed.through), "SHORT_DATE_FORMAT")
        time = _("%(day)s, %(time)s") % {"day": day, "time": time}
    behind = _(
        "%(source)s has told nothing since %(time)s. Who waits in its queues and what its agents do is not known until it is "
        "read again."
    )
    return FeedShown(
        as_of=_("%(source)s as of %(time)s") % {"source": source, "time": time},
        behind="" if feed.is_live else behind % {"source": source, "time": time},
    )
