"""Mail as it arrived: stored first, settled later, once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import accumulate, takewhile

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MailNotFound, MayNotKeepMailboxes, NothingToRetry
from careloop.domains.channels.events import (
    MailAccepted,
    MailDiscarded,
    MailDuplicate,
    MailQuarantined,
    MailRetried,
    MailStored,
)
from careloop.domains.channels.models import Mailbox, RawMail
from careloop.domains.channels.types import Arrived, MailKey, RawMailState, RawRow, ReadMail
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.blobs import store_blob
from careloop.kernel.events import Event, record, record_all, subject
from careloop.kernel.scope import current_workspace

__all__ = [
    "MOST_ATTEMPTS",
    "accept_raw",
    "accepted_copies",
    "begin_reading",
    "count_attempts",
    "discard_raw",
    "forget_attempt",
    "mark_duplicate",
    "quarantine_raw",
    "raw_row",
    "retry_raw",
    "store_raw",
]

MOST_ATTEMPTS = 3
"""A mail that has taken its reader down this often waits for a person instead."""


@act
def store_raw(arrived: Sequence[Arrived], *, is_silent: bool, actor: Actor, at: datetime) -> list[int | None]:
    """Keep mails before anything is understood of them, and return their ids; None for one that was fetched before.

    is_silent: nothing may be sent because of them.

    Records MailStored for each new one. Raises OSError when the disk is full.
    """
    blobs = [store_blob(one.raw) for one in arrived]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_rawmail (workspace_id, mailbox_id, provider_id, sha256, byte_count, received_at, is_test, "
            "is_silent, state, attempts, rfc_message_id, content_hash, reason, detail) "
            "SELECT %s, a.*, %s, 'stored', 0, '', '', '', '' "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::boolean[]) AS a "
            "ON CONFLICT (mailbox_id, provider_id) DO NOTHING RETURNING id, mailbox_id, provider_id",
            [
                current_workspace(),
                is_silent,
                [one.mailbox_id for one in arrived],
                [one.provider_id[:500] for one in arrived],
                [sha256 for sha256, _byte_count in blobs],
                [byte_count for _sha256, byte_count in blobs],
                [one.received_at for one in arrived],
                [one.is_test for one in arrived],
            ],
        )
        ids = {(mailbox_id, provider_id): raw_id for raw_id, mailbox_id, provider_id in cursor.fetchall()}
    # Popped, so that the second of two under one name gets none.
    stored = [ids.pop((one.mailbox_id, one.provider_id[:500]), None) for one in arrived]
    record_all(
        [
            MailStored(
                subject=subject("raw_mail", raw_id),
                actor=str(actor),
                at=at,
                mailbox_id=one.mailbox_id,
                byte_count=byte_count,
                is_silent=is_silent,
                is_test=one.is_test,
            )
            for one, raw_id, (_sha256, byte_count) in zip(arrived, stored, blobs, strict=True)
            if raw_id is not None
        ]
    )
    return stored


@act
def begin_reading(*, raw_ids: Collection[int]) -> list[RawRow]:
    """Claim stored mails for reading, and return them, the oldest first, without those settled or in other hands."""
    waiting = RawMail.objects.select_for_update(skip_locked=True).filter(pk__in=raw_ids, state=RawMailState.STORED)
    return [raw_row(row) for row in waiting.order_by("pk")]


@act
def count_attempts(*, most: int, most_bytes: int) -> dict[int, int]:
    """Count a reading of the oldest stored mails that may end in a crash; return how many there were, by id, oldest first.

    most, most_bytes: take at most so many mails, and behind the first no more than so many bytes in all.
    To be committed before the reading, so that a mail that takes its reader down is known by it: one that was tried before
    is returned alone. More than MOST_ATTEMPTS are too many.
    """
    waiting = RawMail.objects.select_for_update(skip_locked=True).filter(state=RawMailState.STORED).order_by("pk")
    known = list(waiting.values_list("pk", "attempts", "byte_count")[:most])
    sizes = accumulate(byte_count for _raw_id, _attempts, byte_count in known)
    taken = {
        raw_id: attempts + 1
        for (raw_id, attempts, _byte_count), _size in takewhile(
            lambda row: row[0][1] == 0 and row[1] <= most_bytes, zip(known, sizes, strict=True)
        )
    } or {raw_id: attempts + 1 for raw_id, attempts, _byte_count in known[:1]}
    RawMail.objects.filter(pk__in=taken).update(attempts=F("attempts") + 1)
    return taken


@act
def forget_attempt(*, raw_id: int) -> None:
    """Take back a counted reading that failed for reasons of the house, such as a full disk."""
    RawMail.objects.filter(pk=raw_id, attempts__gt=0).update(attempts=F("attempts") - 1)


@act
def accepted_copies(mails: Collection[MailKey]) -> dict[MailKey, dict[int, int | None]]:
    """Return where the workspace has accepted mails with these Message-IDs and contents: by mail, mailbox to message.

    Whoever asks for the same mail at the same moment waits until this act is over, so that two mailboxes that got one
    mail make one message of it.
    """
    ids = sorted({mail.rfc_message_id for mail in mails})
    with connection.cursor() as cursor:
        # In one order, so that two who ask for several never wait for each other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, key) "
            "FROM (SELECT DISTINCT hashtext(id) AS key FROM unnest(%s::text[]) AS id ORDER BY 1) AS keys",
            [current_workspace() % 2**31, ids],
        )
    # By mailbox, because the index begins with it.
    accepted = RawMail.objects.filter(
        mailbox_id__in=Mailbox.objects.values("pk"), rfc_message_id__in=ids, state=RawMailState.ACCEPTED
    )
    copies: dict[MailKey, dict[int, int | None]] = {mail: {} for mail in mails}
    for mailbox_id, rfc_message_id, content_hash, message_id in accepted.values_list(
        "mailbox_id", "rfc_message_id", "content_hash", "message_id"
    ):
        copies.get(MailKey(rfc_message_id=rfc_message_id, content_hash=content_hash), {})[mailbox_id] = message_id
    return copies


@act
def accept_raw(read: Sequence[ReadMail], *, actor: Actor, at: datetime) -> None:
    """Note that mails were read and became messages, or served as reports. Records MailAccepted for each.

    Raises NothingToRetry when one of them is settled already.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_rawmail r SET state = 'accepted', settled_at = %s, reason = '', detail = '', "
            "rfc_message_id = a.rfc_message_id, content_hash = a.content_hash, message_id = a.message_id "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) "
            "AS a (raw_id, rfc_message_id, content_hash, message_id) "
            "WHERE r.id = a.raw_id AND r.state IN ('stored', 'quarantined')",
            [
                at,
                [one.raw_id for one in read],
                [one.key.rfc_message_id for one in read],
                [one.key.content_hash for one in read],
                [one.message_id for one in read],
            ],
        )
        if cursor.rowcount != len(read):
            raise NothingToRetry(_("This mail is not in quarantine any more."))
    record_all(
        [
            MailAccepted(subject=subject("raw_mail", one.raw_id), actor=str(actor), at=at, message_id=one.message_id)
            for one in read
        ]
    )


