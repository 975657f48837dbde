"""What boards ask, worked out before they ask: the cells of every workspace's lake, kept current (docs/reasons/kpis.md)."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from careloop.domains.boards.queries import contents_everywhere
from careloop.insight.cell_record import lag_of
from careloop.kernel.scope import workspace_scope
from careloop.kernel.sentences import Unusable
from careloop.processes.measuring.lakes import insight

if TYPE_CHECKING:
    from careloop.insight.kpis import Asked, Refreshed

__all__ = ["Pace", "is_due", "refresh"]

# Where no facts came, cells are only made again so that what had not matured matures, and boards say a later moment.
QUIET_FOR: Final = timedelta(minutes=15)
SHORTEST_PAUSE: Final = 60.0
LONGEST_PAUSE: Final = 600.0
PAUSE_PER_SECOND: Final = 4.0


def is_due(root: Path, *, now: datetime) -> bool:
    """Tell whether the cells of a lake have to be brought up to it; never brings libraries along. root: of this lake."""
    lag = lag_of(root)
    if lag is None:
        return False
    return lag.has_new_facts or (lag.has_moved and (lag.taken_at is None or now - lag.taken_at > QUIET_FOR))


def refresh(root: Path, workspace_id: int, *, seconds: float | None) -> "Refreshed":
    """Bring the cells of a workspace's lake to its present state, for all that its boards ask; outside any scope.

    root: of this lake. seconds: after which the rest is left for the next time; None for as long as it takes.

    Raises FactsError where there is no lake, or another refresh holds it.
    """
    with workspace_scope(workspace_id):
        contents = contents_everywhere()
    refreshed: Refreshed = insight("kpis").refresh_cells(
        root,
        asked=_asked((content.metric, content.options) for content in contents),
        seconds=seconds,
        wait_seconds=0,
    )
    return refreshed


def _asked(contents: Iterable[tuple[str, Any]]) -> list["Asked"]:
    """Return each metric with its options once. A tile that makes no sense any more says so where it stands, not here."""
    kpis = insight("kpis")
    found: dict[str, Asked] = {}
    for metric, options in contents:
        try:
            asked = kpis.Asked.of(kpis.metric(metric), options)
        except Unusable:
            continue
        found[f"{metric} {asked.options}"] = asked
    return list(found.values())


@dataclass(slots=True)
class Pace:
    """How often cells are made again: after a pause that is longer, the longer it took, so that most time is left for others.

    seconds: a clock that never jumps.
    """

    seconds: Callable[[], float] = time.monotonic
    _next: float = field(default=0.0)

    def is_time(self) -> bool:
        return self.seconds() >= self._next

    def took(self, seconds: float) -> None:
        """Plan the next time."""
        self._next = self.seconds() + min(max(seconds * PAUSE_PER_SECOND, SHORTEST_PAUSE), LONGEST_PAUSE)
