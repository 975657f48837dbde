"""Making and changing a report."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careloop.domains.boards import queries as boards
from careloop.domains.boards import rules as board_rules
from careloop.domains.people.queries import people_choices
from careloop.domains.reports import queries, rules, services
from careloop.domains.reports.errors import MayNotKeepReports
from careloop.domains.reports.types import ReportRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.reports.forms import ReportForm, initial_of
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["report_form", "report_new"]


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Make a report; `?board=` says of which board."""
    viewer = actor_of(request)
    if not rules.may_keep(viewer):
        raise MayNotKeepReports(_("You may read reports, not make them."))
    asked = request.GET.get("board", "")
    board = next((one for one in boards.boards_of(viewer) if one.key == asked), None)
    usual = {
        "name": board.name if board else "",
        "board_key": board.key if board else "operations",
        "period": "last_week",
        "frequency": "weekly",
        "weekday": 1,
        "month_day": 1,
        "at": "08:00",
        "clock": "workspace",
        "readers": [viewer.user_id],
    }
    return _form(request, None, usual)


@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: HttpRequest, report_id: int) -> HttpResponse:
    """Let a report be about something else, come at another time, or go to others."""
    viewer = actor_of(request)
    row = queries.report(report_id=report_id, viewer=viewer)
    if not rules.may_change(viewer, maker_id=row.maker_id):
        raise MayNotKeepReports(_("Somebody else keeps this report. Ask a team lead to change it."))
    return _form(request, row, initial_of(row))


def _form(request: HttpRequest, row: ReportRow | None, initial: dict[str, Any]) -> HttpResponse:
    viewer, workspace, status = actor_of(request), workspace_of(request), 200
    may_address = board_rules.may_share(viewer)
    people = [(user_id, name) for user_id, name, _role in people_choices(viewer)] if may_address else []
    form = ReportForm(request.POST or None, boards=boards.boards_of(viewer), people=people, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            readers = form.cleaned_data["readers"] if may_address else [viewer.user_id or 0]
            try:
                report_id = _kept(row, form, readers, request)
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The report is kept. Look at it before the first mail goes."))
                return redirect("report", workspace=workspace.key, report_id=report_id)
    context = {"form": form, "report": row, "zone": workspace.time_zone}
    return render(request, "reports/report_form.html", context, status=status)


def _kept(row: ReportRow | None, form: ReportForm, readers: list[int], request: HttpRequest) -> int:
    viewer, at = actor_of(request), clock.now()
    if row is None:
        return services.make_report(content=form.content(), reader_ids=readers, actor=viewer, at=at)
    services.change_report(report_id=row.id, content=form.content(), reader_ids=readers, actor=viewer, at=at)
    return row.id
