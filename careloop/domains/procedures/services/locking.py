"""Lock a case and what runs in it before looking at it, and leave it as far as it is after every act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.services import hold_for_decision, hold_for_step, release, require
from careloop.domains.cases.types import HeldCase
from careloop.domains.procedures.course import course_of
from careloop.domains.procedures.errors import ProcedureEnded, RunNotFound, StepNotOpen
from careloop.domains.procedures.events import ProcedureFinished
from careloop.domains.procedures.models import Done, Request, Run
from careloop.domains.procedures.states import Doing, RunState, Standing, StepKind
from careloop.domains.procedures.stored import stages_from_json
from careloop.domains.procedures.types import Course, Entry, Stage, StepCourse
from careloop.kernel.actors import Actor
from careloop.kernel.events import record, subject

__all__ = ["Held", "end", "held_for_decision", "held_for_step", "settle"]


@dataclass(slots=True, kw_only=True)
class Held:
    """A locked case and a locked run in it."""

    run: Run
    case: HeldCase
    stages: tuple[Stage, ...]
    entries: list[Entry]

    @property
    def about(self) -> str:
        """How the log names the case."""
        return subject("case", self.run.case_id)

    def course(self) -> Course:
        """Return how far it is."""
        return course_of(self.stages, self.entries)

    def open_step(self, key: str, *kinds: StepKind) -> StepCourse:
        """Return a step whose turn it is. Raises ProcedureEnded, StepNotOpen."""
        if self.run.state != RunState.OPEN:
            raise ProcedureEnded(_("This procedure is over in this case. Nothing was changed."))
        step = self.course().step(key)
        if step is None or step.step.kind not in kinds:
            raise StepNotOpen(_("There is no such step to be done in this way."))
        if step.standing is Standing.LOCKED:
            raise StepNotOpen(
                _("It is not the turn of “%(step)s” yet: the stages before it come first.") % {"step": step.step.title}
            )
        return step

    def write(
        self,
        step: str,
        doing: Doing,
        *,
        actor: Actor,
        at: datetime,
        values: Mapping[str, str] | None = None,
        reason: str = "",
        rung: int | None = None,
    ) -> None:
        """Write down what somebody did. actor: a person."""
        user_id = actor.id
        done = Done.objects.create(
            run=self.run,
            step=step,
            doing=doing,
            user_id=user_id,
            at=at,
            values=dict(values or {}),
            reason=reason,
            rung=rung,
        )
        self.entries.append(
            Entry(
                id=done.pk,
                step=step,
                doing=doing,
                user_id=user_id,
                at=at,
                values=done.values,
                reason=reason,
                rung=rung,
            )
        )


def held_for_step(run_id: int, actor: Actor) -> Held:
    """Lock for somebody who does a step. Raises RunNotFound, CaseNotFound, MayNotWorkOnCases."""
    case_id = _case_of(run_id)
    return _held(run_id, hold_for_step(case_id=case_id, actor=actor))


def held_for_decision(run_id: int, actor: Actor) -> Held:
    """Lock for somebody who approves, refuses or leaves it out. Raises RunNotFound, CaseNotFound."""
    case_id = _case_of(run_id)
    return _held(run_id, hold_for_decision(case_id=case_id, actor=actor))


def settle(held: Held, *, actor: Actor, at: datetime) -> Course:
    """Leave everything as far as it is now: what is waited for, what the case lacks, and whether all is done.

    Records ProcedureFinished when it is.
    """
    run, course = held.run, held.course()
    waiting = {one.step.key: one for one in course.waiting()}
    Request.objects.filter(run=run).exclude(step__in=waiting).delete()
    known = {one.step: one for one in Request.objects.filter(run=run)}
    for key, one in waiting.items():
        request = known.get(key)
        newest = one.granted[-1] if one.granted else one.asked
        since = newest.at if newest is not None else at
        if request is None:
            Request.objects.create(run=run, step=key, rung=one.rung or 0, since=since)
        elif (request.rung, request.since) != (one.rung, since):
            request.rung, request.since, request.told_ids = one.rung or 0, since, []
            request.save(update_fields=["rung", "since", "told_ids"])
    if course.missing:
        require(case_id=run.case_id, key=_key(run), name=run.said.procedure.name, missing=course.missing[0])
    else:
        end(held, RunState.DONE, at=at)
        seconds = max(0, int((at - run.begun_at).total_seconds()))
        record(
            ProcedureFinished(
                subject=held.about,
                actor=str(actor),
                at=at,
                procedure_id=run.procedure_id,
                run_id=run.pk,
                seconds=seconds,
            )
        )
    return course


def end(held: Held, state: RunState, *, at: datetime, reason: str = "") -> None:
    """End a run: nothing holds its case any more, and nobody is asked for anything."""
    run = held.run
    run.state, run.ended_at, run.reason = state, at, reason
    run.save(update_fields=["state", "ended_at", "reason"])
    Request.objects.filter(run=run).delete()
    release(case_id=run.case_id, key=_key(run))


def _case_of(run_id: int) -> int:
    case_id = Run.objects.filter(pk=run_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise RunNotFound(_("There is no such procedure in this case."))
    return case_id


def _held(run_id: int, case: HeldCase) -> Held:
    # Whoever locks a run has locked its case before, so a locked case is enough to keep everybody else out.
    run = Run.objects.select_related("said__procedure").get(pk=run_id)
    entries = [
        Entry(
            id=done.pk,
            step=done.step,
            doing=Doing(done.doing),
            user_id=done.user_id,
            at=done.at,
            values=done.values,
            reason=done.reason,
            rung=done.rung,
        )
        for done in Done.objects.filter(run=run).order_by("pk")
    ]
    return Held(run=run, case=case, stages=stages_from_json(run.said.stages), entries=entries)


def _key(run: Run) -> str:
    return f"procedure-{run.pk}"
