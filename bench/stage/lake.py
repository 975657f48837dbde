"""A lake of any size: 90 days of contacts, drawn anew and alike each time, written through the store as imports do.

Busy mornings and quiet Sundays, queues from small to large, impatient callers, transfers, repeats within days, customers nobody
knows, tests and ghosts: what exclusions, windows and skewed groups cost, they cost here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.stage.report import say

__all__ = ["DAYS", "END", "START", "Scale", "days_of", "made_lake"]

DAYS = 90
START = datetime(2026, 3, 2, tzinfo=UTC)
END = START + timedelta(days=DAYS)
MICROS = 1_000_000
ROWS_AT_ONCE = 400_000
REASONS = np.array([f"reason_{number:02d}" for number in range(24)])
GROUPS = np.array([f"group_{number // 2:02d}" for number in range(24)])
LANGUAGES = np.array(["ko", "zh-Hans", "vi", "en"])
EXITS = np.array(["answered", "abandoned", "flow_out_queue", "flow_out_callback", "system_disconnect"])

Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large a service is. contacts: over all days."""

    contacts: int
    queues: int = 40
    agents: int = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    contacts: pa.Table
    segments: pa.Table


def made_lake(root: Path, scale: Scale) -> Path:
    """Return a lake of that size, made now unless it lies there whole."""
    from careloop.insight.facts import FactStore

    done = root.with_suffix(".ready")
    if done.exists():
        return root
    rmtree(root, ignore_errors=True)
    store = FactStore(root, memory_mb=4096)
    store.settle_zone("Asia/Seoul")
    waiting: list[_Day] = []
    for number, day in enumerate(days_of(scale), start=1):
        waiting.append(day)
        if number < DAYS and sum(each.contacts.num_rows for each in waiting) < ROWS_AT_ONCE:
            continue
        for table in ("contact", "contact_segment"):
            rows = pa.concat_tables([getattr(each, f"{table.removeprefix('contact_')}s") for each in waiting])
            told = store.append(
                table,
                rows,
                source="bench",
                at=END + timedelta(days=1),
                complete_through=START + timedelta(days=number),
            )
            if told.quarantined:
                raise RuntimeError(f"{table}: {dict(told.quarantined)}")
        waiting = []
        say(f"Wrote {number} of {DAYS} days")
    done.touch()
    return root


