"""Survey fatigue: may this person be asked now, and when to ask fewer (metrics.md §3.13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import numbers
from careloop.insight.stats.charts import p_chart
from careloop.insight.stats.sequential import ewma

__all__ = [
    "Decision",
    "FatigueRules",
    "Invitation",
    "Program",
    "Refused",
    "Respondent",
    "is_straight_lined",
    "may_invite",
    "next_probability",
]

STRAIGHT_LINE_ITEMS = 5
FEWEST_PERIODS = 12


class Program(StrEnum):
    """What a survey asks about: one contact, or the whole relationship."""

    TRANSACTIONAL = "transactional"
    RELATIONSHIP = "relationship"


class Refused(StrEnum):
    """Why a person is not invited, in the order in which the rules are asked."""

    NOT_DRAWN = "not_drawn"
    OPTED_OUT = "opted_out"
    OPEN_COMPLAINT = "open_complaint"
    OPEN_INVITATION = "open_invitation"
    YEARLY_LIMIT = "yearly_limit"
    RECENT_ANSWER = "recent_answer"
    RECENT_INVITATION = "recent_invitation"
    RELATIONSHIP_FIRST = "relationship_first"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One earlier invitation, of any program and channel; answered_at is None until it was completed."""

    sent_at: datetime
    is_open: bool
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """Whom a survey would go to. zone: where the person lives. relationship_due: a relationship survey waits for the person."""

    invitations: tuple[Invitation, ...]
    zone: ZoneInfo
    has_opted_out: bool = False
    has_open_complaint: bool = False
    relationship_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FatigueRules:
    """How much one person may be asked. Quiet hours are half-open and may pass midnight; equal ends mean none."""

    days_after_invitation: int = 30
    days_after_answer: int = 90
    most_per_year: int = 4
    quiet_from: time = time(20)
    quiet_until: time = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, with the draw that came before it, so that weights can correct for who was held back.

    draw: u, from 0 to below 1. probability: π. was_drawn: u < π. refused: why not, None when the person may be invited.
    not_before: when the rule that refuses lets go; None when it does not by itself.
    """

    draw: float
    probability: float
    was_drawn: bool
    refused: Refused | None
    not_before: datetime | None = None

    @property
    def is_allowed(self) -> bool:
        return self.refused is None


def may_invite(
    respondent: Respondent,
    *,
    program: Program,
    draw: float,
    probability: float,
    at: datetime,
    rules: FatigueRules = FatigueRules(),
) -> Decision:
    """Decide whether a person may be invited to a survey now.

    draw: u, uniform from 0 to below 1, made before anything is known of the person's history.
    probability: π of the segment, above 0 and up to 1.
    at: now, with a time zone. rules: limits that hold across all programs and channels.

    The draw decides first; only who was drawn is then held back, with the reason. The pause after the last invitation holds for
    transactional surveys; a relationship survey that is due goes before them.
    Raises ValueError.
    """
    if not (0 <= draw < 1 and 0 < probability <= 1):
        raise ValueError("A draw lies from 0 to below 1, and a probability above 0 and up to 1.")
    moments = [at, *(sent.sent_at for sent in respondent.invitations)]
    moments += [sent.answered_at for sent in respondent.invitations if sent.answered_at]
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("Times must carry their time zone.")
    if max(moments) > at:
        raise ValueError("An invitation or an answer lies in the future.")
    if draw >= probability:
        return Decision(draw=draw, probability=probability, was_drawn=False, refused=Refused.NOT_DRAWN)
    refused, not_before = _held_back(respondent, program=program, at=at, rules=rules)
    return Decision(draw=draw, probability=probability, was_drawn=True, refused=refused, not_before=not_before)


def _held_back(
    respondent: Respondent, *, program: Program, at: datetime, rules: FatigueRules
) -> tuple[Refused | None, datetime | None]:
    """Ask the rules in the order of `Refused`; what never passes by itself comes first."""
    if respondent.has_opted_out:
        return Refused.OPTED_OUT, None
    if respondent.has_open_complaint:
        return Refused.OPEN_COMPLAINT, None
    if any(sent.is_open for sent in respondent.invitations):
        return Refused.OPEN_INVITATION, None
    year = timedelta(days=365)
    recent = sorted(sent.sent_at for sent in respondent.invitations if at - sent.sent_at < year)
    if len(recent) >= rules.most_per_year:
        # Once enough of the oldest have left the year, one more fits.
        return Refused.YEARLY_LIMIT, recent[-rules.most_per_year] + year if rules.most_per_year else None
    answers = [sent.answered_at for sent in respondent.invitations if sent.answered_at]
    after_answer = max(answers) + timedelta(days=rules.days_after_answer) if answers else at
    if after_answer > at:
        return Refused.RECENT_ANSWER, after_answer
    if program is Program.TRANSACTIONAL:
        after_invitation = max(recent) + timedelta(days=rules.days_after_invitation) if recent else at
        if after_invitation > at:
            return Refused.RECENT_INVITATION, after_invitation
        if respondent.relationship_due:
            return Refused.RELATIONSHIP_FIRST, None
    quiet_until = _quiet_until(at.astimezone(respondent.zone), rules)
    return (Refused.QUIET_HOURS, quiet_until) if quiet_until else (None, None)


def _quiet_until(local: datetime, rules: FatigueRules) -> datetime | None:
    """Tell when the quiet hours around this local moment end; None outside them."""
    start, end, now = rules.quiet_from, rules.quiet_until, local.time()
    quiet = start <= now < end if start <= end else now >= start or now < end
    if not quiet:
        return None
    day = local.date() + timedelta(days=1 if now >= end else 0)
    return datetime.combine(day, end, tzinfo=local.tzinfo)


def is_straight_lined(answers: Sequence[float]) -> bool:
    """Say whether somebody gave one and the same answer to all of at least five items."""
    return len(answers) >= STRAIGHT_LINE_ITEMS and len(set(answers)) == 1


def next_probability(*, probability: float, invited: npt.ArrayLike, answered: npt.ArrayLike) -> float:
    """Halve the sampling probability of a segment whose response rate falls significantly twice running.

    probability: π now, above 0 and up to 1.
    invited, answered: (periods,) whole numbers, oldest first, since the probability was last changed.

    The EWMA of the response rate must lie below its lower limit in the last two periods, the others being the baseline, at least
    12 of them; with fewer nothing changes. Raises ValueError.
    """
    if not 0 < probability <= 1:
        raise ValueError(f"A probability lies above 0 and up to 1; this is {probability:g}.")
    periods = len(numbers("Invited", invited))
    if periods < FEWEST_PERIODS + 2:
        return probability
    chart = p_chart(successes=answered, trials=invited, baseline=periods - 2)
    trend = ewma(chart.scores)
    fell = (trend.values < trend.low) & trend.signals
    return probability / 2 if bool(np.all(fell[-2:])) else probability
