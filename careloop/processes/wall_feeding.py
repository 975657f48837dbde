"""The wall is fed by the lake: what imports bring of today stands on it as soon as the lake has it.

Our own log is counted event by event (`wallboards.counting`). What others log comes as facts, late, corrected and taken away; so
whenever they change, what they say of today is added up anew, by the metrics themselves (`careloop.insight.live`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from careloop.domains.people.queries import all_team_ids
from careloop.domains.wallboards.bands import HALF_HOUR, SHORT_SECONDS, TARGETS, slot_of
from careloop.domains.wallboards.feeding import fed_days, note_through, on_wall, take
from careloop.domains.wallboards.queries import WEEKS, periods_of
from careloop.domains.wallboards.types import LONGEST_NAME, OWN, Counted, Fed, Kind, Place, Waits
from careloop.domains.workspaces.queries import workspace_ids
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.lake.keys import number_of
from careloop.processes.measuring.lakes import insight, lake_root
from careloop.processes.workspace import workspace_facts

if TYPE_CHECKING:
    from careloop.insight import live
    from careloop.insight.facts import Facts
    from careloop.insight.facts.manifest import Manifest

__all__ = ["Looked", "feed_walls"]

TABLES: Final = ("contact", "contact_segment", "agent_state")
MEMORY_MB: Final = 256
HISTORY: Final = timedelta(weeks=WEEKS, days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How a lake was when it was looked at last. stamp: of its manifest. files: of the facts that a wall shows.

    sources: on the wall. day, ends_at: of which day it was fed, and when that is over.
    """

    stamp: tuple[int, int] | None
    files: frozenset[str]
    sources: frozenset[str]
    day: datetime
    ends_at: datetime


