"""Settle a stored mail: understand it, and make it a message, a duplicate, a report, or somebody's question."""

import logging
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial

from careloop.domains.channels import queries as channels_queries
from careloop.domains.channels import services as channels
from careloop.domains.channels.types import RawRow, ReadMail
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import known_mails
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import KnownMail
from careloop.gateways.mime import DeliveryAction, OriginKind, Unreadable, delivery_report
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.acts import act, attempt
from careloop.kernel.claims import claimed
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.intake.own_words import WrittenToNobody, place_own
from careloop.processes.intake.placing import place
from careloop.processes.intake.understanding import Understood, understand
from careloop.processes.intake.waves import first_wave
from careloop.processes.workspace import our_addresses

__all__ = ["INTAKE", "settle", "settle_waiting"]

BATCH = 100
"""Mails that are settled in one transaction: enough to share its questions, few enough to lock nothing for long."""
BATCH_BYTES = 64 * 1024 * 1024
"""Their size together, above the first, because they are read into memory."""
log = logging.getLogger(__name__)

INTAKE = Actor(kind=ActorKind.HOUSE, name="intake")

_REPORTED = {
    DeliveryAction.FAILED: DeliveryState.BOUNCED,
    DeliveryAction.DELAYED: DeliveryState.DELAYED,
    DeliveryAction.DELIVERED: DeliveryState.DELIVERED,
}


