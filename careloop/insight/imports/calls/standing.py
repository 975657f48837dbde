"""How agents stand after each moment at which something changed, and for how long they stand so."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from careloop.insight.facts.tables.vocabulary import AgentState
from careloop.insight.imports.calls.runs import NOWHERE, Flags, Ints, Runs, codes, taken, whole

__all__ = ["Standing", "find_standing"]

COUNTS = ("members", "ready", "calls", "rings")
POINTS = "select agent, at_us, line, members, ready, calls, rings, reason, call_id from points"
BOARD = """
select agent, since_us, members::bigint as members, ready::bigint as ready, calls::bigint as calls, rings::bigint as rings, reason,
    call_id, is_told, state
from board where agent in (select agent from points)
"""
FIXED = (AgentState.CONTACT, AgentState.RINGING, AgentState.OFFLINE, AgentState.AVAILABLE)
CONTACT, RINGING, OFFLINE, AVAILABLE = range(len(FIXED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What agents did.

    stretches: agent, state, contact, why, is_old, is_told, at_us, until_us; until_us is null for what lasts.
    now: the rows of `board` of the agents concerned. late: how many points lay before what is settled.
    """

    stretches: pa.Table
    now: pa.Table
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """Agents' counts after each moment, one run for each agent, with what stood before as its first row."""

    runs: Runs
    agent: pa.Array
    at_us: Ints
    counts: dict[str, Ints]
    reason: tuple[Ints, pa.Array]
    call: tuple[Ints, pa.Array]
    is_old: Flags
    is_told: Flags
    state: tuple[Ints, pa.Array]


def find_standing(db: duckdb.DuckDBPyConnection) -> Standing:
    """Return how the agents of `points` stood, by those, by `board`, which says how they stood before, and by `pauses`."""
    before, points = db.execute(BOARD).to_arrow_table(), db.execute(POINTS).to_arrow_table()
    marks, late = _marks(before, points, dict(db.execute("select reason, state from pauses").fetchall()))
    states, names = marks.state
    calls = np.where(states == CONTACT, marks.call[0], NOWHERE)
    reasons = np.where(states >= len(FIXED), marks.reason[0], NOWHERE)
    begins = np.isin(np.arange(len(states)), marks.runs.starts)
    kept = np.flatnonzero(begins | _changes(states) | _changes(calls) | _changes(reasons))
    until = np.append(marks.at_us[kept][1:], 0)
    lasts = np.append(begins[kept][1:], True) if len(kept) else begins
    stretches = {
        "agent": taken(marks.agent, kept),
        "state": taken(names, states[kept]),
        "contact": taken(marks.call[1], calls[kept]),
        "why": taken(marks.reason[1], reasons[kept]),
        "is_old": marks.is_old[kept],
        "is_told": marks.is_told[kept],
        "at_us": marks.at_us[kept],
        "until_us": pa.array(until[: len(kept)], mask=lasts),
    }
    now, still = marks.runs.ends, kept[lasts]
    board = {
        "agent": taken(marks.agent, now),
        "since_us": marks.at_us[still],
        "state": taken(names, states[still]),
        **{name: marks.counts[name][now] for name in COUNTS},
        "reason": taken(marks.reason[1], marks.reason[0][now]),
        "call_id": taken(marks.call[1], marks.call[0][now]),
        "is_told": marks.is_told[still],
    }
    return Standing(stretches=pa.table(stretches), now=pa.table(board), late=late)


def _marks(before: pa.Table, points: pa.Table, pauses: dict[str, str]) -> tuple[_Marks, int]:
    """Add the points up. pauses: the state of each reason."""
    old = len(before)
    agents, names = codes(_both(before["agent"], points["agent"]))
    at_us = _numbers(before["since_us"], points["at_us"])
    since = np.full(len(names), np.iinfo(np.int64).min)
    since[agents[:old]] = at_us[:old]
    late = int(np.sum(at_us < since[agents]))
    at_us = np.maximum(at_us, since[agents])
    is_old = np.arange(len(agents)) < old
    steps = {name: _numbers(before[name], points[name]) for name in COUNTS}
    line = np.concatenate([np.full(old, NOWHERE), np.asarray(points["line"])])
    order = np.lexsort((steps["calls"], line, at_us, ~is_old, agents))
    agents, at_us, is_old = agents[order], at_us[order], is_old[order]
    runs = Runs(np.diff(agents, prepend=NOWHERE) != 0)
    counts = {name: runs.so_far(steps[name][order]) for name in COUNTS}
    reason, reasons = codes(_both(before["reason"], points["reason"]))
    call, calls = codes(_both(before["call_id"], points["call_id"]))
    reason, call = _standing(runs, reason[order]), _standing(runs, call[order])
    stood = before["state"].to_pylist()
    states, words = _states(counts, reason, reasons, pauses, dict.fromkeys(stood))
    states[is_old] = np.array([words.index(word) for word in stood], dtype=np.int64)[order[is_old]]
    told = np.concatenate([np.asarray(before["is_told"]).astype(bool), np.zeros(len(points), dtype=bool)])[order]
    # Of several points at one moment the last one says how the agent stands.
    is_last = np.append((agents[1:] != agents[:-1]) | (at_us[1:] != at_us[:-1]) | is_old[:-1], True)[: len(agents)]
    kept = np.flatnonzero(is_last)
    marks = _Marks(
        runs=Runs(np.diff(agents[kept], prepend=NOWHERE) != 0),
        agent=taken(names, agents[kept]),
        at_us=at_us[kept],
        counts={name: values[kept] for name, values in counts.items()},
        reason=(reason[kept], reasons),
        call=(call[kept], calls),
        is_old=is_old[kept],
        is_told=told[kept],
        state=(states[kept], pa.array(words)),
    )
    return marks, late


def _states(
    counts: dict[str, Ints], reason: Ints, reasons: pa.Array, pauses: dict[str, str], told: dict[str, None]
) -> tuple[Ints, list[str]]:
    """Return the state of each row as a place among words, of which those in FIXED come first. told: words that shall be there."""
    of_reason = [pauses.get(name, str(AgentState.BREAK)) for name in [*reasons.to_pylist(), ""]]
    words = list(dict.fromkeys([*map(str, FIXED), *of_reason, *told]))
    paused = np.array([words.index(word) for word in of_reason])[reason]  # NOWHERE is the last one: no reason given
    conditions = [counts["calls"] > 0, counts["rings"] > 0, counts["members"] <= 0, counts["ready"] > 0]
    return np.select(conditions, [CONTACT, RINGING, OFFLINE, AVAILABLE], default=paused), words


def _standing(runs: Runs, values: Ints) -> Ints:
    """Return for each row what was last said in its run."""
    place = runs.latest(values != NOWHERE)
    return np.where(place == NOWHERE, NOWHERE, values[place]) if len(values) else values


def _changes(values: Ints) -> Flags:
    changed: Flags = np.diff(values, prepend=values[:1]) != 0
    return changed


def _both(before: pa.ChunkedArray, then: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays([whole(before).cast(pa.string()), whole(then).cast(pa.string())])


def _numbers(before: pa.ChunkedArray, then: pa.ChunkedArray) -> Ints:
    return np.concatenate([np.asarray(before), np.asarray(then)]).astype(np.int64)
