"""A queue log and a table of calls into the lake, beside pandas scripts that make Parquet of the same; and memory at 5 GB.

Rounds alternate. Both sides start as processes of their own, and their start counts. Ours checks every row, keeps versions and
remembers what is open; the scripts do not.
"""  # noqa: N999 - the benchmark is called so

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.stage.ending import end_in_order
from bench.stage.logs import CALL_MAP, write_call_table, write_queue_log
from bench.stage.report import say, speak

MEGABYTE = 1_000_000
ROUNDS, QUICK_ROUNDS = 5, 1
SIZE, QUICK_SIZE = 150 * MEGABYTE, 15 * MEGABYTE
LARGE, QUICK_LARGE = 5_000 * MEGABYTE, 100 * MEGABYTE
LAKE_SHARE = 0.6
"""Of the file, what its lake and the spilling may take at most."""
KINDS = ("queue_log", "call_table")
PEERS = Path(__file__).parent / "peer"


def main() -> None:
    """Measure and print."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench import", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small files, one round")
    parser.add_argument("--gigabytes", type=float, help="size of the large files; 5 unless said")
    options = parser.parse_args()
    size, rounds = (QUICK_SIZE, QUICK_ROUNDS) if options.quick else (SIZE, ROUNDS)
    large = int(options.gigabytes * 1_000 * MEGABYTE) if options.gigabytes else QUICK_LARGE if options.quick else LARGE
    with TemporaryDirectory(prefix="careloop-bench-") as name:
        folder = Path(name)
        (folder / "map.yaml").write_text(CALL_MAP)
        large = min(large, int(shutil.disk_usage(folder).free / (1 + LAKE_SHARE) * 0.9))
        found = {kind: _beside(kind, folder, size=size, rounds=rounds) for kind in KINDS}
        peaks = {kind: _large(kind, folder, size=large) for kind in KINDS}
    ratios = {kind: statistics.median(o / p for o, p in zip(*found[kind][:2], strict=True)) for kind in KINDS}
    rates = {kind: statistics.median(found[kind][0]) for kind in KINDS}
    speak(
        "import",
        columns=["", "queue log", "mapped CSV"],
        rows=[
            ["ours, rows a second", *(round(rates[kind]) for kind in KINDS)],
            ["pandas, rows a second", *(round(statistics.median(found[kind][1])) for kind in KINDS)],
            ["ours to pandas", *(ratios[kind] for kind in KINDS)],
            [f"peak MB at {size / 1e9:.2f} GB", *(round(max(found[kind][2])) for kind in KINDS)],
            [f"peak MB at {large / 1e9:.2f} GB", *(round(peaks[kind]["peak_mb"]) for kind in KINDS)],
            ["rows a second there", *(round(peaks[kind]["rows"] / peaks[kind]["seconds"]) for kind in KINDS)],
        ],
        figures={
            "ratio_vs_pandas": round(min(ratios.values()), 3),
            "peak_mb_5gb": round(max(peak["peak_mb"] for peak in peaks.values())),
            "large_file_gb": round(large / 1e9, 3),
            "peak_mb_small": round(max(max(found[kind][2]) for kind in KINDS)),
            **{f"{kind}_ratio_vs_pandas": round(ratios[kind], 3) for kind in KINDS},
            **{f"{kind}_rows_per_second": round(rates[kind]) for kind in KINDS},
        },
    )


def _beside(kind: str, folder: Path, *, size: int, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Return rows a second of ours and of pandas, and peak megabytes of ours, by round."""
    path = folder / kind
    _write(kind, path, size)
    ours, theirs, peaks = [], [], []
    for number in range(rounds):
        mine, peers = _own(kind, path, folder), _run("import_logs", [kind, path], folder)
        ours.append(mine["rows"] / mine["seconds"])
        peaks.append(mine["peak_mb"])
        theirs.append(peers["rows"] / peers["seconds"])
        say(f"{kind}, round {number + 1}: ours {ours[-1]:,.0f} rows a second, pandas {theirs[-1]:,.0f}")
    path.unlink()
    return ours, theirs, peaks


def _large(kind: str, folder: Path, *, size: int) -> Any:
    path = folder / kind
    _write(kind, path, size)
    found = _own(kind, path, folder)
    path.unlink()
    say(f"{kind}, {size / 1e9:.2f} GB: {found['peak_mb']:.0f} MB, {found['seconds']:.0f} s, {found['facts']:,} facts")
    return found


def _write(kind: str, path: Path, size: int) -> None:
    say(f"Writing {size / 1e6:,.0f} MB of {kind}")
    (write_queue_log if kind == "queue_log" else write_call_table)(path, bytes_wanted=size)


def _own(kind: str, path: Path, folder: Path) -> Any:
    found = _run("import_own", [kind, path], folder, folder / "map.yaml")
    if found["aside"]:
        raise RuntimeError(f"The lake set {found['aside']} rows aside: the benchmark writes what it should not.")
    return found


def _run(program: str, arguments: Sequence[object], folder: Path, *more: object) -> Any:
    lake = folder / "lake"
    lake.mkdir()
    try:
        command = [sys.executable, "-m", f"bench.peer.{program}", *map(str, [*arguments, lake, *more])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)
    except subprocess.CalledProcessError as problem:
        say(problem.stderr)
        raise
    finally:
        shutil.rmtree(lake)


if __name__ == "__main__":
    main()