def settle_waiting(*, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Settle the oldest stored mails of every workspace, a batch of each, and return how many were settled.

    Any number of workers may: one at a time settles a workspace, so that an answer never overtakes what it answers. The
    attempts are counted and committed before the reading: a mail that takes its reader down is read alone the next time,
    goes to quarantine after the third, and holds up nobody else's. A full disk is not the mail's fault and is not counted.

    sheltering: what becomes of the mail of a workspace that fails as a whole.
    """
    return sum(
        sheltering("mail", workspace_id, partial(_settle_batch, workspace_id, at))
        for workspace_id in channels_queries.workspaces_with_mail_waiting()
    )


def _settle_batch(workspace_id: int, at: datetime) -> int:
    with claimed(f"settle {workspace_id}") as is_ours:
        if not is_ours:
            return 0
        with workspace_scope(workspace_id):
            attempts = channels.count_attempts(most=BATCH, most_bytes=BATCH_BYTES)
        try:
            _settle_all(workspace_id, attempts, at)
        except OSError:
            log.exception("mail.no_space", extra={"workspace_id": workspace_id})
            return sum(_settled_alone(workspace_id, raw_id, count, at) for raw_id, count in attempts.items())
        return len(attempts)


def _settle_all(workspace_id: int, attempts: Mapping[int, int], at: datetime) -> None:
    deadly = {raw_id for raw_id, count in attempts.items() if count > channels.MOST_ATTEMPTS}
    with workspace_scope(workspace_id):
        for raw_id in deadly:
            channels.quarantine_raw(raw_id=raw_id, reason="crashes", detail="", actor=INTAKE, at=at)
        if attempts.keys() > deadly:
            settle(raw_ids=attempts.keys() - deadly, at=at)


def _settled_alone(workspace_id: int, raw_id: int, count: int, at: datetime) -> bool:
    try:
        _settle_all(workspace_id, {raw_id: count}, at)
    except OSError:
        with workspace_scope(workspace_id):
            channels.forget_attempt(raw_id=raw_id)
        return False
    return True


@act
def settle(*, raw_ids: Collection[int], at: datetime) -> None:
    """Settle some stored mails; those that are settled already, or in other hands, are left alone.

    Whatever goes wrong in the reading of one is undone and puts it into quarantine, with the reason, and touches no other.
    """
    rows = channels.begin_reading(raw_ids=raw_ids)
    waiting = [mail for row in rows if (mail := _understood(row, at)) is not None]
    while waiting:
        known = known_mails({reference for mail in waiting for reference in mail.referred})
        wave, waiting = first_wave([(mail, _touched_by(mail, known)) for mail in waiting])
        _settle_wave(wave, known, at)


def _understood(row: RawRow, at: datetime) -> Understood | None:
    try:
        return understand(row)
    except OSError as problem:
        if not isinstance(problem, FileNotFoundError):
            raise
        _put_aside(row, problem, at)
    except Exception as problem:  # noqa: BLE001 - whatever it is, a person sees it in quarantine and an engineer in the log
        _put_aside(row, problem, at)
    return None


def _touched_by(mail: Understood, known: Collection[KnownMail]) -> set[Hashable]:
    """Return what another mail must not touch at the same time: its sender, its name, and the conversations it refers to."""
    sender = {mail.parsed.from_.address} if mail.parsed.from_ else set()
    joined = {k.conversation_id for k in known if k.rfc_message_id in mail.referred}
    return {mail.key.rfc_message_id, mail.key.content_hash, *sender, *mail.referred, *joined}


def _settle_wave(wave: Sequence[Understood], known: Collection[KnownMail], at: datetime) -> None:
    try:
        with attempt():
            _take_in(wave, known, at)
    except OSError:
        # The disk is full or the blob unreachable: not the mail's fault. It stays stored and is tried again.
        raise
    except Exception as problem:  # noqa: BLE001 - as above
        if len(wave) == 1:
            _put_aside(wave[0].row, problem, at)
            return
        half = len(wave) // 2
        for part in (wave[:half], wave[half:]):
            _settle_wave(part, known, at)


def _put_aside(row: RawRow, problem: Exception, at: datetime) -> None:
    reason, detail = "failed", f"{type(problem).__name__}: {problem}"
    match problem:
        case Unreadable():
            reason, detail = str(problem.reason), ""
        case WrittenToNobody():
            reason, detail = "no_recipient", ""
        case FileNotFoundError():
            reason, detail = "source_gone", ""
        case _:
            log.error("mail.unreadable", exc_info=problem, extra={"raw_id": row.id})
    channels.quarantine_raw(raw_id=row.id, reason=reason, detail=detail, actor=INTAKE, at=at)


def _take_in(wave: Sequence[Understood], known: Collection[KnownMail], at: datetime) -> None:
    letters = []
    for mail in wave:
        match mail.verdict.kind:
            case OriginKind.OWN_LOOP:
                channels.discard_raw(raw_id=mail.row.id, reason="own_loop", actor=INTAKE, at=at)
            case OriginKind.DISPOSITION_NOTIFICATION:
                channels.discard_raw(raw_id=mail.row.id, reason="read_receipt", actor=INTAKE, at=at)
            case OriginKind.DELIVERY_REPORT:
                _report(mail, at)
            case _ if mail.parsed.from_ is None:
                channels.quarantine_raw(raw_id=mail.row.id, reason="no_sender", detail="", actor=INTAKE, at=at)
            case _:
                letters.append(mail)
    if letters:
        _take_in_letters(letters, known, at)


def _take_in_letters(letters: Sequence[Understood], known: Collection[KnownMail], at: datetime) -> None:
    copies = channels.accepted_copies([mail.key for mail in letters])
    became: dict[int, int] = {}
    fresh = []
    for mail in letters:
        # The same mail in another mailbox of the workspace is one message all the same.
        elsewhere = next((message_id for message_id in copies[mail.key].values() if message_id is not None), None)
        if mail.row.mailbox_id in copies[mail.key]:
            channels.mark_duplicate(raw_id=mail.row.id, actor=INTAKE, at=at)
        elif elsewhere is not None:
            became[mail.row.id] = elsewhere
        elif mail.row.is_silent and mail.parsed.from_ is not None and mail.parsed.from_.address in our_addresses():
            became[mail.row.id] = place_own(mail, actor=INTAKE, at=at)
        else:
            fresh.append(mail)
    became |= place(fresh, known=known, actor=INTAKE, at=at)
    read = [
        ReadMail(raw_id=mail.row.id, key=mail.key, message_id=became[mail.row.id])
        for mail in letters
        if mail.row.id in became
    ]
    channels.accept_raw(read, actor=INTAKE, at=at)


def _report(mail: Understood, at: datetime) -> None:
    """Let a delivery report tell its message; one about a mail that is not ours waits for a person."""
    reports = delivery_report(mail.parsed)
    ours = {
        ours.rfc_message_id: ours.message_id
        for ours in known_mails([r.original_message_id for r in reports if r.original_message_id])
    }
    told = [(ours[r.original_message_id], r) for r in reports if r.original_message_id in ours]
    if not told:
        channels.quarantine_raw(raw_id=mail.row.id, reason="unknown_report", detail="", actor=INTAKE, at=at)
        return
    for message_id, report in told:
        state = _REPORTED.get(report.action)
        if state is not None:
            detail = f"{report.recipient}: {report.status or ''} {report.diagnostic}".strip()
            conversations.move_delivery(message_id=message_id, to=state, detail=detail, actor=INTAKE, at=at)
    channels.accept_raw([ReadMail(raw_id=mail.row.id, key=mail.key, message_id=None)], actor=INTAKE, at=at)
