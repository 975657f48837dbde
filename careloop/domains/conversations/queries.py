"""Questions about conversations. Who may read a conversation is decided by the case it belongs to (cases/rules.py)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from careloop.domains.conversations.models import Attachment, Conversation, Delivery, Mail, Message, SavedReply
from careloop.domains.conversations.states import WORRYING, DeliveryState
from careloop.domains.conversations.types import (
    AttachedFile,
    Audience,
    Author,
    DeliveryRow,
    KnownMail,
    MailRow,
    MessageRow,
    OutgoingRow,
    SavedReplyRow,
)
from careloop.kernel.actors import Actor
from careloop.kernel.search import matching_ids

__all__ = [
    "ConversationRow",
    "automatic_words",
    "conversation_row",
    "conversation_rows",
    "files_of_messages",
    "find_messages",
    "known_mails",
    "message_row",
    "messages",
    "messages_by_id",
    "messages_of_customer",
    "messages_with_file",
    "newest_mail",
    "newest_mails",
    "newest_message_id",
    "outgoing",
    "received_since",
    "replies_known_to",
    "waiting_for_a_word",
    "worrying_messages",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    id: int
    channel: str
    audience: str
    customer_id: int
    mailbox_id: int | None
    subject: str


def conversation_row(conversation_id: int) -> ConversationRow | None:
    """Return a conversation, or None."""
    c = Conversation.objects.filter(pk=conversation_id).first()
    return None if c is None else _conversation_row(c)


def conversation_rows(conversation_ids: Iterable[int]) -> Mapping[int, ConversationRow]:
    """Return some conversations by id."""
    return {c.pk: _conversation_row(c) for c in Conversation.objects.filter(pk__in=set(conversation_ids))}


def messages(
    ranges: Sequence[tuple[int, int | None, int | None]],
    *,
    limit: int,
    before_id: int | None = None,
    for_customer: bool,
) -> list[MessageRow]:
    """Return the newest messages of some conversations, oldest first, in two queries.

    ranges: (conversation, first message or None, last message or None).
    before_id: only messages with a smaller id, for reading further back.
    for_customer: leave out what goes on with third parties and what was taken back.
    """
    found = _whole(_within(ranges))
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if for_customer:
        found = found.filter(conversation__audience=Audience.CUSTOMER).exclude(delivery__state=DeliveryState.RECALLED)
    newest = sorted(found.order_by("-pk")[:limit], key=lambda m: (m.at, m.pk))
    return _rows(newest)


def messages_by_id(message_ids: Collection[int]) -> dict[int, MessageRow]:
    """Return some messages, in two queries. Whether they may be read is settled before."""
    return {row.id: row for row in _rows(list(_whole(Message.objects.filter(pk__in=message_ids))))}


def messages_of_customer(
    *, customer_id: int, behind: tuple[datetime, int] | None, limit: int
) -> list[tuple[int, int, datetime]]:
    """Return (message, conversation, moment) of what was said with a customer, newest first.

    behind: (moment, message) of the last one seen; None begins with the newest.
    """
    found = Message.objects.filter(conversation__customer_id=customer_id, conversation__audience=Audience.CUSTOMER)
    if behind is not None:
        at, message_id = behind
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=message_id), at__lte=at)
    return list(found.order_by("-at", "-pk").values_list("pk", "conversation_id", "at")[:limit])


def message_row(message_id: int) -> MessageRow | None:
    """Return one message, or None."""
    rows = _rows(list(_whole(Message.objects.filter(pk=message_id))))
    return rows[0] if rows else None


def messages_with_file(file_id: int) -> list[int]:
    """Return the messages a file hangs on, the newest first."""
    return list(Attachment.objects.filter(file_id=file_id).order_by("-pk").values_list("message_id", flat=True)[:100])


def files_of_messages(message_ids: Collection[int]) -> set[int]:
    """Return the files that hang on some messages."""
    return set(Attachment.objects.filter(message_id__in=message_ids).values_list("file_id", flat=True))


def known_mails(rfc_message_ids: Collection[str]) -> list[KnownMail]:
    """Return the mails of ours and theirs that go by these Message-IDs, with everybody who took part in their conversations."""
    if not rfc_message_ids:
        return []
    found = list(
        Mail.objects.filter(rfc_message_id__in=list(rfc_message_ids)).values_list(
            "message_id", "message__conversation_id", "message__conversation__customer_id", "rfc_message_id"
        )
    )
    addresses: defaultdict[int, set[str]] = defaultdict(set)
    took_part = Mail.objects.filter(message__conversation_id__in={row[1] for row in found}).values_list(
        "message__conversation_id", "from_address", "to", "cc", "bcc", "message__warnings"
    )
    for conversation_id, from_address, to, cc, bcc, warnings in took_part:
        if "stranger_quotes_us" not in warnings:
            addresses[conversation_id].update([from_address, *to, *cc, *bcc])
    return [
        KnownMail(
            message_id=message_id,
            conversation_id=conversation_id,
            customer_id=customer_id,
            rfc_message_id=rfc_message_id,
            addresses=frozenset(addresses[conversation_id]),
        )
        for message_id, conversation_id, customer_id, rfc_message_id in found
    ]


def newest_mail(conversation_id: int) -> MailRow | None:
    """Return the last mail of a conversation that a person wrote and anybody got: what an answer refers to."""
    return newest_mails([conversation_id]).get(conversation_id)


def newest_mails(conversation_ids: Collection[int]) -> dict[int, MailRow]:
    """Return by conversation its `newest_mail`; one without any is left out."""
    mails = (
        Mail.objects.filter(message__conversation_id__in=conversation_ids, message__is_auto=False)
        .exclude(message__delivery__state__in=[DeliveryState.RECALLED, DeliveryState.FAILED])
        .order_by("message__conversation_id", "-message__at", "-message_id")
        .distinct("message__conversation_id")
        .annotate(conversation_id=F("message__conversation_id"))
    )
    return {mail.conversation_id: _mail_row(mail) for mail in mails}


def newest_message_id(conversation_ids: Collection[int]) -> int | None:
    """Return the id of the last word in some conversations that was not taken back, or None when there is none."""
    heard = Message.objects.filter(conversation_id__in=conversation_ids).exclude(delivery__state=DeliveryState.RECALLED)
    return heard.order_by("-pk").values_list("pk", flat=True).first()


def waiting_for_a_word(conversation_ids: Collection[int]) -> set[int]:
    """Return the conversations whose last word was a person's: not those where a machine spoke last, or nobody yet."""
    last_words = (
        Message.objects.filter(conversation_id__in=conversation_ids)
        .exclude(delivery__state=DeliveryState.RECALLED)
        .order_by("conversation_id", "-pk")
        .distinct("conversation_id")
        .values_list("conversation_id", "is_auto")
    )
    return {conversation_id for conversation_id, is_auto in last_words if not is_auto}


