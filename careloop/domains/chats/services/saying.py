"""Words of a chat: each kept once, in the order in which its writer sent them (docs/reasons/chat.md)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.errors import EarlierMissing
from careloop.domains.chats.events import ChatStarted
from careloop.domains.chats.models import Chat, Said, Session
from careloop.domains.chats.news import say_news
from careloop.domains.chats.services.course import ANSWER_DUE, VISITOR_SILENT, WORDS_UNREAD
from careloop.domains.chats.services.locking import about, locked, refuse_unless_in
from careloop.domains.chats.states import State
from careloop.domains.chats.types import NewChat
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["agent_said", "held_for_words", "join", "note_mark", "start", "visitor_said"]


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
    say_news(chat_id=chat.pk, is_place=True)
    return chat.pk


@act
def join(*, chat_id: int, secret_hash: str, at: datetime) -> None:
    """Let another browser of the same visitor into a chat; who they are is settled before. Raises ChatNotFound."""
    chat = locked(chat_id)
    Session.objects.bulk_create([Session(chat=chat, secret_hash=secret_hash, begun_at=at)], ignore_conflicts=True)


@act
def held_for_words(*, chat_id: int, mark: str, previous: str) -> int | None:
    """Lock a chat for the next word, and return the message that its mark made already, or None for a new one.

    previous: the mark of the word that the same writer sent before; empty for their first.

    Raises ChatNotFound, EarlierMissing when that one has not arrived yet.
    """
    chat = locked(chat_id)
    marks = dict(Said.objects.filter(chat=chat, mark__in=[mark, previous]).values_list("mark", "message_id"))
    if mark in marks:
        return marks[mark]
    if previous and previous not in marks:
        raise EarlierMissing(_("An earlier message has not arrived yet. Send that one first."))
    return None


@act
def note_mark(*, chat_id: int, mark: str, message_id: int) -> None:
    """Note by which mark a message was sent, in the act that writes it."""
    Said.objects.create(chat_id=chat_id, mark=mark, message_id=message_id)
    say_news(chat_id=chat_id)


@act
def visitor_said(*, chat_id: int, message_id: int, at: datetime) -> None:
    """Note a word of the visitor's: the chat is not silent any more, and its agent is to answer in time."""
    chat = locked(chat_id)
    _read_up_to(chat, visitor=message_id)
    if chat.state != State.ACTIVE:
        return
    clear_timer(kind=VISITOR_SILENT, subject_id=chat_id)
    clear_timer(kind=WORDS_UNREAD, subject_id=chat_id)
    set_timer(kind=ANSWER_DUE, subject_id=chat_id, due_at=at + timedelta(seconds=chat.widget.agent_silence_s))


@act
def agent_said(*, chat_id: int, message_id: int, actor: Actor, at: datetime) -> None:
    """Note a word of ours: from now on the visitor may be silent, or gone. Raises ChatNotFound, MayNotChat, NotYourChat."""
    chat = locked(chat_id)
    refuse_unless_in(chat, actor)
    _read_up_to(chat, agent=message_id)
    clear_timer(kind=ANSWER_DUE, subject_id=chat_id)
    set_timer(kind=VISITOR_SILENT, subject_id=chat_id, due_at=at + timedelta(seconds=chat.widget.visitor_silence_s))
    set_timer(kind=WORDS_UNREAD, subject_id=chat_id, due_at=at + timedelta(seconds=chat.widget.mail_after_s))


def _read_up_to(chat: Chat, *, visitor: int = 0, agent: int = 0) -> None:
    chat.visitor_read_id = max(chat.visitor_read_id, visitor)
    chat.agent_read_id = max(chat.agent_read_id, agent)
    chat.save(update_fields=["visitor_read_id", "agent_read_id"])
