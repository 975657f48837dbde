"""What whoever leads or manages does with what waits, and how it leaves because it is over."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import actor_for
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.errors import MayNotMoveWork
from careloop.domains.queues.rules import may_move_work, may_serve
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import WaitingRow
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.errors import PersonNotHere
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.processes.routing.answering import put_into_hands

__all__ = ["hand_to", "leave", "move"]


@act
def move(*, waiting_id: int, queue_id: int, revision: int | None, actor: Actor, at: datetime) -> None:
    """Move something that waits into another queue; an open offer of it is taken back. Of two who move it, the second is told.

    revision: what the reader saw (`WaitingRow.revision`); None when the move does not depend on it.

    Raises MayNotMoveWork, WaitingNotFound, NotWaiting, MovedMeanwhile, QueueNotFound, BadQueue. Records WaitingMoved, OfferEnded.
    """
    before = queues.house_waiting(waiting_id)
    offered = queue_acts.move(waiting_id=waiting_id, queue_id=queue_id, revision=revision, actor=actor, at=at)
    _free(offered, before, actor, at)


@act
def hand_to(*, waiting_id: int, user_id: int, revision: int | None, actor: Actor, at: datetime) -> None:
    """Put something that waits into somebody's hands, whatever they can, hold or do; an open offer of it is taken back.

    Raises MayNotMoveWork, PersonNotHere, PersonRests, WaitingNotFound, NotWaiting, MovedMeanwhile. Records WaitingHanded,
    OfferEnded, and what giving it records.
    """
    if not may_move_work(actor):
        raise MayNotMoveWork(_("Only somebody who leads or manages can move what waits."))
    person = actor_for(user_id, current_workspace())
    if person is None or not may_serve(person):
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))
    workforce.refuse_if_resting(user_id=user_id, at=at)
    offered = queue_acts.take(waiting_id=waiting_id, user_id=user_id, revision=revision, actor=actor, at=at)
    _free(offered, queues.house_waiting(waiting_id), actor, at)
    row = queues.waiting_of(actor, waiting_id=waiting_id)
    put_into_hands(row.kind, row.subject_id, queue_id=row.queue_id, user_id=user_id, actor=actor, at=at)


@act
def leave(*, kind: Kind, subject_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Let something wait no more, because it is over or somebody has it by other ways; an open offer of it is taken back.

    reason: a code such as "assigned", "solved" or "hung_up". Nothing happens where it does not wait.

    Records WaitingLeft, OfferEnded.
    """
    before = queues.waiting_of_subject(kind=kind, subject_id=subject_id)
    offered = queue_acts.leave(kind=kind, subject_id=subject_id, reason=reason, actor=actor, at=at)
    _free(offered, before, actor, at)


def _free(user_id: int | None, row: WaitingRow | None, actor: Actor, at: datetime) -> None:
    """Free whoever was being offered something until now, and take back that its program was given something."""
    if user_id is not None and row is not None:
        workforce.end_offer(user_id=user_id, actor=actor, at=at)
        workforce.note_given(weight=-queues.house_queue(row.queue_id).settings.weight, at=at)
