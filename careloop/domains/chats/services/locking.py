"""Chats under lock, as acts need them."""

from django.utils.translation import gettext_lazy as _

from careloop.domains.chats import rules
from careloop.domains.chats.errors import ChatEnded, ChatNotFound, MayNotChat, NotYourChat
from careloop.domains.chats.models import Chat, Helper
from careloop.domains.chats.states import State
from careloop.kernel.actors import Actor
from careloop.kernel.events import subject

__all__ = ["about", "locked", "locked_open", "refuse_unless_in"]


def locked(chat_id: int) -> Chat:
    """Return a chat under lock. Raises ChatNotFound."""
    chat = Chat.objects.select_for_update(of=("self",)).select_related("widget").filter(pk=chat_id).first()
    if chat is None:
        raise ChatNotFound(_("There is no such chat."))
    return chat


def locked_open(chat_id: int) -> Chat:
    """Return a chat under lock that is not over. Raises ChatNotFound, ChatEnded."""
    chat = locked(chat_id)
    if chat.state == State.ENDED:
        raise ChatEnded(_("This chat is over. Write to the customer in the case."))
    return chat


def refuse_unless_in(chat: Chat, actor: Actor) -> None:
    """Let only the agent of a chat, or a colleague who was called in, go on. Raises MayNotChat, NotYourChat."""
    if actor.is_house:
        return
    if not rules.may_chat(actor):
        raise MayNotChat(_("Your role does not talk to visitors."))
    if chat.agent_id == actor.user_id or Helper.objects.filter(chat=chat, user_id=actor.id).exists():
        return
    if chat.state == State.WAITING:
        raise NotYourChat(_("Nobody has taken this chat yet. Take it, then answer."))
    raise NotYourChat(_("A colleague has this chat. Ask to be called in, or have it handed to you."))


def about(chat: Chat) -> str:
    """Return what events about a chat have as their subject."""
    return subject("chat", chat.pk)
