"""Old mail that we wrote ourselves, by another program: our answers, not a customer's words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import DONE, Category
from careloop.domains.cases.types import NewCase
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import known_mails
from careloop.domains.conversations.types import Audience, Channel, KnownMail, NewConversation, Outbound
from careloop.domains.customers import services as customers
from careloop.domains.customers.types import Met
from careloop.gateways.mime import split_reply
from careloop.kernel.actors import Actor
from careloop.processes.intake.facts import kept_files, mail_facts
from careloop.processes.intake.language import first_line
from careloop.processes.intake.understanding import Understood
from careloop.processes.workspace import mailbox_facts, our_addresses

__all__ = ["WrittenToNobody", "place_own"]


class WrittenToNobody(Exception):
    """A mail of ours that went to no address but our own."""


def place_own(mail: Understood, *, actor: Actor, at: datetime) -> int:
    """Make an imported mail from one of our own addresses a word of ours, and return the message's id.

    It joins the conversation that it answers, or begins one with its first recipient. Nothing is sent and nobody is told.

    Raises WrittenToNobody; refusals of the acts below.
    """
    row, parsed, mailbox = mail.row, mail.parsed, mailbox_facts(mail.row.mailbox_id)
    sender = parsed.from_
    own = our_addresses()
    others = [a for a in (*parsed.to, *parsed.cc) if a.address not in own]
    if sender is None or not others:
        raise WrittenToNobody
    first = others[0]
    written_at = min(row.received_at or parsed.date or row.stored_at, at)
    subject_line = parsed.subject or first_line(parsed.text)
    answered = _answered(mail.referred)
    if answered is None:
        met = Met(address=first.address, name=first.name, at=written_at)
        customer_id = customers.recognize([met], source="mail", actor=actor)[first.address]
        new = NewConversation(
            channel=Channel.EMAIL,
            audience=Audience.CUSTOMER,
            customer_id=customer_id,
            mailbox_id=mailbox.id,
            subject_line=subject_line,
            at=written_at,
        )
        (conversation_id,) = conversations.start([new], actor=actor)
    else:
        conversation_id, customer_id = answered.conversation_id, answered.customer_id
        cases.hold_open_cases(conversation_ids=[conversation_id])
    files, _too_large = kept_files(parsed, actor, written_at)
    facts, _warnings = mail_facts(parsed, is_answerable=True, mailbox=mailbox)
    reply = split_reply(parsed.text, parsed.html)
    message_id = conversations.keep_sent(
        Outbound(
            conversation_id=conversation_id,
            author_name=sender.name or sender.address,
            text=reply.text,
            html=parsed.html or "",
            mail=replace(facts, spf="", dkim="", dmarc=""),
            files=files,
            at=written_at,
        ),
        quoted="\n\n".join(part for part in (reply.quoted, reply.signature) if part),
        actor=actor,
    )
    known = cases_queries.cases_of_conversations([conversation_id])[conversation_id]
    open_case = next((case_id for case_id, category in known if category not in DONE), None)
    if open_case is not None:
        cases.answered(
            case_id=open_case, message_id=message_id, status_id=None, is_quiet=True, actor=actor, at=written_at
        )
    elif not any(category != Category.CLOSED for _case_id, category in known):
        new_case = NewCase(
            subject_line=subject_line or "—",
            requester_id=customer_id,
            requester_name=first.name or first.address,
            channel=Channel.EMAIL,
            conversation_id=conversation_id,
            first_message_id=message_id if known else None,
            team_id=mailbox.team_id,
            waits=False,
            is_quiet=True,
            at=written_at,
        )
        cases.open_cases([new_case], actor=actor)
    return message_id


def _answered(referred: Sequence[str]) -> KnownMail | None:
    by_id = {mail.rfc_message_id: mail for mail in known_mails(referred)}
    return next((by_id[reference] for reference in reversed(referred) if reference in by_id), None)
