"""Reports: the list of them, one with what became of its mails, and what can be done to it at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.invoices.rules import may_see as may_see_invoices
from careloop.domains.reports import queries, rules, services
from careloop.domains.reports.states import RunState, Why
from careloop.domains.reports.types import ReportRow, RunRow
from careloop.faces.web.actors import actor_of, person_asking, workspace_of
from careloop.faces.web.reports.words import RUN_TONES, period_words, schedule_words
from careloop.kernel import clock
from careloop.processes.reporting import send_now

__all__ = ["report_list", "report_page", "report_pause", "report_removal", "report_resumption", "report_sending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunShown:
    """A mail of a report in words. why: a sentence, or empty."""

    row: RunRow
    state: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportListed:
    """A report in the list of reports. schedule, period: in words. last: what became of its last mail."""

    row: ReportRow
    schedule: str
    period: str
    last: RunShown | None


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """List the reports a person keeps or gets."""
    viewer, workspace = actor_of(request), workspace_of(request)
    rows = [_listed(row, workspace.time_zone) for row in queries.reports_of(viewer)]
    return render(
        request,
        "reports/reports.html",
        {"rows": rows, "may_keep": rules.may_keep(viewer), "may_see_invoices": may_see_invoices(viewer)},
    )


@require_safe
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report: when it comes, to whom, and what became of its mails."""
    viewer, workspace = actor_of(request), workspace_of(request)
    row = queries.report(report_id=report_id, viewer=viewer)
    person = person_asking(request)
    context = {
        "report": _listed(row, workspace.time_zone),
        "runs": [_run(run) for run in queries.runs_of(report_id=report_id, viewer=viewer)],
        "may_change": rules.may_change(viewer, maker_id=row.maker_id),
        "email": person.email if person else "",
        "may_send": workspace.may_send,
    }
    return render(request, "reports/report.html", context)


@require_POST
def report_sending(request: HttpRequest, report_id: int) -> HttpResponse:
    """Send a report to whoever asks."""
    send_now(report_id=report_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The report is on its way to you."))
    return _back(request, report_id)


@require_POST
def report_pause(request: HttpRequest, report_id: int) -> HttpResponse:
    """Let a report rest."""
    services.pause_report(report_id=report_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The report rests until you resume it."))
    return _back(request, report_id)


@require_POST
def report_resumption(request: HttpRequest, report_id: int) -> HttpResponse:
    """Let a report come again."""
    services.resume_report(report_id=report_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The report comes again from its next time on."))
    return _back(request, report_id)


@require_POST
def report_removal(request: HttpRequest, report_id: int) -> HttpResponse:
    """Throw a report away."""
    services.delete_report(report_id=report_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The report is gone; its board and its numbers stay."))
    return redirect("report_list", workspace=workspace_of(request).key)


def _back(request: HttpRequest, report_id: int) -> HttpResponse:
    return redirect("report", workspace=workspace_of(request).key, report_id=report_id)


def _listed(row: ReportRow, zone: str) -> ReportListed:
    return ReportListed(
        row=row,
        schedule=schedule_words(row.content, zone=zone),
        period=period_words(row.content),
        last=_run(row.last_run) if row.last_run else None,
    )


def _run(row: RunRow) -> RunShown:
    return RunShown(
        row=row,
        state=str(RunState(row.state).label),
        tone=RUN_TONES[row.state],
        why=" ".join(part for part in (str(Why(row.why).label) if row.why else "", row.detail) if part),
    )
