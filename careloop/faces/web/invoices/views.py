"""What a client is billed for: the months, one with its contacts, issuing one, and its rows as a file."""

from datetime import date
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.integrity.queries import standing, touching
from careloop.domains.integrity.types import Severity
from careloop.domains.invoices import queries, rules, services
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.shown import flags_address
from careloop.faces.web.flags.shown import sentence_of
from careloop.faces.web.invoices.words import amounts_shown, line_shown, moment_words, month_of, month_words
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream
from careloop.processes.invoicing import draft, issuable_months, issue_month, lines_of, pieces_of_statement
from careloop.processes.invoicing.months import span_of_month
from careloop.processes.measuring.exporting import MEDIA_TYPES, FileFormat
from careloop.processes.measuring.lakes import first_day

__all__ = ["invoice", "invoice_file", "invoice_issue", "invoice_list"]

PAGE = 50
# What the statement is made of, by the catalogue's names.
BILLED: Final = ("contact_volume", "aht", "sla_attainment")
TABS: Final[dict[str, str | Promise]] = {
    "contact": lazily("Contacts"),
    "commitment": lazily("Promises"),
    "correction": lazily("Corrections"),
}


@require_safe
def invoice_list(request: HttpRequest) -> HttpResponse:
    """List the months that were issued, and those that can be."""
    viewer, workspace = actor_of(request), workspace_of(request)
    found = queries.statements(viewer)
    months = issuable_months(
        oldest=first_day(workspace.id),
        newest=found[0].month if found else None,
        now=clock.now(),
        zone=ZoneInfo(workspace.time_zone),
    )
    context = {
        "rows": [(one, month_words(one.month), amounts_shown(one.own)) for one in found],
        "months": [(f"{month:%Y-%m}", month_words(month)) for month in months],
        "may_issue": rules.may_issue(viewer),
    }
    return render(request, "invoices/invoices.html", context)


@opens_own_scope
@require_safe
def invoice(request: HttpRequest, month: str) -> HttpResponse:
    """Show a month: as it was issued, or, to those who issue, as it would be."""
    workspace, viewer, first = workspace_of(request), actor_of(request), _month(month)
    try:
        with workspace_scope(workspace.id):
            issued = {one.month: one for one in queries.statements(viewer)}
            if first in issued:
                return render(request, "invoices/invoice.html", _issued(request, issued[first].month))
        found = draft(month=first, workspace=workspace, viewer=viewer)
        with workspace_scope(workspace.id):
            context = {
                "month": month,
                "title": month_words(first),
                "own": amounts_shown(found.own),
                "corrections": amounts_shown(found.corrections, is_difference=True),
                "correction_count": found.correction_count,
                "complete_until": moment_words(found.complete_until) if found.complete_until else "",
                "zone": workspace.time_zone,
                "may_issue": rules.may_issue(viewer),
                "doubts": _doubts(first, zone=workspace.time_zone, viewer=viewer, key=workspace.key),
            }
            return render(request, "invoices/invoice.html", context)
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


@opens_own_scope
@require_POST
def invoice_issue(request: HttpRequest, month: str) -> HttpResponse:
    """Freeze a month."""
    workspace = workspace_of(request)
    try:
        issue_month(month=_month(month), workspace=workspace, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)
    messages.success(request, _("The month is issued. What changes later appears in the next one."))
    return redirect("invoice", workspace=workspace.key, month=month)


@require_safe
def invoice_file(request: HttpRequest, month: str, file_format: str) -> HttpResponse | StreamingHttpResponse:
    """Stream all rows of an issued month as a file; who saved it stands in the log."""
    if file_format not in set(FileFormat):
        raise Http404
    workspace, viewer = workspace_of(request), actor_of(request)
    found = queries.statement(month=_month(month), viewer=viewer)
    services.note_saved(
        statement_id=found.id,
        month=found.month,
        file_format=file_format,
        row_count=found.row_count,
        actor=viewer,
        at=clock.now(),
    )
    pieces = pieces_of_statement(found, FileFormat(file_format), zone=timezone.get_current_timezone_name())
    answer = stream(request, pieces, content_type=MEDIA_TYPES[FileFormat(file_format)])
    answer["Content-Disposition"] = f'attachment; filename="invoice-{workspace.key}-{month}.{file_format}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _issued(request: HttpRequest, first: date) -> dict[str, object]:
    workspace, viewer = workspace_of(request), actor_of(request)
    row = queries.statement(month=first, viewer=viewer)
    tab = request.GET.get("rows", "") if request.GET.get("rows") in TABS else "contact"
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 6 else 0
    found = lines_of(row, kind=tab, page=page, size=PAGE)
    month = f"{first:%Y-%m}"
    here = reverse("invoice", args=[workspace.key, month])
    return {
        "month": month,
        "title": month_words(first),
        "row": row,
        "own": amounts_shown(row.own),
        "corrections": amounts_shown(row.corrections, is_difference=True),
        "correction_count": row.correction_count,
        "complete_until": moment_words(row.complete_until) if row.complete_until else "",
        "zone": row.zone,
        "doubts": _doubts(first, zone=row.zone, viewer=viewer, key=workspace.key),
        "tab": tab,
        "lines": [line_shown(line, is_correction=tab == "correction") for line in found.lines],
        # The oldest stand first.
        "newer": f"{here}?{urlencode({'rows': tab, 'page': page + 1})}" if found.has_more else "",
        "older": f"{here}?{urlencode({'rows': tab, 'page': page - 1})}" if page else "",
        "tabs": [(name, word, name == tab) for name, word in TABS.items()],
        "formats": [("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet")],
    }


def _doubts(first: date, *, zone: str, viewer: Actor, key: str) -> list[tuple[str, str]]:
    """Return what severe checks say of the numbers that are billed, each with the address where more is said, or without."""
    since, until = span_of_month(first, zone=ZoneInfo(zone))
    flags_at = flags_address(viewer, key)
    rows = touching(standing(since=since, until=until), metrics=BILLED, since=since, until=until, narrowed={})
    return [
        (sentence_of(row.sentence), f"{flags_at}{row.id}" if flags_at else "")
        for row in rows
        if row.severity is Severity.SEVERE and row.is_doubtful
    ]


def _month(text: str) -> date:
    found = month_of(text)
    if found is None:
        raise Http404
    return found
