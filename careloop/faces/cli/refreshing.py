"""Cells and integrity checks made by a process of its own, which can be ended at any moment: what it has made is kept."""

import logging
import subprocess
import sys
import threading
import time

from careloop.faces.cli.supervision import started_apart

__all__ = ["refresh_apart"]

log = logging.getLogger(__name__)

# A single scan is not cut short by the limit of time; one that takes this much longer is.
GRACE_SECONDS = 300.0
NICENESS = 10
LOOK_EVERY_SECONDS = 0.25
ENDS_WITHIN_SECONDS = 5.0


def refresh_apart(stopping: threading.Event, *, seconds: float) -> None:
    """Run `careloop lake refresh` to its end, with what processors have left.

    seconds: what it may take; see the command. Ends it early when `stopping` is set, or when it takes far too long.
    """
    command = [sys.executable, "-m", "careloop", "lake", "refresh", "--seconds", f"{seconds:.0f}"]
    process = started_apart(command, quietly=True, niceness=NICENESS)
    ends = time.monotonic() + 1.5 * seconds + GRACE_SECONDS
    while process.poll() is None:
        if stopping.wait(LOOK_EVERY_SECONDS) or time.monotonic() > ends:
            _end(process)
    if process.returncode and not stopping.is_set():
        log.error("cells.not_refreshed", extra={"code": process.returncode})


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
