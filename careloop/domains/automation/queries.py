"""What the house does by itself, what came of it, and what people do in one go."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.automation import rules
from careloop.domains.automation.errors import MacroNotFound, MayNotSeeRules, RuleNotFound
from careloop.domains.automation.models import Macro, Rule, RuleVersion, Run
from careloop.domains.automation.states import ActionKind, Outcome, Result, State, When, Why
from careloop.domains.automation.types import (
    Action,
    Chain,
    MacroRow,
    MacroSettings,
    RuleRow,
    RuleSettings,
    RunRow,
    Step,
    VersionRow,
    run_of,
)
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Page

__all__ = [
    "active_rules",
    "chain_of",
    "guard",
    "has_dealt",
    "has_replied_since",
    "macro_names",
    "macro_of",
    "macros_of",
    "rule_names",
    "rule_of",
    "rules_of",
    "runs_of",
    "runs_that_wrote",
    "versions_of",
]

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)


def rules_of(viewer: Actor, *, at: datetime) -> list[RuleRow]:
    """Return the rules in use or paused, in the order in which they are asked, with what the last 7 days saw of them.

    Raises MayNotSeeRules.
    """
    _refuse_unless_reader(viewer)
    lately: dict[int, dict[str, Any]] = {
        row["rule_id"]: dict(row)
        for row in Run.objects.filter(at__gt=at - WEEK)
        .values("rule_id")
        .annotate(
            last=Max("at", filter=Q(outcome=Outcome.DONE)),
            ran=Count("pk", filter=Q(outcome=Outcome.DONE)),
            troubled=Count("pk", filter=~Q(outcome=Outcome.DONE)),
        )
    }
    return [_rule(version, lately.get(version.rule_id, {})) for version in _current()]


def rule_of(viewer: Actor, *, rule_id: int) -> RuleRow:
    """Return one rule in use or paused. Raises MayNotSeeRules, RuleNotFound."""
    _refuse_unless_reader(viewer)
    version = next((version for version in _current() if version.rule_id == rule_id), None)
    if version is None:
        raise RuleNotFound(_("There is no such rule."))
    return _rule(version, {})


def versions_of(viewer: Actor, *, rule_id: int) -> list[VersionRow]:
    """Return all that a rule in use has ever said, the newest first. Raises MayNotSeeRules, RuleNotFound."""
    rule_of(viewer, rule_id=rule_id)
    found = RuleVersion.objects.filter(rule_id=rule_id).select_related("rule").order_by("-version")
    return [
        VersionRow(
            version=one.version, effective_at=one.effective_at, made_by=one.made_by, settings=_rule(one, {}).settings
        )
        for one in found
    ]


def active_rules() -> list[RuleRow]:
    """Return the rules that act, in the order in which they are asked. For the house."""
    return [_rule(version, {}) for version in _current() if version.rule.state == State.ACTIVE]


def rule_names(rule_ids: Collection[int]) -> dict[int, str]:
    """Return what rules are called, also those that are out of use."""
    return dict(Rule.objects.filter(pk__in=rule_ids).values_list("pk", "name")) if rule_ids else {}


def macro_names(macro_ids: Collection[int]) -> dict[int, str]:
    """Return what macros are called."""
    return dict(Macro.objects.filter(pk__in=macro_ids).values_list("pk", "name")) if macro_ids else {}


def runs_of(
    viewer: Actor,
    *,
    rule_id: int | None = None,
    case_id: int | None = None,
    outcome: Outcome | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Page[RunRow]:
    """Return what rules did, the newest first. Raises MayNotSeeRules.

    rule_id, case_id, outcome: only these. before_id: only older ones, for reading on.
    """
    _refuse_unless_reader(viewer)
    found = Run.objects.select_related("rule").order_by("-pk")
    asked: dict[str, Any] = {"rule_id": rule_id, "case_id": case_id, "outcome": outcome, "pk__lt": before_id}
    rows = list(found.filter(**{name: value for name, value in asked.items() if value is not None})[: limit + 1])
    cursor = str(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(items=[_run(row) for row in rows[:limit]], next_cursor=cursor)


def runs_that_wrote(case_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Return which rule wrote which messages, and which notes, of a case: by their primary keys. For the house."""
    messages, notes = dict[int, int](), dict[int, int]()
    for rule_id, steps in Run.objects.filter(case_id=case_id, outcome=Outcome.DONE).values_list("rule_id", "steps"):
        for step in steps:
            if step["made_id"] is not None and step["kind"] in {ActionKind.REPLY, ActionKind.NOTE}:
                (messages if step["kind"] == ActionKind.REPLY else notes)[step["made_id"]] = rule_id
    return messages, notes


