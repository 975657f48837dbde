"""Put an understood mail where it belongs: into a conversation, a contact and a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import Category
from careloop.domains.channels.types import MailboxRow, RawRow
from careloop.domains.contacts import services as contacts
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_row, known_mails, received_since
from careloop.domains.conversations.types import Audience, Author, Channel
from careloop.domains.customers import services as customers
from careloop.gateways.mime import (
    Origin,
    OriginKind,
    ParsedMail,
    spam_hint,
    split_reply,
)
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.processes.intake.facts import SENDER_NOT_PROVEN, kept_files, mail_facts
from careloop.processes.intake.language import first_line, language_of
from careloop.processes.intake.threads import thread_of
from careloop.processes.workspace import our_addresses, quiet_time

__all__ = ["TooManyFromSender", "place"]

MOST_CASES_AN_HOUR = 50
"""New cases that one sender may open within an hour; more is a machine or an attack and waits for a person."""
MOST_MAILS_AN_HOUR = 60
"""Mails that one conversation may get within an hour, so that two machines cannot talk for ever."""
MOST_PARTICIPANTS = 20


class TooManyFromSender(Exception):
    """A sender or a conversation exceeds what people write."""


def place(
    *, row: RawRow, parsed: ParsedMail, verdict: Origin, mailbox: MailboxRow, actor: Actor, at: datetime
) -> int | None:
    """Make a mail a message, in its conversation, contact and case, and return the message's id.

    None when a machine replied to nothing of ours: there is no one to answer and nothing to solve.

    Raises TooManyFromSender; refusals of the acts below.
    """
    sender = parsed.from_
    if sender is None:
        raise ValueError("A mail without a sender is put aside before it is placed.")
    written_at = min(row.received_at or parsed.date or row.stored_at, at)
    customer_id = customers.recognize(
        address=sender.address,
        name=sender.name,
        language=language_of(parsed.text),
        source="mail",
        actor=actor,
        at=written_at,
    )
    referred = tuple(dict.fromkeys((*parsed.references, *parsed.in_reply_to)))
    facts, warnings = mail_facts(parsed, is_answerable=verdict.may_be_answered_by_machine, mailbox=mailbox)
    thread = thread_of(
        referred=referred,
        known=known_mails(referred),
        sender=sender.address,
        customer_id=customer_id,
        is_forged=SENDER_NOT_PROVEN in warnings,
    )
    if thread.conversation_id is None and verdict.kind is OriginKind.AUTO_REPLY:
        return None
    if not row.is_silent:
        _check_flood(thread.conversation_id, customer_id, at)
    conversation_id = thread.conversation_id or conversations.start(
        channel=Channel.EMAIL,
        audience=Audience.CUSTOMER,
        customer_id=customer_id,
        mailbox_id=mailbox.id,
        subject_line=parsed.subject or first_line(parsed.text),
        actor=actor,
        at=written_at,
    )
    is_third_party = False
    if thread.conversation_id is not None:
        joined = conversation_row(conversation_id)
        is_third_party = joined is not None and joined.audience == Audience.THIRD_PARTY
    files, too_large = kept_files(parsed, actor, written_at)
    reply = split_reply(parsed.text, parsed.html)
    message_id = conversations.receive(
        conversation_id=conversation_id,
        author=Author.THIRD_PARTY if is_third_party else Author.CUSTOMER,
        author_name=sender.name or sender.address,
        customer_id=customer_id,
        text=reply.text,
        quoted="\n\n".join(part for part in (reply.quoted, reply.signature) if part),
        html=parsed.html or "",
        is_auto=verdict.kind is not OriginKind.HUMAN,
        warnings=[*warnings, *["stranger_quotes_us"] * thread.is_stranger, *["file_too_large"] * too_large],
        mail=facts,
        files=files,
        actor=actor,
        at=written_at,
    )
    arrival = _Arrival(
        conversation_id=conversation_id,
        message_id=message_id,
        customer_id=customer_id,
        is_new=thread.conversation_id is None,
        is_third_party=is_third_party,
        subject_line=parsed.subject or first_line(parsed.text),
        requester_name=sender.name or sender.address,
        is_spam=spam_hint(parsed).is_flagged is True,
        is_auto_reply=verdict.kind is OriginKind.AUTO_REPLY,
        is_quiet=row.is_silent,
        at=written_at,
    )
    _into_case(arrival, parsed, mailbox, actor)
    return message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    conversation_id: int
    message_id: int
    customer_id: int
    is_new: bool
    is_third_party: bool
    subject_line: str
    requester_name: str
    is_spam: bool
    is_auto_reply: bool
    is_quiet: bool
    at: datetime


def _into_case(arrival: _Arrival, parsed: ParsedMail, mailbox: MailboxRow, actor: Actor) -> None:
    if arrival.is_auto_reply:
        return  # "I am on holiday" belongs beside the conversation, but reopens nothing and waits for nobody
    case_id = None
    if not arrival.is_new:
        known = cases_queries.cases_of_conversation(arrival.conversation_id)
        case_id = next((case_id for case_id, category in known if category != Category.CLOSED), None)
    if case_id is None:
        case_id = cases.open_case(
            subject_line=arrival.subject_line or "—",
            requester_id=arrival.customer_id,
            requester_name=arrival.requester_name,
            channel=Channel.EMAIL,
            conversation_id=arrival.conversation_id,
            first_message_id=None if arrival.is_new else arrival.message_id,
            participant_ids=_others(parsed, actor, arrival.at),
            team_id=mailbox.team_id,
            is_spam=arrival.is_spam,
            is_quiet=arrival.is_quiet,
            actor=actor,
            at=arrival.at,
        )
    elif arrival.is_third_party:
        cases.third_party_wrote(
            case_id=case_id,
            message_id=arrival.message_id,
            customer_id=arrival.customer_id,
            is_quiet=arrival.is_quiet,
            actor=actor,
            at=arrival.at,
        )
    else:
        cases.customer_wrote(
            case_id=case_id,
            message_id=arrival.message_id,
            customer_id=arrival.customer_id,
            is_quiet=arrival.is_quiet,
            actor=actor,
            at=arrival.at,
        )
    # Of old mail nobody knows who answered it when and in which queue, so it makes no contact to be measured.
    if not (arrival.is_third_party or arrival.is_spam or arrival.is_quiet):
        contacts.customer_wrote(
            conversation_id=arrival.conversation_id,
            customer_id=arrival.customer_id,
            channel=Channel.EMAIL,
            team_id=mailbox.team_id,
            quiet=quiet_time(),
            actor=actor,
            at=arrival.at,
        )


def _check_flood(conversation_id: int | None, customer_id: int, at: datetime) -> None:
    since = at - timedelta(hours=1)
    if conversation_id is not None:
        if received_since(conversation_id=conversation_id, since=since) >= MOST_MAILS_AN_HOUR:
            raise TooManyFromSender(f"conversation {conversation_id}")
    elif cases_queries.opened_since(customer_id=customer_id, since=since) >= MOST_CASES_AN_HOUR:
        raise TooManyFromSender(f"customer {customer_id}")


def _others(parsed: ParsedMail, actor: Actor, at: datetime) -> list[int]:
    """Return the customers whom the sender drew in by writing to them, too."""
    own = our_addresses()
    sender = parsed.from_.address if parsed.from_ else ""
    others = {a.address: a.name for a in (*parsed.to, *parsed.cc) if a.address not in own and a.address != sender}
    found = []
    for address, name in list(others.items())[:MOST_PARTICIPANTS]:
        try:
            found.append(
                customers.recognize(address=address, name=name, language="", source="mail", actor=actor, at=at)
            )
        except Refusal:
            continue  # an address nobody could be reached by takes no part
    return found
