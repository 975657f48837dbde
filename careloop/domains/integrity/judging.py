"""What a new look at the facts makes of a flag: pure, so that it can be read and tested as a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from careloop.domains.integrity.states import Reason, Said, State, Step

__all__ = ["CORRECTED_WITHIN", "GROWTH", "LEAST_GROWTH", "Standing", "Verdict", "judged"]

GROWTH: Final = 1.25
"""An answer holds until a quarter more of the same is found than it was given for …"""
LEAST_GROWTH: Final = 3.0
"""… and, where rows are counted, at least so many of them: otherwise two bad calls would open a flag for the third."""
CORRECTED_WITHIN: Final = timedelta(days=1)
"""How long corrected data may take to arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a flag stands. said, answered_at, amount: the answer that holds, and how much had been found for it; None without."""

    state: State
    said: Said | None = None
    answered_at: datetime | None = None
    amount: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of it. step: for the history."""

    state: State
    step: Step
    reason: Reason | None = None


def judged(
    was: Standing, *, is_sure: bool, is_above: bool, amount: float, are_rows: bool, at: datetime
) -> Verdict | None:
    """Return what becomes of a flag after a look at the facts; None where it stays as it is.

    is_sure, is_above: of the finding, both False where nothing was found. amount: how much was found; are_rows: counted in rows.

    A flag is opened by what chance does not explain, and is over only once the figure itself is below the limit: what lies
    between opens nothing and ends nothing, so that nothing flutters.
    """
    match was.state:
        case State.GONE:
            if not is_sure:
                return None
            if was.said in {Said.EXPLAINED, Said.GAMING} and not _has_grown(was, amount, are_rows=are_rows):
                return Verdict(state=State.ANSWERED, step=Step.RESTORED)
            return Verdict(state=State.OPEN, step=Step.REOPENED, reason=Reason.BACK)
        case _ if not is_above:
            return Verdict(state=State.GONE, step=Step.GONE)
        case State.ANSWERED if _has_grown(was, amount, are_rows=are_rows):
            return Verdict(state=State.OPEN, step=Step.REOPENED, reason=Reason.GROWN)
        case State.ANSWERED if (
            was.said is Said.CORRECTED and was.answered_at is not None and at - was.answered_at > CORRECTED_WITHIN
        ):
            return Verdict(state=State.OPEN, step=Step.REOPENED, reason=Reason.STILL_THERE)
    return None


def _has_grown(was: Standing, amount: float, *, are_rows: bool) -> bool:
    before = was.amount or 0.0
    return amount >= before * GROWTH and amount - before >= (LEAST_GROWTH if are_rows else 1e-9)
