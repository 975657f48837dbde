"""What a client is billed for. Issuing reads the facts, so no transaction waits for it."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Status

from careloop.domains.invoices import queries
from careloop.domains.invoices.errors import StatementNotFound
from careloop.domains.invoices.types import StatementRow
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.invoices import LineAsked, LineList, StatementGiven, StatementList, StatementShown
from careloop.faces.api.visits import visit_of
from careloop.kernel.scope import workspace_scope
from careloop.processes.invoicing import issue_month, lines_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/invoices", Scope.NUMBERS_READ, StatementList)
def list_invoices(request: HttpRequest) -> Any:
    """List the months that were issued, the newest first."""
    visit = visit_of(request)
    with workspace_scope(visit.workspace.id):
        return {"items": [_shown(row) for row in queries.statements(visit.actor)]}


@room.opens("POST", "/invoices", Scope.NUMBERS_WRITE, StatementShown, status=201)
def issue_invoice(request: HttpRequest, given: StatementGiven) -> Any:
    """Freeze what a month comes to; what changes later appears in the next one."""
    visit = visit_of(request)
    issue_month(month=_month(given.month), workspace=visit.workspace, actor=visit.actor, at=visit.at)
    return Status(201, _statement(request, given.month))


@room.opens("GET", "/invoices/{month}", Scope.NUMBERS_READ, StatementShown)
def get_invoice(request: HttpRequest, month: str) -> Any:
    """Get what was issued for a month."""
    return _statement(request, month)


@room.opens("GET", "/invoices/{month}/rows", Scope.NUMBERS_READ, LineList)
def list_invoice_rows(request: HttpRequest, month: str, asked: Query[LineAsked]) -> Any:
    """List the contacts and promises of an issued month, and its corrections of earlier ones."""
    visit = visit_of(request)
    with workspace_scope(visit.workspace.id):
        row = queries.statement(month=_month(month), viewer=visit.actor)
        found = lines_of(row, kind=asked.kind, page=asked.page, size=asked.limit)
    return {"items": found.lines, "next_page": asked.page + 1 if found.has_more else None}


def _statement(request: HttpRequest, month: str) -> dict[str, Any]:
    visit = visit_of(request)
    with workspace_scope(visit.workspace.id):
        return _shown(queries.statement(month=_month(month), viewer=visit.actor))


def _shown(row: StatementRow) -> dict[str, Any]:
    return {
        "month": f"{row.month:%Y-%m}",
        "own": row.own,
        "corrections": row.corrections,
        "correction_count": row.correction_count,
        "row_count": row.row_count,
        "zone": row.zone,
        "issued_at": row.issued_at,
        "issuer_id": row.issuer_id,
        "complete_until": row.complete_until,
    }


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise StatementNotFound(_("Nothing was issued for this month.")) from None
