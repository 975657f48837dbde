"""Staffing a week of 336 half hours for 20 queues to 80 % in 20 s with Erlang C, beside pyworkforce; and how exact we are.

Both sides get the same cells and answer agents for each. Queues have 4 to 150 erlangs at their busiest, as 20 queues of a
service with about 750 agents have, with quiet nights and weekends. Rounds alternate; starting the peer is not in its time.
"""

import argparse
import json
import math
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.stage.ending import end_in_order
from bench.stage.environments import own_environment
from bench.stage.report import say, speak
from careloop.insight import queueing
from tests.insight.queueing.reference import ENDLESS, IMPATIENT, ROWS

PEER, VERSION = "pyworkforce", "0.5.1"  # the last one for Python 3.11; it knows Erlang C only
QUEUES, HALF_HOURS, DAYS = 20, 48, 7
LEAST_PEAK, MOST_PEAK = 4.0, 150.0
GOALS = queueing.Goals(service_level=0.8, target_seconds=20)
ROUNDS = 9
QUICK_ROUNDS = 3
OWN_RUNS = 5
"""Of ours to each of the peer's: a run of a few milliseconds says little alone."""


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench erlang", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="in three rounds instead of nine")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    calls, handles = _week()
    python = own_environment(PEER, VERSION)
    _ours(calls, handles)  # the first call of a process loads what later ones find loaded
    ours, theirs = [], []
    for number in range(rounds):
        for _run in range(OWN_RUNS):
            seconds, agents = _ours(calls, handles)
            ours.append(seconds)
        answer = _peer(python, calls, handles)
        theirs += answer["seconds"]
        differing = int(np.sum(agents != np.array(answer["agents"])))
        say(f"Round {number + 1}: ours {seconds * 1000:.1f} ms, the peer {answer['seconds'][0] * 1000:.0f} ms")
    with_patience = _with_patience(calls, handles)
    error = max(_errors())
    mine, peers = statistics.median(ours), statistics.median(theirs)
    speak(
        "erlang",
        columns=["", "ours", f"{PEER} {VERSION}"],
        rows=[
            ["cells", calls.size, calls.size],
            ["Erlang C, median ms", mine * 1000, peers * 1000],
            ["cells with another answer", differing, ""],
            ["Erlang A with its cap on abandons, ms", with_patience * 1000, "has none"],
            ["largest relative error, 45 cases", f"{error:.1e}", ""],
        ],
        figures={
            "ratio_vs_pyworkforce": round(mine / peers, 5),
            "max_rel_error_vs_reference": error,
            "cells_that_differ": differing,
            "week_ms": round(mine * 1000, 2),
            "week_with_patience_ms": round(with_patience * 1000, 1),
        },
    )


def _week() -> tuple[np.ndarray, np.ndarray]:
    """Return calls an hour and handle seconds, both (336 · 20,)."""
    random = np.random.default_rng(336)
    day = np.clip(np.sin(np.linspace(-0.6, np.pi + 0.6, HALF_HOURS)), 0.05, 1)
    week = np.concatenate([day * (0.4 if number >= 5 else 1) for number in range(DAYS)])
    handles = random.uniform(120, 420, QUEUES).round()
    peaks = np.geomspace(LEAST_PEAK, MOST_PEAK, QUEUES) * 3600 / handles
    calls = week[:, None] * peaks * random.uniform(0.85, 1, (HALF_HOURS * DAYS, QUEUES))
    return calls.round(1).ravel(), np.broadcast_to(handles, calls.shape).ravel()


def _ours(calls: np.ndarray, handles: np.ndarray) -> tuple[float, np.ndarray]:
    started = time.perf_counter()
    found = queueing.staff(calls_per_hour=calls, handle_seconds=handles, patience_seconds=None, goals=GOALS)
    return time.perf_counter() - started, found.agents


def _with_patience(calls: np.ndarray, handles: np.ndarray) -> float:
    started = time.perf_counter()
    queueing.staff(calls_per_hour=calls, handle_seconds=handles, patience_seconds=150, goals=GOALS)
    return time.perf_counter() - started


def _peer(python: Path, calls: np.ndarray, handles: np.ndarray) -> Any:
    task = {
        "cells": list(zip(calls.tolist(), handles.tolist(), strict=True)),
        "service_level": GOALS.service_level,
        "target_seconds": GOALS.target_seconds,
        "rounds": 1,
    }
    program = Path(__file__).parent / "peer" / "erlang.py"
    done = subprocess.run([python, program], input=json.dumps(task), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _errors() -> list[float]:
    """Return the relative error of every figure of the golden file."""
    errors = []
    for row in ROWS:
        queue = {
            "calls_per_hour": row.calls_per_hour,
            "handle_seconds": row.handle_seconds,
            "agents": row.agents,
            "target_seconds": row.target_seconds,
        }
        outcomes = [(queueing.erlang_c(**queue), ENDLESS)]
        if row.patience_seconds is not None:
            outcomes.append((queueing.erlang_a(**queue, patience_seconds=row.patience_seconds), IMPATIENT))
        for outcome, fields in outcomes:
            errors += [_error(float(getattr(outcome, name)), row.expected[column]) for column, name in fields.items()]
        errors.append(
            _error(
                float(queueing.erlang_b(load=row.calls_per_hour * row.handle_seconds / 3600, agents=row.agents)),
                row.expected["erlang_b"],
            )
        )
    return errors


def _error(found: float, expected: float | None) -> float:
    if expected is None:
        return 0.0 if math.isnan(found) else math.inf
    return abs(found - expected) / abs(expected) if expected else abs(found)


if __name__ == "__main__":
    main()