def chain_of(event_id: int, actor: str) -> Chain:
    """Return how an event came about, by the actor whom the log names. For the house."""
    came_by = run_of(actor)
    if came_by is not None:
        cause = Run.objects.filter(pk=came_by[1]).values_list("root_id", "depth").first()
        if cause is not None:
            return Chain(root_id=cause[0], depth=cause[1] + 1)
    return Chain(root_id=event_id, depth=0)


def has_dealt(*, rule_id: int, event_id: int) -> bool:
    """Say whether a rule has dealt with an event, whatever came of it. For the house."""
    return Run.objects.filter(rule_id=rule_id, event_id=event_id).exists()


def guard(
    *, rule_id: int, case_id: int | None, chain: Chain, most_depth: int, most_a_day: int, at: datetime
) -> Why | None:
    """Say why a rule must not act now, so that no set of rules runs for ever; None when it may. For the house.

    case_id: None where the rule would open one.
    """
    if chain.depth >= most_depth:
        return Why.DEPTH
    done = Run.objects.filter(rule_id=rule_id, outcome=Outcome.DONE)
    if done.filter(root_id=chain.root_id).exists():
        return Why.LOOP
    if case_id is not None and done.filter(case_id=case_id, at__gt=at - DAY).count() >= most_a_day:
        return Why.OFTEN
    return None


def has_replied_since(*, case_id: int, since: datetime) -> bool:
    """Say whether a rule has answered the customer of a case since a moment. For the house."""
    return Run.objects.filter(case_id=case_id, has_replied=True, at__gt=since).exists()


def macros_of(viewer: Actor) -> list[MacroRow]:
    """Return the macros that somebody may apply: their own and everybody's, the most used first."""
    if not rules.may_apply_macros(viewer):
        return []
    found = Macro.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer.user_id))
    return [_macro(row) for row in found.order_by("-used_count", "name", "pk")]


def macro_of(viewer: Actor, *, macro_id: int) -> MacroRow:
    """Return one of these. Raises MacroNotFound."""
    found = next((row for row in macros_of(viewer) if row.id == macro_id), None)
    if found is None:
        raise MacroNotFound(_("There is no such macro."))
    return found


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see_rules(viewer):
        raise MayNotSeeRules(_("Team leads, managers and owners see what the house does by itself."))


def _current() -> Sequence[RuleVersion]:
    found = RuleVersion.objects.exclude(rule__state=State.RETIRED).filter(version=F("rule__version"))
    return list(found.select_related("rule").order_by("rule__position", "rule_id"))


def _rule(version: RuleVersion, lately: dict[str, Any]) -> RuleRow:
    rule = version.rule
    return RuleRow(
        id=rule.pk,
        position=rule.position,
        version=version.version,
        state=State(rule.state),
        why=Why(rule.why),
        effective_at=version.effective_at,
        after_position=rule.after_position,
        last_run_at=lately.get("last"),
        run_count=lately.get("ran", 0),
        problem_count=lately.get("troubled", 0),
        settings=RuleSettings(
            name=rule.name,
            when=tuple(When(one) for one in version.when),
            delay_s=version.delay_s,
            calendar_id=version.calendar_id,
            from_last=version.from_last,
            conditions=version.conditions,
            actions=_actions(version.actions),
        ),
    )


def _actions(stored: Iterable[dict[str, str]]) -> tuple[Action, ...]:
    return tuple(Action(kind=ActionKind(one["kind"]), value=one["value"]) for one in stored)


def _run(row: Run) -> RunRow:
    return RunRow(
        id=row.pk,
        rule_id=row.rule_id,
        rule=row.rule.name,
        version=row.version,
        case_id=row.case_id,
        event_id=row.event_id,
        depth=row.depth,
        at=row.at,
        outcome=Outcome(row.outcome),
        why=Why(row.why),
        error=row.error,
        steps=tuple(
            Step(
                kind=ActionKind(step["kind"]),
                value=step["value"],
                result=Result(step["result"]),
                code=step["code"],
                made_id=step["made_id"],
            )
            for step in row.steps
        ),
    )


def _macro(row: Macro) -> MacroRow:
    return MacroRow(
        id=row.pk,
        is_own=row.owner_id is not None,
        used_count=row.used_count,
        settings=MacroSettings(name=row.name, actions=_actions(row.actions), is_shared=row.owner_id is None),
    )
