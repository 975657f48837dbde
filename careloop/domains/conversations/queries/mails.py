"""Messages as mails: on their way out, and known by their Message-IDs."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, Final

from careloop.domains.conversations.models import Delivery, Mail
from careloop.domains.conversations.queries.files import files_of
from careloop.domains.conversations.states import WORRYING, DeliveryState
from careloop.domains.conversations.types import KnownMail, MailRow, OutgoingRow
from careloop.kernel.statements import Asked, Statement

__all__ = ["MAIL_COLUMNS", "known_mails", "mail_row", "newest_mail", "newest_mails", "outgoing", "worrying_messages"]

MAIL_COLUMNS: Final = tuple(column.name for column in fields(MailRow))


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
    found = NEWEST_MAILS.by_name(keys=list(conversation_ids)) if conversation_ids else ()
    return {row.pop("message__conversation_id"): mail_row(row) for row in found}


NEWEST_MAILS: Final = Statement(
    lambda: (
        Mail.objects.filter(message__conversation__among=Asked("keys"), message__is_auto=False)
        .exclude(message__delivery__state__in=[DeliveryState.RECALLED, DeliveryState.FAILED])
        .order_by("message__conversation_id", "-message__at", "-message_id")
        .distinct("message__conversation_id")
        .values("message__conversation_id", *MAIL_COLUMNS)
    )
)


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
        mail=mail_row({name: getattr(mail, name) for name in MAIL_COLUMNS}),
        files=tuple(files_of([message_id]).get(message_id, ())),
    )


def worrying_messages(conversation_ids: Collection[int]) -> dict[int, str]:
    """Return the messages of some conversations that did not get through, with their delivery state."""
    return dict(
        Delivery.objects.filter(
            message__conversation_id__in=conversation_ids, state__in=[state.value for state in WORRYING]
        ).values_list("message_id", "state")
    )


def mail_row(mail: Mapping[str, Any]) -> MailRow:
    """Return the columns of a mail as a row."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in mail.items()}
    return MailRow(**values)
