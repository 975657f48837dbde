"""Puts lines together to facts, a batch at a time, and keeps what a later line may still complete."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from careloop.insight.facts.tables.vocabulary import AgentState
from careloop.insight.imports.calls import agents, callbacks, contacts, records
from careloop.insight.imports.calls.settings import Settings, state_of_pause
from careloop.insight.imports.calls.standing import find_standing
from careloop.insight.imports.calls.stays import find_stays, gather_lines
from careloop.insight.imports.events import KNOWN_VERBS, kinds
from careloop.insight.imports.people import named
from careloop.insight.imports.report import LineFault, Rejected, Report
from careloop.insight.imports.steps import Batch

__all__ = ["Assembly"]

DISORDER_US = 60_000_000
"""Lines may stand this far out of order; they wait so long for each other, but at the end of the file."""
RING_US = 60_000_000
"""A line tells how long a phone has rung before it; what agents did waits so long for such lines."""
AHEAD_US = 86_400_000_000
"""A line so far ahead of those around it has a broken stamp."""
BACK_US = 60_000_000
CLOSED_US = 1_800_000_000
"""A call that was over may come back into a queue; for so long it stays in hand."""
OPEN_US = 86_400_000_000
"""A call without an end is given up after this."""

TAIL = 1001
"""Lines at the end whose middle stamp says how far the log has come: one broken stamp does not move it."""

STORED = f"""
create table if not exists waiting (line bigint, at_us bigint, call_id varchar, queue varchar, agent varchar, verb varchar,
    d1 varchar, d2 varchar, d3 varchar, d4 varchar, d5 varchar);
create table if not exists hand (line bigint, at_us bigint, call_id varchar, queue varchar, agent varchar, kind varchar,
    verb varchar, d1 varchar, d2 varchar, d3 varchar, d4 varchar, d5 varchar);
create table if not exists membership (agent varchar, queue varchar, is_member int, is_ready int);
create table if not exists board (agent varchar, since_us bigint, state varchar, members hugeint, ready hugeint, calls hugeint,
    rings hugeint, reason varchar, call_id varchar, is_told boolean);
