"""What the wall shows: counters of the running day, and the intervals that are open now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.queries import unassigned_count
from careloop.domains.commitments.queries import due_counts
from careloop.domains.commitments.types import DueCounts
from careloop.domains.people.attendance import Attendance, attendance_of
from careloop.domains.people.queries import people_choices
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.bands import HALF_HOUR, slot_of
from careloop.domains.wallboards.counting import COUNTS
from careloop.domains.wallboards.errors import MayNotSeeWall
from careloop.domains.wallboards.feeding import feeds_of
from careloop.domains.wallboards.models import Count
from careloop.domains.wallboards.queries.opening import open_places
from careloop.domains.wallboards.queries.places import Places, places_for
from careloop.domains.wallboards.queries.targets import targets_in_force
from careloop.domains.wallboards.reckoning import Open, QueueFigures, Tallies, combined, queue_figures
from careloop.domains.wallboards.types import OWN, FeedRow, Kind, Place
from careloop.domains.workforce.queries import working_by_state
from careloop.kernel.actors import Actor
from careloop.kernel.readers import unread_since

__all__ = ["WEEKS", "Periods", "WallFigures", "figures", "periods_of"]

WEEKS: Final = 8
"""So many weeks back one looks for what is usual."""
GRACE: Final = timedelta(seconds=5)
"""The log is always read a moment after it is written; that is not worth saying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Which times "today", "this half hour" and "the last hour" mean at a moment.

    day: its first half hour, in the workspace's zone. hour: the start of the last whole hour, which ends where the half hour
    begins. same_hours: the starts of that hour in the weeks before, the latest first.
    """

    day: datetime
    half_hour: datetime
    hour: datetime
    same_hours: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFigures:
    """A wall at one moment.

    as_of: until when everything is counted; earlier than `at` when the log is not being read.
    promises: of cases, in the hours of their policies; None where nothing is promised.
    attendance: None for those who do not see people. feeds: other sources, each as of its own moment.
    working: by state, who is at work here; a source that tells of agents tells of the others only. None where no source does.
    """

    at: datetime
    as_of: datetime
    periods: Periods
    total: QueueFigures
    queues: tuple[QueueFigures, ...]
    unassigned: int
    promises: DueCounts | None
    attendance: Attendance | None
    feeds: tuple[FeedRow, ...] = ()
    working: Mapping[str, int] | None = None

    @property
    def is_stale(self) -> bool:
        return self.as_of < self.at


def periods_of(at: datetime, zone: ZoneInfo, *, day_begins_s: int = 0) -> Periods:
    """Return the periods of a moment, as starts of half hours in UTC.

    day_begins_s: local seconds since midnight at which a day of operation begins, below 86 400.

    Where a zone's midnight is no start of a half hour (Nepal's is not), the day begins with the half hour it falls into.
    """
    half_hour = slot_of(at)
    begins = timedelta(seconds=day_begins_s)
    # By the clock on the wall, whatever happens to it in the night.
    today = (at.astimezone(zone).replace(tzinfo=None) - begins).date()
    start = datetime.combine(today, time.min, zone) + begins
    wall_clock = half_hour.astimezone(zone)
    weeks = (slot_of(wall_clock - timedelta(weeks=back)) for back in range(1, WEEKS + 1))
    return Periods(
        day=slot_of(start),
        half_hour=half_hour,
        hour=half_hour - 2 * HALF_HOUR,
        same_hours=tuple(end - 2 * HALF_HOUR for end in weeks),
    )


def figures(
    *, viewer: Actor, zone: ZoneInfo, at: datetime, day_begins_s: int = 0, team_id: int | None = None
) -> WallFigures:
    """Return the live figures of the workspace in scope.

    zone, day_begins_s: the workspace's, which say when its day begins. team_id: only this team's; None for everybody's.

    Costs the same whatever the history: the counters of one day, an index of who waits now. Raises MayNotSeeWall.
    """
    if not rules.may_see(viewer):
        raise MayNotSeeWall(_("Only people who see every case of the workspace see its live figures."))
    periods, targets = periods_of(at, zone, day_begins_s=day_begins_s), targets_in_force()
    feeds = feeds_of(at=at, day=periods.day)
    places = places_for(feeds, team_id=team_id)
    # A team is shown what feeds it, and nothing of the others.
    feeds = [feed for feed in feeds if team_id is None or places.known_of(feed)]
    known_weeks = _known_weeks(periods, feeds)
    counted, usual = _counted(periods, places), _usual(periods, places, known_weeks)
    waiting = open_places(
        sources=[OWN, *(feed.source for feed in feeds if feed.is_live)],
        resolved=places.of,
        targets=targets,
        at=at,
        day=periods.day,
        half_hour=periods.half_hour,
        team_id=team_id,
    )
    behind = {place for feed in feeds if not feed.is_live for place in places.known_of(feed)}
    fed = {place for feed in feeds for place in places.known_of(feed)}
    queues = tuple(
        queue_figures(
            place=place,
            target_seconds=targets.of(place.team_id, place.channel),
            today=counted["day", place],
            half_hour=counted["half_hour", place],
            hour=counted["hour", place],
            usual=usual.get(place, (0,) * known_weeks),
            open_now=waiting.get(place, Open()) + Open(is_known=place not in behind),
        )
        for place in sorted({place for _period, place in counted} | waiting.keys() | usual.keys() | fed, key=_order)
    )
    unread = unread_since(COUNTS)
    # Whose agents they are, the other source does not say; and agents are not the client's to see.
    if team_id is not None or not rules.may_see_people(viewer):
        feeds = [replace(feed, has_agents=False, agents=None) for feed in feeds]
    tells_of_agents = any(feed.has_agents for feed in feeds)
    return WallFigures(
        at=at,
        as_of=unread if unread is not None and unread < at - GRACE else at,
        periods=periods,
        total=combined(queues, is_open_known=all(feed.is_live for feed in feeds)),
        queues=queues,
        unassigned=unassigned_count(team_id=team_id),
        promises=due_counts(at=at, team_id=team_id),
        attendance=attendance_of(at=at, team_id=team_id) if rules.may_see_people(viewer) else None,
        feeds=tuple(feeds),
        working=working_by_state({user_id for user_id, *_name in people_choices(viewer)}) if tells_of_agents else None,
    )


def _order(place: Place) -> tuple[bool, int, str, str]:
    return (place.team_id is None, place.team_id or 0, place.queue, place.channel)


def _counts(places: Places) -> QuerySet[Count]:
    if places.team_id is None:
        return Count.objects.all()
    return Count.objects.filter(Q(team_id=places.team_id) | ~Q(queue=""))


def _counted(periods: Periods, places: Places) -> Mapping[tuple[str, Place], Tallies]:
    """Return what was counted, by the name of the period and by place."""
    rows = (
        _counts(places)
        .filter(starts_at__gte=min(periods.day, periods.hour), starts_at__lte=periods.half_hour)
        .values("team_id", "queue", "channel", "kind", "band")
        .annotate(
            day=Sum("count", filter=Q(starts_at__gte=periods.day)),
            half_hour=Sum("count", filter=Q(starts_at=periods.half_hour)),
            hour=Sum("count", filter=Q(starts_at__gte=periods.hour, starts_at__lt=periods.half_hour)),
        )
    )
    found: defaultdict[tuple[str, Place], Tallies] = defaultdict(Tallies)
    for row in rows:
        place = places.of(Place(row["team_id"], row["queue"], row["channel"]))
        for period in ("day", "half_hour", "hour"):
            if row[period] and place is not None:
                found[period, place].add(row["kind"], row["band"], row[period])
    return found


def _usual(periods: Periods, places: Places, known: int) -> dict[Place, tuple[int, ...]]:
    """Return how many were new in the same hour of each known week, by place."""
    week_of = {
        start + part * HALF_HOUR: week for week, start in enumerate(periods.same_hours[:known]) for part in (0, 1)
    }
    found: defaultdict[Place, list[int]] = defaultdict(lambda: [0] * known)
    rows = _counts(places).filter(starts_at__in=week_of, kind=Kind.ARRIVED)
    for team_id, queue, channel, starts_at, count in rows.values_list(
        "team_id", "queue", "channel", "starts_at", "count"
    ):
        place = places.of(Place(team_id, queue, channel))
        if place is not None:
            found[place][week_of[starts_at]] += count
    return {place: tuple(weeks) for place, weeks in found.items()}


def _known_weeks(periods: Periods, feeds: Sequence[FeedRow]) -> int:
    """Return in how many of the weeks before everything had begun to be counted that is counted now."""
    own = Count.objects.filter(source=OWN).order_by("starts_at").values_list("starts_at", flat=True).first()
    firsts = [first for first in (own, *(feed.first_at for feed in feeds)) if first is not None]
    return sum(bool(firsts) and start >= max(firsts) for start in periods.same_hours)
