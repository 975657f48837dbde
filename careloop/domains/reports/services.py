"""Acts on reports: the only code that writes these tables."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import queries as boards
from careloop.domains.boards.errors import BoardNotFound, MayNotSeeNumbers
from careloop.domains.boards.periods import PERIODS
from careloop.domains.people.queries import actor_for, names_of, own_account
from careloop.domains.reports import rules
from careloop.domains.reports.errors import MayNotKeepReports, ReportNotFound, ReportUnclear
from careloop.domains.reports.events import ReportAskedFor, ReportChanged, ReportDeleted, ReportMade, ReportRan
from careloop.domains.reports.models import Reader, Report, Run
from careloop.domains.reports.schedule import Clock, Frequency, Schedule, latest_due, next_due
from careloop.domains.reports.states import MOVES, SETTLED, RunState, Why
from careloop.domains.reports.types import ReportContent
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace
from careloop.kernel.timers import clear_timer, set_timer

__all__ = [
    "REPORT_DUE",
    "ask_for",
    "begin_due",
    "begin_sending",
    "change_report",
    "delete_report",
    "make_report",
    "move_run",
    "pause_report",
    "resume_report",
]

REPORT_DUE: Final = "reports.due"
"""The timer that makes a report due for one of its readers. Its subject is the reader's row."""
MOST_REPORTS: Final = 200
MOST_READERS: Final = 100


@act
def make_report(*, content: ReportContent, reader_ids: Iterable[int], actor: Actor, at: datetime) -> int:
    """Make a report and return its id; its first mail goes at the next due time.

    reader_ids: members of the workspace who may see the board.

    Raises MayNotKeepReports, ReportUnclear. Records ReportMade.
    """
    wanted = _checked(content, reader_ids, actor)
    if Report.objects.count() >= MOST_REPORTS:
        raise ReportUnclear(_("There are enough reports. Delete one that nobody reads."))
    made = Report.objects.create(**_columns(content), maker_id=actor.user_id)
    for user_id in wanted:
        _add_reader(made, user_id, at)
    record(
        ReportMade(
            subject=subject("report", made.pk),
            actor=str(actor),
            at=at,
            board=content.board_key,
            reader_count=len(wanted),
        )
    )
    return made.pk


@act
def change_report(
    *, report_id: int, content: ReportContent, reader_ids: Iterable[int], actor: Actor, at: datetime
) -> None:
    """Let a report be about something else, come at another time, or go to others.

    Raises ReportNotFound, MayNotKeepReports, ReportUnclear. Records ReportChanged.
    """
    found = _locked(report_id, actor)
    wanted = _checked(content, reader_ids, actor)
    for name, value in _columns(content).items():
        setattr(found, name, value)
    found.save(update_fields=list(_columns(content)))
    for reader in Reader.objects.filter(report=found):
        if reader.user_id in wanted:
            _plan(found, reader, at)
        else:
            clear_timer(REPORT_DUE, subject_id=reader.pk)
            reader.delete()
    known = set(Reader.objects.filter(report=found).values_list("user_id", flat=True))
    for user_id in wanted:
        if user_id not in known:
            _add_reader(found, user_id, at)
    _changed(found, "settings", actor, at)


@act
def pause_report(*, report_id: int, actor: Actor, at: datetime) -> None:
    """Let a report rest until somebody resumes it. Raises ReportNotFound, ReportUnclear. Records ReportChanged."""
    _set_paused(report_id, True, actor, at)


@act
def resume_report(*, report_id: int, actor: Actor, at: datetime) -> None:
    """Let a report come again from its next due time on. Raises ReportNotFound, ReportUnclear. Records ReportChanged."""
    _set_paused(report_id, False, actor, at)


@act
def delete_report(*, report_id: int, actor: Actor, at: datetime) -> None:
    """Throw a report away. Raises ReportNotFound, MayNotKeepReports. Records ReportDeleted."""
    found = _locked(report_id, actor)
    for reader_id in Reader.objects.filter(report=found).values_list("pk", flat=True):
        clear_timer(REPORT_DUE, subject_id=reader_id)
    run_count = Run.objects.filter(report=found).count()
    found.delete()
    record(ReportDeleted(subject=subject("report", report_id), actor=str(actor), at=at, run_count=run_count))


