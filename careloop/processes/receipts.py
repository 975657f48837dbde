"""The automatic word that a request arrived: once a case, in the customer's language, never to a machine."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from careloop.domains.cases.events import CaseOpened
from careloop.domains.cases.queries import case_briefs
from careloop.domains.cases.types import CaseBrief
from careloop.domains.channels.types import MailboxRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import (
    automatic_words,
    conversation_rows,
    newest_mails,
    waiting_for_a_word,
)
from careloop.domains.conversations.types import Channel, MailRow, Outbound
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.types import CustomerRow
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.events import Recorded
from careloop.processes.answering.envelopes import answer_envelope, recipients_of_answer
from careloop.processes.workspace import mailbox_facts, our_addresses, workspace_facts

__all__ = ["send_receipts"]

RECEIPTS = Actor(kind=ActorKind.HOUSE, name="receipts")
DAY = timedelta(days=1)
MOST_A_DAY = 5
"""Automatic words one customer gets from us in a day, whatever he or his machine sends."""


def send_receipts(recorded: Sequence[Recorded]) -> None:
    """Tell customers that their new requests arrived, unless nobody is there to read it or it would answer a machine.

    recorded: CaseOpened events.
    """
    opened = [
        one
        for one in recorded
        if isinstance(one.event, CaseOpened) and not one.event.is_quiet and not one.event.actor.startswith("user:")
    ]
    cases = case_briefs({one.subject_id for one in opened})
    rows = conversation_rows(c.conversations[0].conversation_id for c in cases.values() if c.conversations)
    newest = newest_mails(rows)
    waiting = waiting_for_a_word(rows)
    customers = rows_of({case.requester_id for case in cases.values()})
    recent = _Recent({case.requester_id for case in cases.values()}, [one.event.at for one in opened])
    letters = []
    for one in opened:
        case = cases[one.subject_id]
        conversation = rows.get(case.conversations[0].conversation_id) if case.conversations else None
        if case.is_spam or conversation is None or conversation.mailbox_id is None or conversation.id not in waiting:
            continue
        if conversation.channel == Channel.CHAT:
            continue  # who chats sees that we have it
        mail = newest.get(conversation.id)
        box, customer = mailbox_facts(conversation.mailbox_id), customers[case.requester_id]
        if not box.sends_receipts or (mail is not None and not mail.is_answerable):
            continue
        address = customer.address
        if mail is not None:
            (address, *_others), _cc = recipients_of_answer(mail, own=our_addresses(), fallback=address)
        if address and recent.allows(customer.id, one.event.at):
            waiting.remove(conversation.id)
            letters.append(_receipt(case, customer, conversation.id, box, mail, address, one.event.at))
    if letters:
        conversations.write(letters, may_send=workspace_facts().may_send, hold_seconds=0, actor=RECEIPTS)


class _Recent:
    """The automatic words that customers got of late, those of this batch included."""

    def __init__(self, customer_ids: Collection[int], moments: Sequence[datetime]) -> None:
        self._known = automatic_words(customer_ids, since=min(moments) - DAY) if moments else {}

    def allows(self, customer_id: int, at: datetime) -> bool:
        """Say whether a customer may get one more now, and count it."""
        known = self._known.setdefault(customer_id, [])
        is_allowed = sum(at - DAY <= moment for moment in known) < MOST_A_DAY
        known += [at] * is_allowed
        return is_allowed


def _receipt(
    case: CaseBrief,
    customer: CustomerRow,
    conversation_id: int,
    box: MailboxRow,
    newest: MailRow | None,
    address: str,
    at: datetime,
) -> Outbound:
    facts = workspace_facts()
    with translation.override(customer.language or facts.settings.language):
        text = _(
            "Hello %(name)s,\n\nwe have received your request “%(subject)s”. Its number is %(number)d. "
            "A person reads it and answers you here.\n\nYou can add to it by answering this mail, "
            "or follow it at %(link)s\n\n%(sender)s"
        ) % {
            "name": customer.name,
            "subject": case.subject,
            "number": case.number,
            "link": f"{settings.PUBLIC_URL}/help/{facts.key}/requests/{case.number}",
            "sender": box.sender_name,
        }
    return Outbound(
        conversation_id=conversation_id,
        author_name=box.sender_name,
        text=text,
        is_auto=True,
        mail=answer_envelope(
            newest=newest,
            subject_line=case.subject,
            mailbox=box,
            sender_name=box.sender_name,
            to=[address],
            cc=(),
            bcc=(),
        ),
        at=at,
    )
