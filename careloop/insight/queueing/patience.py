"""How long callers are willing to wait, from what queues saw."""

from dataclasses import dataclass

__all__ = ["PATIENCE_SPREAD", "PatienceEstimate", "patience_estimate"]

PATIENCE_SPREAD = 0.3
"""Every answer that rests on patience is shown with patience this share shorter and longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatienceEstimate:
    """seconds: mean patience. shorter_seconds, longer_seconds: to show how much rests on it. abandoned_count: behind it."""

    seconds: float
    shorter_seconds: float
    longer_seconds: float
    abandoned_count: int


def patience_estimate(*, abandoned_count: int, queue_seconds: float) -> PatienceEstimate | None:
    """Estimate mean patience under exponential patience, with the waits of those answered as censored ones.

    abandoned_count: contacts that hung up in the queue, at least 0.
    queue_seconds: time in queue of all contacts together, answered or not, at least 0.

    Returns None when nobody hung up: then patience is longer than what was seen, and nobody knows by how much.
    Averaging the waits of those who hung up alone would be badly biased. Raises ValueError for other input.
    Source: the maximum likelihood of a censored exponential; docs/reasons/queueing.md.
    Check: 90 abandons of 25 s and 3000 answers of 12 s give 425 s.
    """
    if abandoned_count < 0 or not 0 <= queue_seconds < float("inf"):
        raise ValueError("abandoned_count and queue_seconds must be at least 0, and finite.")
    if abandoned_count == 0:
        return None
    seconds = queue_seconds / abandoned_count
    return PatienceEstimate(
        seconds=seconds,
        shorter_seconds=seconds * (1 - PATIENCE_SPREAD),
        longer_seconds=seconds * (1 + PATIENCE_SPREAD),
        abandoned_count=abandoned_count,
    )
