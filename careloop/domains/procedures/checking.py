"""Look at a procedure before it is published: what cannot be done is said beside its step."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.conditions import as_tree, validated
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.people.queries import people_choices
from careloop.domains.procedures.approvers import APPROVING
from careloop.domains.procedures.errors import BadProcedure
from careloop.domains.procedures.states import Begins, FieldKind, StepKind, Whom
from careloop.domains.procedures.stored import stages_as_json
from careloop.domains.procedures.types import Field, ProcedureSettings, Rung, Step
from careloop.kernel.actors import HOUSE, Role
from careloop.kernel.conditions import ME, comparisons_of

__all__ = ["MOST_FIELDS", "MOST_RUNGS", "MOST_STAGES", "MOST_STEPS", "checked"]

MOST_STAGES: Final = 10
MOST_STEPS: Final = 30
MOST_FIELDS: Final = 20
MOST_RUNGS: Final = 5
MOST_CHOICES: Final = 30
LONGEST_WORDS: Final = 4000
HIGHEST: Final = Decimal(10) ** 12
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
COUNTED: Final = frozenset({FieldKind.NUMBER, FieldKind.AMOUNT})

Problem = str | Lazily


def checked(settings: ProcedureSettings) -> dict[str, Any]:
    """Return what a procedure says, in the form it is stored in.

    Raises BadProcedure with a sentence for each part at fault: `name`, `words`, `conditions`, `stages`, `stage-<index>`, or the
    key of a step.
    """
    problems: dict[str, Problem] = {}
    if not _fits(settings.name, 80) or not settings.name.strip().isprintable():
        problems["name"] = _("Write a name of 1 to 80 characters.")
    if len(settings.words) > LONGEST_WORDS or "\x00" in settings.words:
        problems["words"] = _("This text is too long. Write at most 4000 characters.")
    conditions: dict[str, Any] = {}
    if settings.begins is Begins.ITSELF:
        conditions = _conditions(settings.conditions, problems)
    problems |= _stages(settings)
    if problems:
        raise BadProcedure(next(iter(problems.values())), fields=problems)
    return {
        "words": settings.words.strip(),
        "begins": settings.begins,
        "conditions": conditions,
        "stages": stages_as_json(settings.stages),
    }


def _conditions(conditions: Mapping[str, Any] | None, problems: dict[str, Problem]) -> dict[str, Any]:
    try:
        found = validated(conditions)
    except CaseUnclear as problem:
        problems["conditions"] = problem.message
        return {}
    asked = list(comparisons_of(as_tree(found)))
    if not asked:
        # One that begins in every case would hold up every case.
        problems["conditions"] = _("Say for which cases it begins, or let people begin it by hand.")
    elif any(one.value is ME or (isinstance(one.value, tuple) and ME in one.value) for one in asked):
        problems["conditions"] = _("A procedure is nobody's, so “me” means nobody in it. Choose a person.")
    return found


def _stages(settings: ProcedureSettings) -> dict[str, Problem]:
    stages = settings.stages
    steps = [step for stage in stages for step in stage.steps]
    if not stages:
        return {"stages": _("Add at least one stage.")}
    if len(stages) > MOST_STAGES or len(steps) > MOST_STEPS:
        return {"stages": _("A procedure has at most 10 stages and 30 steps. Make two procedures of it.")}
    keys = [step.key for step in steps]
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        return {"stages": _("Each step needs a key of its own, of small letters, digits and underscores.")}
    problems: dict[str, Problem] = {}
    if not any(step.is_mandatory for step in steps):
        problems["stages"] = _("At least one step has to be mandatory: without one, nothing would ever be missing.")
    able = {user_id for user_id, _name, role in people_choices(HOUSE) if Role(role) in APPROVING}
    before: list[Step] = []
    for index, stage in enumerate(stages):
        if not _fits(stage.name, 80):
            problems[f"stage-{index}"] = _("Give each stage a name of 1 to 80 characters.")
        elif not stage.steps:
            problems[f"stage-{index}"] = _("Give each stage at least one step, or remove it.")
        for step in stage.steps:
            if words := _step(step, before, able):
                problems[step.key] = words
            before.append(step)
    return problems


def _step(step: Step, before: list[Step], able: set[int]) -> Problem | None:
    if not _fits(step.title, 120):
        return _("Say in 1 to 120 characters what is to be done in each step.")
    if len(step.words) > LONGEST_WORDS or "\x00" in step.words:
        return _("This text is too long. Write at most 4000 characters.")
    match step.kind:
        case StepKind.NOTE:
            return None if step.words.strip() else _("Write down what is to be read.")
        case StepKind.FORM:
            return _form(step)
        case StepKind.APPROVAL:
            return _ladder(step, before, able)
        case StepKind.CHECK:
            return None


def _form(step: Step) -> Problem | None:
    if not 1 <= len(step.fields) <= MOST_FIELDS:
        return _("A form has 1 to 20 fields.")
    keys = [field.key for field in step.fields]
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        return _("Each field needs a key of its own, of small letters, digits and underscores.")
    return next((words for field in step.fields if (words := _field(field))), None)


def _field(field: Field) -> Problem | None:
    if not _fits(field.label, 120):
        return _("Give each field a name of 1 to 120 characters.")
    if field.kind is FieldKind.CHOICE:
        choices = [one.strip() for one in field.choices]
        fits = 2 <= len(choices) <= MOST_CHOICES and len(set(choices)) == len(choices)
        fits = fits and all(_fits(one, 120) for one in choices)
        return None if fits else _("A choice offers 2 to 30 different answers of at most 120 characters.")
    if field.kind is FieldKind.AMOUNT and not CURRENCY.fullmatch(field.currency):
        return _("Write the currency of an amount in three letters, such as EUR.")
    if field.kind in COUNTED:
        bounds = [one for one in (field.least, field.most) if one is not None]
        if any(not one.is_finite() or abs(one) > HIGHEST for one in bounds):
            return _("This limit is out of all proportion. Choose a smaller number.")
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            return _("The lowest number allowed is above the highest.")
    return None


def _ladder(step: Step, before: list[Step], able: set[int]) -> Problem | None:
    if not 1 <= len(step.rungs) <= MOST_RUNGS:
        return _("Say who approves: one to five, the one with the lowest limit first.")
    if words := next((words for rung in step.rungs if (words := _rung(rung, able))), None):
        return words
    limits = [rung.up_to for rung in step.rungs]
    if limits[-1] is not None:
        return _("The last who approves must have no limit, or some amounts could never be approved.")
    bounds = [one for one in limits[:-1] if one is not None]
    if len(bounds) < len(limits) - 1 or bounds != sorted(set(bounds)):
        return _("Give everybody but the last a limit, each higher than the one before.")
    form_key, _dot, field_key = step.amount.partition(".")
    form = next((one for one in before if one.key == form_key), None)
    known = form is not None and any(one.key == field_key and one.kind in COUNTED for one in form.fields)
    if (bounds or step.amount) and not known:
        return _("Choose the number or amount that the limits look at, from a form before this step.")
    return None


def _rung(rung: Rung, able: set[int]) -> Problem | None:
    if rung.whom is Whom.ROLE and rung.role not in APPROVING:
        return _("Choose a role that sees every case.")
    if rung.whom is Whom.PEOPLE and not rung.user_ids:
        return _("Choose who approves.")
    people = {*(rung.user_ids if rung.whom is Whom.PEOPLE else ()), *rung.deputy_ids}
    if not people <= able:
        return _("Approvers and deputies must see every case. Choose somebody else for those who left or do not.")
    if rung.up_to is not None and not (rung.up_to.is_finite() and 0 <= rung.up_to <= HIGHEST):
        return _("Write a limit of 0 or more.")
    return None


def _fits(text: str, longest: int) -> bool:
    return 1 <= len(text.strip()) <= longest and "\x00" not in text
