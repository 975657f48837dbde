"""Ten million contacts over 90 days: determinants by queue and half hour, and first-contact resolution by reason.

Careloop, hand-written DuckDB SQL and pandas answer in turns, each in a fresh process, cold from the same Parquet files; PostgreSQL
answers the same SQL from tables loaded before. All answers must be equal. Then a board over stored cells, beside pandas.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather

from bench.stage.ending import end_in_order
from bench.stage.house import FOLDER
from bench.stage.lake import Scale, made_lake
from bench.stage.report import percentile, say, speak

CONTACTS, QUICK_CONTACTS = 10_000_000, 100_000
ROUNDS, QUICK_ROUNDS = 5, 1
PROGRAMS = {"Careloop": "ours", "DuckDB SQL": "in_duckdb", "pandas": "in_pandas"}
MEGABYTE = 1024  # the kernel tells kilobytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one process took, start included. asked: of these, what the question took by its own clock."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    asked: dict[str, float]


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench kpi", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="with 100 thousand contacts, once")
    parser.add_argument("--contacts", type=int, default=None, help="so many instead of 10 million")
    parser.add_argument("--rounds", type=int, default=None, help="so many alternating runs instead of 5")
    parsed = parser.parse_args()
    contacts = parsed.contacts or (QUICK_CONTACTS if parsed.quick else CONTACTS)
    rounds = parsed.rounds or (QUICK_ROUNDS if parsed.quick else ROUNDS)
    lake, small = _lake(contacts), _lake(max(1, contacts // 10))
    runs = _alternating(lake, rounds)
    with _postgres(lake) as (address, loading):
        runs["PostgreSQL"] = [_run("in_postgres", address) for _round in range(min(rounds, 3))]
    board = _run("board", lake).asked
    _check_equal()
    least = [_run("ours", small) for _round in range(rounds)]
    with_intervals = _run("with_intervals", lake)
    _speak(contacts, runs, least, with_intervals, board, loading)


def _lake(contacts: int) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    say(f"A lake of {contacts:,} contacts")
    started = time.perf_counter()
    root = made_lake(FOLDER / f"lake-{contacts}", Scale(contacts=contacts))
    say(f"is there after {time.perf_counter() - started:.0f} s")
    return root


def _alternating(lake: Path, rounds: int) -> dict[str, list[Run]]:
    for program in PROGRAMS.values():
        _run(program, lake)  # files are in the page cache for all, or for nobody
    runs: dict[str, list[Run]] = {name: [] for name in PROGRAMS}
    for number in range(rounds):
        for name, program in PROGRAMS.items():
            runs[name].append(_run(program, lake))
        told = ", ".join(f"{name} {taken[-1].seconds:.1f} s" for name, taken in runs.items())
        say(f"Round {number + 1}: {told}")
    return runs


def _run(program: str, source: Path | str) -> Run:
    """Run a program to its end in a process of its own."""
    target = FOLDER / "answers" / program
    target.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", f"bench.determinants.{program}", str(source), str(target)]
    # Python compiles what it imports once and keeps it, as everywhere, even where the benchmark itself was told not to.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode")}
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | kept) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program} ended with {process.returncode}.")
    return Run(
        seconds=time.perf_counter() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / MEGABYTE,
        asked=json.loads(told.splitlines()[-1]),
    )


@contextmanager
def _postgres(lake: Path) -> Iterator[tuple[str, float]]:
    """Run the embedded server with the lake's facts in tables; yield its address and the seconds that loading took."""
    from bench.determinants.loading import load
    from careloop.gateways.postgres import Cluster

    cluster = Cluster(FOLDER / "kpi-postgres")
    cluster.home.mkdir(parents=True, exist_ok=True)
    cluster.destroy()  # what an interrupted run left
    try:
        with cluster.running() as address:
            started = time.perf_counter()
            load(lake, address)
            loading = time.perf_counter() - started
            say(f"PostgreSQL loaded in {loading:.0f} s")
            yield address, loading
    finally:
        cluster.destroy()


