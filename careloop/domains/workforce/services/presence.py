"""What people choose to do, and what others choose for them."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import actor_for
from careloop.domains.workforce import rules
from careloop.domains.workforce.errors import BadPresence, MayNotForce, PersonNotHere
from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.services.seats import locked, settle
from careloop.domains.workforce.states import CHOSEN, REASONS, State
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["WRAP_OVER", "end_wrap", "put_off_work", "resume", "set_on_hold", "set_state", "tell_presence", "wrap_up"]

WRAP_OVER = "workforce.wrap"
"""The timer at which writing up is over; its subject is the person."""


@act
def set_state(*, user_id: int, state: State, reason: str = "", actor: Actor, at: datetime) -> None:
    """Put somebody into a state: oneself, or a colleague as who leads or manages.

    user_id: somebody who serves in this workspace. state: one that people choose. reason: a code of states.REASONS for it, or none.

    A customer who is there stays with them; the state shows when that is over. An offer that is open is taken back by the process
    that faces call (processes.routing.presence.change_state).

    Raises PersonNotHere, MayNotForce, BadPresence. Records PresenceChanged where it shows.
    """
    _check_person(user_id, actor)
    if state not in CHOSEN:
        raise BadPresence(_("This follows from the work; choose another state."))
    if reason and reason not in REASONS.get(state, {}):
        raise BadPresence(_("This reason does not go with the state. Choose another one, or none."))
    seat = locked(user_id, at=at)
    is_forced = actor.user_id != user_id
    seat.chosen, seat.chosen_at, seat.wraps_until = state, at, None
    clear_timer(WRAP_OVER, subject_id=user_id)
    settle(seat, actor=actor, at=at, reason=reason, forced_by=str(actor) if is_forced else "")


@act
def put_off_work(*, user_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take somebody off work who does not answer or is gone; whoever is not available stays what they are.

    reason: a code of states.REASONS for being off work. For the house. Records PresenceChanged where it shows.
    """
    seat = locked(user_id, at=at)
    if seat.chosen != State.AVAILABLE:
        return
    seat.chosen, seat.chosen_at = State.OFFLINE, at
    settle(seat, actor=actor, at=at, reason=reason, forced_by=str(actor))


@act
def wrap_up(*, user_id: int, seconds: int, actor: Actor, at: datetime) -> None:
    """Let somebody write up what is done before the next comes, or for longer than they had. seconds: 1 to 3600, from now.

    Raises PersonNotHere, MayNotForce, BadPresence. Records PresenceChanged unless they write up already.
    """
    _check_person(user_id, actor)
    if not 1 <= seconds <= 3600:
        raise BadPresence(_("Choose a time of one second to one hour."))
    seat = locked(user_id, at=at)
    seat.wraps_until = at + timedelta(seconds=seconds)
    set_timer(kind=WRAP_OVER, subject_id=user_id, due_at=seat.wraps_until)
    settle(seat, actor=actor, at=at)


@act
def resume(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Say that writing up is done. Raises PersonNotHere, MayNotForce. Records PresenceChanged if they wrote up."""
    _check_person(user_id, actor)
    seat = locked(user_id, at=at)
    seat.wraps_until = None
    clear_timer(WRAP_OVER, subject_id=user_id)
    settle(seat, actor=actor, at=at)


@act
def end_wrap(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Let writing up end because its time is over; one that was made longer goes on. Records PresenceChanged if it ends."""
    seat = locked(user_id, at=at)
    if seat.wraps_until is None:
        return
    if seat.wraps_until > at:
        set_timer(kind=WRAP_OVER, subject_id=user_id, due_at=seat.wraps_until)
        return
    seat.wraps_until = None
    settle(seat, actor=actor, at=at)


@act
def set_on_hold(*, user_id: int, is_on_hold: bool, actor: Actor, at: datetime) -> None:
    """Note that the customer somebody speaks with is on hold, or is not any more. Records PresenceChanged where it shows."""
    seat = locked(user_id, at=at)
    seat.is_on_hold = is_on_hold
    settle(seat, actor=actor, at=at)


def _check_person(user_id: int, actor: Actor) -> None:
    person = actor_for(user_id, current_workspace())
    if person is None or not rules.may_set_own(person):
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))
    if actor.user_id == user_id:
        if not rules.may_set_own(actor):
            raise MayNotForce(_("Only somebody who leads or manages can change what a colleague does."))
    elif not rules.may_force(actor):
        raise MayNotForce(_("Only somebody who leads or manages can change what a colleague does."))


@act
def tell_presence(told: PresenceChanged) -> None:
    """Record in the workspace in scope what somebody who serves here too did in another. Records PresenceChanged."""
    record(replace(told, is_told=True))