def feed_walls(looked: dict[int, Looked], *, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Feed the wall of every workspace whose facts have changed, and return how many of them others feed.

    looked: what the last call came to, by workspace, kept by the caller and changed here; empty after a start. at: now.
    """
    return sum(
        sheltering("wall", workspace_id, partial(_feed, workspace_id, looked, at=at))
        for workspace_id in workspace_ids()
    )


def _feed(workspace_id: int, looked: dict[int, Looked], *, at: datetime) -> int:
    stamp, before = _stamp_of(workspace_id), looked.get(workspace_id)
    if before is not None and before.stamp == stamp and at < before.ends_at:
        return 0
    manifest: Manifest | None = stamp and insight("facts.manifest").load(lake_root(workspace_id))
    marks = _marks(manifest)
    with workspace_scope(workspace_id):
        day, tomorrow = _days(at)
        sources = frozenset(on_wall(marks, at=at, day=day))
        now = Looked(stamp=stamp, files=_files(manifest), sources=sources, day=day, ends_at=tomorrow)
        is_same = before is not None and (before.files, before.sources, before.day) == (now.files, sources, day)
        if is_same:
            note_through({source: marks[source] for source in sources}, at=at)
        fed_before = fed_days()
        teams = set(all_team_ids())
    if not is_same:
        # What is worked out takes as long as it takes, and keeps no transaction open meanwhile.
        feds = _told(workspace_id, manifest, marks, sources, days=fed_before, day=day, at=at, teams=teams)
        with workspace_scope(workspace_id):
            take(feds, since=_since(day), day=day, at=at)
    looked[workspace_id] = now
    return int(not is_same and bool(sources))


def _stamp_of(workspace_id: int) -> tuple[int, int] | None:
    """Return what changes with every change of a lake, or None where there is none."""
    try:
        found = (lake_root(workspace_id) / "manifest.json").stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


def _marks(manifest: "Manifest | None") -> Mapping[str, datetime]:
    """Return until when each of the other sources that tell of calls or agents is complete."""
    if manifest is None:
        return {}
    given = {source for table in TABLES for source in manifest.given.get(table, ())}
    return {source: through for source, through in manifest.watermarks.items() if source in given and source != OWN}


def _files(manifest: "Manifest | None") -> frozenset[str]:
    return frozenset() if manifest is None else frozenset(one.path for one in manifest.entries if one.table in TABLES)


def _days(at: datetime) -> tuple[datetime, datetime]:
    """Return when today began and when tomorrow will, in the workspace in scope."""
    facts = workspace_facts()
    start = partial(periods_of, zone=ZoneInfo(facts.time_zone), day_begins_s=facts.day_begins_s)
    day = start(at).day
    # The middle of the next day, whatever the clocks do meanwhile.
    return day, start(day + timedelta(hours=36)).day


def _since(day: datetime) -> datetime:
    """Return from when on all is counted: the last whole hour may lie before midnight."""
    return day - 2 * HALF_HOUR


def _told(
    workspace_id: int,
    manifest: "Manifest | None",
    marks: Mapping[str, datetime],
    sources: frozenset[str],
    *,
    days: Mapping[str, datetime],
    day: datetime,
    at: datetime,
    teams: set[int],
) -> list[Fed]:
    """Return what the facts say of each source, in as few scans as it takes."""
    if not sources or manifest is None:
        return []
    facts = insight("facts").read(lake_root(workspace_id), memory_mb=MEMORY_MB, state=manifest)
    try:
        return _asked(facts, marks, sources, days=days, day=day, at=at, teams=teams)
    finally:
        facts.backend.disconnect()


def _asked(
    facts: "Facts",
    marks: Mapping[str, datetime],
    sources: frozenset[str],
    *,
    days: Mapping[str, datetime],
    day: datetime,
    at: datetime,
    teams: set[int],
) -> list[Fed]:
    rooms, since, until = insight("live"), _since(day), slot_of(at) + HALF_HOUR
    told = rooms.half_hours(facts, sources=sources, since=since, until=until, short_s=SHORT_SECONDS, targets_s=TARGETS)
    # What was usual changes once a day.
    anew = {source for source in sources if days.get(source) != day}
    earlier = rooms.arrivals(facts, sources=anew, since=day - HISTORY, until=since) if anew else []
    waits = rooms.waits(facts, sources=sources, until=until)
    agents = rooms.agents_by_state(facts, sources=sources)
    counts: dict[str, Counter[Counted]] = {source: Counter() for source in sources}
    for one in earlier:
        counts[one.place.source][Counted(one.starts_at, _place(one.place, teams), Kind.ARRIVED, 0)] += one.arrived
    for one in told:
        counts[one.place.source].update(_counted(one, _place(one.place, teams)))
    waiting = {source: Counter[Waits]() for source in sources}
    for one in waits:
        waiting[one.place.source][Waits(_place(one.place, teams), one.queued_at)] += 1
    states = facts.sources("agent_state")
    return [
        Fed(
            source=source,
            through=marks[source],
            counts={key: count for key, count in counts[source].items() if count},
            waits=waiting[source],
            agents=agents.get(source, {}) if source in states else None,
            has_history=source in anew,
        )
        for source in sorted(sources)
    ]


def _counted(one: "live.HalfHour", place: Place) -> dict[Counted, int]:
    """Return what one half hour counts, by kind and band; bands are the steps of `live.HalfHour`."""
    banded = ((Kind.ANSWERED, one.answered), (Kind.ABANDONED, one.abandoned))
    return {
        Counted(one.starts_at, place, Kind.ARRIVED, 0): one.arrived,
        Counted(one.starts_at, place, Kind.ANSWERS, 0): one.answers,
        **{
            Counted(one.starts_at, place, kind, band): count
            for kind, steps in banded
            for band, count in enumerate(steps)
        },
    }


def _place(place: "live.Place", teams: set[int]) -> Place:
    """Return a place as the wall keeps it; an import may name a team of ours as the lake does."""
    team_id = number_of("team", place.queue)
    if team_id in teams:
        return Place(team_id, "", place.channel)
    return Place(None, place.queue[:LONGEST_NAME], place.channel)
