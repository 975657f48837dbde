"""Conversations as a whole, and where they stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Count

from careloop.domains.conversations.models import Conversation, Message
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import Author, ConversationRow
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "automatic_words",
    "conversation_row",
    "conversation_rows",
    "received_since",
    "spoken_by_machines",
    "waiting_for_a_word",
]


def conversation_row(conversation_id: int) -> ConversationRow | None:
    """Return a conversation, or None."""
    return conversation_rows([conversation_id]).get(conversation_id)


def conversation_rows(conversation_ids: Iterable[int]) -> Mapping[int, ConversationRow]:
    """Return some conversations by id."""
    keys = list(set(conversation_ids))
    found = CONVERSATIONS.by_name(keys=keys) if keys else ()
    return {row["id"]: ConversationRow(**row) for row in found}


CONVERSATIONS: Final = Statement(
    lambda: Conversation.objects.filter(pk__among=Asked("keys")).values(
        "id",
        "channel",
        "audience",
        "customer_id",
        "mailbox_id",
        "subject",
        "messenger_id",
        "peer",
        "stopped_at",
        "is_test",
    )
)


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


def spoken_by_machines(conversation_ids: Collection[int]) -> set[int]:
    """Return the conversations whose last word from outside came from a machine: what answers it would answer nobody."""
    last_words = (
        Message.objects.filter(conversation_id__in=conversation_ids)
        .exclude(author__in=[Author.AGENT, Author.HOUSE])
        .order_by("conversation_id", "-pk")
        .distinct("conversation_id")
        .values_list("conversation_id", "is_auto")
    )
    return {conversation_id for conversation_id, is_auto in last_words if is_auto}


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
    return Counter(dict(RECEIVED(conversation_ids=list(conversation_ids), since=since)) if conversation_ids else {})


RECEIVED: Final = Statement(
    lambda: (
        Message.objects.filter(conversation__among=Asked("conversation_ids"), at__gte=Asked("since"))
        .exclude(author__in=[Author.AGENT, Author.HOUSE])
        .order_by()
        .values_list("conversation_id")
        .annotate(count=Count("*"))
    )
)
