"""Put understood mails where they belong: into their conversations, contacts and cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.types import NewCase
from careloop.domains.channels import services as channels
from careloop.domains.channels.types import MailboxRow
from careloop.domains.contacts import services as contacts
from careloop.domains.contacts.services import Word
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import conversation_rows, received_since
from careloop.domains.conversations.types import (
    Audience,
    Author,
    Channel,
    Inbound,
    KnownMail,
    MailFacts,
    NewConversation,
)
from careloop.domains.customers import services as customers
from careloop.domains.customers.identities import is_usable_address
from careloop.domains.customers.types import Met
from careloop.gateways.mime import Address, OriginKind, spam_hint, split_reply
from careloop.kernel.actors import Actor
from careloop.processes.intake.facts import SENDER_NOT_PROVEN, kept_files, mail_facts
from careloop.processes.intake.language import first_line, language_of
from careloop.processes.intake.threads import thread_of
from careloop.processes.intake.understanding import Understood
from careloop.processes.workspace import mailbox_facts, our_addresses, quiet_time

__all__ = ["place"]

MOST_CASES_AN_HOUR = 50
"""New cases that one sender may open within an hour; more is a machine or an attack and waits for a person."""
MOST_MAILS_AN_HOUR = 60
"""Mails that one conversation may get within an hour, so that two machines cannot talk for ever."""
MOST_PARTICIPANTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """A mail on its way in. conversation_id: 0 until its own has begun. is_third_party: not a customer's conversation."""

    mail: Understood
    sender: Address
    mailbox: MailboxRow
    customer_id: int
    facts: MailFacts
    warnings: tuple[str, ...]
    conversation_id: int
    is_new: bool
    is_third_party: bool = False
    at: datetime

    @property
    def subject_line(self) -> str:
        return self.mail.parsed.subject or first_line(self.mail.parsed.text)

    @property
    def name(self) -> str:
        return self.sender.name or self.sender.address

    @property
    def is_auto_reply(self) -> bool:
        return self.mail.verdict.kind is OriginKind.AUTO_REPLY

    @property
    def is_spam(self) -> bool:
        return spam_hint(self.mail.parsed).is_flagged is True


def place(mails: Sequence[Understood], *, known: Collection[KnownMail], actor: Actor, at: datetime) -> dict[int, int]:
    """Make mails messages, in their conversations, contacts and cases, and return the messages' ids by raw mail's.

    mails: each with a sender, no two of one sender or one conversation. known: the mails they refer to.

    Left out, and put into quarantine: what a machine replied to nothing of ours, because there is no one to answer and
    nothing to solve, and what exceeds what people write. Raises refusals of the acts below.
    """
    arrivals = _with_conversations(_without_floods(_threaded(mails, known, actor, at), actor, at), actor)
    if not arrivals:
        return {}
    held = cases.hold_open_cases(
        conversation_ids=[arrival.conversation_id for arrival in arrivals if not arrival.is_new]
    )
    message_ids = conversations.receive([_word_of(arrival, actor) for arrival in arrivals], actor=actor)
    # "I am on holiday" belongs beside the conversation, but reopens nothing and waits for nobody.
    matters = [
        (arrival, message_id)
        for arrival, message_id in zip(arrivals, message_ids, strict=True)
        if not arrival.is_auto_reply
    ]
    _into_cases(matters, held, actor)
    _into_contacts([arrival for arrival, _message_id in matters], actor)
    return {arrival.mail.row.id: message_id for arrival, message_id in zip(arrivals, message_ids, strict=True)}


def _threaded(mails: Sequence[Understood], known: Collection[KnownMail], actor: Actor, at: datetime) -> list[_Arrival]:
    """Find the customer and the conversation of each mail."""
    senders = [(mail, sender) for mail in mails if (sender := mail.parsed.from_) is not None]
    written_at = {
        mail.row.id: min(mail.row.received_at or mail.parsed.date or mail.row.stored_at, at) for mail in mails
    }
    met = [
        Met(
            address=sender.address,
            name=sender.name,
            language=language_of(mail.parsed.text),
            at=written_at[mail.row.id],
        )
        for mail, sender in senders
    ]
    customer_ids = customers.recognize(met, source="mail", actor=actor)
    arrivals = []
    for mail, sender in senders:
        mailbox = mailbox_facts(mail.row.mailbox_id)
        facts, warnings = mail_facts(
            mail.parsed, is_answerable=mail.verdict.may_be_answered_by_machine, mailbox=mailbox
        )
        customer_id = customer_ids[sender.address]
        thread = thread_of(
            referred=mail.referred,
            known=known,
            sender=sender.address,
            customer_id=customer_id,
            is_forged=SENDER_NOT_PROVEN in warnings,
        )
        if thread.conversation_id is None and mail.verdict.kind is OriginKind.AUTO_REPLY:
            channels.quarantine_raw(raw_id=mail.row.id, reason="machine_reply", detail="", actor=actor, at=at)
            continue
        arrivals.append(
            _Arrival(
                mail=mail,
                sender=sender,
                mailbox=mailbox,
                customer_id=customer_id,
                facts=facts,
                warnings=(*warnings, *["stranger_quotes_us"] * thread.is_stranger),
                conversation_id=thread.conversation_id or 0,
                is_new=thread.conversation_id is None,
                at=written_at[mail.row.id],
            )
        )
    return arrivals


