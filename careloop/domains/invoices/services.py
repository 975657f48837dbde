"""Acts on statements: the only code that writes this table."""

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.invoices import rules
from careloop.domains.invoices.errors import IssuedAlready, MayNotSeeInvoices, NotIssuable
from careloop.domains.invoices.events import InvoiceIssued, InvoiceSaved
from careloop.domains.invoices.models import Statement
from careloop.domains.invoices.types import Amounts
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["issue", "note_saved"]


@act
def issue(
    *,
    month: date,
    zone: str,
    own: Amounts,
    corrections: Amounts,
    correction_count: int,
    row_count: int,
    sha256: str,
    complete_until: datetime | None,
    newest_known: date | None,
    actor: Actor,
    at: datetime,
) -> int:
    """Freeze what a client is billed for in a month, and return the statement.

    month: its first day. sha256: of the stored file with all rows. newest_known: the newest month that was issued when the
    rows were worked out; one that came meanwhile is missing in them.

    Raises MayNotSeeInvoices, IssuedAlready, NotIssuable. Records InvoiceIssued.
    """
    if not rules.may_issue(actor):
        raise MayNotSeeInvoices(_("Owners and managers issue what is billed."))
    newest = Statement.objects.order_by("-month").values_list("month", flat=True).first()
    if Statement.objects.filter(month=month).exists():
        raise IssuedAlready(_("This month was issued already. What has changed since appears in the next one."))
    if newest is not None and month < newest:
        raise NotIssuable(_("A later month was issued already, so this one cannot follow."))
    if newest != newest_known:
        raise NotIssuable(_("Somebody issued another month meanwhile. Look again, then decide."))
    try:
        with attempt():
            made = Statement.objects.create(
                month=month,
                zone=zone,
                contacts=own.contacts,
                unmeasured=own.unmeasured,
                handled_seconds=own.handled_seconds,
                kept=own.kept,
                made=own.made,
                corrected_contacts=corrections.contacts,
                corrected_unmeasured=corrections.unmeasured,
                corrected_seconds=corrections.handled_seconds,
                corrected_kept=corrections.kept,
                corrected_made=corrections.made,
                correction_count=correction_count,
                row_count=row_count,
                sha256=sha256,
                complete_until=complete_until,
                issued_at=at,
                issuer_id=actor.user_id,
            )
    except IntegrityError:
        raise IssuedAlready(
            _("This month was issued already. What has changed since appears in the next one.")
        ) from None
    record(
        InvoiceIssued(
            subject=subject("invoice", made.pk),
            actor=str(actor),
            at=at,
            month=f"{month:%Y-%m}",
            contact_count=own.contacts,
            handled_seconds=own.handled_seconds,
            kept_count=own.kept,
            made_count=own.made,
            correction_count=correction_count,
        )
    )
    return made.pk


@act
def note_saved(*, statement_id: int, month: date, file_format: str, row_count: int, actor: Actor, at: datetime) -> None:
    """Note that somebody saved a statement with its contacts. The caller has checked that they may. Records InvoiceSaved."""
    record(
        InvoiceSaved(
            subject=subject("invoice", statement_id),
            actor=str(actor),
            at=at,
            month=f"{month:%Y-%m}",
            file_format=file_format,
            row_count=row_count,
        )
    )
