"""Words of a chat: each kept once, in the order in which its writer sent them (docs/reasons/chat.md)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from careloop.domains.chats.errors import EarlierMissing
from careloop.domains.chats.events import ChatStarted
from careloop.domains.chats.models import Chat, Said, Session
from careloop.domains.chats.news import say_news
from careloop.domains.chats.services.course import ANSWER_DUE, VISITOR_SILENT, WORDS_UNREAD, watch_wait
from careloop.domains.chats.services.locking import about, locked, refuse_unless_in
from careloop.domains.chats.states import State
from careloop.domains.chats.types import HeldChat, NewChat
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["agent_said", "held_for_words", "join", "start", "visitor_said"]


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
    say_news(chat_id=chat.pk, is_place=True)
    return chat.pk


@act
def join(*, chat_id: int, secret_hash: str, at: datetime) -> None:
    """Let another browser of the same visitor into a chat; who they are is settled before. Raises ChatNotFound."""
    chat = locked(chat_id)
    Session.objects.bulk_create([Session(chat=chat, secret_hash=secret_hash, begun_at=at)], ignore_conflicts=True)


@act
def held_for_words(*, chat_id: int, mark: str, previous: str) -> HeldChat:
    """Lock a chat for the next word, and return how it stands.

    previous: the mark of the word that the same writer sent before; empty for their first.

    Raises ChatNotFound, EarlierMissing when that one has not arrived yet.
    """
    chat = locked(chat_id)
    marks = dict(Said.objects.filter(chat=chat, mark__in=[mark, previous]).values_list("mark", "message_id"))
    if mark not in marks and previous and previous not in marks:
        raise EarlierMissing(_("An earlier message has not arrived yet. Send that one first."))
    return HeldChat(
        id=chat.pk,
        known=marks.get(mark),
        state=chat.state,
        visitor_silence_s=chat.widget.visitor_silence_s,
        agent_silence_s=chat.widget.agent_silence_s,
        mail_after_s=chat.widget.mail_after_s,
    )


@act
def visitor_said(held: HeldChat, *, mark: str, message_id: int, at: datetime) -> None:
    """Note a word of the visitor's, in the act that writes it: the chat is not silent any more, its agent is to answer in time."""
    Said.objects.create(chat_id=held.id, mark=mark, message_id=message_id)
    # Under the chat's lock each message is later than all before it.
    Chat.objects.filter(pk=held.id).update(visitor_read_id=message_id)
    if held.state == State.ACTIVE:
        clear_timer(VISITOR_SILENT, WORDS_UNREAD, subject_id=held.id)
        set_timer(kind=ANSWER_DUE, subject_id=held.id, due_at=at + timedelta(seconds=held.agent_silence_s))
    say_news(chat_id=held.id)


@act
def agent_said(held: HeldChat, *, mark: str, message_id: int, actor: Actor, at: datetime) -> None:
    """Note a word of ours, in the act that writes it: from now on the visitor may be silent, or gone.

    Raises MayNotChat, NotYourChat.
    """
    refuse_unless_in(locked(held.id), actor)
    Said.objects.create(chat_id=held.id, mark=mark, message_id=message_id)
    Chat.objects.filter(pk=held.id).update(agent_read_id=message_id)
    clear_timer(ANSWER_DUE, subject_id=held.id)
    set_timer(kind=VISITOR_SILENT, subject_id=held.id, due_at=at + timedelta(seconds=held.visitor_silence_s))
    set_timer(kind=WORDS_UNREAD, subject_id=held.id, due_at=at + timedelta(seconds=held.mail_after_s))
    say_news(chat_id=held.id)
