"""What happens by itself, what came of it, what a rule would have touched; and macros."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Status

from careloop.domains.automation import queries, services
from careloop.domains.automation.states import ActionKind, Outcome, When
from careloop.domains.automation.types import Action, MacroSettings, RuleSettings
from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.rules import (
    ActionGiven,
    MacroGiven,
    MacroList,
    MacroShown,
    RuleGiven,
    RuleList,
    RuleShown,
    RuleTrialShown,
    RuleVersionList,
    RunPage,
    RunsAsked,
    StepList,
    macro_shown,
    rule_said,
    rule_shown,
    rule_trial_shown,
    run_shown,
    step_shown,
)
from careloop.faces.api.shapes.settings import PlaceGiven
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.automation import apply_macro, what_it_would_have_touched

__all__ = ["room"]

room = Room()


@room.opens("GET", "/rules", Scope.SETTINGS_READ, RuleList)
def list_rules(request: HttpRequest) -> Any:
    """List the rules in use or paused, in the order in which they are asked."""
    return _rules(visit_of(request))


@room.opens("POST", "/rules", Scope.SETTINGS_WRITE, RuleShown, status=201)
def create_rule(request: HttpRequest, given: RuleGiven) -> Any:
    """Let something happen by itself from now on; the rule is asked last."""
    visit = visit_of(request)
    made = services.make_rule(settings=_settings(given), actor=visit.actor, at=visit.at)
    return Status(201, _rule(visit, made))


@room.opens("POST", "/rule-trials", Scope.SETTINGS_WRITE, RuleTrialShown, also=[Scope.CASES_READ])
def try_rule(request: HttpRequest, given: RuleGiven) -> Any:
    """Say which cases a rule would have touched in the last 7 days; nothing is changed."""
    visit = visit_of(request)
    return rule_trial_shown(what_it_would_have_touched(settings=_settings(given), viewer=visit.actor, at=visit.at))


@room.opens("GET", "/rule-runs", Scope.SETTINGS_READ, RunPage, also=[Scope.CASES_READ])
def list_runs(request: HttpRequest, asked: Query[RunsAsked]) -> Any:
    """List what all rules did, the newest first."""
    return _runs(visit_of(request), asked, None)


@room.opens("GET", "/rules/{rule_id}", Scope.SETTINGS_READ, RuleShown)
def get_rule(request: HttpRequest, rule_id: PathId) -> Any:
    """Get a rule."""
    return _rule(visit_of(request), rule_id)


@room.opens("PUT", "/rules/{rule_id}", Scope.SETTINGS_WRITE, RuleShown)
def change_rule(request: HttpRequest, rule_id: PathId, given: RuleGiven) -> Any:
    """Let a rule do something else from now on; what it did stays explained by what it said then."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    services.change_rule(rule_id=rule_id, settings=_settings(given), actor=visit.actor, at=visit.at)
    return _rule(visit, rule_id)


@room.opens("GET", "/rules/{rule_id}/versions", Scope.SETTINGS_READ, RuleVersionList)
def list_rule_versions(request: HttpRequest, rule_id: PathId) -> Any:
    """List all that a rule has ever said, the newest first."""
    found = queries.versions_of(visit_of(request).actor, rule_id=rule_id)
    return {
        "items": [
            {
                **rule_said(row.settings),
                "version": row.version,
                "effective_at": row.effective_at,
                "made_by": row.made_by,
            }
            for row in found
        ]
    }


@room.opens("GET", "/rules/{rule_id}/runs", Scope.SETTINGS_READ, RunPage, also=[Scope.CASES_READ])
def list_rule_runs(request: HttpRequest, rule_id: PathId, asked: Query[RunsAsked]) -> Any:
    """List what a rule did, the newest first."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    return _runs(visit, asked, rule_id)


@room.opens("POST", "/rules/{rule_id}/place", Scope.SETTINGS_WRITE, RuleList)
def move_rule(request: HttpRequest, rule_id: PathId, given: PlaceGiven) -> Any:
    """Ask a rule earlier or later than others."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    services.move_rule(rule_id=rule_id, position=given.place, actor=visit.actor, at=visit.at)
    return _rules(visit)


