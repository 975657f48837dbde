"""When people hear of a callback that was promised, and which words keep it, as pure values."""

from datetime import datetime, timedelta
from typing import Final

from careloop.domains.commitments.states import Way, Whom
from careloop.domains.commitments.types import Escalation

__all__ = ["is_kept_by_words", "step_at", "steps_of"]

AHEAD_S: Final = 15 * 60
"""So long before the time is over somebody hears of it, or when half of it is over, whatever comes later."""
ANNOUNCING: Final = timedelta(minutes=10)
"""Words so soon after the promise tell the customer of it; they do not keep it."""


def steps_of(target_s: float) -> tuple[Escalation, ...]:
    """Return what happens on the way to a promised callback, and at its end.

    target_s: from the moment in which it was promised until it is due, above 0.
    """
    return step_at(max(0.5, 1 - AHEAD_S / target_s)), step_at(1.0)


def step_at(share: float) -> Escalation:
    """Return who hears of a promised callback: its owner while there is time, their leads, too, once it is over."""
    return Escalation(share=share, tell=(Whom.ASSIGNEE,) if share < 1 else (Whom.ASSIGNEE, Whom.LEADS))


def is_kept_by_words(way: str, *, promised_at: datetime, at: datetime) -> bool:
    """Say whether an answer of a moment is the one that was promised.

    promised_at: when the promise was given, or moved last. Who promised to call has to call.
    """
    return way == Way.WRITE and at - promised_at >= ANNOUNCING
