"""What must be done properly, how far it is in a case, and who approves what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.queries import case_briefs, case_detail
from careloop.domains.cases.rules import may_read_notes
from careloop.domains.people.queries import people_choices, teams_of
from careloop.domains.procedures import rules
from careloop.domains.procedures.approvers import approvers_of
from careloop.domains.procedures.course import course_of
from careloop.domains.procedures.errors import MayNotSeeProcedures, ProcedureNotFound, RunNotFound
from careloop.domains.procedures.models import Absence, Done, Procedure, ProcedureVersion, Request, Run
from careloop.domains.procedures.states import Begins, Doing, RunState, State
from careloop.domains.procedures.stored import stages_from_json
from careloop.domains.procedures.types import (
    AbsenceRow,
    Entry,
    ProcedureRow,
    ProcedureSettings,
    RunRow,
    VersionRow,
    WaitingRow,
    Worker,
)
from careloop.kernel.actors import HOUSE, Actor, Role

__all__ = [
    "absence_of",
    "beginning_by_themselves",
    "is_procedure",
    "procedure_choices",
    "procedure_names",
    "procedure_of",
    "procedures_by_hand",
    "procedures_of",
    "run_of",
    "runs_in",
    "step_titles",
    "versions_of",
    "waiting_approvals",
    "waiting_for",
    "was_in",
    "workers",
]

MOST: Final = 200
MOST_WAITING: Final = 1000


def procedures_of(viewer: Actor) -> list[ProcedureRow]:
    """Return the procedures in use, by name, each with how many cases are and were in it. Raises MayNotSeeProcedures."""
    _refuse_unless_reader(viewer)
    counts: dict[int, dict[str, Any]] = {
        row["procedure_id"]: dict(row)
        for row in Run.objects.values("procedure_id").annotate(
            **{f"{state}_count": Count("pk", filter=Q(state=state)) for state in RunState.values}
        )
    }
    return [_procedure(version, counts.get(version.procedure_id, {})) for version in _current()]


def procedure_of(viewer: Actor, *, procedure_id: int) -> ProcedureRow:
    """Return one procedure in use. Raises MayNotSeeProcedures, ProcedureNotFound."""
    _refuse_unless_reader(viewer)
    version = next((version for version in _current() if version.procedure_id == procedure_id), None)
    if version is None:
        raise ProcedureNotFound(_("There is no such procedure."))
    return _procedure(version, {})


def versions_of(viewer: Actor, *, procedure_id: int) -> list[VersionRow]:
    """Return all that a procedure in use has ever said, the newest first. Raises MayNotSeeProcedures, ProcedureNotFound."""
    procedure_of(viewer, procedure_id=procedure_id)
    found = ProcedureVersion.objects.filter(procedure_id=procedure_id).select_related("procedure")
    return [
        VersionRow(version=one.version, effective_at=one.effective_at, made_by=one.made_by, settings=_settings(one))
        for one in found.order_by("-version")[:MOST]
    ]


def procedures_by_hand(viewer: Actor, *, case_id: int) -> list[tuple[int, str]]:
    """Return (id, name) of the procedures that somebody may begin in a case: those in use that it is not in now."""
    held = Run.objects.filter(case_id=case_id, state=RunState.OPEN).values_list("procedure_id", flat=True)
    found = Procedure.objects.filter(state=State.ACTIVE).exclude(pk__in=held).order_by("name", "pk")
    return list(found.values_list("pk", "name")[:MOST])


def beginning_by_themselves() -> list[ProcedureRow]:
    """Return the procedures in use that begin by themselves. For the house."""
    return [_procedure(version, {}) for version in _current() if version.begins == Begins.ITSELF]


def is_procedure(procedure_id: int) -> bool:
    """Say whether a procedure is in use."""
    return Procedure.objects.filter(pk=procedure_id, state=State.ACTIVE).exists()


def procedure_choices() -> list[tuple[int, str]]:
    """Return (id, name) of the procedures in use, by name, at most 200."""
    found = Procedure.objects.filter(state=State.ACTIVE).order_by("name", "pk")
    return list(found.values_list("pk", "name")[:MOST])


def procedure_names(procedure_ids: Collection[int]) -> dict[int, str]:
    """Return what procedures are called, also those out of use."""
    return dict(Procedure.objects.filter(pk__in=procedure_ids).values_list("pk", "name")) if procedure_ids else {}


def step_titles(run_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return what the steps of some runs are called, by run and key of the step."""
    found = Run.objects.filter(pk__in=run_ids).values_list("pk", "said__stages") if run_ids else ()
    return {(run_id, step["key"]): step["title"] for run_id, stages in found for one in stages for step in one["steps"]}


def was_in(*, case_ids: Collection[int], procedure_id: int) -> set[int]:
    """Return those of some cases that are or were in a procedure, in whatever version. For the house."""
    return set(Run.objects.filter(case_id__in=case_ids, procedure_id=procedure_id).values_list("case_id", flat=True))


def runs_in(*, case_id: int, viewer: Actor) -> list[RunRow]:
    """Return the procedures in a case, those in progress first, the newest first. Who may see the case is settled before.

    Whoever reads no notes of ours sees none of them.
    """
    if not may_read_notes(viewer):
        return []
    found = Run.objects.filter(case_id=case_id).select_related("said", "said__procedure")
    rows = _runs(found.order_by("-pk")[:MOST])
    return sorted(rows, key=lambda row: row.state is not RunState.OPEN)


