"""The way of a chat from waiting to its end."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from careloop.domains.chats import rules
from careloop.domains.chats.errors import ChatMoved, ChatTaken, MayNotChat, MayNotMoveChats, NotYourChat
from careloop.domains.chats.events import ChatAgentJoined, ChatEnded, ChatHandedOver, ChatHelperCalled
from careloop.domains.chats.models import Chat, Helper, Said
from careloop.domains.chats.news import say_news
from careloop.domains.chats.services.locking import about, locked, locked_open, refuse_unless_in
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.conversations.types import Author
from careloop.domains.people.queries import names_of, people_choices
from careloop.kernel.actors import HOUSE, Actor, ActorKind, Role
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.timers import clear_timer, set_timer

__all__ = [
    "ANSWER_DUE",
    "NOBODY_CAME",
    "VISITOR_SILENT",
    "WORDS_UNREAD",
    "call_in",
    "end",
    "give",
    "hand_over",
    "hand_to_team",
    "move",
    "move_back",
    "note_mailed",
    "note_read_by_agent",
    "note_read_by_visitor",
    "pick",
    "release_gone",
    "release_silent",
    "show_anew",
    "want_transcript",
    "watch_wait",
]

ANSWER_DUE: Final = "chat.answer_due"
"""The timer that gives a chat back to those who wait when its agent does not answer."""
NOBODY_CAME: Final = "chat.nobody_came"
"""The timer that ends the wait of a chat that nobody takes."""
VISITOR_SILENT: Final = "chat.visitor_silent"
"""The timer that ends a chat whose visitor does not answer."""
WORDS_UNREAD: Final = "chat.words_unread"
"""The timer that mails what the visitor did not stay to read."""
_TIMERS: Final = (ANSWER_DUE, VISITOR_SILENT, NOBODY_CAME)


@act
def pick(*, chat_id: int, actor: Actor, at: datetime) -> None:
    """Take a chat that waits. Raises ChatNotFound, MayNotChat, ChatEnded, ChatTaken. Records ChatAgentJoined."""
    if not rules.may_chat(actor):
        raise MayNotChat(_("Your role does not talk to visitors."))
    give(chat_id=chat_id, user_id=actor.id, actor=actor, at=at)


@act
def give(*, chat_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Put a chat that waits into somebody's hands. For the process that knows that they may have it.

    Raises ChatNotFound, NotYourChat, ChatEnded, ChatTaken. Records ChatAgentJoined.
    """
    _refuse_unless_chatting(user_id)
    chat = locked_open(chat_id)
    if chat.state == State.ACTIVE:
        raise ChatTaken(_("A colleague was quicker and has taken this chat."))
    _give(chat, agent_id=user_id, at=at)
    record(
        ChatAgentJoined(
            subject=about(chat),
            actor=str(actor),
            at=at,
            agent_id=user_id,
            waited_s=max(0, int((at - chat.queued_at).total_seconds())),
        )
    )


