"""Keep several processes running: start them, start again what ended, and stop all of them in order."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

__all__ = ["STEADY_AFTER_SECONDS", "Part", "end_with_parent", "keep_running", "pause_seconds", "started_apart"]

LONGEST_PAUSE_SECONDS = 60.0
STEADY_AFTER_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.25
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_C_LIBRARY = ctypes.CDLL(None)  # loaded before any fork, where loading would not be safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process that must run as long as the house does.

    name: as it is spoken of.
    command: the program and its arguments.
    """

    name: str
    command: Sequence[str]


def pause_seconds(failures: int) -> float:
    """Return how long to wait before starting a part that has ended `failures` times in a row: 1, 2, 4, … 60."""
    return min(2.0 ** (failures - 1), LONGEST_PAUSE_SECONDS)


def keep_running(
    parts: Sequence[Part],
    *,
    environment: Mapping[str, str],
    stop: threading.Event,
    say: Callable[[str], None],
    look_after: Callable[[], None],
) -> None:
    """Run all parts until `stop` is set, then end them and wait for their end.

    environment: of every part.
    stop: set by a signal, or by whoever has seen enough.
    say: tells a person about each end and new start.
    look_after: called a few times a second, to mind what the parts rest on.
    """
    minders = [_Minder(part, environment, say) for part in parts]
    try:
        while not stop.is_set():
            look_after()
            for minder in minders:
                minder.look(time.monotonic())
            stop.wait(LOOK_EVERY_SECONDS)
    finally:
        for minder in minders:
            minder.ask_to_end()
        for minder in minders:
            minder.wait_for_end()


class _Minder:
    """One part, its process, and when to start it again."""

    def __init__(self, part: Part, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._part = part
        self._environment = environment
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._failures = 0

    def look(self, now: float) -> None:
        """Start the process when its time has come, and plan the next start when it has ended."""
        if self._process is None:
            if now >= self._start_at:
                self._process, self._started_at = self._start(), now
            return
        code = self._process.poll()
        if code is None:
            return
        self._process = None
        self._failures = 1 if now - self._started_at >= STEADY_AFTER_SECONDS else self._failures + 1
        pause = pause_seconds(self._failures)
        self._start_at = now + pause
        self._say(
            _("%(part)s ended (code %(code)s) and starts again in %(seconds)s s.")
            % {"part": self._part.name, "code": code, "seconds": round(pause)}
        )

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self._process is not None:
            self._process.terminate()

    def wait_for_end(self) -> None:
        """Wait until the process is gone; kill it when it takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return started_apart(self._part.command, environment=self._environment)


def started_apart(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, quietly: bool = False, niceness: int = 0
) -> "subprocess.Popen[bytes]":
    """Start a command of our own that ends when this process dies, whatever killed it.

    environment: None for that of this process. quietly: what it answers is not shown; what it complains about is.
    niceness: from 0 to 19; the higher, the more it leaves processors to others.
    """
    # A session of its own: Ctrl-C goes to the supervisor, which ends the parts in order.
    return subprocess.Popen(  # noqa: S603 - commands of our own
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quietly else None,
        start_new_session=True,
        preexec_fn=partial(_begin, niceness),
    )


def end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the process that started this one dies, even when it was killed."""
    if sys.platform == "linux":
        _C_LIBRARY.prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _begin(niceness: int) -> None:
    """End with the supervisor; step back behind others."""
    end_with_parent()
    os.nice(niceness)
