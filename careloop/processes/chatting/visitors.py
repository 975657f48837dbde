"""What a visitor does: begins a chat, writes in it, comes back, leaves."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import CustomerWord
from careloop.domains.chats import services as chats
from careloop.domains.chats.errors import ChatEnded, ChatNotFound, ChatTaken
from careloop.domains.chats.queries import chat_of_secret, chat_row, open_chat_of_customer
from careloop.domains.chats.states import EndedBy, State
from careloop.domains.chats.types import ChatRow, HeldChat, NewChat, NextWord, WidgetRow
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.services import Word
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.errors import MessageEmpty
from careloop.domains.conversations.queries import newest_message_id, received_since
from careloop.domains.conversations.types import AttachedFile, Author, Channel, Inbound
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.files.queries import file_row
from careloop.domains.files.services import attach_loose, keep_file
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act, attempt
from careloop.kernel.errors import Refusal, TooMany
from careloop.kernel.scope import current_workspace
from careloop.processes.answering import receive_request
from careloop.processes.answering.types import Words
from careloop.processes.chatting.after import end_chat, mail_kept, mail_transcript
from careloop.processes.chatting.identity import Proved
from careloop.processes.chatting.opening import refuse_if_closed, refuse_unless_agreed
from careloop.processes.workspace import quiet_time

__all__ = [
    "MOST_A_MINUTE",
    "MOST_CHARACTERS",
    "Beginning",
    "Utterance",
    "ask_for_mail",
    "keep_upload",
    "leave",
    "resume",
    "secret_hash",
    "start_chat",
    "visitor_says",
    "visitors_say",
]

WIDGET: Final = Actor(kind=ActorKind.HOUSE, name="chat")
MOST_A_MINUTE: Final = 30
"""Words of one visitor; a person who types writes fewer."""
MOST_CHARACTERS: Final = 4000
MOST_FILES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a visitor begins. secret: made by their browser. mark: by which it sends the first word.

    proved: who the site says they are; otherwise address and name as they said themselves. page: where they are.
    is_agreed: they agreed to the widget's notice, if it has one.
    """

    secret: str
    mark: str
    address: str
    name: str
    proved: Proved | None
    language: str
    page: str
    text: str
    is_agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A word of a visitor. mark: made by the browser, once for each. previous: the mark of the word before, or empty."""

    chat: ChatRow
    mark: str
    previous: str
    text: str
    file_ids: tuple[int, ...] = ()

    @property
    def writer(self) -> Actor:
        """Who says it."""
        return Actor(kind=ActorKind.CUSTOMER, id=self.chat.customer_id)


def secret_hash(secret: str) -> str:
    """Return what is kept of a browser's secret; it is random, so that one round of hashing is enough."""
    return hashlib.sha256(f"chat {secret}".encode()).hexdigest()


@act
def start_chat(beginning: Beginning, *, widget: WidgetRow, at: datetime) -> ChatRow:
    """Begin a chat with its first word: a conversation, a contact that waits, and a case.

    Asked twice with the same secret, as a browser does whose connection broke, it begins once.

    Raises ChatClosed, WidgetUnclear, AddressUnusable, MessageEmpty, TooMany.
    """
    try:
        return chat_of_secret(secret_hash(beginning.secret))
    except ChatNotFound:
        pass
    refuse_if_closed(widget, at=at)
    refuse_unless_agreed(widget, is_agreed=beginning.is_agreed)
    try:
        with attempt():
            return _begun(beginning, widget=widget, at=at)
    except IntegrityError:  # the same browser asked at the same moment, and was heard there
        return chat_of_secret(secret_hash(beginning.secret))


@act
def visitor_says(
    *, chat: ChatRow, mark: str, previous: str, text: str, file_ids: Sequence[int] = (), at: datetime
) -> int:
    """Add a visitor's word and return the message's id; the same mark again returns the same message.

    mark: made by the browser, once for each word. previous: the mark of the word it sent before, or empty.

    Raises ChatEnded, EarlierMissing, MessageEmpty, TooMany, FileNotFound.
    """
    word = Utterance(chat=chat, mark=mark, previous=previous, text=text, file_ids=tuple(file_ids))
    (answer,) = visitors_say([word], at=at)
    if isinstance(answer, Refusal):
        raise answer
    return answer