@act
def ask_for(*, report_id: int, actor: Actor, at: datetime) -> int:
    """Have a report sent to oneself now, and return the run. Raises ReportNotFound. Records ReportAskedFor."""
    found = Report.objects.filter(pk=report_id).first()
    readers = set(Reader.objects.filter(report_id=report_id).values_list("user_id", flat=True))
    if found is None or actor.user_id is None or not rules.may_see(actor, maker_id=found.maker_id, reader_ids=readers):
        raise ReportNotFound(_("There is no such report."))
    run = Run.objects.create(report=found, user_id=actor.user_id, due_at=at, is_asked_for=True)
    record(ReportAskedFor(subject=subject("report", report_id), actor=str(actor), at=at, run_id=run.pk))
    return run.pk


@act
def begin_due(*, reader_id: int, at: datetime) -> int | None:
    """Begin the mail that is due for a reader, plan the next, and return the run; None where nothing is due any more.

    Times that were missed while the house stood still are made up for by one mail, the latest.
    """
    reader = Reader.objects.select_for_update().select_related("report").filter(pk=reader_id).first()
    if reader is None or reader.next_at is None or reader.report.is_paused:
        return None
    if reader.next_at > at:
        set_timer(kind=REPORT_DUE, subject_id=reader.pk, due_at=reader.next_at)
        return None
    due_at = max(
        reader.next_at, latest_due(_schedule(reader.report), until=at, zone=_zone(reader.report, reader.user_id))
    )
    _plan(reader.report, reader, at)
    try:
        with attempt():
            return Run.objects.create(report=reader.report, user_id=reader.user_id, due_at=due_at).pk
    except IntegrityError:
        return None  # it ran already


@act
def begin_sending(*, run_id: int, actor: Actor, at: datetime) -> bool:
    """Claim a waiting mail for the wire; False when it is not to be sent.

    Who finds it on the wire already comes after somebody who died there: it becomes uncertain and is never sent again by itself.
    """
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is not None and run.state == RunState.SENDING:
        _move(run, RunState.UNCERTAIN, Why.CUT_OFF, "", actor, at)
    if run is None or run.state != RunState.WAITING:
        return False
    _move(run, RunState.SENDING, Why.NOTHING, "", actor, at)
    return True


@act
def move_run(*, run_id: int, to: RunState, why: Why, detail: str, actor: Actor, at: datetime) -> None:
    """Say what became of a mail. A move that is not allowed any more is left out: somebody else knew better.

    detail: what the server said, cut to 500 characters. Records ReportRan once it is settled.
    """
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is not None and to in MOVES[RunState(run.state)]:
        _move(run, to, why, detail, actor, at)


def _move(run: Run, to: RunState, why: Why, detail: str, actor: Actor, at: datetime) -> None:
    run.state, run.why, run.detail = to, why, detail[:500]
    run.tried_count += to is RunState.WAITING
    run.settled_at = at if to in SETTLED else None
    run.save(update_fields=["state", "why", "detail", "settled_at", "tried_count"])
    if to in SETTLED:
        record(
            ReportRan(
                subject=subject("report", run.report_id),
                actor=str(actor),
                at=at,
                run_id=run.pk,
                user_id=run.user_id,
                state=to,
                why=why,
            )
        )


def _set_paused(report_id: int, is_paused: bool, actor: Actor, at: datetime) -> None:
    found = _locked(report_id, actor)
    if found.is_paused is is_paused:
        raise ReportUnclear(_("This report rests already.") if is_paused else _("This report comes already."))
    found.is_paused = is_paused
    found.save(update_fields=["is_paused"])
    for reader in Reader.objects.filter(report=found):
        _plan(found, reader, at)
    _changed(found, "paused" if is_paused else "resumed", actor, at)


def _changed(found: Report, change: str, actor: Actor, at: datetime) -> None:
    record(ReportChanged(subject=subject("report", found.pk), actor=str(actor), at=at, change=change))