def _check_equal() -> None:
    """Hold all answers, that of the board included, against the one of DuckDB. Raises RuntimeError where they differ."""
    for file, keys in (("queue.arrow", ["queue", "half_hour"]), ("reason.arrow", ["reason"])):
        answers = {
            name: _sorted(feather.read_table(FOLDER / "answers" / name / file), keys)
            for name in (*PROGRAMS.values(), "in_postgres", "board")
        }
        expected = answers["in_duckdb"]
        for name, found in answers.items():
            for column in expected.column_names:
                if not _is_equal(expected[column], found[column]):
                    raise RuntimeError(f"{name} gives another {column} than DuckDB SQL.")
    say("All answers are equal")


def _sorted(table: pa.Table, keys: list[str]) -> pa.Table:
    columns = {name: table[name] for name in table.column_names}
    if "half_hour" in columns and pa.types.is_timestamp(columns["half_hour"].type):
        columns["half_hour"] = pc.divide(columns["half_hour"].cast(pa.int64()), 1_000_000)
    for name in keys:
        kind = pa.int64() if name == "half_hour" else pa.string()
        columns[name] = columns[name].cast(kind)
    return pa.table(columns).sort_by([(name, "ascending") for name in keys])


def _is_equal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    if pa.types.is_string(one.type) or one.type == pa.int64() == other.type:
        return bool(one.equals(other))
    figures = [np.asarray(each.cast(pa.float64()).fill_null(0.0)) for each in (one, other)]
    return len(figures[0]) == len(figures[1]) and bool(np.allclose(figures[0], figures[1], rtol=1e-9, atol=1e-6))


def _median(runs: list[Run], name: str) -> float:
    return float(statistics.median(getattr(run, name) for run in runs))


def _speak(
    contacts: int,
    runs: dict[str, list[Run]],
    least: list[Run],
    with_intervals: Run,
    board: dict[str, Any],
    loading: float,
) -> None:
    rows: list[list[object]] = [
        [name, *(_median(taken, figure) for figure in ("seconds", "cpu_seconds", "peak_mb"))]
        for name, taken in runs.items()
    ]
    rows.append(
        ["Careloop, with intervals", with_intervals.seconds, with_intervals.cpu_seconds, with_intervals.peak_mb]
    )
    rows.append([f"Careloop, {contacts // 10:,}", *(_median(least, f) for f in ("seconds", "cpu_seconds", "peak_mb"))])
    ours, sql, pandas = (runs[name] for name in PROGRAMS)
    asked = statistics.median(run.asked["cpu_seconds"] for run in ours)
    asked_least = statistics.median(run.asked["cpu_seconds"] for run in least)
    asked_sql = statistics.median(run.asked["cpu_seconds"] for run in sql)
    figures = {
        "cpu_ratio_vs_duckdb": statistics.median(
            one.cpu_seconds / other.cpu_seconds for one, other in zip(ours, sql, strict=True)
        ),
        "time_ratio_vs_pandas": _median(ours, "seconds") / _median(pandas, "seconds"),
        "memory_ratio_vs_pandas": _median(ours, "peak_mb") / _median(pandas, "peak_mb"),
        "time_ratio_vs_postgres": _median(ours, "seconds") / _median(runs["PostgreSQL"], "seconds"),
        "cost_growth_per_million": asked / asked_least / 10,
        "board_p95_ms": percentile(board["milliseconds"], 0.95),
        "board_ratio_vs_pandas": board["whole_period_milliseconds"] / 1000 / _median(pandas, "seconds"),
        "cpu_ratio_of_the_question": asked / asked_sql,
        "intervals_seconds": with_intervals.asked["seconds"],
        "board_with_intervals_p95_ms": percentile(board["with_intervals_milliseconds"], 0.95),
        "cells_refresh_seconds": board["refresh_seconds"],
        "cells_day_refresh_seconds": board["day_refresh_seconds"],
        "postgres_loading_seconds": loading,
        "contacts": contacts,
    }
    speak(
        "kpi",
        columns=[f"{contacts:,} contacts", "seconds", "CPU seconds", "peak MB"],
        rows=rows,
        figures={name: round(value, 4) for name, value in figures.items()},
    )


if __name__ == "__main__":
    main()
