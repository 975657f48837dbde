"""What a report would say now, as a page and as its files."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.boards import queries as boards
from careloop.domains.reports import queries
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.saving import FORMATS, format_named
from careloop.faces.web.refusals import refused
from careloop.faces.web.reports.composing import files_of, parts_of
from careloop.faces.web.reports.sheets import sheet_bytes
from careloop.faces.web.reports.shown import report_shown
from careloop.faces.web.reports.words import schedule_words
from careloop.kernel import clock
from careloop.kernel.errors import Conflict, Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.exporting import MEDIA_TYPES
from careloop.processes.reporting import Errand

__all__ = ["report_file", "report_preview"]


class NotPrintable(Conflict):
    """The libraries that print are not installed here."""


@opens_own_scope
@require_safe
def report_preview(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show what a report would say to whoever looks, measured now."""
    workspace = workspace_of(request)
    try:
        errand = _errand(request, report_id, clock.now())
        shown = report_shown(errand)
        with workspace_scope(workspace.id):
            context = {
                "report": shown,
                "report_id": report_id,
                "formats": [(one.value, word) for one, word in FORMATS],
                "schedule": schedule_words(errand.content, zone=workspace.time_zone),
            }
            return render(request, "reports/preview.html", context)
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


@opens_own_scope
@require_safe
def report_file(request: HttpRequest, report_id: int, file_format: str) -> HttpResponse:
    """Save what a report would say now, printed or as rows."""
    workspace = workspace_of(request)
    try:
        errand = _errand(request, report_id, clock.now())
        if file_format == "pdf":
            payload, media_type = _printed(errand), "application/pdf"
        else:
            sheet = format_named(file_format)
            shown = report_shown(errand)
            with workspace_scope(workspace.id):
                payload, media_type = sheet_bytes(shown, sheet), MEDIA_TYPES[sheet]
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)
    answer = HttpResponse(payload, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="report-{report_id}.{file_format}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _printed(errand: Errand) -> bytes:
    for one in files_of(parts_of(errand), errand):
        if one.media_type == "application/pdf":
            return one.payload
    raise NotPrintable(_("Printing needs the extra “charts”. Ask whoever runs this installation."))


def _errand(request: HttpRequest, report_id: int, at: datetime) -> Errand:
    """Return the report as whoever looks would get it now."""
    workspace, viewer = workspace_of(request), actor_of(request)
    with workspace_scope(workspace.id):
        row = queries.report(report_id=report_id, viewer=viewer)
        return Errand(
            report_id=report_id,
            content=row.content,
            board=boards.board(key=row.content.board_key, viewer=viewer),
            viewer=viewer,
            workspace=workspace,
            language=get_language() or "en",
            time_zone=timezone.get_current_timezone_name(),
            due_at=at,
        )