def days_of(scale: Scale) -> Iterator[_Day]:
    """Yield the days of a service. The same scale gives the same days."""
    random = np.random.default_rng(514)
    weights = 1 / np.arange(1, scale.queues + 1) ** 0.7
    weekly = np.array([1.25, 1.1, 1.05, 1.05, 1.1, 0.7, 0.75])
    shares = np.array([weekly[day % 7] for day in range(DAYS)])
    edges = np.round(np.cumsum(shares) / shares.sum() * scale.contacts).astype(np.int64)
    customers = max(10, scale.contacts * 2 // 5)
    recent: list[tuple[Ints, Ints]] = []
    first = 0
    for number, last in enumerate(edges.tolist()):
        count = last - first
        who, why = _who_and_why(random, count, customers, recent)
        yield _day(random, scale, weights / weights.sum(), number=number, first=first, who=who, why=why)
        recent = [*recent, (who, why)][-5:]
        first = last


def _who_and_why(
    random: np.random.Generator, count: int, customers: int, recent: list[tuple[Ints, Ints]]
) -> tuple[Ints, Ints]:
    """Draw customers (-1: not known) and reasons; one contact in six comes back to something of the last days."""
    who = random.integers(0, customers, count)
    why = np.minimum(random.geometric(0.15, count) - 1, len(REASONS) - 1)
    for number, (before, about) in enumerate(recent):
        if len(before):
            again = np.flatnonzero(random.random(count) < 0.18 / len(recent))
            places = random.integers(0, len(before), len(again))
            who[again] = before[places]
            why[again] = np.where(random.random(len(again)) < 0.8, about[places], (about[places] + number + 1) % 24)
    who[random.random(count) < 0.12] = -1
    return who, why


def _day(
    random: np.random.Generator,
    scale: Scale,
    weights: npt.NDArray[np.float64],
    *,
    number: int,
    first: int,
    who: Ints,
    why: Ints,
) -> _Day:
    count = len(who)
    midnight = int((START + timedelta(days=number)).timestamp()) * MICROS
    hour = np.clip(random.choice([3.0, 7.5], count) + random.normal(0, 2.2, count), 0, 23.9)
    arrived = np.sort(midnight + (hour * 3600 * 1000).astype(np.int64) * 1000)
    ids = pa.array([f"c{place:09d}" for place in range(first, first + count)])
    is_chat = random.random(count) < 0.2
    enters = random.random(count) < 0.94
    legs = [_leg(random, scale, weights, at=arrived + random.integers(2_000, 45_000, count) * 1000)]
    moves = enters & (legs[0]["exit"] == 0) & (random.random(count) < 0.08)
    legs.append(_leg(random, scale, weights, at=legs[0]["left"] + legs[0]["talk"] * 1000 + 1_000_000))
    ended = np.where(enters, legs[0]["ended"], arrived + 30 * MICROS)
    ended = np.where(moves, legs[1]["ended"], ended)
    tables = [
        _segments(ids, leg, seq=seq, keep=keep, is_chat=is_chat)
        for seq, (leg, keep) in enumerate(zip(legs, (enters, moves), strict=True), start=1)
    ]
    answered = enters & (legs[0]["exit"] == 0)
    outcome = np.select(
        [~enters, answered, legs[0]["exit"] == 1, legs[0]["exit"] == 4],
        [
            np.where(random.random(count) < 0.6, "contained", "abandoned_ivr"),
            "handled",
            "abandoned_queue",
            "system_failure",
        ],
        "flow_out",
    )
    contacts = pa.table(
        {
            "contact_id": ids,
            "channel": np.where(is_chat, "chat", "voice"),
            "direction": np.where(random.random(count) < 0.96, "inbound", "outbound"),
            "customer_id": pa.array([None if one < 0 else f"u{one:08d}" for one in who.tolist()], pa.string()),
            "entry_point": np.array(["hotline", "shop", "app"])[random.integers(0, 3, count)],
            "language": LANGUAGES[np.minimum(random.geometric(0.6, count) - 1, 3)],
            "arrived_at": _instants(arrived),
            "ended_at": _instants(ended),
            "outcome": outcome,
            "reason_code": REASONS[why],
            "reason_group": GROUPS[why],
            "transfer_count": moves.astype(np.int64),
            "agent_legs": answered.astype(np.int64) + moves,
            "is_test": random.random(count) < 0.003,
            "is_ghost": random.random(count) < 0.004,
        }
    )
    return _Day(contacts=contacts, segments=pa.concat_tables(tables))


def _leg(
    random: np.random.Generator, scale: Scale, weights: npt.NDArray[np.float64], *, at: Ints
) -> dict[str, npt.NDArray[np.int64]]:
    """Draw what happens in a queue from an instant on: milliseconds as whole numbers, so that sums are exact."""
    count = len(at)
    offered = random.exponential(28_000, count).astype(np.int64) * (random.random(count) > 0.3)
    patience = random.exponential(190_000, count).astype(np.int64)
    lost = patience < offered
    other = random.random(count) < 0.015
    exits = np.where(lost, 1, np.where(other, random.integers(2, 5, count), 0))
    wait = np.minimum(offered, patience)
    is_answered = exits == 0
    talk = np.where(is_answered, random.lognormal(5.3, 0.6, count) * 1000, 0).astype(np.int64)
    hold = np.where(is_answered & (random.random(count) < 0.15), random.exponential(40_000, count), 0).astype(np.int64)
    wrap = np.where(is_answered, random.exponential(35_000, count), 0).astype(np.int64)
    queue = random.choice(scale.queues, count, p=weights)
    left = at + wait * 1000
    return {
        "queue": queue,
        "agent": (queue * 37 + random.integers(0, max(1, scale.agents // 20), count)) % scale.agents,
        "queued": at,
        "left": left,
        "wait": wait,
        "exit": exits,
        "talk": talk + hold,
        "hold": hold,
        "wrap": wrap,
        "ended": left + (talk + hold) * 1000,
    }


def _segments(
    ids: pa.Array,
    leg: dict[str, npt.NDArray[np.int64]],
    *,
    seq: int,
    keep: npt.NDArray[np.bool_],
    is_chat: npt.NDArray[np.bool_],
) -> pa.Table:
    is_answered = leg["exit"] == 0
    missing = ~is_answered
    queues = np.array([f"q{number:02d}" for number in range(int(leg["queue"].max()) + 1)])
    agents = np.array([f"a{number:04d}" for number in range(int(leg["agent"].max()) + 1)])
    rows = {
        "segment_id": pa.compute.binary_join_element_wise(ids, str(seq), "-"),
        "contact_id": ids,
        "seq": np.full(len(ids), seq),
        "queue_id": queues[leg["queue"]],
        "channel": np.where(is_chat, "chat", "voice"),
        "agent_id": pa.array(agents[leg["agent"]], mask=missing),
        "queued_at": _instants(leg["queued"]),
        "answered_at": _instants(leg["left"], mask=missing),
        "left_queue_at": _instants(leg["left"]),
        "wait_s": leg["wait"] / 1000,
        "exit": EXITS[leg["exit"]],
        "talk_s": pa.array((leg["talk"] - leg["hold"]) / 1000, mask=missing),
        "hold_s": pa.array(leg["hold"] / 1000, mask=missing),
        "wrap_s": pa.array(leg["wrap"] / 1000, mask=missing),
        "released_at": _instants(leg["ended"], mask=missing),
        "wrap_ended_at": _instants(leg["ended"] + leg["wrap"] * 1000, mask=missing),
    }
    return pa.table(rows).filter(pa.array(keep))


def _instants(micros: Ints, *, mask: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(micros, mask=mask).cast(pa.timestamp("us", tz="UTC"))
