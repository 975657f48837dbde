"""Reports as people may see them, and what became of their mails."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import queries as boards
from careloop.domains.boards.errors import BoardNotFound
from careloop.domains.people.queries import names_of
from careloop.domains.reports import rules
from careloop.domains.reports.errors import MayNotKeepReports, ReportNotFound
from careloop.domains.reports.models import Reader, Report, Run
from careloop.domains.reports.schedule import Clock, Frequency, Schedule
from careloop.domains.reports.states import RunState, Why
from careloop.domains.reports.types import DueRun, ReaderRow, ReportContent, ReportRow, RunRow
from careloop.kernel.actors import Actor

__all__ = ["due_run", "report", "report_names_of", "reports_of", "runs_of"]

MOST = 200
MOST_RUNS = 50


def reports_of(viewer: Actor) -> list[ReportRow]:
    """Return the reports that a person keeps or gets, by name; at most 200. Raises MayNotKeepReports."""
    _refuse_unless_reader(viewer)
    found = list(Report.objects.order_by("name", "pk"))
    readers = _readers(found)
    seen = [one for one in found if _sees(viewer, one, readers.get(one.pk, ()))][:MOST]
    last = {run.report_id: run for run in reversed(_newest(viewer, [one.pk for one in seen]))}
    return [_row(one, readers.get(one.pk, ()), last.get(one.pk), viewer) for one in seen]


def report(*, report_id: int, viewer: Actor) -> ReportRow:
    """Return a report. Raises MayNotKeepReports; ReportNotFound for what is not theirs, as if it were not there."""
    _refuse_unless_reader(viewer)
    found = Report.objects.filter(pk=report_id).first()
    readers = _readers([found]).get(report_id, ()) if found else ()
    if found is None or not _sees(viewer, found, readers):
        raise ReportNotFound(_("There is no such report."))
    runs = runs_of(report_id=report_id, viewer=viewer, limit=1)
    return _row(found, readers, runs[0] if runs else None, viewer)


def runs_of(*, report_id: int, viewer: Actor, limit: int = MOST_RUNS) -> list[RunRow]:
    """Return what became of the newest mails of a report; whoever only gets it sees their own. The caller has found the report."""
    rows = list(_runs_seen(viewer).filter(report_id=report_id).order_by("-due_at", "-pk")[:limit])
    names = names_of(row.user_id for row in rows)
    return [_run(row, names) for row in rows]


def due_run(run_id: int) -> DueRun | None:
    """Return what making and sending a mail needs, or None when its report is gone."""
    found = Run.objects.select_related("report").filter(pk=run_id).first()
    if found is None:
        return None
    is_reader = Reader.objects.filter(report_id=found.report_id, user_id=found.user_id).exists()
    return DueRun(
        id=found.pk,
        report_id=found.report_id,
        content=_content(found.report),
        user_id=found.user_id,
        due_at=found.due_at,
        state=RunState(found.state),
        tried_count=found.tried_count,
        is_stopped=not found.is_asked_for and (found.report.is_paused or not is_reader),
    )


def report_names_of(report_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of reports, for the log of who did what."""
    return dict(Report.objects.filter(pk__in=list(report_ids)).values_list("pk", "name"))


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see(viewer, maker_id=viewer.user_id, reader_ids=[viewer.user_id or 0]):
        raise MayNotKeepReports(_("Reports are for those who answer customers, those who lead them, and the client."))


def _sees(viewer: Actor, one: Report, readers: Sequence[ReaderRow]) -> bool:
    return rules.may_see(viewer, maker_id=one.maker_id, reader_ids=[reader.user_id for reader in readers])


def _runs_seen(viewer: Actor) -> models.QuerySet[Run]:
    own = Report.objects.filter(maker_id=viewer.user_id or 0)
    if rules.may_change(viewer, maker_id=None):
        return Run.objects.all()
    return Run.objects.filter(models.Q(user_id=viewer.user_id or 0) | models.Q(report__in=own))


def _newest(viewer: Actor, report_ids: Sequence[int]) -> list[RunRow]:
    rows = list(
        _runs_seen(viewer)
        .filter(report_id__in=report_ids)
        .order_by("report_id", "-due_at", "-pk")
        .distinct("report_id")
    )
    names = names_of(row.user_id for row in rows)
    return [_run(row, names) for row in rows]


def _readers(found: Sequence[Report]) -> Mapping[int, Sequence[ReaderRow]]:
    rows = list(Reader.objects.filter(report__in=found).order_by("pk"))
    names = names_of(row.user_id for row in rows)
    grouped: dict[int, list[ReaderRow]] = {}
    for row in rows:
        reader = ReaderRow(user_id=row.user_id, name=names.get(row.user_id, ""), next_at=row.next_at)
        grouped.setdefault(row.report_id, []).append(reader)
    return grouped


def _row(one: Report, readers: Sequence[ReaderRow], last_run: RunRow | None, viewer: Actor) -> ReportRow:
    try:
        board_name = boards.board(key=one.board_key, viewer=viewer).name
    except BoardNotFound:
        board_name = ""
    mine = rules.may_change(viewer, maker_id=one.maker_id)
    return ReportRow(
        id=one.pk,
        content=_content(one),
        board_name=board_name,
        is_paused=one.is_paused,
        maker_id=one.maker_id,
        # Who only gets it need not know who else does.
        readers=[reader for reader in readers if mine or reader.user_id == viewer.user_id],
        last_run=last_run,
    )


def _content(one: Report) -> ReportContent:
    return ReportContent(
        name=one.name,
        board_key=one.board_key,
        period=one.period,
        clock=Clock(one.clock),
        schedule=Schedule(frequency=Frequency(one.frequency), at=one.at, weekday=one.weekday, month_day=one.month_day),
    )


def _run(row: Run, names: Mapping[int, str]) -> RunRow:
    return RunRow(
        id=row.pk,
        report_id=row.report_id,
        user_id=row.user_id,
        name=names.get(row.user_id, ""),
        due_at=row.due_at,
        is_asked_for=row.is_asked_for,
        state=RunState(row.state),
        why=Why(row.why),
        detail=row.detail,
        settled_at=row.settled_at,
        tried_count=row.tried_count,
    )
