"""Mail as it arrived: stored first, settled later, once."""

from datetime import datetime
from itertools import takewhile

from django.db import IntegrityError, connection
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
from careloop.domains.channels.types import RawMailState, RawRow
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.blobs import store_blob
from careloop.kernel.events import Event, record, subject
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
def store_raw(
    *,
    mailbox_id: int,
    provider_id: str,
    raw: bytes,
    received_at: datetime | None,
    is_silent: bool,
    actor: Actor,
    at: datetime,
) -> int | None:
    """Keep a mail before anything is understood of it, and return its id; None when it was fetched before.

    provider_id: the server's name for it, "uidvalidity:uid", or where an imported one was found.
    received_at: when the mailbox got it, if its server says so.
    is_silent: nothing may be sent because of it.

    Records MailStored.
    """
    sha256, byte_count = store_blob(raw)
    stored = RawMail(
        mailbox_id=mailbox_id,
        provider_id=provider_id[:500],
        sha256=sha256,
        byte_count=byte_count,
        received_at=received_at,
        is_silent=is_silent,
    )
    try:
        with attempt():
            stored.save(force_insert=True)
    except IntegrityError:
        return None
    record(
        MailStored(
            subject=subject("raw_mail", stored.pk),
            actor=str(actor),
            at=at,
            mailbox_id=mailbox_id,
            byte_count=byte_count,
            is_silent=is_silent,
        )
    )
    return stored.pk


@act
def begin_reading(*, raw_id: int) -> RawRow | None:
    """Claim a stored mail for reading, or return None when it is settled or in other hands."""
    row = RawMail.objects.select_for_update(skip_locked=True).filter(pk=raw_id, state=RawMailState.STORED).first()
    return None if row is None else raw_row(row)


@act
def count_attempts(*, most: int) -> dict[int, int]:
    """Count a reading of the oldest stored mails that may end in a crash; return how many there were, by id, oldest first.

    most: take at most so many. To be committed before the reading, so that a mail that takes its reader down is known by
    it: one that was tried before is returned alone. More than MOST_ATTEMPTS are too many.
    """
    waiting = RawMail.objects.select_for_update(skip_locked=True).filter(state=RawMailState.STORED).order_by("pk")
    known = list(waiting.values_list("pk", "attempts")[:most])
    taken = known[:1] if known and known[0][1] > 0 else list(takewhile(lambda row: row[1] == 0, known))
    RawMail.objects.filter(pk__in=[raw_id for raw_id, _attempts in taken]).update(attempts=F("attempts") + 1)
    return {raw_id: attempts + 1 for raw_id, attempts in taken}


@act
def forget_attempt(*, raw_id: int) -> None:
    """Take back a counted reading that failed for reasons of the house, such as a full disk."""
    RawMail.objects.filter(pk=raw_id, attempts__gt=0).update(attempts=F("attempts") - 1)


@act
def accepted_copies(*, rfc_message_id: str, content_hash: str) -> dict[int, int | None]:
    """Return where the workspace has accepted a mail with this Message-ID and this content: mailbox to message.

    Whoever asks for the same mail at the same moment waits until this act is over, so that two mailboxes that got one
    mail make one message of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [current_workspace() % 2**31, rfc_message_id[:500]]
        )
    # By mailbox, because the index begins with it.
    return dict(
        RawMail.objects.filter(
            mailbox_id__in=Mailbox.objects.values("pk"),
            rfc_message_id=rfc_message_id[:500],
            content_hash=content_hash,
            state=RawMailState.ACCEPTED,
        ).values_list("mailbox_id", "message_id")
    )


@act
def accept_raw(
    *, raw_id: int, rfc_message_id: str, content_hash: str, message_id: int | None, actor: Actor, at: datetime
) -> None:
    """Note that a mail was read and became a message, or served as a report. Records MailAccepted."""
    _settle(
        raw_id,
        RawMailState.ACCEPTED,
        at,
        MailAccepted(subject=subject("raw_mail", raw_id), actor=str(actor), at=at, message_id=message_id),
        rfc_message_id=rfc_message_id[:500],
        content_hash=content_hash,
        message_id=message_id,
        reason="",
        detail="",
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