@room.opens("POST", "/rules/{rule_id}/pause", Scope.SETTINGS_WRITE, RuleShown)
def pause_rule(request: HttpRequest, rule_id: PathId) -> Any:
    """Let a rule rest; it makes up for nothing when it is resumed."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    services.pause_rule(rule_id=rule_id, actor=visit.actor, at=visit.at)
    return _rule(visit, rule_id)


@room.opens("POST", "/rules/{rule_id}/resumption", Scope.SETTINGS_WRITE, RuleShown)
def resume_rule(request: HttpRequest, rule_id: PathId) -> Any:
    """Let a paused rule act again, on what happens from now on."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    services.resume_rule(rule_id=rule_id, actor=visit.actor, at=visit.at)
    return _rule(visit, rule_id)


@room.opens("POST", "/rules/{rule_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_rule(request: HttpRequest, rule_id: PathId) -> Any:
    """Take a rule out of use; its log stays."""
    visit = visit_of(request)
    _rule(visit, rule_id)
    services.retire_rule(rule_id=rule_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/macros", Scope.CASES_READ, MacroList)
def list_macros(request: HttpRequest) -> Any:
    """List the macros of one's own and everybody's, the most used first."""
    return {"items": [macro_shown(row) for row in queries.macros_of(visit_of(request).actor)]}


@room.opens("POST", "/macros", Scope.CASES_WRITE, MacroShown, status=201)
def create_macro(request: HttpRequest, given: MacroGiven) -> Any:
    """Keep a macro."""
    visit = visit_of(request)
    made = services.save_macro(macro_id=None, settings=_macro(given), actor=visit.actor, at=visit.at)
    return Status(201, macro_shown(queries.macro_of(visit.actor, macro_id=made)))


@room.opens("PUT", "/macros/{macro_id}", Scope.CASES_WRITE, MacroShown)
def change_macro(request: HttpRequest, macro_id: PathId, given: MacroGiven) -> Any:
    """Change a kept macro."""
    visit = visit_of(request)
    services.save_macro(macro_id=macro_id, settings=_macro(given), actor=visit.actor, at=visit.at)
    return macro_shown(queries.macro_of(visit.actor, macro_id=macro_id))


@room.opens("DELETE", "/macros/{macro_id}", Scope.CASES_WRITE, None, status=204)
def delete_macro(request: HttpRequest, macro_id: PathId) -> Any:
    """Throw a macro away."""
    visit = visit_of(request)
    services.delete_macro(macro_id=macro_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/cases/{number}/macros/{macro_id}", Scope.CASES_WRITE, StepList)
def apply_macro_to_case(request: HttpRequest, number: PathId, macro_id: PathId) -> Any:
    """Do to a case all that a macro says, or nothing."""
    visit = visit_of(request)
    case_id = case_id_of_number(number=number, viewer=visit.actor)
    steps = apply_macro(macro_id=macro_id, case_id=case_id, actor=visit.actor, at=visit.at)
    return {"items": [step_shown(step) for step in steps]}


def _rules(visit: Visit) -> dict[str, Any]:
    return {"items": [rule_shown(row) for row in queries.rules_of(visit.actor, at=visit.at)]}


def _rule(visit: Visit, rule_id: int) -> dict[str, Any]:
    return rule_shown(queries.rule_of(visit.actor, rule_id=rule_id))


def _runs(visit: Visit, asked: RunsAsked, rule_id: int | None) -> Any:
    return queries.runs_of(
        visit.actor,
        rule_id=rule_id,
        case_id=asked.case_id,
        outcome=Outcome(asked.outcome) if asked.outcome else None,
        before_id=int(asked.cursor) if asked.cursor else None,
        limit=asked.limit,
    ).map(run_shown)


def _actions(given: Sequence[ActionGiven]) -> tuple[Action, ...]:
    return tuple(Action(kind=ActionKind(one.kind), value=one.value) for one in given)


def _settings(given: RuleGiven) -> RuleSettings:
    return RuleSettings(
        name=given.name,
        when=tuple(When(one) for one in given.when),
        delay_s=given.delay_seconds,
        calendar_id=given.calendar_id,
        from_last=given.from_last,
        conditions=given.conditions,
        actions=_actions(given.actions),
    )


def _macro(given: MacroGiven) -> MacroSettings:
    return MacroSettings(name=given.name, actions=_actions(given.actions), is_shared=given.is_shared)
