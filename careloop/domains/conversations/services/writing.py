"""Words into a conversation: theirs and ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from careloop.domains.conversations.errors import MessageEmpty, MessageNotFound
from careloop.domains.conversations.events import ConversationStarted, DeliveryChanged, MessageReceived, MessageWritten
from careloop.domains.conversations.models import Attachment, Conversation, Delivery, Mail, Message
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import AttachedFile, Author, MailFacts
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.text import document
from careloop.kernel.timers import set_timer

__all__ = ["DISPATCH", "keep_sent", "receive", "start", "write"]

DISPATCH = "message.dispatch"
"""The timer that ends the time in which a message can be taken back."""


@act
def start(
    *,
    channel: str,
    audience: str,
    customer_id: int,
    mailbox_id: int | None,
    subject_line: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Begin a conversation and return its id.

    customer_id: whom it is with; for a third party, the customer record of that party.
    mailbox_id: the mailbox answers leave through; None where nothing is mailed.

    Records ConversationStarted.
    """
    conversation = Conversation.objects.create(
        channel=channel,
        audience=audience,
        customer_id=customer_id,
        mailbox_id=mailbox_id,
        subject=subject_line[:500],
        started_at=at,
        last_message_at=at,
    )
    record(
        ConversationStarted(
            subject=subject("conversation", conversation.pk),
            actor=str(actor),
            at=at,
            channel=channel,
            audience=audience,
            customer_id=customer_id,
        )
    )
    return conversation.pk


@act
def receive(
    *,
    conversation_id: int,
    author: str,
    author_name: str,
    customer_id: int,
    text: str,
    quoted: str = "",
    html: str = "",
    is_auto: bool = False,
    warnings: Sequence[str] = (),
    mail: MailFacts | None = None,
    files: Sequence[AttachedFile] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Add a word from outside to a conversation and return the message's id.

    author: `customer` or `third_party`. customer_id: who wrote it.
    at: the provider's time; it places the message among the others.

    Raises MessageNotFound for an unknown conversation. Records MessageReceived.
    """
    conversation = _conversation(conversation_id)
    message = Message.objects.create(
        conversation=conversation,
        author=author,
        customer_id=customer_id,
        at=at,
        is_auto=is_auto,
        warnings=list(warnings),
        text=text,
        quoted=quoted,
        html=html,
        search=document(f"{conversation.subject} {author_name} {text}"),
    )
    _keep_mail(message, mail)
    _attach(message, files)
    _touch(conversation, at)
    record(
        MessageReceived(
            subject=subject("conversation", conversation.pk),
            actor=str(actor),
            at=at,
            message_id=message.pk,
            author=author,
            customer_id=customer_id,
            is_auto=is_auto,
            channel=conversation.channel,
            audience=conversation.audience,
        )
    )
    return message.pk


@act
def write(
    *,
    conversation_id: int,
    author_name: str,
    text: str,
    html: str,
    mail: MailFacts | None,
    files: Sequence[AttachedFile] = (),
    is_auto: bool,
    may_send: bool,
    hold_seconds: int,
    actor: Actor,
    at: datetime,
) -> int:
    """Add a word of ours to a conversation and return the message's id.

    mail: how it goes out; None for a message that is only read in the portal.
    may_send: whether this workspace's mail reaches the wire at all; demo workspaces keep it.
    hold_seconds: how long it can be taken back before it leaves; 0 lets it go at once.

    Raises MessageEmpty, MessageNotFound. Records MessageWritten; sets the timer that lets it go.
    """
    if not text.strip() and not files:
        raise MessageEmpty(_("Write something, or attach a file."))
    conversation = _conversation(conversation_id)
    message = Message.objects.create(
        conversation=conversation,
        author=Author.AGENT if actor.user_id else Author.HOUSE,
        user_id=actor.user_id,
        at=at,
        is_auto=is_auto,
        text=text,
        html=html,
        search=document(f"{conversation.subject} {author_name} {text}"),
    )
    _keep_mail(message, mail)
    _attach(message, files)
    if mail is not None:
        state = _first_state(may_send=may_send, is_held=hold_seconds > 0)
        Delivery.objects.create(message=message, state=state, changed_at=at)
        if state is DeliveryState.SCHEDULED:
            set_timer(kind=DISPATCH, subject_id=message.pk, due_at=at + timedelta(seconds=hold_seconds))
    _touch(conversation, at)
    record(
        MessageWritten(
            subject=subject("conversation", conversation.pk),
            actor=str(actor),
            at=at,
            message_id=message.pk,
            author=message.author,
            user_id=actor.user_id,
            is_auto=is_auto,
            channel=conversation.channel,
            audience=conversation.audience,
        )
    )
    if mail is not None and state is DeliveryState.QUEUED:
        record(
            DeliveryChanged(
                subject=subject("conversation", conversation.pk),
                actor=str(actor),
                at=at,
                message_id=message.pk,
                was="",
                now=state,
                detail="",
            )
        )
    return message.pk


@act
def keep_sent(
    *,
    conversation_id: int,
    author_name: str,
    text: str,
    quoted: str,
    html: str,
    mail: MailFacts,
    files: Sequence[AttachedFile] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Add a word of ours that left long ago by another program, and return the message's id.

    author_name: who signed it then. Nothing is sent: it counts as sent at that time.

    Raises MessageNotFound. Records MessageWritten.
    """
    conversation = _conversation(conversation_id)
    message = Message.objects.create(
        conversation=conversation,
        author=Author.AGENT,
        at=at,
        text=text,
        quoted=quoted,
        html=html,
        search=document(f"{conversation.subject} {author_name} {text}"),
    )
    _keep_mail(message, mail)
    _attach(message, files)
    Delivery.objects.create(message=message, state=DeliveryState.SENT, changed_at=at)
    _touch(conversation, at)
    record(
        MessageWritten(
            subject=subject("conversation", conversation.pk),
            actor=str(actor),
            at=at,
            message_id=message.pk,
            author=message.author,
            user_id=None,
            is_auto=False,
            channel=conversation.channel,
            audience=conversation.audience,
        )
    )
    return message.pk


def _first_state(*, may_send: bool, is_held: bool) -> DeliveryState:
    if not may_send:
        return DeliveryState.NOT_SENT
    return DeliveryState.SCHEDULED if is_held else DeliveryState.QUEUED


def _conversation(conversation_id: int) -> Conversation:
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    if conversation is None:
        raise MessageNotFound(_("There is no such conversation."))
    return conversation


def _touch(conversation: Conversation, at: datetime) -> None:
    if at > conversation.last_message_at:
        conversation.last_message_at = at
        conversation.save(update_fields=["last_message_at"])


def _keep_mail(message: Message, mail: MailFacts | None) -> None:
    if mail is not None:
        Mail.objects.create(
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


def _attach(message: Message, files: Sequence[AttachedFile]) -> None:
    if files:
        Attachment.objects.bulk_create(
            [
                Attachment(message=message, file_id=f.file_id, content_id=f.content_id[:300], is_inline=f.is_inline)
                for f in files
            ]
        )
