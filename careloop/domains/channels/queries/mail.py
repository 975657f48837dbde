"""Questions about mailboxes, their mail, and web forms."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MailboxNotFound, MailNotFound, MayNotKeepMailboxes, WebFormNotFound
from careloop.domains.channels.models import Mailbox, RawMail, WebForm
from careloop.domains.channels.services.raw import raw_row
from careloop.domains.channels.types import MailboxRow, MailboxState, MailServer, RawMailState, RawRow, WebFormRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.secrets import open_secret
from careloop.kernel.statements import Statement

__all__ = [
    "FETCH_LAG",
    "addresses_by_mailbox",
    "blobs_of_mails",
    "default_mailbox_id",
    "imap_server",
    "is_late",
    "late_mailboxes",
    "live_mailboxes_everywhere",
    "mailbox",
    "mailbox_addresses_of",
    "mailboxes",
    "our_addresses",
    "quarantine",
    "quarantine_count",
    "raw_mail",
    "raw_mails_named",
    "raw_of_message",
    "smtp_server",
    "web_form",
    "web_forms",
    "workspaces_with_mail_waiting",
]

FETCH_LAG = timedelta(minutes=10)
"""A live mailbox that was not read for so long makes an alarm."""


def blobs_of_mails(hashes: Collection[str]) -> set[str]:
    """Return those of some blobs that are a mail as it arrived."""
    return set(RawMail.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def mailboxes() -> list[MailboxRow]:
    """Return the mailboxes of the workspace by address."""
    return [_mailbox_row(m) for m in Mailbox.objects.order_by("address")]


def mailbox(mailbox_id: int) -> MailboxRow:
    """Return one mailbox. Raises MailboxNotFound."""
    found = Mailbox.objects.filter(pk=mailbox_id).first()
    if found is None:
        raise MailboxNotFound(_("There is no such mailbox."))
    return _mailbox_row(found)


def addresses_by_mailbox() -> dict[int, str]:
    """Return the address of every mailbox of the workspace by primary key."""
    return dict(ADDRESSES())


ADDRESSES: Final = Statement(lambda: Mailbox.objects.values_list("pk", "address"))


def mailbox_addresses_of(mailbox_ids: Iterable[int]) -> dict[int, str]:
    """Return the addresses of some mailboxes by primary key."""
    return dict(Mailbox.objects.filter(pk__in=set(mailbox_ids)).values_list("pk", "address"))


def our_addresses() -> frozenset[str]:
    """Return the addresses of all mailboxes of the workspace."""
    return frozenset(Mailbox.objects.values_list("address", flat=True))


def default_mailbox_id(*, must_send: bool = True) -> int | None:
    """Return the oldest mailbox that can send, for what arose elsewhere than in a mail; None when there is none.

    must_send: False for a workspace that sends nothing, where any mailbox will do.
    """
    found = Mailbox.objects.exclude(smtp_host="") if must_send else Mailbox.objects.all()
    return found.order_by("pk").values_list("pk", flat=True).first()


def imap_server(mailbox_id: int) -> MailServer:
    """Return where to read a mailbox, password included. Raises MailboxNotFound, Unreadable."""
    m = _mailbox(mailbox_id)
    return MailServer(
        host=m.imap_host,
        port=m.imap_port,
        security=m.imap_security,
        user=m.imap_user,
        password=open_secret(bytes(m.imap_password)) if m.imap_password else "",
    )


def smtp_server(mailbox_id: int) -> MailServer:
    """Return where to hand in a mailbox's mail, password included. Raises MailboxNotFound, Unreadable."""
    m = _mailbox(mailbox_id)
    return MailServer(
        host=m.smtp_host,
        port=m.smtp_port,
        security=m.smtp_security,
        user=m.smtp_user,
        password=open_secret(bytes(m.smtp_password)) if m.smtp_password else "",
    )


def late_mailboxes(*, before: datetime) -> list[MailboxRow]:
    """Return the live mailboxes that were not read since a moment: the fetch-lag alarm."""
    return [row for row in mailboxes() if is_late(row, before=before)]


def is_late(row: MailboxRow, *, before: datetime) -> bool:
    """Say whether a live mailbox was not read since a moment, nor made live only after it."""
    seen_at = row.last_fetched_at or row.accepts_since
    return row.state == MailboxState.LIVE and (seen_at is None or seen_at < before)


