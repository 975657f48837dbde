"""Seconds from `script/server` to the first page, and the memory of everything while ten agents work.

The checkout's caches are warm (packages installed, pages built), the house is new: PostgreSQL is made, migrated and seeded
with the demo. Memory is the proportional set size of `careloop up` and all beneath it, PostgreSQL included.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from bench.stage.browsers import Agent, answers
from bench.stage.ending import end_in_order
from bench.stage.house import FOLDER
from bench.stage.report import say, speak
from careloop.gateways.postgres import Cluster

AGENTS = 10
LONGEST_WAIT_SECONDS = 600.0
SETTLE_SECONDS = 5.0
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print. --quick changes nothing: it is quick."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="script/bench footprint", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes less than a minute anyway")
    parser.parse_args()
    home = FOLDER / "footprint"
    home.mkdir(parents=True, exist_ok=True)
    Cluster(home).destroy()  # what an interrupted run left, which may lie outside of its home
    shutil.rmtree(home, ignore_errors=True)
    port = _free_port()
    environment = {**os.environ, "CARELOOP_HOME": str(home), "PORT": str(port)}
    host = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    server = subprocess.Popen(
        [ROOT / "script" / "server"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(f"{host}/account/sign-in"):
            if server.poll() is not None or time.perf_counter() - started > LONGEST_WAIT_SECONDS:
                raise RuntimeError("The house did not come up.")
            time.sleep(0.1)
        seconds = time.perf_counter() - started
        say(f"First page after {seconds:.1f} s")
        alone = _memory(server.pid, home)
        agents = _signed_in(environment, host)
        streams = []
        for agent in agents:
            agent.look_around()
            streams.append(agent.follow_live())
        time.sleep(SETTLE_SECONDS)
        working = _memory(server.pid, home)
        for stream in streams:
            stream.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
        Cluster(home).destroy()
        shutil.rmtree(home, ignore_errors=True)
    _speak(seconds, alone, working)


def _signed_in(environment: dict[str, str], host: str) -> list[Agent]:
    seeded = subprocess.run(
        [ROOT / "script" / "careloop", "demo", "--json"], env=environment, check=True, capture_output=True, text=True
    )
    logins = json.loads(seeded.stdout.splitlines()[-1])
    if logins["is_new"]:
        raise RuntimeError("The first page came before the demo was seeded.")
    people = [person for person in logins["people"] if person["role"] in {"agent", "lead", "manager", "owner"}]
    return [
        Agent.sign_in(
            host=host,
            workspace=people[number % len(people)]["workspace"],
            email=people[number % len(people)]["email"],
            password=logins["password"],
        )
        for number in range(AGENTS)
    ]


def _memory(pid: int, home: Path) -> dict[str, float]:
    """Return the megabytes of each kind of process: proportional set size, which counts what is shared once."""
    database = int((Cluster(home).place.data / "postmaster.pid").read_text().split()[0])
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found: dict[str, float] = {}
    seen: set[int] = set()
    waiting = [database, pid]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        waiting += children.get(number, [])
        try:
            words = (Path("/proc") / str(number) / "cmdline").read_text().replace("\0", " ")
            rollup = (Path("/proc") / str(number) / "smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[_kind(words)] = found.get(_kind(words), 0.0) + int(rollup.split("Pss:")[1].split()[0]) / 1024
    return found


def _kind(words: str) -> str:
    for part, kind in (("postgres", "PostgreSQL"), ("uvicorn", "web server"), ("careloop work", "workers")):
        if part in words:
            return kind
    return "supervisor"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _speak(seconds: float, alone: dict[str, float], working: dict[str, float]) -> None:
    rows: list[list[object]] = [["seconds to the first page", seconds, ""]]
    rows += [[f"{kind}, MB", alone.get(kind, 0.0), megabytes] for kind, megabytes in sorted(working.items())]
    rows += [["all, MB", sum(alone.values()), sum(working.values())]]
    speak(
        "footprint",
        columns=["", "nobody there", "ten agents"],
        rows=rows,
        figures={
            "seconds_to_first_page_cached": round(seconds, 1),
            "memory_mb_ten_agents": round(sum(working.values())),
        },
    )


if __name__ == "__main__":
    main()
