"""What people choose to do, and what others choose for them."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import actor_for, names_of
from careloop.domains.workforce import rules
from careloop.domains.workforce.errors import BadPresence, MayNotForce, PersonNotHere, PersonRests
from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.models import Seat
from careloop.domains.workforce.services.seats import locked, settle
from careloop.domains.workforce.states import CHOSEN, PROTECTION, REASONS, State
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import clear_timer, set_timer

__all__ = [
    "WRAP_OVER",
    "end_wrap",
    "put_off_work",
    "refuse_if_resting",
    "rest",
    "resume",
    "set_on_hold",
    "set_state",
    "tell_presence",
    "wrap_up",
]

WRAP_OVER = "workforce.wrap"
"""The timer at which writing up is over; its subject is the person."""


@act
def set_state(*, user_id: int, state: State, reason: str = "", actor: Actor, at: datetime) -> None:
    """Put somebody into a state: oneself, or a colleague as who leads or manages.

    user_id: somebody who serves in this workspace. state: one that people choose. reason: a code of states.REASONS for it, or none.

    A customer who is there stays with them; the state shows when that is over. An offer that is open is taken back by the process
    that faces call (processes.routing.presence.change_state).

    Raises PersonNotHere, MayNotForce, BadPresence, and PersonRests for anything but being off work during a rest after an abusive
    contact. Records PresenceChanged where it shows.
    """
    _check_person(user_id, actor)
    if state not in CHOSEN:
        raise BadPresence(_("This follows from the work; choose another state."))
    if reason and (reason == PROTECTION or reason not in REASONS.get(state, {})):
        raise BadPresence(_("This reason does not go with the state. Choose another one, or none."))
    seat = locked(user_id, at=at)
    if state is not State.OFFLINE:
        _refuse_if_resting(seat, at=at)
    is_forced = actor.user_id != user_id
    seat.chosen, seat.chosen_at, seat.wraps_until = state, at, None
    clear_timer(WRAP_OVER, subject_id=user_id)
    settle(seat, actor=actor, at=at, reason=reason, forced_by=str(actor) if is_forced else "")


@act
def rest(*, user_id: int, seconds: int, actor: Actor, at: datetime) -> None:
    """Let somebody rest after an abusive contact: no work is offered to them, and nobody ends it before its time.

    seconds: from now; a rest that lasts longer stays as it is. For the process that knows why, and who may.

    Records PresenceChanged where it shows.
    """
    seat = locked(user_id, at=at)
    until = at + timedelta(seconds=seconds)
    seat.rests_until = max(until, seat.rests_until) if seat.rests_until else until
    seat.chosen, seat.chosen_at, seat.wraps_until = State.BREAK, at, None
    clear_timer(WRAP_OVER, subject_id=user_id)
    is_forced = actor.user_id != user_id
    settle(seat, actor=actor, at=at, reason=PROTECTION, forced_by=str(actor) if is_forced else "")


def refuse_if_resting(*, user_id: int, at: datetime) -> None:
    """Let nobody go on who gives work to somebody who rests after an abusive contact. Raises PersonRests."""
    seat = Seat.objects.filter(pk=user_id).first()
    if seat is not None:
        _refuse_if_resting(seat, at=at)


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


def _refuse_if_resting(seat: Seat, *, at: datetime) -> None:
    if seat.rests_until is not None and seat.rests_until > at:
        name = names_of([seat.user_id]).get(seat.user_id, "")
        raise PersonRests(
            _now("%(name)s rests until %(time)s after an abusive contact. Nobody ends this rest earlier.")
            % {"name": name, "time": f"{localtime(seat.rests_until):%H:%M}"}
        )


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
