"""From lines to stays: what happened between a caller's entry into a queue and the end of that leg."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careloop.insight.imports.calls.runs import NOWHERE, Flags, Ints, Reals, Runs, codes, reals, taken
from careloop.insight.imports.events import NOBODY

__all__ = ["find_stays", "gather_lines"]

LINE = "at_us, call_id, queue, agent, kind, verb, d1, d2, d3, d4, d5"

HAND = f"select line, {LINE}, false as is_fresh from hand"
ALIKE = f"select count(*) - count(distinct hash({LINE})) from work"
ONCE = f"select min(line) as line, {LINE}, bool_and(is_fresh) as is_fresh from work group by {LINE}"

# A line says how long ago its stay began, and some how long the talk was.
TIMED = """
select line, at_us, call_id, queue, agent, kind, is_fresh, case when kind in ('cold', 'held') then d1 end as d1,
    case when kind in ('enter', 'callback') then d2 end as d2,
    case kind
        when 'connect' then try_cast(d1 as double)
        when 'release_customer' then try_cast(d1 as double) + try_cast(d2 as double)
        when 'release_agent' then try_cast(d1 as double) + try_cast(d2 as double)
        when 'cold' then try_cast(d3 as double) + try_cast(d4 as double)
        when 'warm' then case when d1 = 'LINK' then try_cast(d4 as double) + try_cast(d5 as double)
                              else try_cast(d3 as double) + try_cast(d4 as double) end
        when 'abandon' then try_cast(d3 as double)
        when 'timeout' then try_cast(d3 as double)
        when 'empty' then try_cast(d3 as double)
        when 'withdraw' then try_cast(d3 as double)
        when 'key' then try_cast(d4 as double)
    end as since_entry_s,
    case kind
        when 'release_customer' then try_cast(d2 as double)
        when 'release_agent' then try_cast(d2 as double)
        when 'cold' then try_cast(d4 as double)
        when 'warm' then case when d1 = 'LINK' then try_cast(d5 as double) else try_cast(d4 as double) end
    end as talked_s,
    case kind when 'connect' then try_cast(d3 as double) when 'held' then try_cast(d1 as double) end as took_s
from work where kind != 'outcall'
"""
RESTARTS = "select at_us from fresh where verb = 'QUEUESTART' order by at_us"

RELEASES = ("release_customer", "release_agent")
ENDS = (*RELEASES, "cold", "warm", "lost_talking")
GONE = ("abandon", "timeout", "key", "empty", "withdraw", "lost_waiting")
SECOND_US = 1_000_000


def gather_lines(db: duckdb.DuckDBPyConnection, fresh: pa.Table, kinds: Mapping[str, str]) -> int:
    """Make `work`, the lines of `hand` and the fresh ones that concern calls, each once; return how many stood there before.

    kinds: what the verbs that concern calls mean.
    """
    hand = db.execute(HAND).to_arrow_table()
    verbs, names = codes(fresh["verb"])
    told = pa.array([kinds.get(name) for name in names.to_pylist()], pa.string())
    kind = told.take(pa.array(verbs))
    about_calls = pc.and_(kind.is_valid(), pc.invert(pc.is_in(fresh["call_id"], pa.array(NOBODY))))
    new = fresh.append_column("kind", kind).filter(about_calls)
    new = new.append_column("is_fresh", pa.repeat(True, len(new)))
    work = pa.concat_tables([hand, new.select(hand.column_names)], promote_options="permissive").combine_chunks()
    db.register("work", work)
    ((alike,),) = db.execute(ALIKE).fetchall()
    if not alike:
        return 0
    once = db.execute(ONCE).to_arrow_table()
    db.register("work", once)
    return len(work) - len(once)


def find_stays(db: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return one row per call and stay out of `work`; rows without entry hold what the dialplan said of a caller who never waited.

    Instants are microseconds since 1970, in columns that end in _us. The rows of a call lie beside each other in their order.
    """
    lines, calls, stay = _in_order(db.execute(TIMED).to_arrow_table())
    restarts = np.asarray(db.execute(RESTARTS).to_arrow_table()["at_us"])
    at, is_fresh = np.asarray(lines["at_us"]), np.asarray(lines["is_fresh"])
    begins = np.diff(calls, prepend=NOWHERE) != 0
    runs = Runs(begins | (np.diff(stay, prepend=0) != 0))
    of_kind = _Kinds(lines["kind"])
    since, talked, took = reals(lines["since_entry_s"]), reals(lines["talked_s"]), reals(lines["took_s"])
    connects, ends, gone, held = of_kind("connect"), of_kind(*ENDS), of_kind(*GONE), of_kind("held")
    enter, connect, end, left = (runs.first(chosen) for chosen in (of_kind("enter"), connects, ends, gone))
    blocked, callback = (runs.first(of_kind(name)) for name in ("blocked", "callback"))
    longest = runs.greatest(talked, ends)
    end_us, gone_us = _at(at, end), _at(at, left)
    entered_us = _first_known(
        _at(at, enter),
        _at(at, connect) - SECOND_US * np.rint(np.nan_to_num(runs.greatest(since, ends) - longest)),
        end_us - np.rint(SECOND_US * runs.greatest(since, ends)),
        gone_us - np.rint(SECOND_US * runs.greatest(since, gone)),
    )
    connect_us = _first_known(_at(at, connect), end_us - np.rint(SECOND_US * longest))
    restart_us = _after(restarts, entered_us)
    is_ended, is_cut = end != NOWHERE, ~np.isnan(restart_us)
    is_stay = ~np.isnan(entered_us)
    number, call = stay[runs.starts], Runs(begins[runs.starts])
    unheard = is_stay & (number == 0)
    is_last = np.append(call.of[1:] != call.of[:-1], True) if len(runs) else is_stay
    following = np.where(is_last, NOWHERE, np.arange(len(runs)) + 1)
    queues = taken(lines["queue"], runs.first(~of_kind("blocked", "callback")))
    ends_fresh = runs.first(ends & ~is_fresh) == NOWHERE
    return pa.table(
        {
            "call_id": lines["call_id"].take(pa.array(runs.starts)),
            "stay": number,
            "line": np.minimum.reduceat(np.asarray(lines["line"]), runs.starts) if len(runs) else runs.starts,
            "last_us": at[runs.ends],
            "is_fresh": runs.count(is_fresh) > 0,
            "queue": queues,
            "number": taken(lines["d2"], runs.first(of_kind("enter") & _told(lines["d2"]))),
            "enter_us": _micros(_at(at, enter)),
            "connect_us": _micros(connect_us),
            "agent": taken(lines["agent"], runs.first((connects | ends) & _told(lines["agent"]))),
            "ring_s": _seconds(-runs.greatest(-took, connects)),
            "is_connect_fresh": np.where(
                connect != NOWHERE, runs.first(connects & ~is_fresh) == NOWHERE, is_ended & ends_fresh
            ),
            "end_us": _micros(np.where(is_ended | (left != NOWHERE), end_us, restart_us)),
            "is_end_fresh": np.where(is_ended, ends_fresh, is_cut),
            "transfer": _word(runs, of_kind, "warm", "cold"),
            "transfer_to": taken(lines["d1"], runs.first(of_kind("cold") & _told(lines["d1"]))),
            "release": _word(runs, of_kind, *RELEASES),
            "gone_us": _micros(gone_us),
            "gone": taken(lines["kind"], left),
            "blocked_us": _micros(_at(at, blocked)),
            "callback_us": _micros(_at(at, callback)),
            "callback_queue": taken(lines["queue"], callback),
            "callback_number": taken(lines["d2"], runs.first(of_kind("callback") & _told(lines["d2"]))),
            "hold_s": _seconds(runs.total(took, held)),
            "hold_count": runs.count(held),
            "entered_us": _micros(entered_us),
            "is_stay": is_stay,
            "is_cut": ~is_ended & (left == NOWHERE) & is_cut,
            "seq": number + (call.count(unheard) > 0)[call.of],
            "next_us": _micros(_at(entered_us, following)),
            "next_queue": taken(queues, following),
        }
    )


