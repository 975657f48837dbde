"""Acts on macros."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from careloop.domains.automation import rules
from careloop.domains.automation.checking import actions_as_json, problem_with_actions, problem_with_name
from careloop.domains.automation.errors import BadMacro, MacroNameTaken, MacroNotFound, MayNotKeepMacros
from careloop.domains.automation.events import MacroApplied, MacroChanged
from careloop.domains.automation.models import Macro
from careloop.domains.automation.types import MacroSettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject

__all__ = ["count_use", "delete_macro", "save_macro"]


@act
def save_macro(*, macro_id: int | None, settings: MacroSettings, actor: Actor, at: datetime) -> int:
    """Keep a macro, or change a kept one, and return its primary key.

    Raises MayNotKeepMacros, BadMacro, MacroNotFound, MacroNameTaken. Records MacroChanged.
    """
    macro = Macro() if macro_id is None else _locked(macro_id, actor)
    _refuse_unless_keeper(actor, is_shared=settings.is_shared)
    found = {"name": problem_with_name(settings.name), "actions": problem_with_actions(settings.actions)}
    problems = {field: words for field, words in found.items() if words}
    if problems:
        raise BadMacro(next(iter(problems.values())), fields=problems)
    macro.name, macro.actions = settings.name.strip(), actions_as_json(settings.actions)
    macro.owner_id = None if settings.is_shared else actor.user_id
    try:
        with attempt():
            macro.save()
    except IntegrityError:
        problem = _("Another macro has this name. Choose a different one.")
        raise MacroNameTaken(problem, fields={"name": problem}) from None
    _record(macro.pk, "made" if macro_id is None else "changed", actor, at)
    return macro.pk


@act
def delete_macro(*, macro_id: int, actor: Actor, at: datetime) -> None:
    """Throw a macro away. Raises MayNotKeepMacros, MacroNotFound. Records MacroChanged."""
    _locked(macro_id, actor).delete()
    _record(macro_id, "deleted", actor, at)


@act
def count_use(*, macro_id: int, case_id: int, actor: Actor, at: datetime) -> None:
    """Note that somebody applied a macro to a case, so that the most used come first. Records MacroApplied."""
    Macro.objects.filter(pk=macro_id).update(used_count=F("used_count") + 1)
    record(MacroApplied(subject=subject("macro", macro_id), actor=str(actor), at=at, case_id=case_id))


def _refuse_unless_keeper(actor: Actor, *, is_shared: bool) -> None:
    if is_shared and not rules.may_share_macros(actor):
        raise MayNotKeepMacros(_("Macros for everybody are kept by team leads. Keep this one for yourself."))
    if not is_shared and not rules.may_keep_own_macros(actor):
        raise MayNotKeepMacros(_("Your role does not change cases, so it keeps no macros."))


def _locked(macro_id: int, actor: Actor) -> Macro:
    macro = Macro.objects.select_for_update().filter(pk=macro_id).first()
    if macro is None or (macro.owner_id is not None and macro.owner_id != actor.user_id):
        raise MacroNotFound(_("There is no such macro."))
    _refuse_unless_keeper(actor, is_shared=macro.owner_id is None)
    return macro


def _record(macro_id: int, change: str, actor: Actor, at: datetime) -> None:
    record(MacroChanged(subject=subject("macro", macro_id), actor=str(actor), at=at, change=change))
