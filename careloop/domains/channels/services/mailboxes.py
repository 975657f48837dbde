"""Mailboxes of the workspace."""

from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import AddressTaken, MailboxNotFound, MailboxUnclear, MayNotKeepMailboxes
from careloop.domains.channels.events import MailboxChanged, MailboxFailing, MailboxRecovered
from careloop.domains.channels.models import Mailbox
from careloop.domains.channels.types import MailboxState, Security
from careloop.domains.people.queries import is_team
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.secrets import seal_secret

__all__ = [
    "MailboxSettings",
    "add_mailbox",
    "change_mailbox",
    "go_live",
    "note_fetch",
    "note_fetch_failure",
    "pause_mailbox",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """What a person says about a mailbox. An empty password keeps the stored one, as long as its server stays the same."""

    name: str
    address: str
    sender_name: str
    team_id: int | None = None
    sends_receipts: bool = True
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Security.TLS
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    trusted_host: str = ""


@act
def add_mailbox(*, settings: MailboxSettings, actor: Actor, at: datetime) -> int:
    """Add a mailbox, on trial until somebody has seen what it would do, and return its id.

    Raises MayNotKeepMailboxes, MailboxUnclear, AddressTaken. Records MailboxChanged.
    """
    _check(actor)
    mailbox = Mailbox(state=MailboxState.TRYING)
    _write(mailbox, settings)
    record(MailboxChanged(subject=subject("mailbox", mailbox.pk), actor=str(actor), at=at, change="made"))
    return mailbox.pk


@act
def change_mailbox(*, mailbox_id: int, settings: MailboxSettings, actor: Actor, at: datetime) -> None:
    """Change a mailbox's settings. Raises MayNotKeepMailboxes, MailboxNotFound, MailboxUnclear, AddressTaken."""
    _check(actor)
    changed = _write(_locked(mailbox_id), settings)
    if changed:
        about = subject("mailbox", mailbox_id)
        record(MailboxChanged(subject=about, actor=str(actor), at=at, change="changed", fields=changed))


@act
def go_live(*, mailbox_id: int, accepts_since: datetime, actor: Actor, at: datetime) -> None:
    """Let a mailbox take in its mail from a moment on. Older mail stays where it is; importing it is an act of its own.

    Raises MayNotKeepMailboxes, MailboxNotFound, MailboxUnclear when it has no server to read from. Records MailboxChanged.
    """
    _check(actor)
    mailbox = _locked(mailbox_id)
    if not mailbox.imap_host:
        raise MailboxUnclear(_("Say first which server this mailbox is read from."))
    mailbox.state, mailbox.accepts_since = MailboxState.LIVE, accepts_since
    mailbox.save(update_fields=["state", "accepts_since"])
    record(MailboxChanged(subject=subject("mailbox", mailbox_id), actor=str(actor), at=at, change="live"))


@act
def pause_mailbox(*, mailbox_id: int, actor: Actor, at: datetime) -> None:
    """Read a mailbox no more until it goes live again. Raises MayNotKeepMailboxes, MailboxNotFound."""
    _check(actor)
    mailbox = _locked(mailbox_id)
    mailbox.state = MailboxState.PAUSED
    mailbox.save(update_fields=["state"])
    record(MailboxChanged(subject=subject("mailbox", mailbox_id), actor=str(actor), at=at, change="paused"))


@act
def note_fetch(*, mailbox_id: int, uid_validity: int, last_uid: int, actor: Actor, at: datetime) -> None:
    """Note how far a mailbox was read. Records MailboxRecovered when it had been failing."""
    mailbox = _locked(mailbox_id)
    was_failing = mailbox.failing_since is not None
    mailbox.uid_validity, mailbox.last_uid, mailbox.last_fetched_at = uid_validity, last_uid, at
    mailbox.last_error, mailbox.failing_since = "", None
    mailbox.save(update_fields=["uid_validity", "last_uid", "last_fetched_at", "last_error", "failing_since"])
    if was_failing:
        record(MailboxRecovered(subject=subject("mailbox", mailbox_id), actor=str(actor), at=at))


@act
def note_fetch_failure(*, mailbox_id: int, reason: str, detail: str, actor: Actor, at: datetime) -> None:
    """Note that a mailbox could not be read. reason: a code such as "wrong_password". Records MailboxFailing once."""
    mailbox = _locked(mailbox_id)
    is_new = mailbox.failing_since is None
    mailbox.last_error, mailbox.failing_since = f"{reason}: {detail}"[:500], mailbox.failing_since or at
    mailbox.save(update_fields=["last_error", "failing_since"])
    if is_new:
        record(MailboxFailing(subject=subject("mailbox", mailbox_id), actor=str(actor), at=at, reason=reason))


def _write(mailbox: Mailbox, settings: MailboxSettings) -> tuple[str, ...]:
    """Put settings into a mailbox, save it, and return which of them changed."""
    address = settings.address.strip().lower()
    if "@" not in address or not settings.name.strip():
        raise MailboxUnclear(_("A mailbox needs a name and a mail address."))
    if {settings.imap_security, settings.smtp_security} - set(Security.values):
        raise MailboxUnclear(_("Choose how the connection is secured."))
    if settings.team_id not in {None, mailbox.team_id} and not is_team(settings.team_id or 0):
        problem = _("This team does not exist any more. Choose another one.")
        raise MailboxUnclear(problem, fields={"team_id": problem})
    for kind in ("imap", "smtp"):
        _keep_secret(mailbox, settings, kind)
    changed = []
    for item in fields(settings):
        value = getattr(settings, item.name)
        if item.name in {"imap_password", "smtp_password"}:
            if not value:
                continue
            value = seal_secret(value)
        elif item.name == "address":
            value = address
        elif isinstance(value, str):
            value = value.strip()
        if getattr(mailbox, item.name) != value:
            setattr(mailbox, item.name, value)
            changed.append(item.name)
    if "imap_host" in changed or "imap_user" in changed or "imap_folder" in changed:
        mailbox.uid_validity = mailbox.last_uid = 0
    try:
        with attempt():
            mailbox.save()
    except IntegrityError:
        raise AddressTaken(_("Another mailbox of this workspace has this address.")) from None
    return tuple(changed)


def _keep_secret(mailbox: Mailbox, settings: MailboxSettings, kind: str) -> None:
    """Refuse to hand a stored password to another server: who may change a mailbox may not learn its passwords by that."""
    was, shall = getattr(mailbox, f"{kind}_host"), getattr(settings, f"{kind}_host").strip()
    is_elsewhere = bool(shall) and shall.lower() != was.lower()
    if is_elsewhere and getattr(mailbox, f"{kind}_password") and not getattr(settings, f"{kind}_password"):
        problem = _("The stored password was given for another server. Enter it again.")
        raise MailboxUnclear(problem, fields={f"{kind}_password": problem})


def _locked(mailbox_id: int) -> Mailbox:
    mailbox = Mailbox.objects.select_for_update().filter(pk=mailbox_id).first()
    if mailbox is None:
        raise MailboxNotFound(_("There is no such mailbox."))
    return mailbox


def _check(actor: Actor) -> None:
    if not rules.may_keep_mailboxes(actor):
        raise MayNotKeepMailboxes(_("Owners and managers connect mailboxes. Ask one of them."))