def _in_order(lines: pa.Table) -> tuple[pa.Table, Ints, Ints]:
    """Return the lines with those of a call beside each other, the call of each, and in which of its stays it stands.

    Of lines in the same second, one whose stay began earlier goes before a new entry. Only so a transfer and the entry that follows
    it keep their order when the log has them the wrong way round.
    """
    calls, _names = codes(lines["call_id"])
    began_earlier = reals(lines["since_entry_s"]) >= 1
    order = np.lexsort((np.asarray(lines["line"]), ~began_earlier, np.asarray(lines["at_us"]), calls))
    lines, calls = lines.take(pa.array(order)).combine_chunks(), calls[order]
    enters = np.asarray(pc.equal(lines["kind"], "enter")).astype(np.int64)
    return lines, calls, Runs(np.diff(calls, prepend=NOWHERE) != 0).so_far(enters)


class _Kinds:
    """Says which lines are of some kinds."""

    def __init__(self, kinds: pa.ChunkedArray) -> None:
        self._codes, names = codes(kinds)
        self._code = {name: code for code, name in enumerate(names.to_pylist())}

    def __call__(self, *kinds: str) -> Flags:
        return np.isin(self._codes, [self._code.get(kind, NOWHERE) for kind in kinds])


def _at(values: Ints | Reals, places: Ints) -> Reals:
    """Return instants at places. Microseconds since 1970 are whole in a float until the year 2255."""
    return (
        np.where(places == NOWHERE, np.nan, values[places].astype(np.float64))
        if len(values)
        else places.astype(np.float64)
    )


def _first_known(*several: Reals) -> Reals:
    found = several[0]
    for other in several[1:]:
        found = np.where(np.isnan(found), other, found)
    return found


def _after(moments: Ints, since: Reals) -> Reals:
    """Return the first of the moments after each instant, NaN where there is none."""
    padded = np.append(moments.astype(np.float64), np.nan)
    return np.where(
        np.isnan(since), np.nan, padded[np.searchsorted(moments, since, side="right").clip(max=len(moments))]
    )


def _told(column: pa.ChunkedArray) -> Flags:
    return np.asarray(pc.is_valid(column))


def _word(runs: Runs, of_kind: _Kinds, stronger: str, weaker: str) -> pa.Array:
    """Return the stronger of two kinds where a run has it, else the weaker, else null."""
    codes_of = np.where(runs.count(of_kind(stronger)) > 0, 0, np.where(runs.count(of_kind(weaker)) > 0, 1, NOWHERE))
    return taken(pa.array([stronger, weaker]), codes_of)


def _micros(values: Reals) -> pa.Array:
    return pa.array(np.nan_to_num(values).astype(np.int64), mask=np.isnan(values))


def _seconds(values: Reals) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
