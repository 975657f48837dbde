"""Acts on the procedures of the workspace in scope."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.procedures import rules
from careloop.domains.procedures.checking import checked
from careloop.domains.procedures.errors import (
    MayNotMakeProcedures,
    ProcedureNameTaken,
    ProcedureNotFound,
    ProcedureStandsSo,
)
from careloop.domains.procedures.events import ProcedureChanged, ProcedureMade, ProcedureRetired
from careloop.domains.procedures.models import Procedure, ProcedureVersion
from careloop.domains.procedures.states import State
from careloop.domains.procedures.types import ProcedureSettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["change_procedure", "make_procedure", "retire_procedure"]

_SAID: Final = ("words", "begins", "conditions", "stages")


@act
def make_procedure(*, settings: ProcedureSettings, actor: Actor, at: datetime) -> int:
    """Publish a procedure: cases may begin it from now on. Return its primary key.

    actor: an owner or a manager.

    Raises MayNotMakeProcedures, BadProcedure, ProcedureNameTaken. Records ProcedureMade.
    """
    _refuse_unless_maker(actor)
    said = checked(settings)
    procedure = Procedure(name=settings.name.strip())
    _save(procedure)
    ProcedureVersion.objects.create(procedure=procedure, version=1, effective_at=at, made_by=str(actor), **said)
    record(ProcedureMade(subject=_about(procedure), actor=str(actor), at=at, name=procedure.name))
    return procedure.pk


@act
def change_procedure(*, procedure_id: int, settings: ProcedureSettings, actor: Actor, at: datetime) -> None:
    """Publish another version: cases begin it in this one from now on, and those that are in it stay in theirs.

    settings: all of them, as they shall be. A mere change of the name makes no version.

    Raises MayNotMakeProcedures, ProcedureNotFound, BadProcedure, ProcedureNameTaken, ProcedureStandsSo. Records ProcedureChanged.
    """
    _refuse_unless_maker(actor)
    procedure = _locked(procedure_id)
    said = checked(settings)
    current = ProcedureVersion.objects.get(procedure=procedure, version=procedure.version)
    name = settings.name.strip()
    is_other = any(getattr(current, column) != said[column] for column in _SAID)
    if not is_other and name == procedure.name:
        raise ProcedureStandsSo(_("Nothing was changed: this is what the procedure says already."))
    procedure.name = name
    if is_other:
        procedure.version += 1
    _save(procedure)
    if is_other:
        ProcedureVersion.objects.create(
            procedure=procedure, version=procedure.version, effective_at=at, made_by=str(actor), **said
        )
    record(
        ProcedureChanged(
            subject=_about(procedure), actor=str(actor), at=at, name=procedure.name, version=procedure.version
        )
    )


@act
def retire_procedure(*, procedure_id: int, actor: Actor, at: datetime) -> None:
    """Take a procedure out of use: no case begins it any more, and those that are in it go through it to the end.

    Raises MayNotMakeProcedures, ProcedureNotFound. Records ProcedureRetired.
    """
    _refuse_unless_maker(actor)
    procedure = _locked(procedure_id)
    procedure.state = State.RETIRED
    procedure.save(update_fields=["state"])
    record(ProcedureRetired(subject=_about(procedure), actor=str(actor), at=at))


def _refuse_unless_maker(actor: Actor) -> None:
    if not rules.may_make(actor):
        raise MayNotMakeProcedures(_("Only an owner or a manager can say what must be done properly."))


def _locked(procedure_id: int) -> Procedure:
    procedure = Procedure.objects.select_for_update().filter(pk=procedure_id, state=State.ACTIVE).first()
    if procedure is None:
        raise ProcedureNotFound(_("There is no such procedure."))
    return procedure


def _save(procedure: Procedure) -> None:
    try:
        with attempt():
            procedure.save()
    except IntegrityError:
        problem = _("Another procedure has this name. Choose a different one.")
        raise ProcedureNameTaken(problem, fields={"name": problem}) from None


def _about(procedure: Procedure) -> str:
    return subject("procedure", procedure.pk)