def _add_reader(found: Report, user_id: int, at: datetime) -> None:
    _plan(found, Reader.objects.create(report=found, user_id=user_id), at)


def _plan(found: Report, reader: Reader, at: datetime) -> None:
    """Let the reader's timer ring at the next due time, or not at all while the report rests."""
    if found.is_paused:
        reader.next_at = None
        clear_timer(REPORT_DUE, subject_id=reader.pk)
    else:
        reader.next_at = next_due(_schedule(found), after=at, zone=_zone(found, reader.user_id))
        set_timer(kind=REPORT_DUE, subject_id=reader.pk, due_at=reader.next_at)
    reader.save(update_fields=["next_at"])


def _zone(found: Report, user_id: int) -> ZoneInfo:
    if found.clock == Clock.READER:
        return ZoneInfo(own_account(user_id).settings.time_zone)
    workspace = workspace_of_id(current_workspace())
    return ZoneInfo(workspace.time_zone if workspace else "UTC")


def _schedule(found: Report) -> Schedule:
    return Schedule(frequency=Frequency(found.frequency), at=found.at, weekday=found.weekday, month_day=found.month_day)


def _locked(report_id: int, actor: Actor) -> Report:
    found = Report.objects.select_for_update().filter(pk=report_id).first()
    readers = set(Reader.objects.filter(report_id=report_id).values_list("user_id", flat=True))
    if found is None or not rules.may_see(actor, maker_id=found.maker_id, reader_ids=readers):
        raise ReportNotFound(_("There is no such report."))
    if not rules.may_change(actor, maker_id=found.maker_id):
        raise MayNotKeepReports(_("Somebody else keeps this report. Ask a team lead to change it."))
    return found


def _checked(content: ReportContent, reader_ids: Iterable[int], actor: Actor) -> list[int]:
    """Return who gets the report, once all of it makes sense."""
    wanted = list(dict.fromkeys(reader_ids))
    if not rules.may_keep(actor):
        raise MayNotKeepReports(_("You may read reports, not make them."))
    if not rules.may_address(actor, wanted):
        raise MayNotKeepReports(
            _("Team leads and above send reports to others. You can have this one sent to yourself.")
        )
    if not wanted or len(wanted) > MOST_READERS:
        raise ReportUnclear(_("Say who gets the report: 1 to 100 people."), fields={"readers": _("Choose somebody.")})
    boards.board(key=content.board_key, viewer=actor)
    for user_id in wanted:
        _refuse_stranger(user_id, content.board_key)
    return wanted


def _refuse_stranger(user_id: int, board_key: str) -> None:
    reader = actor_for(user_id, current_workspace())
    if reader is None:
        raise ReportUnclear(_("Reports go to members of this workspace only."))
    try:
        boards.board(key=board_key, viewer=reader)
    except (BoardNotFound, MayNotSeeNumbers):
        name = names_of([user_id]).get(user_id, "")
        problem = _("%(name)s may not see this board, so it cannot be sent there.") % {"name": name}
        raise ReportUnclear(problem, fields={"readers": problem}) from None


def _columns(content: ReportContent) -> dict[str, Any]:
    name = " ".join(content.name.split())
    if not name or len(name) > 80:
        raise ReportUnclear(_("Give the report a name of at most 80 characters."))
    if content.period and content.period not in PERIODS:
        raise ReportUnclear(_("Choose one of the periods offered."))
    schedule = content.schedule
    is_weekly, is_monthly = schedule.frequency is Frequency.WEEKLY, schedule.frequency is Frequency.MONTHLY
    if is_weekly is (schedule.weekday is None) or is_monthly is (schedule.month_day is None):
        raise ReportUnclear(_("Say the weekday of a weekly report, or the day of the month of a monthly one."))
    if schedule.weekday not in {None, *range(1, 8)} or schedule.month_day not in {None, *range(1, 32)}:
        raise ReportUnclear(_("There is no such day."))
    return {
        "name": name,
        "board_key": content.board_key,
        "period": content.period,
        "frequency": schedule.frequency,
        "weekday": schedule.weekday,
        "month_day": schedule.month_day,
        "at": schedule.at,
        "clock": content.clock,
    }
