"""Do the steps of a procedure that need nobody else."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import names_of
from careloop.domains.procedures.answers import answers_read
from careloop.domains.procedures.errors import AlreadyDecided, StepNotOpen
from careloop.domains.procedures.events import ProcedureStepDone
from careloop.domains.procedures.services.locking import Held, held_for_step, settle
from careloop.domains.procedures.states import Doing, Standing, StepKind
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record

__all__ = ["check_step", "confirm_note", "fill_form", "uncheck_step"]


@act
def check_step(*, run_id: int, step: str, actor: Actor, at: datetime) -> None:
    """Say that something was done.

    Raises RunNotFound, CaseNotFound, MayNotWorkOnCases, ProcedureEnded, StepNotOpen, AlreadyDecided. Records ProcedureStepDone.
    """
    _do_once(run_id, step, StepKind.CHECK, Doing.CHECKED, actor, at)


@act
def confirm_note(*, run_id: int, step: str, actor: Actor, at: datetime) -> None:
    """Say that a note was read. Raises and records as `check_step`."""
    _do_once(run_id, step, StepKind.NOTE, Doing.READ, actor, at)


@act
def uncheck_step(*, run_id: int, step: str, actor: Actor, at: datetime) -> None:
    """Take a tick back. Raises as `check_step`, StepNotOpen where there is none. Records ProcedureStepDone."""
    held = _held(run_id, actor)
    found = held.open_step(step, StepKind.CHECK)
    if found.standing is not Standing.DONE:
        raise StepNotOpen(_("“%(step)s” is not ticked.") % {"step": found.step.title})
    _write(held, step, Doing.UNCHECKED, actor, at)


@act
def fill_form(*, run_id: int, step: str, values: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Fill a form in, or in again; what was approved on what it said before has to be approved again.

    values: by field, as `answers_read` takes them.

    Raises RunNotFound, CaseNotFound, MayNotWorkOnCases, ProcedureEnded, StepNotOpen, BadAnswers. Records ProcedureStepDone.
    """
    held = _held(run_id, actor)
    found = held.open_step(step, StepKind.FORM)
    read = answers_read(found.step, values)
    if found.standing is Standing.DONE and found.values == read:
        raise StepNotOpen(_("Nothing was changed: this is what “%(step)s” says already.") % {"step": found.step.title})
    _write(held, step, Doing.FILLED, actor, at, values=read)


def _do_once(run_id: int, step: str, kind: StepKind, doing: Doing, actor: Actor, at: datetime) -> None:
    held = _held(run_id, actor)
    found = held.open_step(step, kind)
    if found.standing is Standing.DONE and found.last is not None:
        user_id = found.last.user_id or 0
        raise AlreadyDecided(
            _("%(who)s did “%(step)s” already.")
            % {"who": names_of([user_id]).get(user_id) or _("Somebody"), "step": found.step.title}
        )
    _write(held, step, doing, actor, at)


def _held(run_id: int, actor: Actor) -> Held:
    held = held_for_step(run_id, actor)
    if actor.user_id is None:
        raise StepNotOpen(_("Steps are done by people."))
    return held


def _write(
    held: Held, step: str, doing: Doing, actor: Actor, at: datetime, *, values: Mapping[str, str] | None = None
) -> None:
    held.write(step, doing, actor=actor, at=at, values=values)
    record(
        ProcedureStepDone(
            subject=held.about,
            actor=str(actor),
            at=at,
            procedure_id=held.run.procedure_id,
            run_id=held.run.pk,
            step=step,
            doing=doing.value,
        )
    )
    settle(held, actor=actor, at=at)