alter table board add column if not exists is_told boolean default false;
create table if not exists waiting_points (agent varchar, at_us bigint, line bigint, members int, ready int, calls int, rings int,
    reason varchar, call_id varchar);
{callbacks.STORED}
"""
UNKNOWN = "select verb, count(*) from fresh where verb not in (select unnest($known)) group by verb order by verb"
REASONS = """
select distinct coalesce(d1, '') from fresh where verb = 'PAUSE' and coalesce(d1, '') not in (select reason from pauses)
union select distinct reason from board where reason is not null and reason not in (select reason from pauses)
"""
HAND = """
create or replace table hand as
select w.* exclude (is_fresh) from work w join ready r using (call_id)
where w.kind != 'outcall' and r.last_us > $horizon - case when r.is_over then $closed_us else $open_us end
"""


class Assembly:
    """One telephone system's calls and agents, in a DuckDB database that remembers between runs.

    connection: its database; tables `hand`, `waiting`, `membership`, `board` and `promise` in it outlive the run.
    knows_hold: whether the events tell of hold; without, hold is null rather than zero.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, settings: Settings, report: Report, knows_hold: bool
    ) -> None:
        self._db, self._settings, self._report = connection, settings, report
        self._knows_hold = knows_hold
        self._knows_calls = False
        self._prepare()

    def take(self, events: pa.Table, *, is_end: bool) -> Iterator[Batch]:
        """Take the next events, in the order of the log, and yield the facts that are complete.

        events: as EVENTS says. is_end: nothing follows for now, so that nothing waits for what may stand out of order,
        and what is not yet over, calls and what agents do, is handed over as it stands; a later run hands it over again, in a
        higher version.
        """
        fresh, horizon, until = self._sort_out(events, is_end=is_end)
        values: dict[str, Any] = {"horizon": horizon, "at_end": is_end}
        self._report.duplicate_count += gather_lines(self._db, fresh, kinds(self._settings.custom))
        self._db.register("stays", find_stays(self._db))
        self._db.execute(contacts.READY, {**values, "open_us": OPEN_US})
        if self._knows_calls:
            self._db.execute(records.SEEN)
        yield from self._calls(is_end=is_end)
        yield from self._callbacks()
        yield from self._agents(until, is_end=is_end)
        self._db.execute(HAND, {"horizon": horizon, "open_us": OPEN_US, "closed_us": CLOSED_US})
        for name in ("fresh", "work", "stays", "stretches", "standing"):
            self._db.unregister(name)

    def know_calls(self) -> None:
        """Say that table `calls` now holds what call records tell of each call."""
        self._knows_calls = True

    def _prepare(self) -> None:
        db = self._db
        db.execute("create or replace temp table pauses (reason varchar, state varchar)")
        db.execute(records.CALLS)
        db.execute(STORED)

    def _sort_out(self, events: pa.Table, *, is_end: bool) -> tuple[pa.Table, int, int]:
        """Put into `fresh` what can be worked on now; return it, how far the log has come, and up to where.

        Both in microseconds since 1970.
        """
        stamps = np.asarray(events["at_us"])
        horizon = int(np.median(stamps[-TAIL:])) if len(stamps) else 0
        if len(stamps):
            self._watch_the_clock(stamps)
            still_to_come = np.minimum.accumulate(stamps[::-1])[::-1]
            is_ahead = stamps > np.maximum(horizon, still_to_come) + AHEAD_US
            for line in np.asarray(events["line"])[is_ahead]:
                self._report.reject(Rejected(line=int(line), reason=LineFault.TIME_AHEAD))
            events = events.filter(pa.array(~is_ahead)) if is_ahead.any() else events
        until = sys.maxsize if is_end else horizon - DISORDER_US
        waiting = self._db.execute("from waiting").to_arrow_table()
        lines = pa.concat_tables([waiting, events.select(waiting.column_names)], promote_options="permissive")
        is_due = pc.less_equal(lines["at_us"], until)
        fresh = lines.filter(is_due).combine_chunks()
        self._db.register("fresh", fresh)
        self._db.register("incoming", lines.filter(pc.invert(is_due)))
        self._db.execute("create or replace table waiting as from incoming")
        self._db.unregister("incoming")
        self._name_pauses()
        known = [*KNOWN_VERBS, *self._settings.custom]
        for verb, count in self._db.execute(UNKNOWN, {"known": known}).fetchall():
            self._report.unknown[verb] += count
        return fresh, horizon, until

    def _watch_the_clock(self, stamps: NDArray[np.int64]) -> None:
        is_back = stamps < np.maximum.accumulate(stamps) - BACK_US
        self._report.clock_back_count += int(np.sum(is_back[1:] & ~is_back[:-1]))

    def _name_pauses(self) -> None:
        for (reason,) in self._db.execute(REASONS).fetchall():
            state = state_of_pause(reason, self._settings.pauses)
            self._db.execute("insert into pauses values (?, ?)", [reason, str(state or AgentState.BREAK)])
            if state is None:
                self._report.unmapped_reasons[reason] += 1

    def _calls(self, *, is_end: bool) -> Iterator[Batch]:
        for line, reason, call in self._db.execute(contacts.UNREADABLE).fetchall():
            self._report.reject(Rejected(line=line, reason=reason, value=call))
        about = {"source": self._settings.source}
        key = {"key": self._settings.contact_key.hex()}
        yield self._batch("contact", contacts.CONTACTS, about | key)
        yield self._batch("contact", contacts.OUTBOUND, about | key)
        yield self._batch("contact_segment", contacts.SEGMENTS, about | {"knows_hold": self._knows_hold})
        if is_end and self._knows_calls:
            inbound = {"inbound": list(self._settings.inbound)}
            yield self._batch("contact", records.UNQUEUED, about | key | inbound)
            self._report.unmet = {name for (name,) in self._db.execute(records.UNMET, inbound).fetchall()}
            if self._report.unmet or not self._settings.inbound:
                self._report.entrances = Counter(dict(self._db.execute(records.ENTRANCES).fetchall()))
        if is_end:
            (self._report.open_count,) = self._db.execute(
                "select count(*) from ready where not is_over"
            ).fetchone() or (0,)

    def _callbacks(self) -> Iterator[Batch]:
        source = {"source": self._settings.source}
        self._db.execute("update promise set is_touched = false where is_touched")
        if self._settings.counts_callbacks:
            self._db.execute(callbacks.PROMISES, source)
        self._db.execute(callbacks.TRIES)
        self._db.execute(callbacks.KEPT)
        due_us = int(self._settings.callback_seconds * 1e6)
        yield self._batch("callback", callbacks.CALLBACKS, source | {"due_us": due_us})
        yield self._batch("callback_attempt", callbacks.ATTEMPTS, {})

    def _agents(self, until: int, *, is_end: bool) -> Iterator[Batch]:
        for statement in (agents.MOVES, agents.RUNG, agents.POINTS):
            self._db.execute(statement)
        for statement in (agents.DUE, agents.WAITING):
            self._db.execute(statement, {"until": until - RING_US})
        standing = find_standing(self._db)
        self._report.late_count += standing.late
        self._db.register("stretches", standing.stretches)
        self._db.register("standing", standing.now)
        source = {"source": self._settings.source}
        yield self._batch("agent_state", agents.TAKEN_BACK, {})
        yield self._batch("agent_state", agents.STATES, source)
        for statement in (agents.BOARD, agents.MEMBERSHIP):
            self._db.execute(statement)
        if is_end:
            yield self._batch("agent_state", agents.OPEN, source)
            self._db.execute(agents.TOLD)

    def _batch(self, table: str, query: str, values: dict[str, Any]) -> Batch:
        rows, strangers = named(self._db.execute(query, values).to_arrow_table(), self._settings.people)
        self._report.strangers |= strangers
        return table, rows
