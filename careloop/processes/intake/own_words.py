"""Old mail that we wrote ourselves, by another program: our answers, not a customer's words."""

from dataclasses import replace
from datetime import datetime

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases import services as cases
from careloop.domains.cases.states import DONE, Category
from careloop.domains.channels.types import MailboxRow, RawRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import known_mails
from careloop.domains.conversations.types import Audience, Channel, KnownMail
from careloop.domains.customers import services as customers
from careloop.gateways.mime import ParsedMail, split_reply
from careloop.kernel.actors import Actor
from careloop.processes.intake.facts import kept_files, mail_facts
from careloop.processes.intake.language import first_line
from careloop.processes.workspace import our_addresses

__all__ = ["WrittenToNobody", "place_own"]


class WrittenToNobody(Exception):
    """A mail of ours that went to no address but our own."""


def place_own(*, row: RawRow, parsed: ParsedMail, mailbox: MailboxRow, actor: Actor, at: datetime) -> int:
    """Make an imported mail from one of our own addresses a word of ours, and return the message's id.

    It joins the conversation that it answers, or begins one with its first recipient. Nothing is sent and nobody is told.

    Raises WrittenToNobody; refusals of the acts below.
    """
    sender = parsed.from_
    own = our_addresses()
    others = [a for a in (*parsed.to, *parsed.cc) if a.address not in own]
    if sender is None or not others:
        raise WrittenToNobody
    written_at = min(row.received_at or parsed.date or row.stored_at, at)
    subject_line = parsed.subject or first_line(parsed.text)
    answered = _answered(parsed)
    conversation_id = None if answered is None else answered.conversation_id
    customer_id = (
        customers.recognize(
            address=others[0].address, name=others[0].name, language="", source="mail", actor=actor, at=written_at
        )
        if answered is None
        else answered.customer_id
    )
    conversation_id = conversation_id or conversations.start(
        channel=Channel.EMAIL,
        audience=Audience.CUSTOMER,
        customer_id=customer_id,
        mailbox_id=mailbox.id,
        subject_line=subject_line,
        actor=actor,
        at=written_at,
    )
    files, _too_large = kept_files(parsed, actor, written_at)
    facts, _warnings = mail_facts(parsed, is_answerable=True, mailbox=mailbox)
    reply = split_reply(parsed.text, parsed.html)
    message_id = conversations.keep_sent(
        conversation_id=conversation_id,
        author_name=sender.name or sender.address,
        text=reply.text,
        quoted="\n\n".join(part for part in (reply.quoted, reply.signature) if part),
        html=parsed.html or "",
        mail=replace(facts, spf="", dkim="", dmarc=""),
        files=files,
        actor=actor,
        at=written_at,
    )
    known = cases_queries.cases_of_conversation(conversation_id)
    open_case = next((case_id for case_id, category in known if category not in DONE), None)
    if open_case is not None:
        cases.answered(
            case_id=open_case, message_id=message_id, status_id=None, is_quiet=True, actor=actor, at=written_at
        )
    elif not any(category != Category.CLOSED for _case_id, category in known):
        cases.open_case(
            subject_line=subject_line or "—",
            requester_id=customer_id,
            requester_name=others[0].name or others[0].address,
            channel=Channel.EMAIL,
            conversation_id=conversation_id,
            first_message_id=message_id if known else None,
            team_id=mailbox.team_id,
            waits=False,
            is_quiet=True,
            actor=actor,
            at=written_at,
        )
    return message_id


def _answered(parsed: ParsedMail) -> KnownMail | None:
    referred = tuple(dict.fromkeys((*parsed.references, *parsed.in_reply_to)))
    by_id = {mail.rfc_message_id: mail for mail in known_mails(referred)}
    return next((by_id[reference] for reference in reversed(referred) if reference in by_id), None)
