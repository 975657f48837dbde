"""What becomes of a chat by itself: silence ends it or gives it back, and what nobody stayed to read goes out by mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import conversations_of
from careloop.domains.channels.queries import mailbox
from careloop.domains.chats import services as chats
from careloop.domains.chats.queries import chat_of_conversation, chat_row, marked_messages
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow
from careloop.domains.contacts import services as contacts
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows, messages_by_id, newest_mail
from careloop.domains.conversations.types import Author, MessageRow, Outbound
from careloop.domains.customers.queries import addresses_of, rows_of
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded
from careloop.processes.answering.envelopes import answer_envelope
from careloop.processes.hands import assign
from careloop.processes.workspace import outgoing_mailbox_id, workspace_facts

__all__ = [
    "end_chat",
    "end_with_case",
    "mail_call_promised",
    "mail_kept",
    "mail_transcript",
    "mail_unread",
    "ring_answer_due",
    "ring_nobody_came",
    "ring_visitor_silent",
]

MAILING: Final = Actor(kind=ActorKind.HOUSE, name="chat_mail")


@act
def end_chat(*, chat: ChatRow, by: EndedBy, actor: Actor, at: datetime) -> None:
    """End a chat, and with it the contact; what we said last and nobody read is mailed.

    Raises ChatNotFound, ChatEnded; for agents MayNotChat, NotYourChat.
    """
    chats.end(chat_id=chat.id, by=by, actor=actor, at=at)
    # Only who wrapped a chat up has answered it by deed.
    ender = actor if by == EndedBy.AGENT else HOUSE
    contacts.matter_solved(conversation_ids=[chat.conversation_id], actor=ender, at=at)
    mail_unread(chat_id=chat.id, at=at)


def ring_visitor_silent(chat_id: int, at: datetime) -> None:
    """End a chat whose visitor did not answer; the case waits for them as after any answer of ours."""
    chat = _held(chat_id)
    if chat.state == State.ACTIVE:
        end_chat(chat=chat, by=EndedBy.SILENCE, actor=HOUSE, at=at)


def ring_answer_due(chat_id: int, at: datetime) -> None:
    """Let a chat wait for somebody else whose agent did not answer in time."""
    chat = _held(chat_id)
    if chats.release_silent(chat_id=chat_id, at=at):
        assign(case_id=chat.case_id, assignee_id=None, team_id=chat.team_id, actor=HOUSE, at=at)


def ring_nobody_came(chat_id: int, at: datetime) -> None:
    """End a wait in which nobody came; the visitor reads so there and in a mail, and the case is answered like any other."""
    chat = _held(chat_id)
    if chat.state != State.WAITING:
        return
    end_chat(chat=chat, by=EndedBy.NOBODY, actor=HOUSE, at=at)
    with translation.override(_language_of(chat)):
        opening = _(
            "Hello %(name)s,\n\nnobody of us could come to the chat in time, and we are sorry.\n\n"
            "What you wrote has arrived; its number is %(number)s. We answer by mail."
        )
        text = "\n\n".join([opening % _named(chat), _("Answer this mail, and we go on from here.")])
    _mail(chat, text, at=at)


@act
def mail_kept(*, chat: ChatRow, at: datetime) -> None:
    """Mail a visitor who did not want to wait that what they wrote is kept, and answered by mail."""
    with translation.override(_language_of(chat)):
        opening = _(
            "Hello %(name)s,\n\nwhat you wrote in the chat has arrived; its number is %(number)s. We answer by mail."
        )
        text = "\n\n".join([opening % _named(chat), _("Answer this mail, and we go on from here.")])
    _mail(chat, text, at=at)


@act
def mail_call_promised(*, chat: ChatRow, due_at: datetime, at: datetime) -> None:
    """Mail a visitor who would rather be called until when we call them."""
    by = localtime(due_at, ZoneInfo(workspace_facts().settings.time_zone))
    with translation.override(_language_of(chat)):
        opening = _(
            "Hello %(name)s,\n\nwhat you wrote in the chat has arrived; its number is %(number)s. We call you by %(when)s."
        )
        said = {**_named(chat), "when": date_format(by, "DATETIME_FORMAT")}
        text = "\n\n".join([opening % said, _("Answer this mail, and we go on from here.")])
    _mail(chat, text, at=at)


@act
def mail_unread(*, chat_id: int, at: datetime) -> None:
    """Mail the visitor those of our words that they did not stay to read; each once, in one mail.

    An answer to it joins the conversation like any mail.
    """
    chat = chat_row(chat_id)
    behind = max(chat.visitor_read_id, chat.mailed_id)
    unread = [row for row in _said(chat, after=behind) if row.author == Author.AGENT]
    if not unread:
        return
    with translation.override(_language_of(chat)):
        opening = _("Hello %(name)s,\n\nyou were away when we answered in the chat:") % {"name": chat.customer}
        closing = _("Answer this mail, and we go on from here.")
        text = "\n\n".join([opening, *(f"{row.writer}: {_shown(row)}" for row in unread), closing])
    if _mail(chat, text, at=at):
        chats.note_mailed(chat_id=chat.id, message_id=unread[-1].id)


@act
def mail_transcript(*, chat: ChatRow, at: datetime) -> None:
    """Mail the visitor what was said."""
    with translation.override(_language_of(chat)):
        opening = _("Hello %(name)s,\n\nthis is what we said in the chat:") % {"name": chat.customer}
        closing = _("Answer this mail, and we go on from here.")
        told = [f"{localtime(row.at):%H:%M} {row.writer}: {_shown(row)}" for row in _said(chat, after=0)]
        text = "\n\n".join([opening, "\n".join(told), closing])
    _mail(chat, text, at=at)


def end_with_case(recorded: Sequence[Recorded]) -> None:
    """End the chats of cases that were solved or closed elsewhere than in the chat."""
    for one in recorded:
        for link in conversations_of(one.subject_id):
            chat = chat_of_conversation(link.conversation_id)
            # One that began meanwhile in the same conversation does not exist: a conversation is one chat.
            if chat is not None and chat.case_id == one.subject_id and chat.state != State.ENDED:
                end_chat(chat=chat, by=EndedBy.AGENT, actor=HOUSE, at=one.event.at)


def _held(chat_id: int) -> ChatRow:
    # Cases are locked before chats, and chats before conversations, by everybody.
    cases.hold_open_cases(conversation_ids=[chat_row(chat_id).conversation_id])
    return chat_row(chat_id)


def _said(chat: ChatRow, *, after: int) -> list[MessageRow]:
    ids = marked_messages({chat.id: after})[chat.id]
    rows = messages_by_id(ids)
    return [rows[message_id] for message_id in ids if message_id in rows]


def _named(chat: ChatRow) -> dict[str, str | int]:
    return {"name": chat.customer, "number": chat.case_number}


def _shown(row: MessageRow) -> str:
    return row.text.strip() or _("(a file)")


def _language_of(chat: ChatRow) -> str:
    return rows_of([chat.customer_id])[chat.customer_id].language or chat.language


def _mail(chat: ChatRow, text: str, *, at: datetime) -> bool:
    """Send a word of the house about a chat through the ordinary way of mail; False where there is no way."""
    conversation = conversation_rows([chat.conversation_id])[chat.conversation_id]
    mailbox_id = conversation.mailbox_id or outgoing_mailbox_id()
    addresses = addresses_of(chat.customer_id)[:1]
    if mailbox_id is None or not addresses:
        return False
    box, facts = mailbox(mailbox_id), workspace_facts()
    letter = Outbound(
        conversation_id=conversation.id,
        author_name=box.sender_name,
        text=f"{text}\n\n{box.sender_name}",
        is_auto=True,
        mail=answer_envelope(
            newest=newest_mail(conversation.id),
            subject_line=conversation.subject,
            mailbox=box,
            sender_name=box.sender_name,
            to=addresses,
            cc=(),
            bcc=(),
        ),
        at=at,
    )
    conversations.write([letter], may_send=facts.may_send, hold_seconds=0, actor=MAILING)
    return True
