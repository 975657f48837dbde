"""Settle a stored mail: understand it, and make it a message, a duplicate, a report, or somebody's question."""

import logging
from collections.abc import Mapping
from datetime import datetime

from careloop.domains.channels import queries as channels_queries
from careloop.domains.channels import services as channels
from careloop.domains.channels.types import RawRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import known_mails
from careloop.domains.conversations.states import DeliveryState
from careloop.gateways.mime import (
    DeliveryAction,
    Limits,
    Origin,
    OriginKind,
    ParsedMail,
    Unreadable,
    delivery_report,
    parse,
)
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act, attempt
from careloop.kernel.blobs import read_blob
from careloop.kernel.claims import claimed
from careloop.kernel.scope import workspace_scope
from careloop.processes.intake.content import content_hash
from careloop.processes.intake.origins import verdict_on
from careloop.processes.intake.own_words import WrittenToNobody, place_own
from careloop.processes.intake.placing import TooManyFromSender, place
from careloop.processes.workspace import mailbox_facts, our_addresses

__all__ = ["INTAKE", "settle", "settle_waiting"]

LIMITS = Limits()
BATCH = 20
"""Mails that are settled in one transaction: enough to pay for its commit, few enough to lock nothing for long."""
log = logging.getLogger(__name__)

INTAKE = Actor(kind=ActorKind.HOUSE, name="intake")

_REPORTED = {
    DeliveryAction.FAILED: DeliveryState.BOUNCED,
    DeliveryAction.DELAYED: DeliveryState.DELAYED,
    DeliveryAction.DELIVERED: DeliveryState.DELIVERED,
}


def settle_waiting(*, at: datetime) -> int:
    """Settle the oldest stored mails of every workspace, a batch of each, and return how many were settled.

    Any number of workers may: one at a time settles a workspace, so that an answer never overtakes what it answers. The
    attempts are counted and committed before the reading: a mail that takes its reader down is read alone the next time,
    goes to quarantine after the third, and holds up nobody else's. A full disk is not the mail's fault and is not counted.
    """
    return sum(_settle_batch(workspace_id, at) for workspace_id in channels_queries.workspaces_with_mail_waiting())


def _settle_batch(workspace_id: int, at: datetime) -> int:
    with claimed(f"settle {workspace_id}") as is_ours:
        if not is_ours:
            return 0
        with workspace_scope(workspace_id):
            attempts = channels.count_attempts(most=BATCH)
        try:
            _settle_all(workspace_id, attempts, at)
        except OSError:
            log.exception("mail.no_space", extra={"workspace_id": workspace_id})
            return sum(_settled_alone(workspace_id, raw_id, count, at) for raw_id, count in attempts.items())
        return len(attempts)


def _settle_all(workspace_id: int, attempts: Mapping[int, int], at: datetime) -> None:
    with workspace_scope(workspace_id):
        for raw_id, count in attempts.items():
            if count > channels.MOST_ATTEMPTS:
                channels.quarantine_raw(raw_id=raw_id, reason="crashes", detail="", actor=INTAKE, at=at)
            else:
                settle(raw_id=raw_id, at=at)


def _settled_alone(workspace_id: int, raw_id: int, count: int, at: datetime) -> bool:
    try:
        _settle_all(workspace_id, {raw_id: count}, at)
    except OSError:
        with workspace_scope(workspace_id):
            channels.forget_attempt(raw_id=raw_id)
        return False
    return True