def _without_floods(arrivals: Sequence[_Arrival], actor: Actor, at: datetime) -> list[_Arrival]:
    since = at - timedelta(hours=1)
    received = received_since([a.conversation_id for a in arrivals if not a.is_new], since=since)
    opened = cases_queries.opened_since([a.customer_id for a in arrivals if a.is_new], since=since)
    kept = []
    for arrival in arrivals:
        if arrival.is_new:
            whose, is_flood = "customer", opened[arrival.customer_id] >= MOST_CASES_AN_HOUR
        else:
            whose, is_flood = "conversation", received[arrival.conversation_id] >= MOST_MAILS_AN_HOUR
        if is_flood and not arrival.mail.row.is_silent:
            detail = f"{whose} {arrival.customer_id if arrival.is_new else arrival.conversation_id}"
            channels.quarantine_raw(raw_id=arrival.mail.row.id, reason="too_many", detail=detail, actor=actor, at=at)
        else:
            kept.append(arrival)
    return kept


def _with_conversations(arrivals: Sequence[_Arrival], actor: Actor) -> list[_Arrival]:
    """Begin the conversations that do not exist yet, and look whose the others are."""
    joined = conversation_rows(a.conversation_id for a in arrivals if not a.is_new)
    begun = iter(
        conversations.start(
            [
                NewConversation(
                    channel=Channel.EMAIL,
                    audience=Audience.CUSTOMER,
                    customer_id=arrival.customer_id,
                    mailbox_id=arrival.mailbox.id,
                    subject_line=arrival.subject_line,
                    is_test=arrival.mail.row.is_test,
                    at=arrival.at,
                )
                for arrival in arrivals
                if arrival.is_new
            ],
            actor=actor,
        )
    )
    return [
        replace(arrival, conversation_id=next(begun))
        if arrival.is_new
        else replace(arrival, is_third_party=joined[arrival.conversation_id].audience == Audience.THIRD_PARTY)
        for arrival in arrivals
    ]


def _word_of(arrival: _Arrival, actor: Actor) -> Inbound:
    parsed = arrival.mail.parsed
    files, too_large = kept_files(parsed, actor, arrival.at)
    reply = split_reply(parsed.text, parsed.html)
    return Inbound(
        conversation_id=arrival.conversation_id,
        author=Author.THIRD_PARTY if arrival.is_third_party else Author.CUSTOMER,
        author_name=arrival.name,
        customer_id=arrival.customer_id,
        text=reply.text,
        quoted="\n\n".join(part for part in (reply.quoted, reply.signature) if part),
        html=parsed.html or "",
        is_auto=arrival.mail.verdict.kind is not OriginKind.HUMAN,
        warnings=(*arrival.warnings, *["file_too_large"] * too_large),
        mail=arrival.facts,
        files=files,
        at=arrival.at,
    )


def _into_cases(matters: Sequence[tuple[_Arrival, int]], held: Mapping[int, int], actor: Actor) -> None:
    new = []
    for arrival, message_id in matters:
        case_id = held.get(arrival.conversation_id)
        if case_id is None:
            new.append((arrival, message_id))
            continue
        wrote = cases.third_party_wrote if arrival.is_third_party else cases.customer_wrote
        wrote(
            case_id=case_id,
            message_id=message_id,
            customer_id=arrival.customer_id,
            is_quiet=arrival.mail.row.is_silent,
            actor=actor,
            at=arrival.at,
        )
    participants = _participants([arrival for arrival, _message_id in new], actor)
    cases.open_cases(
        [
            NewCase(
                subject_line=arrival.subject_line or "—",
                requester_id=arrival.customer_id,
                requester_name=arrival.name,
                channel=Channel.EMAIL,
                conversation_id=arrival.conversation_id,
                first_message_id=None if arrival.is_new else message_id,
                participant_ids=participants[arrival.mail.row.id],
                team_id=arrival.mailbox.team_id,
                is_spam=arrival.is_spam,
                is_quiet=arrival.mail.row.is_silent,
                at=arrival.at,
            )
            for arrival, message_id in new
        ],
        actor=actor,
    )


def _into_contacts(arrivals: Sequence[_Arrival], actor: Actor) -> None:
    contacts.customers_wrote(
        [
            Word(
                conversation_id=arrival.conversation_id,
                customer_id=arrival.customer_id,
                channel=Channel.EMAIL,
                team_id=arrival.mailbox.team_id,
                at=arrival.at,
            )
            for arrival in arrivals
            # Who plays a customer is none: tests are not measured.
            # Of old mail nobody knows who answered it when and in which queue, so it makes no contact to be measured.
            if not (arrival.is_third_party or arrival.is_spam or arrival.mail.row.is_silent or arrival.mail.row.is_test)
        ],
        quiet=quiet_time(),
        actor=actor,
    )


def _participants(arrivals: Sequence[_Arrival], actor: Actor) -> dict[int, list[int]]:
    """Return by raw mail the customers whom its sender drew in by writing to them, too."""
    own = our_addresses()
    drawn_in: dict[int, dict[str, Met]] = {}
    for arrival in arrivals:
        others = {
            a.address: Met(address=a.address, name=a.name, at=arrival.at)
            for a in (*arrival.mail.parsed.to, *arrival.mail.parsed.cc)
            # An address nobody could be reached by takes no part.
            if a.address not in own and a.address != arrival.sender.address and is_usable_address(a.address)
        }
        drawn_in[arrival.mail.row.id] = dict(list(others.items())[:MOST_PARTICIPANTS])
    met = [one for others in drawn_in.values() for one in others.values()]
    known = customers.recognize(met, source="mail", actor=actor) if met else {}
    return {raw_id: [known[address] for address in others] for raw_id, others in drawn_in.items()}