def outgoing(message_id: int) -> OutgoingRow | None:
    """Return everything that is needed to put a message on the wire, or None when it is not a mail."""
    mail = Mail.objects.select_related("message", "message__conversation").filter(message_id=message_id).first()
    delivery = Delivery.objects.filter(message_id=message_id).first()
    if mail is None or delivery is None or mail.message.conversation.mailbox_id is None:
        return None
    return OutgoingRow(
        message_id=message_id,
        conversation_id=mail.message.conversation_id,
        mailbox_id=mail.message.conversation.mailbox_id,
        at=mail.message.at,
        text=mail.message.text,
        html=mail.message.html,
        is_auto=mail.message.is_auto,
        attempts=delivery.attempts,
        accepted=tuple(delivery.accepted),
        mail=_mail_row(mail),
        files=tuple(_files([message_id]).get(message_id, ())),
    )


def automatic_words(customer_ids: Collection[int], *, since: datetime) -> dict[int, list[datetime]]:
    """Return by customer when automatic messages went to them since a moment."""
    moments: defaultdict[int, list[datetime]] = defaultdict(list)
    sent = Message.objects.filter(
        conversation__customer_id__in=customer_ids, author=Author.HOUSE, is_auto=True, at__gte=since
    )
    for customer_id, at in sent.values_list("conversation__customer_id", "at"):
        moments[customer_id].append(at)
    return moments


