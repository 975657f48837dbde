"""Acts on procedures, on cases that are in one, and on who is away."""

from careloop.domains.procedures.services.absences import ABSENCE_OVER, begin_absence, end_absence
from careloop.domains.procedures.services.approving import approve, ask_approval, note_told, refuse
from careloop.domains.procedures.services.doing import check_step, confirm_note, fill_form, uncheck_step
from careloop.domains.procedures.services.making import change_procedure, make_procedure, retire_procedure
from careloop.domains.procedures.services.running import begin_procedure, skip_procedure

__all__ = [
    "ABSENCE_OVER",
    "approve",
    "ask_approval",
    "begin_absence",
    "begin_procedure",
    "change_procedure",
    "check_step",
    "confirm_note",
    "end_absence",
    "fill_form",
    "make_procedure",
    "note_told",
    "refuse",
    "retire_procedure",
    "skip_procedure",
    "uncheck_step",
]
