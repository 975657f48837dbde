"""What messengers' providers call us for: stored first, settled later, once."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MailNotFound, MayNotKeepMailboxes, NothingToRetry
from careloop.domains.channels.events import TextAccepted, TextDiscarded, TextQuarantined, TextRetried, TextStored
from careloop.domains.channels.models import Messenger, RawHook
from careloop.domains.channels.types import HookKind, HookRow, RawMailState
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import Event, record, subject

__all__ = [
    "accept_hook",
    "begin_hook",
    "count_hook_attempt",
    "discard_hook",
    "hook_row",
    "quarantine_hook",
    "retry_hook",
    "store_hook",
]


@act
def store_hook(
    *,
    messenger_id: int,
    kind: HookKind,
    provider_id: str,
    body: bytes,
    about_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> int | None:
    """Keep what a provider called us for, and return its id; None for what was kept before, however often and late it comes.

    about_id: the message of ours that a state is about. Records TextStored.
    """
    Messenger.objects.filter(pk=messenger_id).update(heard_at=at)
    try:
        with attempt():
            row = RawHook.objects.create(
                messenger_id=messenger_id,
                kind=kind,
                provider_id=provider_id[:200],
                about_id=about_id,
                body=body,
                received_at=at,
            )
    except IntegrityError:
        return None
    about = subject("raw_text", row.pk)
    record(TextStored(subject=about, actor=str(actor), at=at, messenger_id=messenger_id, kind=kind))
    return row.pk


@act
def begin_hook(*, hook_id: int) -> HookRow | None:
    """Claim what was stored for settling, and return it; None when it is settled, or gone. Whoever comes second waits."""
    row = RawHook.objects.select_for_update().filter(pk=hook_id, state=RawMailState.STORED).first()
    return None if row is None else hook_row(row)


@act
def count_hook_attempt(*, hook_id: int) -> int:
    """Count an attempt at what takes the network, and return how many there were; to be committed before it is made."""
    RawHook.objects.filter(pk=hook_id).update(attempts=F("attempts") + 1)
    return RawHook.objects.filter(pk=hook_id).values_list("attempts", flat=True).first() or 0


@act
def accept_hook(*, hook_id: int, message_id: int | None, actor: Actor, at: datetime) -> None:
    """Note what became of it. Raises NothingToRetry when it is settled already. Records TextAccepted."""
    event = TextAccepted(subject=subject("raw_text", hook_id), actor=str(actor), at=at, message_id=message_id)
    _settle(hook_id, RawMailState.ACCEPTED, at, event, message_id=message_id, reason="", detail="")


@act
def quarantine_hook(*, hook_id: int, reason: str, detail: str, actor: Actor, at: datetime) -> None:
    """Put what cannot be read where a person sees it. reason: a code. Records TextQuarantined."""
    event = TextQuarantined(subject=subject("raw_text", hook_id), actor=str(actor), at=at, reason=reason)
    _settle(hook_id, RawMailState.QUARANTINED, at, event, reason=reason[:60], detail=detail[:500])


@act
def discard_hook(*, hook_id: int, actor: Actor, at: datetime) -> None:
    """Put aside what is not for anybody. Raises MayNotKeepMailboxes, MailNotFound, NothingToRetry. Records TextDiscarded."""
    _tended(hook_id, actor)
    event = TextDiscarded(subject=subject("raw_text", hook_id), actor=str(actor), at=at, reason="by_hand")
    _settle(hook_id, RawMailState.DISCARDED, at, event)


@act
def retry_hook(*, hook_id: int, actor: Actor, at: datetime) -> None:
    """Have it read again. Raises MayNotKeepMailboxes, MailNotFound, NothingToRetry. Records TextRetried."""
    row = _tended(hook_id, actor)
    row.state, row.attempts, row.settled_at = RawMailState.STORED, 0, None
    row.save(update_fields=["state", "attempts", "settled_at"])
    record(TextRetried(subject=subject("raw_text", hook_id), actor=str(actor), at=at))


def hook_row(row: RawHook) -> HookRow:
    """Return what was stored as a frozen row."""
    return HookRow(
        id=row.pk,
        messenger_id=row.messenger_id,
        kind=row.kind,
        provider_id=row.provider_id,
        about_id=row.about_id,
        body=bytes(row.body),
        received_at=row.received_at,
        state=row.state,
        reason=row.reason,
        detail=row.detail,
        attempts=row.attempts,
        message_id=row.message_id,
    )


def _tended(hook_id: int, actor: Actor) -> RawHook:
    if not rules.may_tend_quarantine(actor):
        raise MayNotKeepMailboxes(_("Team leads look after the quarantine. Ask one of them."))
    row = RawHook.objects.select_for_update().filter(pk=hook_id).first()
    if row is None:
        raise MailNotFound(_("There is no such message."))
    if row.state != RawMailState.QUARANTINED:
        raise NothingToRetry(_("This message is not in quarantine any more."))
    return row


def _settle(hook_id: int, state: RawMailState, at: datetime, event: Event, **facts: object) -> None:
    unsettled = RawHook.objects.filter(pk=hook_id, state__in=[RawMailState.STORED, RawMailState.QUARANTINED])
    if not unsettled.update(state=state, settled_at=at, **facts):
        raise NothingToRetry(_("This message is not in quarantine any more."))
    record(event)
