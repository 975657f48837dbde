"""The course of one contact, as pure values: who waited where, who answered, when it was over (design.md D4)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

__all__ = ["Course", "Leg", "answered", "customer_wrote", "ended", "handed_over", "opened", "outcome_of", "quiet_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One segment: one team, at most one agent.

    queued_at: when the matter came to the team. answered_at: the first human word on it. left_at: when the queue was left,
    by an answer or otherwise. released_at: when the agent's part was over. exit: answered, abandoned or flow_out_queue.
    """

    team_id: int | None
    queued_at: datetime
    agent_id: int | None = None
    answered_at: datetime | None = None
    left_at: datetime | None = None
    released_at: datetime | None = None
    exit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A contact so far; never without a leg."""

    arrived_at: datetime
    last_inbound_at: datetime | None
    last_reply_at: datetime | None
    legs: tuple[Leg, ...]
    ended_at: datetime | None = None

    @property
    def leg(self) -> Leg:
        return self.legs[-1]


def opened(*, at: datetime, team_id: int | None) -> Course:
    """Begin with a customer's word, waiting for a team, or for whoever comes when there is none."""
    return Course(arrived_at=at, last_inbound_at=at, last_reply_at=None, legs=(Leg(team_id=team_id, queued_at=at),))


def customer_wrote(course: Course, *, at: datetime) -> Course:
    """Note another word of the customer; a delayed one never turns time back."""
    return replace(course, last_inbound_at=_later(course.last_inbound_at, at))


def answered(course: Course, *, agent_id: int, at: datetime) -> Course:
    """Note a human answer: it ends the waiting, and a second agent begins a leg of his own."""
    at = max(at, course.leg.left_at or course.leg.queued_at)
    course = replace(course, last_reply_at=_later(course.last_reply_at, at))
    leg = course.leg
    if leg.answered_at is None:
        return _with_last(course, replace(leg, agent_id=agent_id, answered_at=at, left_at=at, exit="answered"))
    if leg.agent_id == agent_id:
        return course
    begun = Leg(team_id=leg.team_id, queued_at=at, agent_id=agent_id, answered_at=at, left_at=at, exit="answered")
    return _next(_with_last(course, replace(leg, released_at=at)), begun)


def handed_over(course: Course, *, team_id: int | None, agent_id: int | None, at: datetime) -> Course:
    """Note that the matter moved to another team, or away from the agent who had answered."""
    leg = course.leg
    at = max(at, leg.left_at or leg.queued_at)
    if leg.answered_at is None:
        if leg.team_id == team_id:
            return course
        return _next(
            _with_last(course, replace(leg, left_at=at, exit="flow_out_queue")), Leg(team_id=team_id, queued_at=at)
        )
    if leg.team_id == team_id and agent_id in {None, leg.agent_id}:
        return course
    return _next(_with_last(course, replace(leg, released_at=at)), Leg(team_id=team_id, queued_at=at))


def ended(course: Course, *, at: datetime, agent_id: int | None) -> Course:
    """End the contact.

    agent_id: the person who said that the matter is solved; who solves without a word has answered by deed. None when
    time ended it, or a machine.
    """
    if agent_id is not None and course.leg.answered_at is None:
        reply = course.last_reply_at
        course = replace(answered(course, agent_id=agent_id, at=at), last_reply_at=reply)
    leg = course.leg
    at = max(at, leg.left_at or leg.queued_at)
    over = {"released_at": at} if leg.answered_at is not None else {"left_at": at, "exit": "abandoned"}
    return replace(_with_last(course, replace(leg, **over)), ended_at=at)


def outcome_of(course: Course) -> str:
    """Return `handled` when a human answered any leg; else `contained` when the house answered, else `abandoned_queue`."""
    if any(leg.answered_at is not None for leg in course.legs):
        return "handled"
    return "abandoned_queue" if course.last_reply_at is None else "contained"


def quiet_end(course: Course, *, quiet: timedelta) -> datetime | None:
    """Return when silence ends the contact: some time after our last reply; None while the customer waits for one."""
    if course.last_reply_at is None or course.leg.answered_at is None:
        return None
    if course.last_inbound_at is not None and course.last_inbound_at > course.last_reply_at:
        return None
    return course.last_reply_at + quiet


def _with_last(course: Course, leg: Leg) -> Course:
    return replace(course, legs=(*course.legs[:-1], leg))


def _next(course: Course, leg: Leg) -> Course:
    return replace(course, legs=(*course.legs, leg))


def _later(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else max(known, at)