@act
def mark_duplicate(*, raw_id: int, actor: Actor, at: datetime) -> None:
    """Note that the same mail was here before. Records MailDuplicate."""
    event = MailDuplicate(subject=subject("raw_mail", raw_id), actor=str(actor), at=at)
    _settle(raw_id, RawMailState.DUPLICATE, at, event)


@act
def quarantine_raw(*, raw_id: int, reason: str, detail: str, actor: Actor, at: datetime) -> None:
    """Put a mail that cannot be read where a person sees it.

    reason: a code that pages word, such as "too_deep". detail: for engineers.

    Records MailQuarantined.
    """
    event = MailQuarantined(subject=subject("raw_mail", raw_id), actor=str(actor), at=at, reason=reason)
    _settle(raw_id, RawMailState.QUARANTINED, at, event, reason=reason[:60], detail=detail[:500])


@act
def discard_raw(*, raw_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Put a mail aside that is not for anybody, such as our own coming back, or by a person's word.

    Raises MayNotKeepMailboxes, MailNotFound, NothingToRetry when it is settled otherwise. Records MailDiscarded.
    """
    if not rules.may_tend_quarantine(actor):
        raise MayNotKeepMailboxes(_("Team leads look after the quarantine. Ask one of them."))
    if not actor.is_house and _locked(raw_id).state != RawMailState.QUARANTINED:
        raise NothingToRetry(_("This mail is not in quarantine any more."))
    event = MailDiscarded(subject=subject("raw_mail", raw_id), actor=str(actor), at=at, reason=reason)
    _settle(raw_id, RawMailState.DISCARDED, at, event, reason=reason[:60])


@act
def retry_raw(*, raw_id: int, actor: Actor, at: datetime) -> None:
    """Have a mail read again that waits in quarantine or was discarded.

    Raises MayNotKeepMailboxes, MailNotFound, NothingToRetry. Records MailRetried.
    """
    if not rules.may_tend_quarantine(actor):
        raise MayNotKeepMailboxes(_("Team leads look after the quarantine. Ask one of them."))
    row = _locked(raw_id)
    if row.state not in {RawMailState.QUARANTINED, RawMailState.DISCARDED}:
        raise NothingToRetry(_("This mail is not in quarantine any more."))
    if row.byte_count == 0:
        raise NothingToRetry(_("The mail server did not give this mail out. Read it in the mailbox itself."))
    row.state, row.attempts, row.settled_at = RawMailState.STORED, 0, None
    row.save(update_fields=["state", "attempts", "settled_at"])
    record(MailRetried(subject=subject("raw_mail", raw_id), actor=str(actor), at=at))


def raw_row(row: RawMail) -> RawRow:
    """Return a stored mail as a frozen row."""
    return RawRow(
        id=row.pk,
        mailbox_id=row.mailbox_id,
        provider_id=row.provider_id,
        sha256=row.sha256,
        byte_count=row.byte_count,
        received_at=row.received_at,
        is_silent=row.is_silent,
        state=row.state,
        reason=row.reason,
        detail=row.detail,
        attempts=row.attempts,
        message_id=row.message_id,
        stored_at=row.stored_at,
        is_test=row.is_test,
    )


def _settle(raw_id: int, state: RawMailState, at: datetime, event: Event, **facts: object) -> None:
    # What was accepted stays accepted, whoever comes late.
    unsettled = RawMail.objects.filter(pk=raw_id, state__in=[RawMailState.STORED, RawMailState.QUARANTINED])
    if unsettled.update(state=state, settled_at=at, **facts):
        record(event)
    elif RawMail.objects.filter(pk=raw_id).exists():
        raise NothingToRetry(_("This mail is not in quarantine any more."))
    else:
        raise MailNotFound(_("There is no such mail."))


def _locked(raw_id: int) -> RawMail:
    row = RawMail.objects.select_for_update().filter(pk=raw_id).first()
    if row is None:
        raise MailNotFound(_("There is no such mail."))
    return row
