"""Acts on callbacks: somebody gives a customer their word to come back by a time, keeps it, moves it, or takes it back."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError
from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases.queries import case_briefs, visible_among
from careloop.domains.cases.types import CaseBrief
from careloop.domains.commitments import rules
from careloop.domains.commitments.callbacks import next_try_at
from careloop.domains.commitments.errors import (
    BadCallback,
    CallbackNotFound,
    CallbackOver,
    CallbackOwed,
    CallbackUnchanged,
    MayNotCallBack,
)
from careloop.domains.commitments.events import (
    CallbackCancelled,
    CallbackDone,
    CallbackMoved,
    CallbackPromised,
    CallbackTried,
    CommitmentMade,
)
from careloop.domains.commitments.models import Callback, Clock
from careloop.domains.commitments.services.keeping import Running, count, end, keep_due, tell, turns_by_clock
from careloop.domains.commitments.states import Measure, NotReached, Outcome, Reason, Way, Why
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["cancel_callback", "finish_callback", "move_callback", "promise_callback", "try_callback"]

SOONEST: Final = timedelta(minutes=1)
LATEST: Final = timedelta(days=366)
MOST_LETTERS: Final = 500


@act
def promise_callback(
    *,
    case_id: int,
    due_at: datetime,
    way: Way,
    note: str,
    from_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    """Give the customer of a case our word to come back by a time, and return the primary key of its clock.

    due_at: from a minute to a year ahead, on any clock: who promised a Sunday works on a Sunday. note: what it is about, for
    colleagues, at most 500 characters. from_at: before which the customer does not expect us; None: at once. actor: somebody
    who works on cases and sees this one.

    Raises MayNotCallBack, CallbackNotFound, BadCallback, and CallbackOwed where another is not done yet.
    Records CallbackPromised.
    """
    case = _refuse_unless_worker(case_id, actor)
    if case.is_spam:
        raise BadCallback(_("This case lies in the spam, where nobody waits. Take it out before you promise anything."))
    at, due_at = at.replace(microsecond=0), due_at.replace(microsecond=0)
    note = _checked(due_at, note, from_at, at=at)
    # Whoever follows the case at this moment is waited for, so that what is due next is read with their clocks.
    list(Clock.objects.select_for_update().filter(case_id=case_id, outcome=Outcome.RUNNING).order_by("pk"))
    try:
        with attempt():
            clock = Clock.objects.create(case_id=case_id, measure=Measure.CALLBACK, started_at=at)
    except IntegrityError:
        raise CallbackOwed(
            _(
                "A callback is promised in this case already. Move it, or say that it is done, before you promise another."
            )
        ) from None
    Callback.objects.create(clock=clock, way=way, note=note, promised_by=str(actor), from_at=from_at)
    record(CallbackPromised(**_about(clock, actor, at), way=way, due_at=due_at, from_at=from_at))
    _turn(Running(clock=clock), due_at, case.priority, at=at)
    return clock.pk


@act
def move_callback(
    *,
    case_id: int,
    due_at: datetime,
    reason: Reason,
    from_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Promise the callback of a case for another time, before the first one is over; what was tried in vain is tried anew.

    due_at, from_at: as in `promise_callback`. reason: why, said to whoever reads the case.

    Raises MayNotCallBack, CallbackNotFound, BadCallback, CallbackUnchanged, and CallbackOver once its time is over.
    Records CallbackMoved.
    """
    case = _refuse_unless_worker(case_id, actor)
    held, callback = _held(case_id)
    at, due_at = at.replace(microsecond=0), due_at.replace(microsecond=0)
    was = held.clock.due_at
    if was is None or was <= at or held.clock.missed_at is not None:
        raise CallbackOver(
            _("The time of this callback is over. Say that it is done, or take it back, and promise another one.")
        )
    _checked(due_at, callback.note, from_at, at=at)
    if due_at == was:
        raise CallbackUnchanged(_("The callback is promised for this time already."))
    callback.from_at, callback.tries, callback.again_at = from_at, 0, None
    callback.save(update_fields=["from_at", "tries", "again_at"])
    record(
        CallbackMoved(
            **_about(held.clock, actor, at), way=callback.way, was=was, now=due_at, reason=reason, from_at=from_at
        )
    )
    _turn(held, due_at, case.priority, at=at)


