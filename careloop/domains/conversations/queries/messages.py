"""Messages, as they stand in a story."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from careloop.domains.conversations.models import Attachment, Message
from careloop.domains.conversations.queries.files import files_of
from careloop.domains.conversations.queries.mails import MAIL_COLUMNS, mail_row
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import AttachedFile, Audience, DeliveryRow, MessageRow
from careloop.kernel.search import matching_ids
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "files_of_messages",
    "find_messages",
    "message_row",
    "messages",
    "messages_by_id",
    "messages_of_customer",
    "messages_with_file",
    "newest_message_id",
]


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
    before = 2**62 if before_id is None else before_id
    if all(first is None and last is None for _conversation, first, last in ranges):
        keys = [conversation_id for conversation_id, _first, _last in ranges]
        found = _newest(limit, for_customer).by_name(conversation_ids=keys, before_id=before) if keys else []
    else:
        found = list(_told(_within(ranges).filter(pk__lt=before), limit=limit, for_customer=for_customer))
    return _rows(sorted(found, key=lambda row: (row["at"], row["id"])))


@cache
def _newest(limit: int, for_customer: bool) -> Statement:
    found = Message.objects.filter(conversation__among=Asked("conversation_ids"), pk__lt=Asked("before_id"))
    return Statement(lambda: _told(found, limit=limit, for_customer=for_customer))


def _told(found: QuerySet[Message], *, limit: int, for_customer: bool) -> QuerySet[Message, dict[str, Any]]:
    if for_customer:
        found = found.filter(conversation__audience=Audience.CUSTOMER).exclude(delivery__state=DeliveryState.RECALLED)
    return _whole(found).order_by("-pk")[:limit]


def messages_by_id(message_ids: Collection[int]) -> dict[int, MessageRow]:
    """Return some messages, in two queries. Whether they may be read is settled before."""
    return {row.id: row for row in _rows(WHOLE.by_name(message_ids=list(message_ids)) if message_ids else ())}


WHOLE: Final = Statement(lambda: _whole(Message.objects.filter(pk__among=Asked("message_ids"))))


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
    return messages_by_id([message_id]).get(message_id)


def messages_with_file(file_id: int) -> list[int]:
    """Return the messages a file hangs on, the newest first."""
    return list(Attachment.objects.filter(file_id=file_id).order_by("-pk").values_list("message_id", flat=True)[:100])


def files_of_messages(message_ids: Collection[int]) -> set[int]:
    """Return the files that hang on some messages."""
    return set(Attachment.objects.filter(message_id__in=message_ids).values_list("file_id", flat=True))


def newest_message_id(conversation_ids: Collection[int]) -> int | None:
    """Return the id of the last word in some conversations that was not taken back, or None when there is none."""
    heard = Message.objects.filter(conversation_id__in=conversation_ids).exclude(delivery__state=DeliveryState.RECALLED)
    return heard.order_by("-pk").values_list("pk", flat=True).first()


def find_messages(*, text: str, limit: int = 50) -> list[tuple[int, int]]:
    """Return (message, conversation) of the newest messages that hold the words. The caller filters by case."""
    ids = matching_ids("messages", text, limit=limit)
    return [(key, conversation_id) for key, conversation_id in PLACES(message_ids=ids)] if ids else []


PLACES: Final = Statement(
    lambda: Message.objects.filter(pk__among=Asked("message_ids")).order_by("-pk").values_list("pk", "conversation_id")
)


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


def _whole(found: QuerySet[Message]) -> QuerySet[Message, dict[str, Any]]:
    rows: QuerySet[Message, dict[str, Any]] = found.values(
        "id",
        "conversation_id",
        "author",
        "customer_id",
        "user_id",
        "at",
        "is_auto",
        "warnings",
        "text",
        "quoted",
        "html",
        *(f"mail__{name}" for name in MAIL_COLUMNS),
        channel=F("conversation__channel"),
        audience=F("conversation__audience"),
        peer=F("conversation__peer"),
        segment_count=F("texting__segment_count"),
        writer=Coalesce(F("user__name"), F("customer__name"), Value("")),
        state=F("delivery__state"),
        state_changed_at=F("delivery__changed_at"),
        state_detail=F("delivery__detail"),
    )
    return rows


def _rows(found: Sequence[Mapping[str, Any]]) -> list[MessageRow]:
    files = files_of([row["id"] for row in found])
    return [_row(row, files.get(row["id"], ())) for row in found]


def _row(m: Mapping[str, Any], files: Iterable[AttachedFile]) -> MessageRow:
    delivery = None
    if m["state"] is not None:
        delivery = DeliveryRow(state=m["state"], changed_at=m["state_changed_at"], detail=m["state_detail"])
    mail = {name: m[f"mail__{name}"] for name in MAIL_COLUMNS}
    return MessageRow(
        id=m["id"],
        conversation_id=m["conversation_id"],
        channel=m["channel"],
        audience=m["audience"],
        author=m["author"],
        customer_id=m["customer_id"],
        user_id=m["user_id"],
        writer=m["writer"],
        at=m["at"],
        is_auto=m["is_auto"],
        warnings=tuple(m["warnings"]),
        text=m["text"],
        quoted=m["quoted"],
        html=m["html"],
        mail=None if mail["from_address"] is None else mail_row(mail),
        delivery=delivery,
        files=tuple(files),
        peer=m["peer"],
        segment_count=m["segment_count"],
    )
