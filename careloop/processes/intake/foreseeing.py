"""Say what would become of a mail, and change nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from careloop.domains.cases.queries import cases_of_conversations
from careloop.domains.cases.states import Category
from careloop.domains.channels import services as channels
from careloop.domains.channels.types import MailboxRow, RawRow
from careloop.domains.conversations.queries import known_mails
from careloop.domains.customers.queries import customer_of_address
from careloop.gateways.mime import (
    Limits,
    Origin,
    OriginKind,
    ParsedMail,
    Unreadable,
    delivery_report,
    parse,
    spam_hint,
)
from careloop.kernel.blobs import open_blob
from careloop.processes.intake.content import key_of
from careloop.processes.intake.facts import SENDER_NOT_PROVEN, mail_facts
from careloop.processes.intake.origins import verdict_on
from careloop.processes.intake.threads import thread_of
from careloop.processes.intake.understanding import referred_by
from careloop.processes.workspace import workspace_facts

__all__ = ["Fate", "Foreseen", "Glimpse", "Receipt", "foresee", "glimpse"]

MOST_GLIMPSED_BYTES = 64 * 1024


class Fate(StrEnum):
    """What would become of a mail.

    FOLLOW_UP: a new case on a conversation whose case is closed. BESIDE: an automatic reply that is kept in its
    conversation and moves nothing. REPORT: tells an answer of ours whether it arrived. LEFT_OUT: nobody's words.
    """

    NEW_CASE = "new_case"
    FOLLOW_UP = "follow_up"
    JOINS = "joins"
    BESIDE = "beside"
    DUPLICATE = "duplicate"
    REPORT = "report"
    LEFT_OUT = "left_out"
    QUARANTINE = "quarantine"


class Receipt(StrEnum):
    """Whether the customer would be told that the mail arrived, and why not."""

    YES = "yes"
    NO_NEW_CASE = "no_new_case"
    OFF = "off"
    MACHINE = "machine"
    FORGED = "forged"
    SPAM = "spam"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would happen. sender, subject: as far as they can be read. case_id: the case it would join.

    reason: a quarantine code, or empty. warnings: as a message would carry them. is_bulk: a machine or a list wrote it.
    """

    fate: Fate
    sender: str = ""
    subject: str = ""
    written_at: datetime | None = None
    case_id: int | None = None
    reason: str = ""
    warnings: Sequence[str] = ()
    is_bulk: bool = False
    is_spam: bool = False
    receipt: Receipt = Receipt.NO_NEW_CASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """Who a mail seems to be from and what about, as far as its head can be read; else empty."""

    sender: str = ""
    subject: str = ""


def glimpse(row: RawRow) -> Glimpse:
    """Look at the head of a stored mail that could not be read as a whole."""
    try:
        with open_blob(row.sha256) as file:
            head = re.split(rb"\r?\n\r?\n", file.read(MOST_GLIMPSED_BYTES), maxsplit=1)[0]
        # Without what says how the body is built: it is the body that could not be read.
        lines = re.sub(rb"(?im)^(?:content|mime)-[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", head)
        parsed = parse(lines + b"\n\n.\n", limits=Limits())
    except (Unreadable, OSError):
        return Glimpse()
    sender = parsed.from_
    return Glimpse(sender=f"{sender.name} <{sender.address}>".strip() if sender else "", subject=parsed.subject)


def foresee(raw: bytes, *, mailbox: MailboxRow) -> Foreseen:
    """Say what would become of a mail that arrived in a mailbox now. Writes nothing."""
    try:
        parsed = parse(raw, limits=Limits())
    except Unreadable as problem:
        return Foreseen(fate=Fate.QUARANTINE, reason=problem.reason)
    verdict = verdict_on(parsed)
    match verdict.kind:
        case OriginKind.OWN_LOOP | OriginKind.DISPOSITION_NOTIFICATION:
            return _seen(parsed, Fate.LEFT_OUT)
        case OriginKind.DELIVERY_REPORT:
            ids = [r.original_message_id for r in delivery_report(parsed) if r.original_message_id]
            if known_mails(ids):
                return _seen(parsed, Fate.REPORT)
            return _seen(parsed, Fate.QUARANTINE, reason="unknown_report")
        case _ if parsed.from_ is None:
            return _seen(parsed, Fate.QUARANTINE, reason="no_sender")
        case _ if any(channels.accepted_copies([key_of(parsed)]).values()):
            return _seen(parsed, Fate.DUPLICATE)
        case _:
            return _placed(parsed, verdict, mailbox)


def _placed(parsed: ParsedMail, verdict: Origin, mailbox: MailboxRow) -> Foreseen:
    sender = parsed.from_.address if parsed.from_ else ""
    _facts, warnings = mail_facts(parsed, is_answerable=verdict.may_be_answered_by_machine, mailbox=mailbox)
    referred = referred_by(parsed)
    thread = thread_of(
        referred=referred,
        known=known_mails(referred),
        sender=sender,
        customer_id=customer_of_address(sender) or 0,
        is_forged=SENDER_NOT_PROVEN in warnings,
    )
    is_auto_reply = verdict.kind is OriginKind.AUTO_REPLY
    if thread.conversation_id is None and is_auto_reply:
        return _seen(parsed, Fate.QUARANTINE, reason="machine_reply")
    if is_auto_reply:
        return _seen(parsed, Fate.BESIDE, is_bulk=True)
    if thread.conversation_id is not None:
        known = cases_of_conversations([thread.conversation_id])[thread.conversation_id]
        case_id = next((case_id for case_id, category in known if category != Category.CLOSED), None)
        if case_id is not None:
            return _seen(parsed, Fate.JOINS, case_id=case_id, warnings=warnings)
    return _seen(
        parsed,
        Fate.NEW_CASE if thread.conversation_id is None else Fate.FOLLOW_UP,
        warnings=[*warnings, *["stranger_quotes_us"] * thread.is_stranger],
        is_bulk=verdict.kind is not OriginKind.HUMAN,
        receipt=_receipt(parsed, verdict, warnings, mailbox),
    )


def _receipt(parsed: ParsedMail, verdict: Origin, warnings: Sequence[str], mailbox: MailboxRow) -> Receipt:
    if not mailbox.sends_receipts:
        return Receipt.OFF
    if SENDER_NOT_PROVEN in warnings:
        return Receipt.FORGED
    if not verdict.may_be_answered_by_machine:
        return Receipt.MACHINE
    if spam_hint(parsed).is_flagged is True:
        return Receipt.SPAM
    return Receipt.YES if workspace_facts().may_send else Receipt.DEMO


def _seen(
    parsed: ParsedMail,
    fate: Fate,
    *,
    case_id: int | None = None,
    reason: str = "",
    warnings: Sequence[str] = (),
    is_bulk: bool = False,
    receipt: Receipt = Receipt.NO_NEW_CASE,
) -> Foreseen:
    sender = parsed.from_
    return Foreseen(
        fate=fate,
        sender=(sender.name or sender.address) if sender else "",
        subject=parsed.subject,
        written_at=parsed.date,
        case_id=case_id,
        reason=reason,
        warnings=tuple(warnings),
        is_bulk=is_bulk,
        is_spam=spam_hint(parsed).is_flagged is True,
        receipt=receipt,
    )
