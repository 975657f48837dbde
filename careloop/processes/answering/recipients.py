"""To whom an answer would go, before anybody changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.cases.types import CaseDetail
from careloop.domains.channels.capabilities import FREE, Capabilities
from careloop.domains.channels.queries import addresses_by_mailbox, messenger
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.queries import newest_mail
from careloop.domains.conversations.types import Channel
from careloop.domains.customers.queries import addresses_of
from careloop.processes.answering.envelopes import recipients_of_answer
from careloop.processes.answering.replying import conversation_of
from careloop.processes.answering.texts import capabilities_of
from careloop.processes.workspace import outgoing_mailbox_id

__all__ = ["Recipients", "usual_recipients"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Where an answer goes.

    conversation_id: None when nobody has written yet. to, cc: mail addresses; none when it is read in the portal only.
    known: further addresses of the customer. mailbox: the address or number it leaves from, or empty.
    channel: what it goes out as. capabilities: what that can carry. stopped_at: since when the customer wants no text messages.
    """

    conversation_id: int | None
    to: Sequence[str]
    cc: Sequence[str]
    known: Sequence[str]
    mailbox: str
    channel: str = Channel.EMAIL
    capabilities: Capabilities = FREE
    stopped_at: datetime | None = None


def usual_recipients(*, detail: CaseDetail, conversation_id: int | None) -> Recipients:
    """Return to whom an answer in a conversation of a case goes unless the writer decides otherwise.

    detail: the case as its reader got it. conversation_id: None for the newest with the customer.

    Raises MessageNotFound for a conversation that is not in the case.
    """
    try:
        conversation = conversation_of(detail.conversations, conversation_id)
    except MessageNotFound:
        if conversation_id is not None:
            raise
        return Recipients(conversation_id=None, to=(), cc=(), known=(), mailbox="")
    known = addresses_of(conversation.customer_id)
    if conversation.messenger_id is not None:
        return Recipients(
            conversation_id=conversation.id,
            to=(conversation.peer,),
            cc=(),
            known=known,
            mailbox=messenger(conversation.messenger_id).number,
            channel=conversation.channel,
            capabilities=capabilities_of(conversation.channel),
            stopped_at=conversation.stopped_at,
        )
    mailbox_id = conversation.mailbox_id or outgoing_mailbox_id()
    if mailbox_id is None:
        return Recipients(conversation_id=conversation.id, to=(), cc=(), known=known, mailbox="")
    mail = newest_mail(conversation.id)
    ours = addresses_by_mailbox()
    fallback = next(iter(known), "")
    own = frozenset(ours.values())
    to, cc = ((fallback,), ()) if mail is None else recipients_of_answer(mail, own=own, fallback=fallback)
    return Recipients(
        conversation_id=conversation.id,
        to=tuple(a for a in to if a),
        cc=cc,
        known=known,
        mailbox=ours[mailbox_id],
    )
