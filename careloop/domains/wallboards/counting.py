"""The reader that counts, half hour by half hour, what happens to segments, and keeps which of them wait now."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection

from careloop.domains.contacts.events import SegmentAnswered, SegmentLeft, SegmentQueued
from careloop.domains.contacts.queries import channels_of
from careloop.domains.contacts.types import SegmentExit
from careloop.domains.wallboards.bands import band_of, slot_of
from careloop.domains.wallboards.models import Count, Waiting
from careloop.domains.wallboards.news import say_changed
from careloop.domains.wallboards.types import OWN, Kind
from careloop.kernel.events import Recorded
from careloop.kernel.readers import Reader, start_over
from careloop.kernel.scope import current_workspace

__all__ = ["COUNTS", "count_anew"]

_ENDS: Final[Mapping[str, Kind]] = {SegmentExit.ABANDONED: Kind.ABANDONED, SegmentExit.FLOW_OUT: Kind.FLOWED_OUT}


class _Cell(NamedTuple):
    starts_at: datetime
    team_id: int | None
    channel: str
    kind: Kind
    band: int = 0


class _Place(NamedTuple):
    """Where a segment waits, and since when."""

    team_id: int | None
    channel: str
    queued_at: datetime


def count_anew() -> None:
    """Forget what the log of the workspace in scope came to; the reader counts it again from its beginning."""
    start_over(COUNTS)
    Count.objects.filter(source=OWN).delete()
    Waiting.objects.filter(source=OWN).delete()


def _read(events: Sequence[Recorded]) -> None:
    legs = [one for one in events if isinstance(one.event, (SegmentQueued, SegmentAnswered, SegmentLeft))]
    if not legs:
        return
    known = _known({one.event.segment_id for one in legs})  # type: ignore[attr-defined]
    channels = channels_of({one.subject_id for one in legs if isinstance(one.event, SegmentQueued)})
    waiting = dict(known)
    counts, waits = Counter[_Cell](), Counter[_Cell]()

    def end(segment_id: int, kind: Kind, at: datetime) -> _Place | None:
        place = waiting.pop(segment_id, None)
        if place is not None:
            wait = at - place.queued_at
            cell = _Cell(slot_of(place.queued_at), place.team_id, place.channel, kind, band_of(wait))
            counts[cell] += 1
            waits[cell] += wait // timedelta(microseconds=1)
        return place

    for one in legs:
        match one.event:
            case SegmentQueued(segment_id=key, sequence=sequence, team_id=team_id, at=at):
                channel = channels.get(one.subject_id)
                if channel is None:
                    continue  # its contact is erased, and nobody counts it any more
                waiting[key] = _Place(team_id, channel, at)
                counts[_Cell(slot_of(at), team_id, channel, Kind.OFFERED)] += 1
                if sequence == 1:
                    counts[_Cell(slot_of(at), team_id, channel, Kind.ARRIVED)] += 1
            case SegmentAnswered(segment_id=key, at=at):
                place = end(key, Kind.ANSWERED, at)
                if place is not None:
                    counts[_Cell(slot_of(at), place.team_id, place.channel, Kind.ANSWERS)] += 1
            case SegmentLeft(segment_id=key, at=at, exit=exit_):
                end(key, _ENDS[exit_], at)
    _keep(counts, waits)
    _keep_waiting(known, waiting)
    say_changed()


def _known(segment_ids: Collection[int]) -> dict[int, _Place]:
    rows = Waiting.objects.filter(segment_id__in=segment_ids)
    return {
        row.segment_id: _Place(row.team_id, row.channel, row.queued_at) for row in rows if row.segment_id is not None
    }


def _keep(counts: Counter[_Cell], waits: Counter[_Cell]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO wallboards_count "
            "(workspace_id, source, queue, starts_at, team_id, channel, kind, band, count, wait_us) "
            "VALUES (%s, %s, '', %s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (workspace_id, starts_at, team_id, channel, kind, band, source, queue) DO UPDATE "
            "SET count = wallboards_count.count + excluded.count, wait_us = wallboards_count.wait_us + excluded.wait_us",
            # In one order whoever counts, so that no two wait for each other.
            [[current_workspace(), OWN, *cell, counts[cell], waits[cell]] for cell in sorted(counts, key=str)],
        )


def _keep_waiting(before: Mapping[int, _Place], now: Mapping[int, _Place]) -> None:
    Waiting.objects.filter(segment_id__in=before.keys() - now.keys()).delete()
    Waiting.objects.bulk_create(
        [Waiting(segment_id=key, **now[key]._asdict()) for key in sorted(now.keys() - before.keys())]
    )


COUNTS = Reader(name="wallboards.counts", read=_read)
