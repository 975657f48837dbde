"""Parts that end are started again with growing pauses; all of them end with their supervisor."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from careloop.faces.cli.supervision import Part, keep_running, pause_seconds

SUPERVISOR = """
import os, sys, threading
from django.conf import settings
settings.configure()
from careloop.faces.cli.supervision import Part, keep_running
part = Part(name="part", command=[sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"])
keep_running([part], environment=os.environ, stop=threading.Event(), say=print, look_after=lambda: None)
"""


def run_until(said: list[str], parts: list[Part], *, lines: int) -> None:
    """Keep parts running until they made the supervisor speak so many times."""
    stop = threading.Event()

    def say(words: str) -> None:
        said.append(words)
        if len(said) >= lines:
            stop.set()

    keep_running(parts, environment=os.environ, stop=stop, say=say, look_after=lambda: None)


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


class TestKeepRunning:
    def test_starts_a_part_again_and_says_why(self) -> None:
        said: list[str] = []

        run_until(said, [Part(name="The worker", command=[sys.executable, "-c", "exit(3)"])], lines=2)

        assert said == [
            "The worker ended (code 3) and starts again in 1 s.",
            "The worker ended (code 3) and starts again in 2 s.",
        ]

    def test_ends_all_parts_in_order(self, tmp_path: Path) -> None:
        trace = tmp_path / "trace"
        program = (
            "import signal, sys, time, pathlib\n"
            f"signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path({str(trace)!r}).write_text('ended'), sys.exit()))\n"
            "print('ready', flush=True)\n"
            "time.sleep(600)\n"
        )
        stop = threading.Event()
        script = tmp_path / "part.py"
        script.write_text(program)
        ready = tmp_path / "ready"
        part = Part(name="part", command=["sh", "-c", f"exec {sys.executable} {script} > {ready}"])

        def look() -> None:
            if ready.exists() and ready.read_text() == "ready\n":
                stop.set()

        keep_running([part], environment=os.environ, stop=stop, say=print, look_after=look)

        assert trace.read_text() == "ended"

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
    def test_a_killed_supervisor_takes_its_parts_along(self) -> None:
        supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True)
        assert supervisor.stdout is not None
        part = int(supervisor.stdout.readline())

        os.kill(supervisor.pid, signal.SIGKILL)
        supervisor.communicate()

        deadline = time.monotonic() + 10
        while is_alive(part) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not is_alive(part)


class TestPauseSeconds:
    def test_doubles_up_to_a_minute(self) -> None:
        assert [pause_seconds(failures) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