@act
def visitors_say(words: Sequence[Utterance], *, at: datetime) -> list[int | Refusal]:
    """Add words of visitors, as `visitor_says` does with one, and return to each its message's id or why it was refused."""
    answers: dict[int, int | Refusal] = {}
    left = dict(enumerate(words))
    while left:
        # Two words of one chat, from two devices, follow each other.
        firsts = {word.chat.id: number for number, word in reversed(left.items())}
        now = sorted(firsts.values())
        answers |= zip(now, _say([left.pop(number) for number in now], at=at), strict=True)
    return [answers[number] for number in range(len(words))]


def _say(words: Sequence[Utterance], *, at: datetime) -> list[int | Refusal]:
    """Add words, at most one of each chat."""
    conversation_ids = [word.chat.conversation_id for word in words]
    held_cases = cases.hold_open_cases(conversation_ids=conversation_ids)
    # What was read before the lock may be old by now.
    held = chats.held_for_words(
        [NextWord(chat_id=word.chat.id, mark=word.mark, previous=word.previous) for word in words]
    )
    counts = received_since(conversation_ids, since=at - timedelta(minutes=1))
    answers: dict[int, int | Refusal] = {}
    taken = []
    for word in words:
        try:
            known = _known(word, held, held_cases, counts)
        except Refusal as refusal:
            answers[word.chat.id] = refusal
            continue
        if known is None:
            taken.append(word)
        else:
            answers[word.chat.id] = known
    if taken:
        answers |= _written(taken, held, held_cases, at=at)
    return [answers[word.chat.id] for word in words]


def _known(
    word: Utterance, held: Mapping[int, HeldChat], held_cases: Mapping[int, int], counts: Mapping[int, int]
) -> int | None:
    """Return the message that a word is already, or None for one that may be written. Raises as `visitor_says`."""
    chat = held.get(word.chat.id)
    if chat is None:
        raise ChatNotFound(_("This chat is not here any more. Begin a new one."))
    if chat.known is not None:
        return chat.known
    chats.refuse_early(chat)
    if word.chat.conversation_id not in held_cases or chat.state == State.ENDED:
        raise ChatEnded(_("This chat is over. Begin a new one; we still have what was said."))
    with translation.override(word.chat.language):
        _usable(word.text, word.file_ids)
    if counts.get(word.chat.conversation_id, 0) >= MOST_A_MINUTE:
        raise TooMany(_("That was a lot at once. Wait a minute, then send the rest; nothing is lost."))
    if word.file_ids:
        with attempt():
            attach_loose(file_ids=list(word.file_ids), actor=word.writer)
    return None


def _written(
    words: Sequence[Utterance], held: Mapping[int, HeldChat], held_cases: Mapping[int, int], *, at: datetime
) -> dict[int, int]:
    """Write words that may be written, and return the message of each by chat."""
    said = [
        Inbound(
            conversation_id=word.chat.conversation_id,
            author=Author.CUSTOMER,
            author_name=word.chat.customer,
            customer_id=word.chat.customer_id,
            text=word.text,
            files=tuple(AttachedFile(file_id=file_id) for file_id in word.file_ids),
            at=at,
            by=word.writer,
        )
        for word in words
    ]
    message_ids = conversations.receive(said, actor=WIDGET)
    written = list(zip(words, message_ids, strict=True))
    chats.visitors_said({held[word.chat.id]: message_id for word, message_id in written}, at=at)
    in_cases = [
        CustomerWord(
            case_id=held_cases[word.chat.conversation_id],
            message_id=message_id,
            customer_id=word.chat.customer_id,
            actor=word.writer,
        )
        for word, message_id in written
    ]
    cases.customers_wrote(in_cases, at=at)
    in_contacts = [
        Word(
            conversation_id=word.chat.conversation_id,
            customer_id=word.chat.customer_id,
            channel=Channel.CHAT,
            team_id=word.chat.team_id,
            at=at,
            by=word.writer,
        )
        for word in words
    ]
    contacts.customers_wrote(in_contacts, quiet=quiet_time(), actor=WIDGET)
    return {word.chat.id: message_id for word, message_id in written}


