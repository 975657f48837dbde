"""What waits: it comes, is moved, is taken, comes back, and leaves."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.queues import rules
from careloop.domains.queues.errors import (
    BadQueue,
    MayNotMoveWork,
    MovedMeanwhile,
    NotWaiting,
    QueueNotFound,
    WaitingNotFound,
)
from careloop.domains.queues.events import (
    WaitingEntered,
    WaitingHanded,
    WaitingLeft,
    WaitingMoved,
    WaitingPrioritized,
    WaitingTakenBack,
)
from careloop.domains.queues.models import Line, Offer, Queue, Waiting
from careloop.domains.queues.reading import kept_needs, kept_why
from careloop.domains.queues.services.closing import about, close
from careloop.domains.queues.states import MOVES, Kind, Outcome, Stage
from careloop.domains.queues.types import NewWaiting, Why
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.bells import ROUTING, ring_bell
from careloop.kernel.events import record
from careloop.kernel.timers import clear_timer, set_timer

__all__ = [
    "OVERFLOW",
    "enter",
    "leave",
    "locked",
    "move",
    "overflow",
    "overflow_due",
    "prioritize",
    "put_back",
    "searched",
    "stand_again",
    "take",
    "take_back",
]

OVERFLOW: Final = "waiting.overflow"
"""The timer at which something that nobody took goes into another queue; its subject is what waits."""
MOST_OVERFLOWS: Final = 3
OPEN: Final = (Stage.WAITING, Stage.OFFERED)


@act
def enter(new: NewWaiting, *, actor: Actor, at: datetime) -> int:
    """Let something wait for somebody to take it, and return the primary key of its wait; asked twice, it waits once.

    at: now; `new.at` may be earlier.

    Raises QueueNotFound, BadQueue when the queue takes nothing of the kind. Records WaitingEntered.
    """
    queue = _queue(new.queue_id)
    if new.kind not in queue.kinds:
        raise BadQueue(_("This queue does not take this kind of work. Choose another one."))
    row = Waiting(
        queue=queue,
        kind=new.kind,
        subject_id=new.subject_id,
        entered_at=new.at,
        stands_from=new.stands_from,
        priority=new.priority,
        tier=new.tier + max((queue.tiers.get(tag, 0) for tag in new.customer_tags), default=0),
        needs=kept_needs(new.needs),
        language=new.language,
        last_user_id=new.last_user_id,
    )
    _stand(row, queue)
    try:
        with attempt():
            row.save()
    except IntegrityError:
        known = Waiting.objects.filter(kind=new.kind, subject_id=new.subject_id, stage__in=OPEN).first()
        if known is None:
            raise
        return known.pk
    _watch(row, queue)
    record(
        WaitingEntered(
            subject=about(row), actor=str(actor), at=at, waiting_id=row.pk, queue_id=queue.pk, entered_at=row.entered_at
        )
    )
    ring_bell(ROUTING)
    return row.pk


@act
def leave(*, kind: Kind, subject_id: int, reason: str, actor: Actor, at: datetime) -> int | None:
    """Let something wait no more because it is over or was given to somebody by hand; say to whom it was offered at this moment.

    reason: a code, such as "assigned", "solved" or "hung_up".

    Returns the person whose offer is withdrawn by this, whose seat the caller frees; None when it was not offered, or did not
    wait. Records WaitingLeft, and OfferEnded.
    """
    row = Waiting.objects.select_for_update().filter(kind=kind, subject_id=subject_id, stage__in=OPEN).first()
    if row is None:
        return None
    offered = _withdraw(row, reason="gone", actor=actor, at=at)
    _end(row, Stage.LEFT, at=at)
    record(
        WaitingLeft(
            subject=about(row), actor=str(actor), at=at, waiting_id=row.pk, queue_id=row.queue_id, reason=reason
        )
    )
    return offered


@act
def move(*, waiting_id: int, queue_id: int, revision: int | None, actor: Actor, at: datetime) -> int | None:
    """Move something that waits into another queue; it has waited since it came. Say to whom it was offered, as `leave` does.

    revision: what the reader saw; None when the move does not depend on it. actor: who leads or manages.

    Raises MayNotMoveWork, WaitingNotFound, NotWaiting, MovedMeanwhile, QueueNotFound, BadQueue. Records WaitingMoved, OfferEnded.
    """
    if not rules.may_move_work(actor):
        raise MayNotMoveWork(_("Only somebody who leads or manages can move what waits."))
    row = locked(waiting_id, revision=revision)
    queue = _queue(queue_id)
    if row.kind not in queue.kinds:
        raise BadQueue(_("This queue does not take this kind of work. Choose another one."))
    if row.queue_id == queue_id:
        return None
    offered = _withdraw(row, reason="moved", actor=actor, at=at)
    _into(row, queue, is_overflow=False, actor=actor, at=at)
    return offered


@act
def prioritize(*, kind: Kind, subject_id: int, priority: int, actor: Actor, at: datetime) -> None:
    """Let something that waits stand further ahead, or behind, because it became more urgent, or less; it has waited since it came.

    priority: steps ahead, as of something new. Nothing changes where it has this priority already, or does not wait.

    Records WaitingPrioritized.
    """
    row = Waiting.objects.select_for_update().filter(kind=kind, subject_id=subject_id, stage__in=OPEN).first()
    if row is None or row.priority == priority:
        return
    was, row.priority = row.priority, priority
    _stand(row, _queue_of(row))
    row.save(update_fields=["priority", "line", "rank_at"])
    record(
        WaitingPrioritized(
            subject=about(row),
            actor=str(actor),
            at=at,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            was=was,
            priority=priority,
        )
    )


@act
def overflow(*, waiting_id: int, actor: Actor, at: datetime) -> None:
    """Let something go into the queue that takes over from its own, if nobody took it until now. Records WaitingMoved.

    What is being offered at this moment stays; it goes when the offer ends without being taken.
    """
    row = Waiting.objects.select_for_update().filter(pk=waiting_id, stage=Stage.WAITING).first()
    if row is None:
        return
    own = _queue_of(row)
    after = own.overflow
    if after is None or own.overflow_after_s is None or not after.is_active or row.overflow_count >= MOST_OVERFLOWS:
        return
    due = overflow_due(row, own)
    if due > at:
        set_timer(kind=OVERFLOW, subject_id=row.pk, due_at=due)
        return
    if row.kind in after.kinds:
        row.overflow_count += 1
        _into(row, after, is_overflow=True, actor=actor, at=at)


@act
def take(*, waiting_id: int, user_id: int, revision: int | None, actor: Actor, at: datetime) -> int | None:
    """Note that somebody has something without having been asked, because a supervisor says so; say to whom it was offered.

    For the process that gives it to them. Raises WaitingNotFound, NotWaiting, MovedMeanwhile. Records WaitingHanded, OfferEnded.
    """
    row = locked(waiting_id, revision=revision)
    offered = _withdraw(row, reason="moved", actor=actor, at=at)
    row.taken_by_id = user_id
    _end(row, Stage.TAKEN, at=at)
    waited_s = max(0, int((at - row.entered_at).total_seconds()))
    # Beside those that were made and answered, so that every assignment has its reason in one place.
    Offer.objects.create(
        waiting=row,
        user_id=user_id,
        offered_at=at,
        expires_at=at,
        answered_at=at,
        outcome=Outcome.ACCEPTED,
        why=kept_why(Why(waited_s=waited_s, moved_by_id=actor.user_id)),
    )
    record(
        WaitingHanded(
            subject=about(row),
            actor=str(actor),
            at=at,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            user_id=user_id,
            waited_s=waited_s,
        )
    )
    return offered


@act
def take_back(*, kind: Kind, subject_id: int, reason: str, actor: Actor, at: datetime) -> int | None:
    """Let something that was taken wait again, where it stood, and return the primary key of its wait.

    reason: a code, such as "dropped_off". None when nobody had taken it by way of a queue. Records WaitingTakenBack.
    """
    row = Waiting.objects.select_for_update().filter(kind=kind, subject_id=subject_id).order_by("-pk").first()
    if row is None or row.stage != Stage.TAKEN or row.taken_by_id is None:
        return None
    user_id = row.taken_by_id
    row.taken_by_id, row.ended_at = None, None
    put_back(row)
    _watch(row, _queue_of(row))
    record(
        WaitingTakenBack(
            subject=about(row),
            actor=str(actor),
            at=at,
            waiting_id=row.pk,
            queue_id=row.queue_id,
            user_id=user_id,
            reason=reason,
        )
    )
    return row.pk


@act
def searched(*, waiting_id: int) -> None:
    """Note that everybody was looked for who could take something now, and nobody was found; from now on people look for it."""
    Waiting.objects.filter(pk=waiting_id, is_fresh=True, stage=Stage.WAITING).update(is_fresh=False)


def locked(waiting_id: int, *, revision: int | None = None) -> Waiting:
    """Return what waits, locked until the transaction ends. Raises WaitingNotFound, MovedMeanwhile, NotWaiting."""
    row = Waiting.objects.select_for_update().filter(pk=waiting_id).first()
    if row is None:
        raise WaitingNotFound(_("There is nothing like that in any queue."))
    if revision is not None and revision != row.revision:
        raise MovedMeanwhile(_("Somebody moved this while you were looking at it. Look again, then decide."))
    if row.stage not in OPEN:
        raise NotWaiting(_("This does not wait any more: somebody took it, or it is over."))
    return row


def put_back(row: Waiting) -> None:
    """Let a locked row wait again, in its old place, and have somebody looked for."""
    _check_move(row, Stage.WAITING)
    row.stage, row.is_fresh, row.revision = Stage.WAITING, True, row.revision + 1
    row.save(update_fields=["stage", "is_fresh", "revision", "taken_by", "ended_at"])
    ring_bell(ROUTING)


def stand_again(queue: Queue) -> None:
    """Put what waits in a locked queue in order anew, because the queue asks for something else now."""
    for row in Waiting.objects.select_for_update().filter(queue=queue, stage__in=OPEN).order_by("pk").iterator():
        _stand(row, queue)
        row.is_fresh = row.stage == Stage.WAITING
        row.save(update_fields=["line", "rank_at", "is_fresh"])
        _watch(row, queue)


def overflow_due(row: Waiting, queue: Queue) -> datetime:
    """Return when something goes into the queue that takes over from a queue that has one: each goes on after as long again."""
    return row.entered_at + timedelta(seconds=(queue.overflow_after_s or 0) * (row.overflow_count + 1))


def _withdraw(row: Waiting, *, reason: str, actor: Actor, at: datetime) -> int | None:
    offer = Offer.objects.select_for_update().filter(waiting=row, outcome=Outcome.OPEN).first()
    if offer is None:
        return None
    close(offer, row, Outcome.WITHDRAWN, reason=reason, actor=actor, at=at)
    return offer.user_id


def _into(row: Waiting, queue: Queue, *, is_overflow: bool, actor: Actor, at: datetime) -> None:
    was, row.queue = row.queue_id, queue
    _stand(row, queue)
    row.save(update_fields=["queue", "line", "rank_at", "overflow_count"])
    put_back(row)
    _watch(row, queue)
    record(
        WaitingMoved(
            subject=about(row),
            actor=str(actor),
            at=at,
            waiting_id=row.pk,
            was=was,
            queue_id=queue.pk,
            is_overflow=is_overflow,
        )
    )


def _stand(row: Waiting, queue: Queue) -> None:
    """Give a row its line and its place in it."""
    needs = {**queue.needs}
    for skill, level in row.needs.items():
        needs[skill] = max(level, needs.get(skill, 0))
    row.line, _is_new = Line.objects.get_or_create(
        queue=queue, kind=row.kind, language=row.language if queue.is_by_language else "", needs=needs
    )
    steps = queue.priority + row.priority + row.tier
    row.rank_at = (row.stands_from or row.entered_at) - timedelta(seconds=steps * queue.step_s)


def _watch(row: Waiting, queue: Queue) -> None:
    if queue.overflow_id is None or queue.overflow_after_s is None:
        clear_timer(OVERFLOW, subject_id=row.pk)
        return
    set_timer(kind=OVERFLOW, subject_id=row.pk, due_at=overflow_due(row, queue))


def _end(row: Waiting, stage: Stage, *, at: datetime) -> None:
    _check_move(row, stage)
    row.stage, row.ended_at, row.is_fresh, row.revision = stage, at, False, row.revision + 1
    row.save(update_fields=["stage", "ended_at", "is_fresh", "taken_by", "revision"])
    clear_timer(OVERFLOW, subject_id=row.pk)


def _check_move(row: Waiting, stage: Stage) -> None:
    if stage is not Stage(row.stage) and stage not in MOVES[Stage(row.stage)]:
        raise NotWaiting(_("This does not wait any more: somebody took it, or it is over."))


def _queue(queue_id: int) -> Queue:
    queue = Queue.objects.filter(pk=queue_id, is_active=True).first()
    if queue is None:
        raise QueueNotFound(_("There is no such queue."))
    return queue


def _queue_of(row: Waiting) -> Queue:
    return Queue.objects.select_related("overflow").get(pk=row.queue_id)