def received_since(conversation_ids: Collection[int], *, since: datetime) -> Mapping[int, int]:
    """Count the words from outside that conversations got since a moment, by conversation."""
    got = Message.objects.filter(conversation_id__in=conversation_ids, at__gte=since)
    return Counter(
        got.exclude(author__in=[Author.AGENT, Author.HOUSE]).values_list("conversation_id", flat=True)
        if conversation_ids
        else ()
    )


def worrying_messages(conversation_ids: Collection[int]) -> dict[int, str]:
    """Return the messages of some conversations that did not get through, with their delivery state."""
    return dict(
        Delivery.objects.filter(
            message__conversation_id__in=conversation_ids, state__in=[state.value for state in WORRYING]
        ).values_list("message_id", "state")
    )


def find_messages(*, text: str, limit: int = 50) -> list[tuple[int, int]]:
    """Return (message, conversation) of the newest messages that hold the words. The caller filters by case."""
    ids = matching_ids("messages", text, limit=limit)
    return list(Message.objects.filter(pk__in=ids).order_by("-pk").values_list("pk", "conversation_id"))


def replies_known_to(*, viewer: Actor, text: str = "", limit: int = 50) -> list[SavedReplyRow]:
    """Return the viewer's own and the shared saved replies, the most used first; those named like `text` when given."""
    found = SavedReply.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer.user_id))
    if text:
        found = found.filter(name__icontains=text)
    return [
        SavedReplyRow(
            id=r.pk,
            name=r.name,
            language=r.language,
            html=r.html,
            is_own=r.owner_id is not None,
            used_count=r.used_count,
        )
        for r in found.order_by("-used_count", "name", "pk")[:limit]
    ]


def _within(ranges: Sequence[tuple[int, int | None, int | None]]) -> QuerySet[Message]:
    wanted = Q(pk__in=[])
    for conversation_id, first, last in ranges:
        part = Q(conversation_id=conversation_id)
        if first is not None:
            part &= Q(pk__gte=first)
        if last is not None:
            part &= Q(pk__lte=last)
        wanted |= part
    return Message.objects.filter(wanted)


def _whole(found: QuerySet[Message]) -> QuerySet[Message]:
    return found.select_related("mail", "delivery").defer("search")


def _rows(found: Sequence[Message]) -> list[MessageRow]:
    files = _files([m.pk for m in found])
    return [
        MessageRow(
            id=m.pk,
            conversation_id=m.conversation_id,
            author=m.author,
            customer_id=m.customer_id,
            user_id=m.user_id,
            at=m.at,
            is_auto=m.is_auto,
            warnings=tuple(m.warnings),
            text=m.text,
            quoted=m.quoted,
            html=m.html,
            mail=_mail_row(m.mail) if hasattr(m, "mail") else None,
            delivery=_delivery_row(m.delivery) if hasattr(m, "delivery") else None,
            files=tuple(files.get(m.pk, ())),
        )
        for m in found
    ]


def _files(message_ids: Collection[int]) -> dict[int, list[AttachedFile]]:
    files: defaultdict[int, list[AttachedFile]] = defaultdict(list)
    for a in Attachment.objects.filter(message_id__in=message_ids).order_by("pk"):
        files[a.message_id].append(AttachedFile(file_id=a.file_id, content_id=a.content_id, is_inline=a.is_inline))
    return files


def _mail_row(mail: Mail) -> MailRow:
    return MailRow(
        rfc_message_id=mail.rfc_message_id,
        references=tuple(mail.references),
        subject=mail.subject,
        from_name=mail.from_name,
        from_address=mail.from_address,
        reply_to=mail.reply_to,
        to=tuple(mail.to),
        cc=tuple(mail.cc),
        bcc=tuple(mail.bcc),
        spf=mail.spf,
        dkim=mail.dkim,
        dmarc=mail.dmarc,
        is_answerable=mail.is_answerable,
    )


def _delivery_row(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow(state=delivery.state, changed_at=delivery.changed_at, detail=delivery.detail)


def _conversation_row(c: Conversation) -> ConversationRow:
    return ConversationRow(
        id=c.pk,
        channel=c.channel,
        audience=c.audience,
        customer_id=c.customer_id,
        mailbox_id=c.mailbox_id,
        subject=c.subject,
    )
