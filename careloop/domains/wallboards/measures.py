"""What a figure is counted in, and how it is read off a wall or a queue."""

from datetime import datetime
from typing import assert_never

from careloop.domains.wallboards.queries.figures import WallFigures
from careloop.domains.wallboards.reckoning import LEAST_JUDGED, Share
from careloop.domains.wallboards.types import Figure, Measure, QueueStanding

__all__ = ["measure_of", "queue_value_of", "value_of"]


def measure_of(figure: Figure) -> Measure:
    """Return what a figure is counted in."""
    match figure:
        case Figure.LONGEST_WAIT | Figure.QUEUE_LONGEST_WAIT:
            return Measure.SECONDS
        case Figure.LONGEST_CALL | Figure.LONGEST_WRAP | Figure.LONGEST_BREAK | Figure.LONGEST_HAND:
            return Measure.SECONDS
        case Figure.WITHIN_TARGET_TODAY | Figure.WITHIN_TARGET_NOW:
            return Measure.SHARE
        case _:
            return Measure.COUNT


def value_of(figure: Figure, wall: WallFigures) -> float | None:
    """Return a figure of a wall; None for a share of too few to judge by, and for what is not known.

    Where only some of those who wait are known, it is at least so many, or so long.
    """
    total = wall.total
    match figure:
        case Figure.WAITING:
            return _if_known(total.waiting)
        case Figure.LONGEST_WAIT:
            if total.oldest_at is None:
                return 0.0 if total.is_open_known else None
            return (wall.at - total.oldest_at).total_seconds()
        case Figure.OVERDUE:
            return _if_known(total.overdue)
        case Figure.WITHIN_TARGET_TODAY:
            return _judged(total.today)
        case Figure.WITHIN_TARGET_NOW:
            return _judged(total.half_hour)
        case Figure.ABANDONED_TODAY:
            return float(total.abandoned_today)
        case Figure.UNASSIGNED:
            return float(wall.unassigned)
        case Figure.HERE:
            return None if wall.attendance is None else float(wall.attendance.here)
        case Figure.PROMISES_OVERDUE:
            return None if wall.promises is None else float(wall.promises.overdue)
        case Figure.PROMISES_DUE_SOON:
            return None if wall.promises is None else float(wall.promises.due_soon)
        case Figure.QUEUE_WAITING | Figure.QUEUE_LONGEST_WAIT | Figure.QUEUE_FREE:
            return None
        case Figure.LONGEST_CALL | Figure.LONGEST_WRAP | Figure.LONGEST_BREAK | Figure.LONGEST_HAND:
            return None
        case _:
            assert_never(figure)


def queue_value_of(figure: Figure, queue: QueueStanding | None, *, at: datetime) -> float | None:
    """Return a figure of a queue; None for what is no figure of one, and while it is closed or out of use."""
    if queue is None or not queue.is_open:
        return None
    match figure:
        case Figure.QUEUE_WAITING:
            return float(queue.waiting)
        case Figure.QUEUE_LONGEST_WAIT:
            return 0.0 if queue.oldest_at is None else max(0.0, (at - queue.oldest_at).total_seconds())
        case Figure.QUEUE_FREE:
            return _if_known(queue.free_count)
        case _:
            return None


def _if_known(count: int | None) -> float | None:
    return None if count is None else float(count)


def _judged(share: Share) -> float | None:
    return share.value if share.of >= LEAST_JUDGED else None