@act
def settle(*, raw_id: int, at: datetime) -> None:
    """Settle one stored mail; one that is settled already, or in other hands, is left alone.

    Whatever goes wrong in the reading is undone and puts the mail into quarantine, with the reason.
    """
    row = channels.begin_reading(raw_id=raw_id)
    if row is None:
        return
    try:
        with attempt():
            _read(row, at)
    except Unreadable as problem:
        channels.quarantine_raw(raw_id=raw_id, reason=problem.reason, detail="", actor=INTAKE, at=at)
    except TooManyFromSender as problem:
        channels.quarantine_raw(raw_id=raw_id, reason="too_many", detail=str(problem), actor=INTAKE, at=at)
    except WrittenToNobody:
        channels.quarantine_raw(raw_id=raw_id, reason="no_recipient", detail="", actor=INTAKE, at=at)
    except FileNotFoundError:
        channels.quarantine_raw(raw_id=raw_id, reason="source_gone", detail="", actor=INTAKE, at=at)
    except OSError:
        # The disk is full or the blob unreachable: not the mail's fault. It stays stored and is tried again.
        raise
    except Exception as problem:
        log.exception("mail.unreadable", extra={"raw_id": raw_id})
        channels.quarantine_raw(
            raw_id=raw_id, reason="failed", detail=f"{type(problem).__name__}: {problem}", actor=INTAKE, at=at
        )


def _read(row: RawRow, at: datetime) -> None:
    parsed = parse(read_blob(row.sha256), limits=LIMITS)
    verdict = verdict_on(parsed)
    match verdict.kind:
        case OriginKind.OWN_LOOP:
            channels.discard_raw(raw_id=row.id, reason="own_loop", actor=INTAKE, at=at)
        case OriginKind.DISPOSITION_NOTIFICATION:
            channels.discard_raw(raw_id=row.id, reason="read_receipt", actor=INTAKE, at=at)
        case OriginKind.DELIVERY_REPORT:
            _report(row, parsed, at)
        case _ if parsed.from_ is None:
            channels.quarantine_raw(raw_id=row.id, reason="no_sender", detail="", actor=INTAKE, at=at)
        case _:
            _take_in(row, parsed, verdict, at)


def _take_in(row: RawRow, parsed: ParsedMail, verdict: Origin, at: datetime) -> None:
    fingerprint = content_hash(parsed)
    copies = channels.accepted_copies(rfc_message_id=parsed.message_id, content_hash=fingerprint)
    if row.mailbox_id in copies:
        channels.mark_duplicate(raw_id=row.id, actor=INTAKE, at=at)
        return
    # The same mail in another mailbox of the workspace is one message all the same.
    message_id = next((copy for copy in copies.values() if copy is not None), None)
    if message_id is None:
        message_id = _placed(row, parsed, verdict, at)
    if message_id is None:
        channels.quarantine_raw(raw_id=row.id, reason="machine_reply", detail="", actor=INTAKE, at=at)
        return
    channels.accept_raw(
        raw_id=row.id,
        rfc_message_id=parsed.message_id,
        content_hash=fingerprint,
        message_id=message_id,
        actor=INTAKE,
        at=at,
    )


def _placed(row: RawRow, parsed: ParsedMail, verdict: Origin, at: datetime) -> int | None:
    mailbox = mailbox_facts(row.mailbox_id)
    if row.is_silent and parsed.from_ is not None and parsed.from_.address in our_addresses():
        return place_own(row=row, parsed=parsed, mailbox=mailbox, actor=INTAKE, at=at)
    return place(row=row, parsed=parsed, verdict=verdict, mailbox=mailbox, actor=INTAKE, at=at)


def _report(row: RawRow, parsed: ParsedMail, at: datetime) -> None:
    """Let a delivery report tell its message; one about a mail that is not ours waits for a person."""
    reports = delivery_report(parsed)
    ours = {
        mail.rfc_message_id: mail.message_id
        for mail in known_mails([r.original_message_id for r in reports if r.original_message_id])
    }
    told = [(ours[r.original_message_id], r) for r in reports if r.original_message_id in ours]
    if not told:
        channels.quarantine_raw(raw_id=row.id, reason="unknown_report", detail="", actor=INTAKE, at=at)
        return
    for message_id, report in told:
        state = _REPORTED.get(report.action)
        if state is not None:
            detail = f"{report.recipient}: {report.status or ''} {report.diagnostic}".strip()
            conversations.move_delivery(message_id=message_id, to=state, detail=detail, actor=INTAKE, at=at)
    channels.accept_raw(
        raw_id=row.id,
        rfc_message_id=parsed.message_id,
        content_hash=content_hash(parsed),
        message_id=None,
        actor=INTAKE,
        at=at,
    )
