"""The automatic word that a request arrived: once a case, in the customer's language, never to a machine."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from careloop.domains.cases.events import CaseOpened
from careloop.domains.cases.queries import case_brief
from careloop.domains.cases.types import CaseBrief
from careloop.domains.channels.types import MailboxRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import (
    automatic_count,
    conversation_row,
    is_last_word_automatic,
    newest_mail,
)
from careloop.domains.conversations.types import MailRow
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.types import CustomerRow
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.events import Recorded
from careloop.processes.answering.envelopes import answer_envelope, recipients_of_answer
from careloop.processes.workspace import mailbox_facts, our_addresses, workspace_facts

__all__ = ["send_receipt"]

RECEIPTS = Actor(kind=ActorKind.HOUSE, name="receipts")
MOST_A_DAY = 5
"""Automatic words one customer gets from us in a day, whatever he or his machine sends."""


def send_receipt(recorded: Recorded) -> None:
    """Tell a customer that a new request arrived, unless nobody is there to read it or it would answer a machine.

    recorded: a CaseOpened.
    """
    event = recorded.event
    if not isinstance(event, CaseOpened) or event.is_quiet or event.actor.startswith("user:"):
        return
    case = case_brief(recorded.subject_id)
    if case.is_spam or not case.conversations:
        return
    conversation = conversation_row(case.conversations[0].conversation_id)
    if conversation is None or conversation.mailbox_id is None:
        return
    box = mailbox_facts(conversation.mailbox_id)
    newest = newest_mail(conversation.id)
    if not box.sends_receipts or (newest is not None and not newest.is_answerable):
        return
    if is_last_word_automatic(conversation.id):
        return
    if automatic_count(customer_id=case.requester_id, since=event.at - timedelta(days=1)) >= MOST_A_DAY:
        return
    customer = rows_of([case.requester_id])[case.requester_id]
    address = customer.address
    if newest is not None:
        (address, *_others), _cc = recipients_of_answer(newest, own=our_addresses(), fallback=address)
    if address:
        _write(case, customer, conversation.id, box, newest, address, event.at)


def _write(
    case: CaseBrief,
    customer: CustomerRow,
    conversation_id: int,
    box: MailboxRow,
    newest: MailRow | None,
    address: str,
    at: datetime,
) -> None:
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
    conversations.write(
        conversation_id=conversation_id,
        author_name=box.sender_name,
        text=text,
        html="",
        mail=answer_envelope(
            newest=newest,
            subject_line=case.subject,
            mailbox=box,
            sender_name=box.sender_name,
            to=[address],
            cc=(),
            bcc=(),
        ),
        is_auto=True,
        may_send=facts.may_send,
        hold_seconds=0,
        actor=RECEIPTS,
        at=at,
    )
