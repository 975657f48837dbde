"""The peer's part of the benchmark of staffing: pyworkforce, in its own environment. Knows nothing of ours but the cells."""

import json
import sys
import time

from pyworkforce.queuing import ErlangC  # type: ignore[import-not-found]

__all__: list[str] = []


def main() -> None:
    """Read cells and the goal from standard input, answer agents and the seconds of each round on standard output."""
    task = json.load(sys.stdin)
    seconds, agents = [], []
    for _round in range(task["rounds"]):
        started = time.perf_counter()
        agents = [
            ErlangC(
                transactions=calls, aht=handle / 60, asa=task["target_seconds"] / 60, interval=60
            ).required_positions(service_level=task["service_level"])["raw_positions"]
            for calls, handle in task["cells"]
        ]
        seconds.append(time.perf_counter() - started)
    json.dump({"agents": agents, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