def live_mailboxes_everywhere() -> list[tuple[int, int]]:
    """Return (workspace, mailbox) of every live mailbox of the installation; needs no scope, shows nothing else."""
    return _everywhere("SELECT workspace_id, mailbox_id FROM careloop_live_mailboxes()")


def workspaces_with_mail_waiting() -> list[int]:
    """Return the workspaces where stored mails wait to be read; needs no scope, shows nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT careloop_mail_waiting()")
        return [row[0] for row in cursor.fetchall()]


def quarantine(*, viewer: Actor, cursor: str | None = None, limit: int = 50) -> Page[RawRow]:
    """Return the mails that could not be read, newest first. Raises MayNotKeepMailboxes."""
    if not rules.may_tend_quarantine(viewer):
        raise MayNotKeepMailboxes(_("Team leads look after the quarantine. Ask one of them."))
    found = RawMail.objects.filter(state=RawMailState.QUARANTINED)
    return paged(found, order=[Order(column="id")], cursor=cursor, limit=limit).map(raw_row)


def raw_mail(*, raw_id: int, viewer: Actor) -> RawRow:
    """Return one raw mail. Raises MailNotFound, also for those who do not tend the quarantine."""
    row = RawMail.objects.filter(pk=raw_id).first() if rules.may_tend_quarantine(viewer) else None
    if row is None:
        raise MailNotFound(_("There is no such mail."))
    return raw_row(row)


def raw_mails_named(provider_ids: Collection[str], *, mailbox_id: int) -> dict[str, RawRow]:
    """Return the raw mails that a mailbox got under its provider's names for them, by name, the oldest first."""
    rows = RawMail.objects.filter(mailbox_id=mailbox_id, provider_id__in=provider_ids).order_by("pk")
    return {row.provider_id: raw_row(row) for row in rows}


def quarantine_count() -> int:
    """Count the mails in quarantine, up to 100."""
    return RawMail.objects.filter(state=RawMailState.QUARANTINED)[:100].count()


def raw_of_message(message_id: int) -> RawRow | None:
    """Return the raw mail a message was read from, if any."""
    row = RawMail.objects.filter(message_id=message_id).first()
    return None if row is None else raw_row(row)


def web_forms() -> list[WebFormRow]:
    """Return the web forms of the workspace by name."""
    return [_form_row(f) for f in WebForm.objects.order_by("name", "pk")]


def web_form(key: str) -> WebFormRow:
    """Return an active web form by its key. Raises WebFormNotFound."""
    found = WebForm.objects.filter(key=key, is_active=True).first()
    if found is None:
        raise WebFormNotFound(_("This form is not in use any more."))
    return _form_row(found)


def _everywhere(statement: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _mailbox(mailbox_id: int) -> Mailbox:
    found = Mailbox.objects.filter(pk=mailbox_id).first()
    if found is None:
        raise MailboxNotFound(_("There is no such mailbox."))
    return found


def _mailbox_row(m: Mailbox) -> MailboxRow:
    return MailboxRow(
        id=m.pk,
        name=m.name,
        address=m.address,
        sender_name=m.sender_name,
        team_id=m.team_id,
        state=m.state,
        sends_receipts=m.sends_receipts,
        imap_host=m.imap_host,
        imap_port=m.imap_port,
        imap_security=m.imap_security,
        imap_user=m.imap_user,
        imap_folder=m.imap_folder,
        smtp_host=m.smtp_host,
        smtp_port=m.smtp_port,
        smtp_security=m.smtp_security,
        smtp_user=m.smtp_user,
        trusted_host=m.trusted_host,
        accepts_since=m.accepts_since,
        uid_validity=m.uid_validity,
        last_uid=m.last_uid,
        last_fetched_at=m.last_fetched_at,
        last_error=m.last_error,
        failing_since=m.failing_since,
    )


def _form_row(f: WebForm) -> WebFormRow:
    return WebFormRow(
        id=f.pk,
        key=f.key,
        name=f.name,
        language=f.language,
        team_id=f.team_id,
        mailbox_id=f.mailbox_id,
        allowed_origins=tuple(f.allowed_origins),
        is_active=f.is_active,
    )
