"""A call instead of the chat: from whoever waits in it, or leaves a message while nobody is there."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases import services as cases
from careloop.domains.chats.errors import ChatEnded, ChatTaken
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.queues.queries import takes
from careloop.domains.queues.states import Kind
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act
from careloop.processes.calling import (
    BookedCallback,
    CallbackNotOffered,
    CallbackWindow,
    callback_window,
    wish_callback,
)
from careloop.processes.chatting.after import end_chat, mail_call_promised

__all__ = ["ask_for_call", "call_window_of", "refuse_unless_calls"]

WIDGET: Final = Actor(kind=ActorKind.HOUSE, name="chat")


def call_window_of(widget: WidgetRow, *, at: datetime) -> CallbackWindow | None:
    """Return when visitors of a widget are called who ask for it now; None where its queue takes no callbacks."""
    queue_id = widget.settings.queue_id
    return callback_window(at=at) if queue_id is not None and takes(queue_id, Kind.CALLBACK) else None


def refuse_unless_calls(widget: WidgetRow, *, at: datetime) -> None:
    """Promise no call where the queue of a widget takes none. Raises CallbackNotOffered."""
    if call_window_of(widget, at=at) is None:
        raise CallbackNotOffered(_("We cannot call you about this. We answer by mail."))


@act
def ask_for_call(*, chat: ChatRow, number: str, at: datetime) -> BookedCallback:
    """End the wait of a visitor who would rather be called, promise the call, and mail them so.

    Raises ChatTaken when somebody has come meanwhile, ChatEnded, and what `wish_callback` raises.
    """
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    held = chat_row(chat.id)
    if held.state == State.ACTIVE:
        raise ChatTaken(_("Somebody has just come for you. Go on here."))
    if held.state == State.ENDED:
        raise ChatEnded(_("This chat is over. Begin a new one; we still have what was said."))
    booked = wish_callback(case_id=held.case_id, number=number, actor=WIDGET, at=at)
    end_chat(chat=held, by=EndedBy.VISITOR, actor=Actor(kind=ActorKind.CUSTOMER, id=held.customer_id), at=at)
    mail_call_promised(chat=held, due_at=booked.due_at, at=at)
    return booked