@act
def call_in(*, chat_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Call a colleague into a chat of one's own: they read along from the first word, and may speak.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat. Records ChatHelperCalled.
    """
    chat = locked_open(chat_id)
    refuse_unless_in(chat, actor)
    _refuse_unless_chatting(user_id)
    if user_id == chat.agent_id:
        raise NotYourChat(_("This colleague has the chat already."))
    Helper.objects.get_or_create(chat=chat, user_id=user_id, defaults={"called_at": at})
    record(ChatHelperCalled(subject=about(chat), actor=str(actor), at=at, helper_id=user_id))
    say_news(chat.pk, is_place=True)


@act
def hand_over(*, chat_id: int, user_id: int, actor: Actor, at: datetime) -> bool:
    """Give a chat to a colleague, and say whether it was warm: whether they had been called in before.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat. Records ChatHandedOver.
    """
    chat = locked_open(chat_id)
    refuse_unless_in(chat, actor)
    _refuse_unless_chatting(user_id)
    if user_id == chat.agent_id:
        raise NotYourChat(_("This colleague has the chat already."))
    was = chat.agent_id
    is_warm = bool(Helper.objects.filter(chat=chat, user_id=user_id).delete()[0])
    _give(chat, agent_id=user_id, at=at)
    _record_handing(chat, was, "warm" if is_warm else "cold", actor, at)
    return is_warm


@act
def hand_to_team(*, chat_id: int, team_id: int | None, actor: Actor, at: datetime) -> None:
    """Let a chat wait for another team, or for whoever comes, with everything that was said.

    Raises ChatNotFound, ChatEnded, MayNotChat, NotYourChat. Records ChatHandedOver.
    """
    chat = locked_open(chat_id)
    refuse_unless_in(chat, actor)
    was, chat.team_id = chat.agent_id, team_id
    chat.save(update_fields=["team_id"])
    _put_back(chat, at=at)
    _record_handing(chat, was, "cold", actor, at)


@act
def move(*, chat_id: int, user_id: int, seen_agent_id: int | None, actor: Actor, at: datetime) -> None:
    """Give a chat that somebody has to somebody else, or take it over oneself. Of two who move it, the second is told.

    seen_agent_id: who had it when the actor looked; None when the move does not depend on it. actor: who leads or manages.

    Raises MayNotMoveChats, ChatNotFound, ChatEnded, ChatMoved, NotYourChat. Records ChatHandedOver.
    """
    chat = _locked_to_move(chat_id, seen_agent_id, actor)
    if user_id == chat.agent_id:
        raise NotYourChat(_("This colleague has the chat already."))
    _refuse_unless_chatting(user_id)
    was = chat.agent_id
    Helper.objects.filter(chat=chat, user_id=user_id).delete()
    _give(chat, agent_id=user_id, at=at)
    _record_handing(chat, was, "moved", actor, at)


@act
def move_back(*, chat_id: int, seen_agent_id: int | None, actor: Actor, at: datetime) -> None:
    """Let a chat that somebody has wait again for whoever comes. Arguments and refusals as `move`. Records ChatHandedOver."""
    chat = _locked_to_move(chat_id, seen_agent_id, actor)
    was = chat.agent_id
    _put_back(chat, at=at)
    _record_handing(chat, was, "moved", actor, at)


@act
def release_silent(*, chat_id: int, at: datetime) -> bool:
    """Let a chat wait again whose agent did not answer in time, and say whether it did. Records ChatHandedOver."""
    chat = locked(chat_id)
    if chat.state != State.ACTIVE:
        return False
    was = chat.agent_id
    _put_back(chat, at=at)
    _record_handing(chat, was, "silence", HOUSE, at)
    return True


@act
def release_gone(*, chat_id: int, user_id: int, at: datetime) -> bool:
    """Let a chat wait again whose agent is gone, and say whether it did: not if somebody else has it. Records ChatHandedOver."""
    chat = locked(chat_id)
    if chat.state != State.ACTIVE or chat.agent_id != user_id:
        return False
    _put_back(chat, at=at)
    _record_handing(chat, user_id, "dropped_off", HOUSE, at)
    return True


@act
def end(*, chat_id: int, by: EndedBy, actor: Actor, at: datetime) -> None:
    """End a chat. Raises ChatNotFound, ChatEnded; for agents MayNotChat, NotYourChat. Records ChatEnded."""
    chat = locked_open(chat_id)
    if by == EndedBy.AGENT:
        refuse_unless_in(chat, actor)
    was_waiting = chat.state == State.WAITING
    chat.state, chat.ended_at, chat.ended_by = State.ENDED, at, by
    chat.save(update_fields=["state", "ended_at", "ended_by"])
    Helper.objects.filter(chat=chat).delete()
    clear_timer(*_TIMERS, subject_id=chat.pk)
    record(ChatEnded(subject=about(chat), actor=str(actor), at=at, by=by, was_answered=chat.picked_at is not None))
    say_news(chat.pk, is_place=was_waiting)


@act
def note_read_by_visitor(*, chat_id: int, message_id: int) -> None:
    """Note up to which message the visitor has read; it never goes back."""
    _read(chat_id, "visitor_read_id", message_id)


@act
def note_read_by_agent(*, chat_id: int, message_id: int, actor: Actor) -> None:
    """Note up to which message the agent of a chat has read; what anybody else reads tells the visitor nothing."""
    if Chat.objects.filter(pk=chat_id, agent_id=actor.user_id).exists():
        _read(chat_id, "agent_read_id", message_id)


@act
def note_mailed(*, chat_id: int, message_id: int) -> None:
    """Note up to which message our words went out by mail."""
    chat = locked(chat_id)
    chat.mailed_id = max(chat.mailed_id, message_id)
    chat.save(update_fields=["mailed_id"])


@act
def want_transcript(*, chat_id: int) -> bool:
    """Note that the visitor wants what was said by mail, and say whether this is the first time they ask."""
    chat = locked(chat_id)
    is_first, chat.wants_transcript = not chat.wants_transcript, True
    chat.save(update_fields=["wants_transcript"])
    return is_first


def watch_wait(chat: Chat, *, at: datetime) -> None:
    """Have the wait of a chat end that begins now, should nobody take it for as long as its widget says."""
    if chat.widget.most_wait_s:
        due_at = at + timedelta(seconds=chat.widget.most_wait_s)
        set_timer(kind=NOBODY_CAME, subject_id=chat.pk, due_at=due_at)


def show_anew(*, chat_id: int) -> None:
    """Let everybody who watches a chat look again, because something beside its words changed."""
    say_news(chat_id)


def _read(chat_id: int, column: str, message_id: int) -> None:
    # One statement: two who read at once both leave the later message behind.
    if Chat.objects.filter(pk=chat_id, **{f"{column}__lt": message_id}).update(**{column: message_id}):
        say_news(chat_id)


def _give(chat: Chat, *, agent_id: int, at: datetime) -> None:
    chat.state, chat.agent_id = State.ACTIVE, agent_id
    chat.picked_at = chat.picked_at or at
    chat.save(update_fields=["state", "agent_id", "picked_at"])
    clear_timer(NOBODY_CAME, subject_id=chat.pk)
    if _is_our_turn(chat):
        # Whoever has it now may not be there, or not look: the visitor, who wrote already, need not write again to be answered.
        due_at = at + timedelta(seconds=chat.widget.agent_silence_s)
        set_timer(kind=ANSWER_DUE, subject_id=chat.pk, due_at=due_at)
    say_news(chat.pk, is_place=True)


def _is_our_turn(chat: Chat) -> bool:
    said = Said.objects.filter(chat=chat).order_by("-message_id").values_list("message__author", flat=True)
    return said.first() == Author.CUSTOMER


def _put_back(chat: Chat, *, at: datetime) -> None:
    chat.state, chat.agent_id, chat.queued_at = State.WAITING, None, at
    chat.save(update_fields=["state", "agent_id", "queued_at"])
    clear_timer(*_TIMERS, subject_id=chat.pk)
    watch_wait(chat, at=at)
    say_news(chat.pk, is_place=True)


def _record_handing(chat: Chat, was: int | None, why: str, actor: Actor, at: datetime) -> None:
    record(
        ChatHandedOver(
            subject=about(chat),
            actor=str(actor),
            at=at,
            was_agent_id=was,
            agent_id=chat.agent_id,
            team_id=chat.team_id,
            why=why,
        )
    )


def _locked_to_move(chat_id: int, seen_agent_id: int | None, actor: Actor) -> Chat:
    if not rules.may_move(actor):
        raise MayNotMoveChats(_("Only somebody who leads or manages can move the chats of others."))
    chat = locked_open(chat_id)
    if chat.agent_id is None:
        raise ChatMoved(_("Nobody has this chat now; it waits. Look again, then decide."))
    if seen_agent_id is not None and chat.agent_id != seen_agent_id:
        name = names_of([chat.agent_id]).get(chat.agent_id, "")
        raise ChatMoved(_now("%(name)s has this chat now. Look again, then decide.") % {"name": name})
    return chat


def _refuse_unless_chatting(user_id: int) -> None:
    roles = {one: Role(role) for one, _name, role in people_choices(HOUSE)}
    if user_id not in roles or not rules.may_chat(Actor(kind=ActorKind.USER, id=user_id, role=roles[user_id])):
        raise NotYourChat(_("This colleague does not talk to visitors. Choose another one."))
