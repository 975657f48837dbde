"""Boards over stored cells: random periods and splits, then the whole question again, which must be equal to the cold answer.

Works on a copy of the lake, since it also measures what the cells cost after a day's last contacts have arrived.
"""

import json
import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.feather as feather

from bench.determinants.ours import asked, joined
from bench.determinants.question import FCR
from bench.stage.lake import DAYS, END, START, Scale, days_of
from careloop.insight import facts, kpis

QUESTIONS = 80
SPLITS: tuple[tuple[str, ...], ...] = (
    (),
    ("queue",),
    ("day",),
    ("week",),
    ("queue", "day"),
    ("queue", "week"),
    ("channel", "day"),
    ("weekday", "time_of_day"),
)
ZONE = ZoneInfo("Asia/Seoul")


def _board(held: facts.Facts, by: tuple[str, ...], first: int, last: int, *, with_intervals: bool) -> None:
    """Ask the determinants of a queue, and where the split allows it first-contact resolution."""
    metrics = asked() if "queue" in by or with_intervals else [*asked(), kpis.Asked.of(kpis.metric(FCR))]
    since, until = ((START + timedelta(days=day)).replace(tzinfo=ZONE) for day in (first, last))
    kpis.measure_all(held, metrics, by=by, since=since, until=until, with_intervals=with_intervals)


def _milliseconds(held: facts.Facts, *, with_intervals: bool) -> list[float]:
    drawn = random.Random(514)
    taken = []
    for number in range(-len(SPLITS), QUESTIONS):
        first = drawn.randrange(0, DAYS)
        last = drawn.randrange(first + 1, DAYS + 1)
        by = SPLITS[number % len(SPLITS)]
        seconds = _seconds(partial(_board, held, by, first, last, with_intervals=with_intervals))
        if number >= 0:  # those before are what a process does once when it starts
            taken.append(seconds * 1000)
    return taken


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _whole(held: facts.Facts) -> tuple[pa.Table, pa.Table]:
    by_queue = kpis.measure_all(held, asked(), by=("queue", "half_hour"), with_intervals=False)
    by_reason = kpis.measure(held, FCR, by=("reason",), with_intervals=False)
    return joined(by_queue, ("queue", "half_hour")), joined([by_reason], ("reason",))


def _some_more(root: Path) -> None:
    """Let a few more contacts of the last day arrive."""
    *_earlier, day = days_of(Scale(contacts=9_000))
    store = facts.FactStore(root)
    for table, rows, keys in (
        ("contact", day.contacts, ("contact_id",)),
        ("contact_segment", day.segments, ("segment_id", "contact_id")),
    ):
        for key in keys:
            place = rows.column_names.index(key)
            rows = rows.set_column(place, key, pa.compute.binary_join_element_wise("x", rows[key], ""))
        store.append(table, rows, source="bench", at=END + timedelta(days=2))


def main() -> None:
    """Measure, keep the answer, print."""
    source, target = (Path(name) for name in sys.argv[1:3])
    root = target / "lake"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(source, root, copy_function=os.link)
    metrics = [*asked(), kpis.Asked.of(kpis.metric(FCR))]
    refresh = _seconds(lambda: kpis.refresh_cells(root, asked=metrics, memory_mb=4096))
    held = facts.read(root)
    told = {
        "milliseconds": _milliseconds(held, with_intervals=False),
        "with_intervals_milliseconds": _milliseconds(held, with_intervals=True),
        "whole_period_milliseconds": min(_seconds(lambda: _whole(held)) for _try in range(3)) * 1000,
        "refresh_seconds": refresh,
    }
    for name, table in zip(("queue", "reason"), _whole(held), strict=True):
        feather.write_feather(table, str(target / f"{name}.arrow"), compression="uncompressed")
    _some_more(root)
    told["day_refresh_seconds"] = _seconds(lambda: kpis.refresh_cells(root, asked=metrics, memory_mb=4096))
    shutil.rmtree(root)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