@act
def resume(*, widget: WidgetRow, proved: Proved, secret: str, at: datetime) -> ChatRow:
    """Let another browser of a visitor whom the site has named into their open chat, and return it. Raises ChatNotFound."""
    customer_id = customer_of_address(proved.address)
    found = None if customer_id is None else open_chat_of_customer(widget_id=widget.id, customer_id=customer_id)
    if found is None:
        raise ChatNotFound(_("There is no open chat of yours. Begin a new one."))
    chats.join(chat_id=found.id, secret_hash=secret_hash(secret), at=at)
    return found


@act
def keep_upload(*, chat: ChatRow, name: str, declared_type: str, content: bytes, at: datetime) -> FileRow:
    """Keep a file that a visitor is about to send. Raises ChatEnded, FileTooLarge."""
    if chat.state == State.ENDED:
        raise ChatEnded(_("This chat is over. Begin a new one; we still have what was said."))
    file_id = keep_file(
        name=name,
        declared_type=declared_type,
        content=content,
        is_loose=True,
        actor=Actor(kind=ActorKind.CUSTOMER, id=chat.customer_id),
        at=at,
    )
    row = file_row(file_id)
    if row.width is not None:
        app.configure_task("preview_file").defer(workspace_id=current_workspace(), file_id=file_id)
    return row


@act
def leave(*, chat: ChatRow, wants_transcript: bool, at: datetime) -> None:
    """End a chat because its visitor says so, and mail them what was said if they wish; asked again, nothing more happens."""
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    if chat_row(chat.id).state != State.ENDED:
        writer = Actor(kind=ActorKind.CUSTOMER, id=chat.customer_id)
        end_chat(chat=chat, by=EndedBy.VISITOR, actor=writer, at=at)
    if wants_transcript and chats.want_transcript(chat_id=chat.id):
        mail_transcript(chat=chat, at=at)


@act
def ask_for_mail(*, chat: ChatRow, at: datetime) -> None:
    """End the wait of a visitor who would rather be answered by mail; asked again, nothing more happens.

    Raises ChatTaken when somebody has come meanwhile.
    """
    cases.hold_open_cases(conversation_ids=[chat.conversation_id])
    held = chat_row(chat.id)
    if held.state == State.ACTIVE:
        raise ChatTaken(_("Somebody has just come for you. Go on here."))
    if held.state == State.WAITING:
        end_chat(chat=held, by=EndedBy.VISITOR, actor=Actor(kind=ActorKind.CUSTOMER, id=held.customer_id), at=at)
        mail_kept(chat=held, at=at)


def _begun(beginning: Beginning, *, widget: WidgetRow, at: datetime) -> ChatRow:
    proved = beginning.proved
    words = Words(text=_usable(beginning.text, ()), html="")
    case_id = receive_request(
        channel=Channel.CHAT,
        address=proved.address if proved else beginning.address,
        name=proved.name if proved else beginning.name,
        language=beginning.language,
        subject_line="",
        words=words,
        team_id=widget.settings.team_id,
        mailbox_id=widget.settings.mailbox_id,
        actor=WIDGET,
        at=at,
    )
    (link,) = cases_queries.conversations_of(case_id)
    message_id = newest_message_id([link.conversation_id])
    if message_id is None:
        raise LookupError(f"Case {case_id} began without a word.")
    brief = cases_queries.case_briefs([case_id])[case_id]
    chats.start(
        NewChat(
            widget_id=widget.id,
            conversation_id=link.conversation_id,
            case_id=case_id,
            customer_id=brief.requester_id,
            team_id=widget.settings.team_id,
            language=beginning.language,
            page=beginning.page,
            is_proved=proved is not None,
            secret_hash=secret_hash(beginning.secret),
            mark=beginning.mark,
            message_id=message_id,
            at=at,
        ),
        actor=WIDGET,
    )
    chat = chat_of_secret(secret_hash(beginning.secret))
    writer = Actor(kind=ActorKind.CUSTOMER, id=chat.customer_id)
    chats.note_agreement(widget_id=widget.id, case_number=chat.case_number, actor=writer, at=at)
    return chat


def _usable(text: str, file_ids: Sequence[int]) -> str:
    if not text.strip() and not file_ids:
        raise MessageEmpty(_("Write something, or attach a file."))
    if len(text) > MOST_CHARACTERS or len(file_ids) > MOST_FILES:
        raise MessageEmpty(
            _("That is too long for one message. Send it in parts of at most %(count)d letters.")
            % {"count": MOST_CHARACTERS}
        )
    return text