def run_of(*, run_id: int, viewer: Actor) -> RunRow:
    """Return one procedure in a case. Raises RunNotFound, CaseNotFound."""
    found = Run.objects.filter(pk=run_id).select_related("said", "said__procedure").first()
    if found is None or not may_read_notes(viewer):
        raise RunNotFound(_("There is no such procedure in this case."))
    case_detail(case_id=found.case_id, viewer=viewer)
    return _runs([found])[0]


def workers(*, at: datetime) -> dict[int, Worker]:
    """Return everybody who works here, by primary key, with whether they are away. For the house."""
    absences = Absence.objects.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)
    away = dict(absences.values_list("user_id", "deputy_id"))
    teams: defaultdict[int, set[int]] = defaultdict(set)
    for team in teams_of(HOUSE):
        for user_id in team.member_ids:
            teams[user_id].add(team.id)
    return {
        user_id: Worker(
            id=user_id,
            role=Role(role),
            team_ids=frozenset(teams[user_id]),
            is_away=user_id in away,
            deputy_id=away.get(user_id),
        )
        for user_id, _name, role in people_choices(HOUSE)
    }


def waiting_approvals(
    *, at: datetime, case_ids: Collection[int] | None = None, people: Mapping[int, Worker] | None = None
) -> list[WaitingRow]:
    """Return the approvals that are waited for, the longest waited for first, with who may give each. For the house.

    case_ids: only those in these cases. people: who works here, where it is known already.
    """
    asked = Request.objects.select_related("run__said__procedure").order_by("since", "pk")
    requests = list((asked if case_ids is None else asked.filter(run__case_id__in=case_ids))[:MOST_WAITING])
    if not requests:
        return []
    rows = {row.id: row for row in _runs({one.run_id: one.run for one in requests}.values())}
    cases = case_briefs({row.case_id for row in rows.values()})
    people = workers(at=at) if people is None else people
    found: list[WaitingRow] = []
    for one in requests:
        run = rows[one.run_id]
        step = run.course.step(one.step)
        if step is None or step.rung is None:
            continue
        team_id = cases[run.case_id].team_id
        found.append(
            WaitingRow(
                id=one.pk,
                run_id=run.id,
                case_id=run.case_id,
                procedure=run.settings.name,
                step=step,
                team_id=team_id,
                since=one.since,
                approvers=approvers_of(step.step.rungs[step.rung], people=people, team_id=team_id, barred=step.barred),
                told_ids=frozenset(one.told_ids),
            )
        )
    return found


def waiting_for(viewer: Actor, *, at: datetime) -> list[WaitingRow]:
    """Return the approvals that somebody is asked for, the longest waited for first."""
    if viewer.user_id is None or not rules.may_approve_at_all(viewer):
        return []
    return [row for row in waiting_approvals(at=at) if viewer.user_id in row.approvers.asked]


def absence_of(user_id: int, *, at: datetime) -> AbsenceRow | None:
    """Return how long somebody is away, or None while they are here."""
    found = Absence.objects.filter(user_id=user_id).first()
    if found is None or (found.until is not None and found.until <= at):
        return None
    return AbsenceRow(user_id=user_id, since=found.since, until=found.until, deputy_id=found.deputy_id)


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see(viewer):
        raise MayNotSeeProcedures(_("Team leads, managers and owners see how procedures are made."))


def _current() -> Sequence[ProcedureVersion]:
    found = ProcedureVersion.objects.filter(procedure__state=State.ACTIVE, version=F("procedure__version"))
    return list(found.select_related("procedure").order_by("procedure__name", "procedure_id")[:MOST])


def _settings(version: ProcedureVersion) -> ProcedureSettings:
    return ProcedureSettings(
        name=version.procedure.name,
        words=version.words,
        begins=Begins(version.begins),
        conditions=version.conditions,
        stages=stages_from_json(version.stages),
    )


def _procedure(version: ProcedureVersion, counts: Mapping[str, Any]) -> ProcedureRow:
    return ProcedureRow(
        id=version.procedure_id,
        version=version.version,
        state=State(version.procedure.state),
        effective_at=version.effective_at,
        settings=_settings(version),
        open_count=counts.get("open_count", 0),
        done_count=counts.get("done_count", 0),
        skipped_count=counts.get("skipped_count", 0),
    )


def _runs(found: Iterable[Run]) -> list[RunRow]:
    runs = list(found)
    entries: defaultdict[int, list[Entry]] = defaultdict(list)
    for done in Done.objects.filter(run_id__in=[run.pk for run in runs]).order_by("pk"):
        entries[done.run_id].append(_entry(done))
    return [_run(run, entries[run.pk]) for run in runs]


def _run(run: Run, entries: Sequence[Entry]) -> RunRow:
    settings = _settings(run.said)
    return RunRow(
        id=run.pk,
        procedure_id=run.procedure_id,
        case_id=run.case_id,
        version=run.said.version,
        state=RunState(run.state),
        begun_at=run.begun_at,
        begun_by=run.begun_by,
        ended_at=run.ended_at,
        reason=run.reason,
        settings=settings,
        course=course_of(settings.stages, entries),
        entries=tuple(entries),
    )


def _entry(done: Done) -> Entry:
    return Entry(
        id=done.pk,
        step=done.step,
        doing=Doing(done.doing),
        user_id=done.user_id,
        at=done.at,
        values=done.values,
        reason=done.reason,
        rung=done.rung,
    )
