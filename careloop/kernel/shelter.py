"""Work that fails in one workspace waits there, with growing pauses, and stops nobody else's."""

import logging
import time
from collections.abc import Callable

from django.db import connection

__all__ = ["Shelter", "Sheltering", "unsheltered"]

log = logging.getLogger(__name__)

Sheltering = Callable[[str, int, Callable[[], int]], int]
"""Called with the name of some work, the workspace it is done in, and the work; returns how much was done."""

LONGEST_PAUSE_SECONDS = 300.0


def unsheltered(_work: str, _workspace_id: int, do: Callable[[], int]) -> int:
    """Do the work and let its failure out: for whoever wants to know at once, such as the demo and tests."""
    return do()


class Shelter:
    """What one process remembers about work that keeps failing.

    Kept in memory, so that it works while the database does not, and is forgotten with the process, whose successor may
    run mended code. What therefore waits too long is seen by `careloop doctor` in the database itself.
    """

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet. seconds: a clock that never jumps."""
        self._seconds = seconds
        self._failing: dict[tuple[str, int], tuple[int, float]] = {}

    def __call__(self, work: str, workspace_id: int, do: Callable[[], int]) -> int:
        """Do the work unless it waits for its next try; return how much was done, 0 when it failed or waits.

        The first failure is logged with its story, each later one in a line. Raises what a dead connection raises: without
        it nothing can be done anywhere.
        """
        failures, next_try = self._failing.get((work, workspace_id), (0, 0.0))
        if failures and self._seconds() < next_try:
            return 0
        try:
            done = do()
        except Exception as problem:
            if not connection.is_usable():
                raise
            self._note(work, workspace_id, failures + 1, problem)
            return 0
        if failures:
            del self._failing[work, workspace_id]
            log.info("work.recovered", extra={"work": work, "workspace_id": workspace_id, "failures": failures})
        return done

    def _note(self, work: str, workspace_id: int, failures: int, problem: Exception) -> None:
        pause = min(2.0 ** min(failures, 10), LONGEST_PAUSE_SECONDS)
        self._failing[work, workspace_id] = (failures, self._seconds() + pause)
        facts = {"work": work, "workspace_id": workspace_id, "failures": failures, "pause_seconds": pause}
        if failures == 1:
            log.error("work.failed", extra=facts, exc_info=problem)
        else:
            log.warning("work.still_failing", extra={**facts, "problem": type(problem).__name__})
