"""Chats and queues: one that waits stands in the queue of its widget, and one that somebody has takes their room.

Who has a chat is decided in the chat itself; this follows behind, in a transaction of its own. So whoever takes a chat by hand
waits for no queue, and of two who take it at once the chat lets in one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from careloop.domains.cases.queries import last_served_by, places_of
from careloop.domains.chats import queries as chats
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import NewWaiting
from careloop.domains.workforce import services as workforce
from careloop.kernel import clock
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded
from careloop.kernel.scope import remembered
from careloop.kernel.timers import set_timer
from careloop.processes.routing.answering import finish
from careloop.processes.routing.house import ROUTER
from careloop.processes.routing.placing import PLACE, language_and_tags
from careloop.processes.routing.supervising import leave

__all__ = ["PLACE_CHAT", "place_chat", "place_chat_soon", "place_chats_of_cases_soon", "sweep_chats"]

PLACE_CHAT: Final = "routing.place_chat"
"""The timer that looks at a chat after something happened to it, in a transaction of its own."""


def place_chat_soon(recorded: Sequence[Recorded]) -> None:
    """Have chats looked at to which something happened, where the workspace has queues; their cases with them."""
    if not remembered("queues.any", queues.has_queues):
        return
    rows = chats.chat_rows({one.subject_id for one in recorded})
    for chat_id, row in sorted(rows.items()):
        set_timer(kind=PLACE_CHAT, subject_id=chat_id, due_at=clock.now())
        set_timer(kind=PLACE, subject_id=row.case_id, due_at=clock.now())


def place_chats_of_cases_soon(recorded: Sequence[Recorded]) -> None:
    """Have the chats looked at that wait about some cases, because these became more urgent, or less."""
    if not remembered("queues.any", queues.has_queues):
        return
    for chat_id in chats.waiting_in_cases({one.subject_id for one in recorded}):
        set_timer(kind=PLACE_CHAT, subject_id=chat_id, due_at=clock.now())


@act
def place_chat(*, chat_id: int, at: datetime) -> None:
    """Let a chat wait in its queue, or not, by how it stands, and count it with whoever has it; done twice, nothing changes.

    Where whoever leads moved it into another queue, it stays there. It is as urgent as its case.

    Records WaitingEntered, WaitingPrioritized or WaitingLeft, OfferEnded, and PresenceChanged where it shows.
    """
    chat = chats.chat_rows([chat_id]).get(chat_id)
    if chat is None:
        return
    waited = queues.waiting_of_subject(kind=Kind.CHAT, subject_id=chat_id)
    is_waiting = waited is not None and waited.stage in {Stage.WAITING, Stage.OFFERED}
    match State(chat.state):
        case State.ENDED:
            if is_waiting:
                leave(kind=Kind.CHAT, subject_id=chat_id, reason="over", actor=ROUTER, at=at)
            finish(kind=Kind.CHAT, subject_id=chat_id, actor=ROUTER, at=at)
        case State.ACTIVE:
            if is_waiting:
                leave(kind=Kind.CHAT, subject_id=chat_id, reason="assigned", actor=ROUTER, at=at)
            weight = 1 if waited is None else queues.house_queue(waited.queue_id).settings.weight
            if chat.agent_id is not None:
                workforce.hold(
                    user_id=chat.agent_id, kind=Kind.CHAT, subject_id=chat_id, weight=weight, actor=ROUTER, at=at
                )
        case State.WAITING:
            workforce.let_go(kind=Kind.CHAT, subject_id=chat_id, actor=ROUTER, at=at)
            if (
                waited is not None
                and is_waiting
                and waited.entered_at < chat.queued_at
                and not queues.was_taken(waited.id)
            ):
                # Somebody took it by hand and handed it on before anybody looked here.
                leave(kind=Kind.CHAT, subject_id=chat_id, reason="assigned", actor=ROUTER, at=at)
                is_waiting = False
            if waited is not None and is_waiting and waited.priority != (priority := _priority(chat)):
                queue_acts.prioritize(kind=Kind.CHAT, subject_id=chat_id, priority=priority, actor=ROUTER, at=at)
            queue_id = None if is_waiting else chats.chat_queue(chat)
            if queue_id is not None:
                queue_acts.enter(_new(chat, queue_id, at), actor=ROUTER, at=at)


def sweep_chats(*, limit: int, at: datetime) -> None:
    """Look again at chats that wait in no queue, and at some that wait in one and are over: for whatever was missed."""
    unplaced = chats.waiting_ids(limit=limit)
    placed = queues.subjects_waiting(kind=Kind.CHAT, limit=limit)
    over = [key for key, row in chats.chat_rows(placed).items() if State(row.state) is not State.WAITING]
    for chat_id in sorted({*unplaced} - {*placed} | {*over}):
        place_chat(chat_id=chat_id, at=at)


def _priority(chat: ChatRow) -> int:
    """Return how many steps a chat is ahead by the priority of its case, whose least is none."""
    place = places_of([chat.case_id]).get(chat.case_id)
    return place.priority - 1 if place is not None else 0


def _new(chat: ChatRow, queue_id: int, at: datetime) -> NewWaiting:
    language, tags = language_and_tags(chat.customer_id)
    return NewWaiting(
        queue_id=queue_id,
        kind=Kind.CHAT,
        subject_id=chat.id,
        at=min(chat.queued_at, at),
        language=language or chat.language,
        priority=_priority(chat),
        customer_tags=tags,
        last_user_id=last_served_by(chat.customer_id, besides=chat.case_id),
    )
