"""What others' facts say of today, kept beside what our own log says: counters of half hours, who waits, agents by state.

Facts come late, are corrected and taken away; so nothing is added to a counter here. What a source says now takes the place of
what it said before.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from careloop.domains.wallboards.models import Count, Feed, Waiting
from careloop.domains.wallboards.news import say_changed
from careloop.domains.wallboards.types import OWN, Counted, Fed, FeedRow, Kind, Place, Waits
from careloop.kernel.acts import act

__all__ = ["FRESH", "REMEMBERED", "fed_days", "feeds_of", "note_through", "on_wall", "take"]

FRESH: Final = timedelta(minutes=5)
"""A source that is complete up to so long ago tells who waits now; of an older one, that is not known."""
REMEMBERED: Final = timedelta(days=7)
"""A source that was live is missed for so long; then it has been given up."""


def feeds_of(*, at: datetime, day: datetime) -> list[FeedRow]:
    """Return the other sources that the wall of the workspace in scope shows, by name. day: when today began."""
    rows = Feed.objects.order_by("source")
    return [_shown(row, at) for row in rows if _is_on_wall(row.through, row.live_at, at=at, day=day)]


def on_wall(marks: Mapping[str, datetime], *, at: datetime, day: datetime) -> set[str]:
    """Return which sources belong on the wall: complete into today, or live a few days ago and silent since.

    marks: until when each is complete. An old log that somebody brings in is neither.
    """
    lived = dict(Feed.objects.values_list("source", "live_at"))
    return {
        source
        for source, through in marks.items()
        if source != OWN and _is_on_wall(through, lived.get(source), at=at, day=day)
    }


def fed_days() -> dict[str, datetime]:
    """Return of which day each source of the workspace in scope was last counted from the beginning."""
    return dict(Feed.objects.values_list("source", "counted_from"))


@act
def take(feds: Sequence[Fed], *, since: datetime, day: datetime, at: datetime) -> None:
    """Make the figures of all other sources of the workspace in scope what they say now.

    feds: every source that belongs on the wall; what is kept of any other is forgotten. since: the first half hour of which
    `counts` tell everything. day: when today began. at: now.
    """
    sources = [fed.source for fed in feds]
    changed = _forget_others(sources)
    for fed in feds:
        changed += _take_counts(fed, since) + _take_waits(fed) + _note(fed, day=day, at=at)
    if changed:
        say_changed()


@act
def note_through(marks: Mapping[str, datetime], *, at: datetime) -> None:
    """Note how far sources have come that say nothing else."""
    changed = 0
    for row in Feed.objects.filter(source__in=marks):
        if row.through != marks[row.source]:
            row.through = marks[row.source]
            row.live_at = at if _is_live(row.through, at) else row.live_at
            row.save(update_fields=["through", "live_at"])
            changed += 1
    if changed:
        say_changed()


def _is_live(through: datetime, at: datetime) -> bool:
    return at - through <= FRESH


def _is_on_wall(through: datetime, live_at: datetime | None, *, at: datetime, day: datetime) -> bool:
    return through >= day or (live_at is not None and at - live_at < REMEMBERED)


def _shown(row: Feed, at: datetime) -> FeedRow:
    is_live = _is_live(row.through, at)
    return FeedRow(
        source=row.source,
        through=row.through,
        is_live=is_live,
        first_at=row.first_at,
        queues=[Place(*place) for place in row.queues],
        has_agents=row.agents is not None,
        agents=row.agents if is_live else None,
    )


def _forget_others(sources: Collection[str]) -> int:
    kept = [OWN, *sources]
    return sum(model.objects.exclude(source__in=kept).delete()[0] for model in (Feed, Count, Waiting))


def _take_counts(fed: Fed, since: datetime) -> int:
    """Write the counters that differ, and return how many they are: most of a day's stay as they are."""
    rows = Count.objects.filter(source=fed.source)
    if not fed.has_history:
        rows = rows.filter(starts_at__gte=since)
    there = {
        Counted(row.starts_at, Place(row.team_id, row.queue, row.channel), Kind(row.kind), row.band): row
        for row in rows
    }
    gone = [row.pk for key, row in there.items() if key not in fed.counts]
    new = [
        Count(source=fed.source, starts_at=at, **place._asdict(), kind=kind, band=band, count=count)
        for (at, place, kind, band), count in fed.counts.items()
        if (at, place, kind, band) not in there
    ]
    other = [row for key, row in there.items() if key in fed.counts and row.count != fed.counts[key]]
    for row in other:
        row.count = fed.counts[
            Counted(row.starts_at, Place(row.team_id, row.queue, row.channel), Kind(row.kind), row.band)
        ]
    Count.objects.filter(pk__in=gone).delete()
    Count.objects.bulk_create(new)
    Count.objects.bulk_update(other, ["count"], batch_size=500)
    return len(gone) + len(new) + len(other)


def _take_waits(fed: Fed) -> int:
    missing, gone = Counter[Waits](fed.waits), []
    for row in Waiting.objects.filter(source=fed.source):
        wait = Waits(Place(row.team_id, row.queue, row.channel), row.queued_at)
        if missing[wait] > 0:
            missing[wait] -= 1
        else:
            gone.append(row.pk)
    Waiting.objects.filter(pk__in=gone).delete()
    new = [Waiting(source=fed.source, **wait.place._asdict(), queued_at=wait.queued_at) for wait in missing.elements()]
    Waiting.objects.bulk_create(new, batch_size=1_000)
    return len(gone) + len(new)


def _note(fed: Fed, *, day: datetime, at: datetime) -> int:
    """Note how far a source has come, and return whether that is news."""
    row = Feed.objects.filter(source=fed.source).first() or Feed(source=fed.source)
    before = (row.through, row.agents, row.queues)
    lately = {key.place for key in fed.counts if key.starts_at >= at - REMEMBERED} | {wait.place for wait in fed.waits}
    if not fed.has_history:
        lately |= {Place(*place) for place in row.queues}
    else:
        row.first_at = min((key.starts_at for key in fed.counts), default=None)
    row.through, row.counted_from = fed.through, day
    row.live_at = at if _is_live(fed.through, at) else row.live_at
    row.queues = [list(place) for place in sorted(lately, key=str)]
    row.agents = None if fed.agents is None else dict(fed.agents)
    row.save()
    return int(before != (row.through, row.agents, row.queues))
