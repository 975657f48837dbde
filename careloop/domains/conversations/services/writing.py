"""Words into a conversation: theirs and ours."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.errors import MessageEmpty, MessageNotFound
from careloop.domains.conversations.events import ConversationStarted, DeliveryChanged, MessageReceived, MessageWritten
from careloop.domains.conversations.models import Attachment, Conversation, Delivery, Mail, Message, Text
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Author, Inbound, MailFacts, NewConversation, Outbound
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, record_all, subject
from careloop.kernel.statements import Asked, Statement, ask
from careloop.kernel.text import document
from careloop.kernel.timers import set_timer

__all__ = ["DISPATCH", "keep_sent", "receive", "start", "write"]

DISPATCH = "message.dispatch"
"""The timer that ends the time in which a message can be taken back."""


@act
def start(new: Sequence[NewConversation], *, actor: Actor) -> list[int]:
    """Begin conversations and return their ids, in the order given. Records ConversationStarted for each."""
    made = Conversation.objects.bulk_create(
        [
            Conversation(
                channel=one.channel,
                audience=one.audience,
                customer_id=one.customer_id,
                mailbox_id=one.mailbox_id,
                messenger_id=one.messenger_id,
                peer=one.peer[:40],
                is_test=one.is_test,
                subject=one.subject_line[:500],
                started_at=one.at,
                last_message_at=one.at,
            )
            for one in new
        ]
    )
    record_all(
        [
            ConversationStarted(
                subject=subject("conversation", conversation.pk),
                actor=str(actor),
                at=conversation.started_at,
                channel=conversation.channel,
                audience=conversation.audience,
                customer_id=conversation.customer_id,
                is_test=conversation.is_test,
            )
            for conversation in made
        ]
    )
    return [conversation.pk for conversation in made]


@act
def receive(words: Sequence[Inbound], *, actor: Actor) -> list[int]:
    """Add words from outside to their conversations and return the messages' ids, in the order given.

    Raises MessageNotFound for an unknown conversation. Records MessageReceived for each.
    """
    conversations = _locked([word.conversation_id for word in words])
    made = _made(
        words,
        [
            Message(
                conversation=conversations[word.conversation_id],
                author=word.author,
                customer_id=word.customer_id,
                at=word.at,
                is_auto=word.is_auto,
                warnings=list(word.warnings),
                text=word.text,
                quoted=word.quoted,
                html=word.html,
            )
            for word in words
        ],
    )
    record_all(
        [
            MessageReceived(
                subject=subject("conversation", message.conversation_id),
                actor=str(word.by or actor),
                at=message.at,
                message_id=message.pk,
                author=message.author,
                customer_id=word.customer_id,
                is_auto=message.is_auto,
                channel=message.conversation.channel,
                audience=message.conversation.audience,
            )
            for word, message in zip(words, made, strict=True)
        ]
    )
    return [message.pk for message in made]


@act
def write(words: Sequence[Outbound], *, may_send: bool, hold_seconds: int, actor: Actor) -> list[int]:
    """Add words of ours to their conversations and return the messages' ids, in the order given.

    may_send: whether what this workspace sends reaches the wire at all; demo workspaces keep it. So does a
        conversation in which somebody of ours plays the customer, whatever is said here.
    hold_seconds: how long they can be taken back before they leave; 0 lets them go at once.

    Raises MessageEmpty, MessageNotFound. Records MessageWritten for each; sets the timers that let them go.
    """
    if not all(word.text.strip() or word.files for word in words):
        raise MessageEmpty(_("Write something, or attach a file."))
    conversations = _locked([word.conversation_id for word in words])
    made = _made(
        words,
        [
            Message(
                conversation=conversations[word.conversation_id],
                author=Author.AGENT if actor.user_id else Author.HOUSE,
                user_id=actor.user_id,
                at=word.at,
                is_auto=word.is_auto,
                text=word.text,
                html=word.html,
            )
            for word in words
        ],
    )
    mailed = [
        message for word, message in zip(words, made, strict=True) if word.mail is not None or word.texted is not None
    ]
    states = {
        message.pk: _first_state(may_send=may_send and not message.conversation.is_test, is_held=hold_seconds > 0)
        for message in mailed
    }
    Delivery.objects.bulk_create(
        [Delivery(message=message, state=states[message.pk], changed_at=message.at) for message in mailed]
    )
    for message in mailed:
        if states[message.pk] is DeliveryState.SCHEDULED:
            set_timer(kind=DISPATCH, subject_id=message.pk, due_at=message.at + timedelta(seconds=hold_seconds))
    for message in made:
        record(_written(message, actor))
        state = states.get(message.pk)
        if state is DeliveryState.QUEUED:
            record(
                DeliveryChanged(
                    subject=subject("conversation", message.conversation_id),
                    actor=str(actor),
                    at=message.at,
                    message_id=message.pk,
                    was="",
                    now=state,
                    detail="",
                )
            )
    return [message.pk for message in made]


@act
def keep_sent(word: Outbound, *, quoted: str, actor: Actor) -> int:
    """Add a word of ours that left long ago by another program, and return the message's id.

    word: as it was sent then; nothing is sent now, it counts as sent at that time. quoted: what it quoted.

    Raises MessageNotFound. Records MessageWritten.
    """
    conversation = _locked([word.conversation_id])[word.conversation_id]
    (message,) = _made(
        [word],
        [
            Message(
                conversation=conversation,
                author=Author.AGENT,
                at=word.at,
                text=word.text,
                quoted=quoted,
                html=word.html,
            )
        ],
    )
    Delivery.objects.create(message=message, state=DeliveryState.SENT, changed_at=word.at)
    record(_written(message, actor))
    return message.pk


def _written(message: Message, actor: Actor) -> MessageWritten:
    return MessageWritten(
        subject=subject("conversation", message.conversation_id),
        actor=str(actor),
        at=message.at,
        message_id=message.pk,
        author=message.author,
        user_id=message.user_id,
        is_auto=message.is_auto,
        channel=message.conversation.channel,
        audience=message.conversation.audience,
    )


def _first_state(*, may_send: bool, is_held: bool) -> DeliveryState:
    if not may_send:
        return DeliveryState.NOT_SENT
    return DeliveryState.SCHEDULED if is_held else DeliveryState.QUEUED


_LOCKED: Final = Statement(
    lambda: Conversation.objects.select_for_update().filter(pk__among=Asked("conversation_ids")).order_by("pk").values()
)


def _locked(conversation_ids: Collection[int]) -> dict[int, Conversation]:
    # In one order, so that two who lock several never wait for each other.
    found = _LOCKED.as_models(Conversation, conversation_ids=list(conversation_ids))
    conversations = {conversation.pk: conversation for conversation in found}
    if not conversations.keys() >= set(conversation_ids):
        raise MessageNotFound(_("There is no such conversation."))
    return conversations


def _made(words: Sequence[Inbound | Outbound], messages: Sequence[Message]) -> list[Message]:
    """Save messages of locked conversations with their search words, their outsides and their files."""
    for word, message in zip(words, messages, strict=True):
        message.search = document(f"{message.conversation.subject} {word.author_name} {word.text}")
    made = Message.objects.bulk_create(messages)
    pairs = list(zip(words, made, strict=True))
    Mail.objects.bulk_create([_mail(message, word.mail) for word, message in pairs if word.mail is not None])
    Text.objects.bulk_create(
        [
            Text(message=message, provider_id=word.texted.provider_id[:80], segment_count=word.texted.segment_count)
            for word, message in pairs
            if word.texted is not None
        ]
    )
    Attachment.objects.bulk_create(
        [
            Attachment(
                message=message, file_id=file.file_id, content_id=file.content_id[:300], is_inline=file.is_inline
            )
            for word, message in pairs
            for file in word.files
        ]
    )
    newest: dict[int, datetime] = {}
    for message in made:
        if message.at > message.conversation.last_message_at:
            message.conversation.last_message_at = newest[message.conversation_id] = message.at
    if newest:
        ask(_TOUCHED, [list(newest.keys()), list(newest.values())])
    return made


_TOUCHED: Final = """
UPDATE conversations_conversation one SET last_message_at = newest.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS newest (id, at) WHERE one.id = newest.id RETURNING one.id
"""


def _mail(message: Message, mail: MailFacts) -> Mail:
    return Mail(
        message=message,
        rfc_message_id=mail.rfc_message_id[:500],
        references=[reference[:500] for reference in mail.references],
        subject=mail.subject[:500],
        from_name=mail.from_name[:200],
        from_address=mail.from_address[:320],
        reply_to=mail.reply_to[:320],
        to=[address[:320] for address in mail.to],
        cc=[address[:320] for address in mail.cc],
        bcc=[address[:320] for address in mail.bcc],
        spf=mail.spf,
        dkim=mail.dkim,
        dmarc=mail.dmarc,
        is_answerable=mail.is_answerable,
    )
