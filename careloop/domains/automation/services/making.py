"""Acts on the rules of the workspace in scope."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from careloop.domains.automation import rules
from careloop.domains.automation.checking import checked
from careloop.domains.automation.errors import MayNotMakeRules, RuleNameTaken, RuleNotFound, RuleStandsSo
from careloop.domains.automation.events import (
    RuleChanged,
    RuleMade,
    RuleMoved,
    RulePaused,
    RuleResumed,
    RuleRetired,
)
from careloop.domains.automation.models import Rule, RuleVersion, Wait
from careloop.domains.automation.states import State, Why
from careloop.domains.automation.types import RuleSettings
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import head_position, record, subject

__all__ = ["change_rule", "make_rule", "move_rule", "pause_rule", "resume_rule", "retire_rule"]

_SAID: Final = ("when", "delay_s", "calendar_id", "from_last", "conditions", "actions")


@act
def make_rule(*, settings: RuleSettings, actor: Actor, at: datetime) -> int:
    """Let the house do something by itself from now on, and return the rule's primary key; it is asked last.

    actor: an owner or a manager.

    Raises MayNotMakeRules, BadRule, RuleNameTaken. Records RuleMade.
    """
    _refuse_unless_manager(actor)
    said = checked(settings, at=at)
    last = Rule.objects.exclude(state=State.RETIRED).aggregate(last=Max("position"))["last"]
    rule = Rule(name=settings.name.strip(), position=0 if last is None else last + 1, after_position=head_position())
    _save(rule)
    RuleVersion.objects.create(rule=rule, version=1, effective_at=at, made_by=str(actor), **said)
    record(RuleMade(subject=_about(rule), actor=str(actor), at=at, name=rule.name))
    return rule.pk


@act
def change_rule(*, rule_id: int, settings: RuleSettings, actor: Actor, at: datetime) -> None:
    """Let a rule do something else from now on; what it did stays explained by what it said then.

    settings: all of them, as they shall be. Cases on which it waits are looked at as it says now.

    Raises MayNotMakeRules, RuleNotFound, BadRule, RuleNameTaken, RuleStandsSo. Records RuleChanged.
    """
    _refuse_unless_manager(actor)
    rule = _locked(rule_id)
    said = checked(settings, at=at)
    current = RuleVersion.objects.get(rule=rule, version=rule.version)
    name = settings.name.strip()
    is_other = any(getattr(current, column) != said[column] for column in _SAID)
    if not is_other and name == rule.name:
        raise RuleStandsSo(_("Nothing was changed: this is what the rule does already."))
    rule.name = name
    if is_other:
        rule.version, rule.failures = rule.version + 1, 0
    _save(rule)
    if is_other:
        RuleVersion.objects.create(rule=rule, version=rule.version, effective_at=at, made_by=str(actor), **said)
        if current.delay_s is not None and said["delay_s"] is None:
            Wait.objects.filter(rule=rule).delete()  # it acts at once now, and makes up for nothing
    record(RuleChanged(subject=_about(rule), actor=str(actor), at=at, name=rule.name, version=rule.version))


@act
def move_rule(*, rule_id: int, position: int, actor: Actor, at: datetime) -> None:
    """Ask a rule earlier or later than others. position: 0 is asked first; beyond the last one means last.

    Raises MayNotMakeRules, RuleNotFound, RuleStandsSo. Records RuleMoved.
    """
    _refuse_unless_manager(actor)
    found = list(Rule.objects.select_for_update().exclude(state=State.RETIRED).order_by("position", "id"))
    moved = next((rule for rule in found if rule.pk == rule_id), None)
    if moved is None:
        raise RuleNotFound(_("There is no such rule."))
    was = found.index(moved)
    position = max(0, min(position, len(found) - 1))
    if position == was:
        raise RuleStandsSo(_("The rule stands there already."))
    found.insert(position, found.pop(was))
    for index, rule in enumerate(found):
        rule.position = index
    Rule.objects.bulk_update(found, ["position"])
    record(RuleMoved(subject=_about(moved), actor=str(actor), at=at, position=position))


@act
def pause_rule(*, rule_id: int, actor: Actor, at: datetime) -> None:
    """Let a rule rest: it does nothing until it is resumed, and makes up for nothing then.

    Raises MayNotMakeRules, RuleNotFound, RuleStandsSo. Records RulePaused.
    """
    _refuse_unless_manager(actor)
    rule = _locked(rule_id)
    if rule.state == State.PAUSED:
        raise RuleStandsSo(_("This rule is paused already."))
    rule.state, rule.why = State.PAUSED, Why.PEOPLE
    rule.save(update_fields=["state", "why"])
    Wait.objects.filter(rule=rule).delete()
    record(RulePaused(subject=_about(rule), actor=str(actor), at=at, why=Why.PEOPLE))


@act
def resume_rule(*, rule_id: int, actor: Actor, at: datetime) -> None:
    """Let a paused rule act again, on what happens from now on.

    Raises MayNotMakeRules, RuleNotFound, RuleStandsSo. Records RuleResumed.
    """
    _refuse_unless_manager(actor)
    rule = _locked(rule_id)
    if rule.state == State.ACTIVE:
        raise RuleStandsSo(_("This rule is active already."))
    rule.state, rule.why, rule.failures = State.ACTIVE, Why.NONE, 0
    rule.after_position = head_position()
    rule.save(update_fields=["state", "why", "failures", "after_position"])
    record(RuleResumed(subject=_about(rule), actor=str(actor), at=at))


@act
def retire_rule(*, rule_id: int, actor: Actor, at: datetime) -> None:
    """Take a rule out of use; its log stays.

    Raises MayNotMakeRules, RuleNotFound. Records RuleRetired.
    """
    _refuse_unless_manager(actor)
    rule = _locked(rule_id)
    rule.state, rule.why = State.RETIRED, Why.NONE
    rule.save(update_fields=["state", "why"])
    Wait.objects.filter(rule=rule).delete()
    Rule.objects.exclude(state=State.RETIRED).filter(position__gt=rule.position).update(position=F("position") - 1)
    record(RuleRetired(subject=_about(rule), actor=str(actor), at=at))


def _refuse_unless_manager(actor: Actor) -> None:
    if not rules.may_make_rules(actor):
        raise MayNotMakeRules(_("Only an owner or a manager can say what the house does by itself."))


def _locked(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().exclude(state=State.RETIRED).filter(pk=rule_id).first()
    if rule is None:
        raise RuleNotFound(_("There is no such rule."))
    return rule


def _save(rule: Rule) -> None:
    try:
        with attempt():
            rule.save()
    except IntegrityError:
        problem = _("Another rule has this name. Choose a different one.")
        raise RuleNameTaken(problem, fields={"name": problem}) from None


def _about(rule: Rule) -> str:
    return subject("rule", rule.pk)
