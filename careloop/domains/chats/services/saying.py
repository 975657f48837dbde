"""Words of a chat: each kept once, in the order in which its writer sent them (docs/reasons/chat.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.errors import EarlierMissing
from careloop.domains.chats.events import ChatStarted
from careloop.domains.chats.models import Chat, Said, Session
from careloop.domains.chats.news import say_news
from careloop.domains.chats.services.course import ANSWER_DUE, VISITOR_SILENT, WORDS_UNREAD, watch_wait
from careloop.domains.chats.services.locking import about, locked, refuse_unless_in
from careloop.domains.chats.states import State
from careloop.domains.chats.types import HeldChat, NewChat, NextWord
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.statements import ask
from careloop.kernel.timers import clear_timer, clear_timers, set_timer, set_timers

__all__ = ["agent_said", "held_for_words", "join", "refuse_early", "start", "visitors_said"]


_HELD: Final = """
SELECT chat.id, chat.state, widget.visitor_silence_s, widget.agent_silence_s, widget.mail_after_s
FROM chats_chat chat JOIN chats_widget widget ON widget.id = chat.widget_id
WHERE chat.id = ANY(%s::bigint[]) ORDER BY chat.id FOR UPDATE OF chat
"""
_READ: Final = """
UPDATE chats_chat SET visitor_read_id = said.message_id FROM unnest(%s::bigint[], %s::bigint[]) AS said (chat_id, message_id)
WHERE chats_chat.id = said.chat_id RETURNING chats_chat.id
"""
_SAID: Final = "SELECT chat_id, mark, message_id FROM chats_said WHERE chat_id = ANY(%s::bigint[]) AND mark = ANY(%s)"


@act
def start(new: NewChat, *, actor: Actor) -> int:
    """Begin a chat that waits for somebody of ours, and return its id.

    Raises IntegrityError when the same browser began it at the same moment. Records ChatStarted.
    """
    chat = Chat.objects.create(
        widget_id=new.widget_id,
        conversation_id=new.conversation_id,
        case_id=new.case_id,
        customer_id=new.customer_id,
        team_id=new.team_id,
        language=new.language,
        page=new.page[:500],
        is_proved=new.is_proved,
        started_at=new.at,
        queued_at=new.at,
        visitor_read_id=new.message_id,
    )
    Session.objects.create(chat=chat, secret_hash=new.secret_hash, begun_at=new.at)
    Said.objects.create(chat=chat, mark=new.mark, message_id=new.message_id)
    watch_wait(chat, at=new.at)
    record(
        ChatStarted(
            subject=about(chat),
            actor=str(actor),
            at=new.at,
            widget_id=new.widget_id,
            conversation_id=new.conversation_id,
            case_id=new.case_id,
            customer_id=new.customer_id,
            team_id=new.team_id,
            is_proved=new.is_proved,
        )
    )
    say_news(chat.pk, is_place=True)
    return chat.pk


@act
def join(*, chat_id: int, secret_hash: str, at: datetime) -> None:
    """Let another browser of the same visitor into a chat; who they are is settled before. Raises ChatNotFound."""
    chat = locked(chat_id)
    Session.objects.bulk_create([Session(chat=chat, secret_hash=secret_hash, begun_at=at)], ignore_conflicts=True)


@act
def held_for_words(words: Sequence[NextWord]) -> dict[int, HeldChat]:
    """Lock chats, each for its next word, and return by chat how it stands; one that is gone is left out.

    words: at most one of each chat.
    """
    chat_ids = [word.chat_id for word in words]
    chats = {chat_id: facts for chat_id, *facts in ask(_HELD, [chat_ids])}
    marks = [mark for word in words for mark in (word.mark, word.previous)]
    said = {(chat_id, mark): message_id for chat_id, mark, message_id in ask(_SAID, [chat_ids, marks])}
    held = {}
    for word in words:
        if word.chat_id in chats:
            state, visitor_silence_s, agent_silence_s, mail_after_s = chats[word.chat_id]
            known = said.get((word.chat_id, word.mark))
            held[word.chat_id] = HeldChat(
                id=word.chat_id,
                mark=word.mark,
                known=known,
                is_early=known is None and bool(word.previous) and (word.chat_id, word.previous) not in said,
                state=state,
                visitor_silence_s=visitor_silence_s,
                agent_silence_s=agent_silence_s,
                mail_after_s=mail_after_s,
            )
    return held


def refuse_early(held: HeldChat) -> None:
    """Refuse a word that has overtaken the one before it. Raises EarlierMissing."""
    if held.is_early:
        raise EarlierMissing(_("An earlier message has not arrived yet. Send that one first."))


@act
def visitors_said(said: Mapping[HeldChat, int], *, at: datetime) -> None:
    """Note words of visitors, in the act that writes them: no chat is silent any more, its agent is to answer in time.

    said: the message by the chat that is held for it.
    """
    Said.objects.bulk_create(
        [Said(chat_id=held.id, mark=held.mark, message_id=message_id) for held, message_id in said.items()]
    )
    # Under the chat's lock each message is later than all before it.
    ask(_READ, [[held.id for held in said], list(said.values())])
    due_at = {held.id: at + timedelta(seconds=held.agent_silence_s) for held in said if held.state == State.ACTIVE}
    clear_timers(VISITOR_SILENT, WORDS_UNREAD, subject_ids=due_at)
    set_timers(kind=ANSWER_DUE, due_at=due_at)
    say_news(*(held.id for held in said))


@act
def agent_said(held: HeldChat, *, message_id: int, actor: Actor, at: datetime) -> None:
    """Note a word of ours, in the act that writes it: from now on the visitor may be silent, or gone.

    Raises MayNotChat, NotYourChat.
    """
    refuse_unless_in(locked(held.id), actor)
    Said.objects.create(chat_id=held.id, mark=held.mark, message_id=message_id)
    Chat.objects.filter(pk=held.id).update(agent_read_id=message_id)
    clear_timer(ANSWER_DUE, subject_id=held.id)
    set_timer(kind=VISITOR_SILENT, subject_id=held.id, due_at=at + timedelta(seconds=held.visitor_silence_s))
    set_timer(kind=WORDS_UNREAD, subject_id=held.id, due_at=at + timedelta(seconds=held.mail_after_s))
    say_news(held.id)
