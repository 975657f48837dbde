"""Callbacks and queues: a customer whom we promised to call waits in one, in the order in which our word is due.

The promise and its clock are those of the case (`commitments`); this follows behind, in a transaction of its own. Whoever takes a
callback dials from the case; what came of it lets it go, or lets it wait for the next try.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from careloop.domains.cases.queries import CasePlace, last_served_by, places_of
from careloop.domains.commitments import events as commitments
from careloop.domains.commitments.callbacks import stands_from
from careloop.domains.commitments.queries import calls_owed
from careloop.domains.commitments.types import OwedCall
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import NewWaiting
from careloop.kernel import clock
from careloop.kernel.actors import ActorKind
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded
from careloop.kernel.scope import remembered
from careloop.kernel.timers import set_timer
from careloop.processes.routing.answering import finish
from careloop.processes.routing.house import ROUTER
from careloop.processes.routing.placing import PLACE, fitting_rule, language_and_tags
from careloop.processes.routing.supervising import leave

__all__ = ["PLACE_CALLBACK", "place_callback", "place_callback_soon", "sweep_callbacks"]

PLACE_CALLBACK: Final = "routing.place_callback"
"""The timer that looks at a callback: after something happened to it, and when its customer may be called."""
OF_CALLBACKS: Final = (
    commitments.CallbackPromised,
    commitments.CallbackMoved,
    commitments.CallbackTried,
    commitments.CallbackDone,
    commitments.CallbackCancelled,
)


def place_callback_soon(recorded: Sequence[Recorded]) -> None:
    """Have callbacks looked at to which something happened, where the workspace has queues; their cases with them."""
    if not remembered("queues.any", queues.has_queues):
        return
    for one in recorded:
        if isinstance(one.event, OF_CALLBACKS):
            set_timer(kind=PLACE_CALLBACK, subject_id=one.event.clock_id, due_at=clock.now())
            set_timer(kind=PLACE, subject_id=one.subject_id, due_at=clock.now())


@act
def place_callback(*, clock_id: int, at: datetime) -> None:
    """Let a callback wait in a queue, or not, by how it stands; done twice, nothing changes.

    Before its time, and between two tries, it waits nowhere and nobody has it. After the last try a person decides.

    Records WaitingEntered or WaitingLeft, OfferEnded, and PresenceChanged where it shows.
    """
    owed = calls_owed([clock_id]).get(clock_id)
    place = places_of([owed.case_id]).get(owed.case_id) if owed is not None else None
    if owed is None or place is None or owed.ready_at is None or owed.ready_at > at:
        leave(kind=Kind.CALLBACK, subject_id=clock_id, reason="over" if owed is None else "later", actor=ROUTER, at=at)
        finish(kind=Kind.CALLBACK, subject_id=clock_id, actor=ROUTER, at=at)
        if owed is not None and owed.ready_at is not None:
            set_timer(kind=PLACE_CALLBACK, subject_id=clock_id, due_at=owed.ready_at)
        return
    waited = queues.waiting_of_subject(kind=Kind.CALLBACK, subject_id=clock_id)
    is_had = waited is not None and waited.stage is Stage.TAKEN and (waited.ended_at or at) >= owed.ready_at
    if is_had or (waited is not None and waited.stage in {Stage.WAITING, Stage.OFFERED}):
        return
    queue_id = _queue(place, at)
    if queue_id is not None:
        queue_acts.enter(_new(owed, place, queue_id, at), actor=ROUTER, at=at)


def sweep_callbacks(*, limit: int, at: datetime) -> None:
    """Look again at callbacks that wait in no queue, and at some that wait in one and are over: for whatever was missed."""
    owed = calls_owed(limit=limit)
    placed = queues.subjects_waiting(kind=Kind.CALLBACK, limit=limit)
    ready = {key for key, row in owed.items() if row.ready_at is not None and row.ready_at <= at}
    still = calls_owed(placed)
    for clock_id in sorted((ready - set(placed)) | {key for key in placed if key not in still}):
        place_callback(clock_id=clock_id, at=at)


def _queue(place: CasePlace, at: datetime) -> int | None:
    """Return the queue in which a callback of a case waits: that of the case where it takes callbacks, else the first that does."""
    rule = fitting_rule(place, at)
    if rule is not None and queues.takes(rule.queue_id, Kind.CALLBACK):
        return rule.queue_id
    return queues.queue_for(Kind.CALLBACK)


def _new(owed: OwedCall, place: CasePlace, queue_id: int, at: datetime) -> NewWaiting:
    language, tags = language_and_tags(place.requester_id)
    kind, _colon, promiser = owed.promised_by.partition(":")
    return NewWaiting(
        queue_id=queue_id,
        kind=Kind.CALLBACK,
        subject_id=owed.clock_id,
        at=min(owed.ready_at or at, at),
        stands_from=stands_from(owed.due_at),
        language=language,
        priority=place.priority - 1,
        customer_tags=tags,
        last_user_id=place.assignee_id
        or (int(promiser) if kind == ActorKind.USER else last_served_by(place.requester_id, besides=place.id)),
    )
