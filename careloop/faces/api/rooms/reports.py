"""Boards that come by mail."""

from datetime import time
from typing import Any

from django.http import HttpRequest
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.domains.reports import queries, services
from careloop.domains.reports.schedule import Clock, Frequency, Schedule
from careloop.domains.reports.types import ReportContent, ReportRow
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.reports import ReportGiven, ReportList, ReportShown, RunList, RunMade
from careloop.faces.api.visits import visit_of
from careloop.processes.reporting import send_now

__all__ = ["room"]

room = Room()


@room.opens("GET", "/reports", Scope.NUMBERS_READ, ReportList)
def list_reports(request: HttpRequest) -> Any:
    """List the reports that one keeps or gets."""
    return {"items": [_shown(row) for row in queries.reports_of(visit_of(request).actor)]}


@room.opens("POST", "/reports", Scope.NUMBERS_WRITE, ReportShown, status=201)
def make_report(request: HttpRequest, given: ReportGiven) -> Any:
    """Make a report; its first mail goes at the next due time."""
    visit = visit_of(request)
    made = services.make_report(content=_content(given), reader_ids=given.reader_ids, actor=visit.actor, at=visit.at)
    return Status(201, _report(request, made))


@room.opens("GET", "/reports/{report_id}", Scope.NUMBERS_READ, ReportShown)
def get_report(request: HttpRequest, report_id: PathId) -> Any:
    """Get a report."""
    return _report(request, report_id)


@room.opens("PUT", "/reports/{report_id}", Scope.NUMBERS_WRITE, ReportShown)
def change_report(request: HttpRequest, report_id: PathId, given: ReportGiven) -> Any:
    """Let a report be about something else, come at another time, or go to others."""
    visit = visit_of(request)
    services.change_report(
        report_id=report_id, content=_content(given), reader_ids=given.reader_ids, actor=visit.actor, at=visit.at
    )
    return _report(request, report_id)


@room.opens("DELETE", "/reports/{report_id}", Scope.NUMBERS_WRITE, None, status=204)
def delete_report(request: HttpRequest, report_id: PathId) -> Any:
    """Throw a report away, and with it the record of its mails."""
    visit = visit_of(request)
    services.delete_report(report_id=report_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/reports/{report_id}/pause", Scope.NUMBERS_WRITE, ReportShown)
def pause_report(request: HttpRequest, report_id: PathId) -> Any:
    """Let a report rest."""
    visit = visit_of(request)
    services.pause_report(report_id=report_id, actor=visit.actor, at=visit.at)
    return _report(request, report_id)


@room.opens("POST", "/reports/{report_id}/resumption", Scope.NUMBERS_WRITE, ReportShown)
def resume_report(request: HttpRequest, report_id: PathId) -> Any:
    """Let a report come again from its next due time on."""
    visit = visit_of(request)
    services.resume_report(report_id=report_id, actor=visit.actor, at=visit.at)
    return _report(request, report_id)


@room.opens("GET", "/reports/{report_id}/runs", Scope.NUMBERS_READ, RunList)
def list_report_runs(request: HttpRequest, report_id: PathId) -> Any:
    """List what became of the newest fifty mails of a report."""
    visit = visit_of(request)
    queries.report(report_id=report_id, viewer=visit.actor)
    return {"items": queries.runs_of(report_id=report_id, viewer=visit.actor)}


@room.opens("POST", "/reports/{report_id}/runs", Scope.NUMBERS_READ, RunMade, status=201)
def run_report(request: HttpRequest, report_id: PathId) -> Any:
    """Send a report to the token's maker now."""
    visit = visit_of(request)
    return Status(201, {"run_id": send_now(report_id=report_id, actor=visit.actor, at=visit.at)})


def _report(request: HttpRequest, report_id: int) -> dict[str, Any]:
    return _shown(queries.report(report_id=report_id, viewer=visit_of(request).actor))


def _content(given: ReportGiven) -> ReportContent:
    return ReportContent(
        name=given.name,
        board_key=given.board_key,
        period=given.period,
        clock=Clock(given.clock),
        schedule=Schedule(
            frequency=Frequency(given.frequency),
            at=time.fromisoformat(given.at),
            weekday=given.weekday,
            month_day=given.month_day,
        ),
    )


def _shown(row: ReportRow) -> dict[str, Any]:
    schedule = row.content.schedule
    return {
        "id": row.id,
        "name": row.content.name,
        "board_key": row.content.board_key,
        "period": row.content.period,
        "frequency": schedule.frequency.value,
        "weekday": schedule.weekday,
        "month_day": schedule.month_day,
        "at": f"{schedule.at:%H:%M}",
        "clock": row.content.clock.value,
        "is_paused": row.is_paused,
        "maker_id": row.maker_id,
        "readers": row.readers,
        "last_run": row.last_run,
    }
