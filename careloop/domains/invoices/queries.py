"""Statements as those who may see them read them."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from careloop.domains.invoices import rules
from careloop.domains.invoices.errors import MayNotSeeInvoices, StatementNotFound
from careloop.domains.invoices.models import Statement
from careloop.domains.invoices.types import Amounts, StatementRow
from careloop.domains.people.queries import names_of
from careloop.kernel.actors import Actor

__all__ = ["blobs_of_statements", "check_reader", "months_of_statements", "statement", "statements"]

MOST = 240


def statements(viewer: Actor) -> list[StatementRow]:
    """Return what was issued, the newest month first; at most twenty years. Raises MayNotSeeInvoices."""
    check_reader(viewer)
    found = list(Statement.objects.order_by("-month")[:MOST])
    names = names_of(one.issuer_id for one in found if one.issuer_id)
    return [_row(one, names.get(one.issuer_id or 0, "")) for one in found]


def statement(*, month: date, viewer: Actor) -> StatementRow:
    """Return what was issued for a month. Raises MayNotSeeInvoices, StatementNotFound."""
    check_reader(viewer)
    found = Statement.objects.filter(month=month).first()
    if found is None:
        raise StatementNotFound(_("Nothing was issued for this month."))
    return _row(found, names_of([found.issuer_id or 0]).get(found.issuer_id or 0, ""))


def months_of_statements(statement_ids: Iterable[int]) -> dict[int, str]:
    """Return the months of statements, for the log of who did what."""
    found = Statement.objects.filter(pk__in=list(statement_ids)).values_list("pk", "month")
    return {key: f"{month:%Y-%m}" for key, month in found}


def blobs_of_statements(hashes: Collection[str]) -> set[str]:
    """Return those of some blobs that are a statement's rows."""
    return set(Statement.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def check_reader(viewer: Actor) -> None:
    """Raise MayNotSeeInvoices for whoever may not see what is billed."""
    if not rules.may_see(viewer):
        raise MayNotSeeInvoices(_("What is billed is for owners, managers and the client of this program."))


def _row(one: Statement, issuer_name: str) -> StatementRow:
    return StatementRow(
        id=one.pk,
        month=one.month,
        own=Amounts(
            contacts=one.contacts,
            unmeasured=one.unmeasured,
            handled_seconds=one.handled_seconds,
            kept=one.kept,
            made=one.made,
        ),
        corrections=Amounts(
            contacts=one.corrected_contacts,
            unmeasured=one.corrected_unmeasured,
            handled_seconds=one.corrected_seconds,
            kept=one.corrected_kept,
            made=one.corrected_made,
        ),
        correction_count=one.correction_count,
        zone=one.zone,
        issued_at=one.issued_at,
        issuer_id=one.issuer_id,
        issuer_name=issuer_name,
        complete_until=one.complete_until,
        sha256=one.sha256,
        row_count=one.row_count,
    )