@act
def finish_callback(*, case_id: int, call_id: int | None = None, actor: Actor, at: datetime) -> None:
    """Say that we came back to the customer: in time, or late. call_id: the call that did it, where it was one of ours.

    Raises MayNotCallBack, CallbackNotFound. Records CallbackDone.
    """
    _refuse_unless_worker(case_id, actor)
    held, callback = _held(case_id)
    record(CallbackDone(**_about(held.clock, actor, at), way=callback.way, is_by_answer=False, call_id=call_id))
    end(held, at, hours_by_id(at=at), is_done=True)
    keep_due([case_id])


@act
def try_callback(
    *,
    case_id: int,
    outcome: NotReached,
    ring_s: int | None = None,
    call_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Say that we called the customer as promised and did not reach them; they are called again while tries are left.

    ring_s: how long it rang, 0 or more. call_id: as in `finish_callback`.

    Raises MayNotCallBack, CallbackNotFound, and BadCallback where it was promised to write. Records CallbackTried.
    """
    _refuse_unless_worker(case_id, actor)
    held, callback = _held(case_id)
    if callback.way != Way.CALL or held.clock.due_at is None:
        raise BadCallback(_("It was promised to write. Nobody has to be reached on the phone."))
    callback.tries, callback.tried_at = callback.tries + 1, at
    callback.again_at = next_try_at(tried=callback.tries, due_at=held.clock.due_at, at=at)
    callback.save(update_fields=["tries", "tried_at", "again_at"])
    record(
        CallbackTried(
            **_about(held.clock, actor, at),
            number=callback.tries,
            outcome=outcome,
            ring_s=ring_s,
            call_id=call_id,
            again_at=callback.again_at,
        )
    )


@act
def cancel_callback(*, case_id: int, reason: Reason, actor: Actor, at: datetime) -> None:
    """Take the callback of a case back. One whose time is over stays missed.

    Raises MayNotCallBack, CallbackNotFound. Records CallbackCancelled.
    """
    _refuse_unless_worker(case_id, actor)
    held, callback = _held(case_id)
    record(CallbackCancelled(**_about(held.clock, actor, at), way=callback.way, reason=reason))
    end(held, at, hours_by_id(at=at), is_done=False)
    keep_due([case_id])


def _turn(held: Running, due_at: datetime, priority: int, *, at: datetime) -> None:
    """Let the clock run out at a time, whatever the hours: its target is what lies between its start and then."""
    target_s = int((due_at - held.clock.started_at).total_seconds())
    held.turn(at, Why.PROMISED, version=None, target_s=target_s, runs=True)
    held.clock.taken_share = 0.0
    tell(CommitmentMade, held, at, target_s=target_s, started_at=held.clock.started_at, priority=priority)
    count(held, {}, at=at)
    keep_due([held.clock.case_id or 0])


def _held(case_id: int) -> tuple[Running, Callback]:
    clock = (
        Clock.objects.select_for_update()
        .filter(case_id=case_id, measure=Measure.CALLBACK, outcome=Outcome.RUNNING)
        .first()
    )
    if clock is None:
        raise CallbackNotFound(_("No callback is promised in this case. Somebody may have done it already."))
    return Running(clock=clock, turns=turns_by_clock([clock])[clock.pk]), Callback.objects.get(clock=clock)


def _checked(due_at: datetime, note: str, from_at: datetime | None, *, at: datetime) -> str:
    problems: dict[str, str | Lazily] = {}
    if due_at < at + SOONEST:
        problems["due_at"] = _("This time is over. Promise one that lies ahead.")
    elif due_at > at + LATEST:
        problems["due_at"] = _("Promise a time within a year.")
    elif from_at is not None and from_at >= due_at:
        problems["from_at"] = _("“Not before” has to be earlier than “By when”.")
    said = note.strip()
    if len(said) > MOST_LETTERS or "\x00" in said:
        problems["note"] = _("Write at most 500 characters.")
    if problems:
        raise BadCallback(next(iter(problems.values())), fields=problems)
    return said


def _refuse_unless_worker(case_id: int, actor: Actor) -> CaseBrief:
    """Return a case. Raises CallbackNotFound where the actor does not see it, then MayNotCallBack."""
    case = case_briefs(visible_among([case_id], viewer=actor)).get(case_id)
    if case is None:
        raise CallbackNotFound(_("There is no such case."))
    if not rules.may_call_back(actor):
        raise MayNotCallBack(_("Only those who answer customers can promise to come back to them."))
    return case


def _about(clock: Clock, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"subject": subject("case", clock.case_id or 0), "actor": str(actor), "at": at, "clock_id": clock.pk}
