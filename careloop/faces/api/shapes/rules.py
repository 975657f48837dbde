"""What happens by itself, what did, and what people do in one go."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.automation.types import Action, MacroRow, RuleRow, RuleSettings, RunRow, Step
from careloop.faces.api.shapes.common import Asked, Given, Id, Shown
from careloop.processes.automation import Trial

__all__ = [
    "ActionGiven",
    "MacroGiven",
    "MacroList",
    "MacroShown",
    "RuleGiven",
    "RuleList",
    "RuleShown",
    "RuleTrialShown",
    "RuleVersionList",
    "RunPage",
    "RunsAsked",
    "StepList",
    "macro_shown",
    "rule_said",
    "rule_shown",
    "rule_trial_shown",
    "run_shown",
    "step_shown",
]

When = Literal[
    "opened",
    "customer_wrote",
    "third_party_wrote",
    "answered",
    "noted",
    "status_changed",
    "solved",
    "closed",
    "reopened",
    "assigned",
    "prioritized",
    "typed",
    "reasoned",
    "tagged",
    "promise_runs_out",
    "promise_missed",
    "delivery_failed",
    "task_done",
    "task_refused",
    "call_unanswered",
    "chat_unanswered",
]
Kind = Literal[
    "priority",
    "status",
    "type",
    "reason",
    "tag",
    "untag",
    "assign",
    "team",
    "reply",
    "note",
    "notify",
    "notify_team",
    "notify_assignee",
    "webhook",
    "task",
    "callback",
    "procedure",
    "spam",
]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ActionGiven(Given):
    """One act.

    value: what it needs, as text: a priority from 1 to 4, an id, the code of a reason, tags or ids of saved replies separated by
    commas, the text of a note; of a task the id of a team and, from the next line on, what is to be done; of a callback in how
    many seconds it is due (empty: in the usual time) and, from the next line on, what it is about; empty where it needs nothing.
    """

    kind: Kind
    value: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


class ActionShown(Shown):
    kind: str
    value: str


class RuleGiven(Given):
    """What a rule waits for and does.

    delay_seconds: how long after that it looks at the case; null acts at once. calendar_id: whose hours the delay counts; null
    counts around the clock. from_last: a newer such event begins the delay again.
    conditions: a tree (docs/reference/conditions.md); an empty one holds for every case. A rule that waits for call_unanswered or
    chat_unanswered waits for nothing else, and asks about the call or chat: waited_s, ending, queue, is_known, has_case, is_open,
    is_reached, tries.
    """

    name: Name
    when: Annotated[list[When], Field(min_length=1, max_length=21)]
    delay_seconds: Annotated[int, Field(ge=60, le=366 * 86_400)] | None = None
    calendar_id: Id | None = None
    from_last: bool = False
    conditions: dict[str, Any] = {}
    actions: Annotated[list[ActionGiven], Field(min_length=1, max_length=12)]


class RuleSaid(Shown):
    name: str
    when: list[str]
    delay_seconds: int | None
    calendar_id: int | None
    from_last: bool
    conditions: dict[str, Any]
    actions: list[ActionShown]


class RuleShown(RuleSaid):
    """place: 0 is asked first. state: active or paused; why: people or failures, where it is paused.

    last_run_at, run_count, problem_count: of the last 7 days, in the list of rules.
    """

    id: int
    place: int
    version: int
    effective_at: datetime
    state: str
    why: str
    last_run_at: datetime | None
    run_count: int
    problem_count: int


class RuleList(Shown):
    items: list[RuleShown]


class RuleVersionShown(RuleSaid):
    version: int
    effective_at: datetime
    made_by: str


class RuleVersionList(Shown):
    items: list[RuleVersionShown]


class RuleStepShown(Shown):
    """What became of one action: done, unchanged or refused. code: of the refusal. made_id: of what it made."""

    kind: str
    value: str
    result: str
    code: str
    made_id: int | None


class StepList(Shown):
    items: list[RuleStepShown]


class RuleRunShown(Shown):
    """depth: how many runs of rules led to the event. outcome: done, stopped or failed. why: loop, depth, often or nobody.

    case_id: null for a call or chat that never got a case.
    """

    id: int
    rule_id: int
    rule: str
    version: int
    case_id: int | None
    event_id: int
    depth: int
    at: datetime
    outcome: str
    why: str
    error: str
    steps: list[RuleStepShown]


class RunPage(Shown):
    items: list[RuleRunShown]
    next_cursor: str | None


class RunsAsked(Asked):
    """cursor: from the page before. case_id, outcome: only these."""

    cursor: Annotated[str, Field(max_length=20, pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    case_id: Id | None = None
    outcome: Literal["done", "stopped", "failed"] | None = None


class TouchedShown(Shown):
    """case_id, number: null for a call without a case. call_id: of a call."""

    case_id: int | None
    number: int | None
    call_id: int | None
    at: datetime
    times: int


class RuleTrialShown(Shown):
    """What a rule would have done in the last 7 days. pending_count: waits that would not be over yet.

    as_today: fields that were asked of the cases as they are today, because the log does not tell what they were.
    """

    since: datetime
    event_count: int
    is_cut: bool
    run_count: int
    pending_count: int
    case_count: int
    cases: list[TouchedShown]
    as_today: list[str]


class MacroGiven(Given):
    """is_shared: for everybody who works on cases."""

    name: Name
    actions: Annotated[list[ActionGiven], Field(min_length=1, max_length=12)]
    is_shared: bool = True


class MacroShown(Shown):
    id: int
    name: str
    actions: list[ActionShown]
    is_shared: bool
    used_count: int


class MacroList(Shown):
    items: list[MacroShown]


def rule_said(settings: RuleSettings) -> dict[str, Any]:
    """Return what a rule says."""
    return {
        "name": settings.name,
        "when": [one.value for one in settings.when],
        "delay_seconds": settings.delay_s,
        "calendar_id": settings.calendar_id,
        "from_last": settings.from_last,
        "conditions": dict(settings.conditions or {}),
        "actions": [_action(one) for one in settings.actions],
    }


def rule_shown(row: RuleRow) -> dict[str, Any]:
    """Return a rule."""
    return {
        **rule_said(row.settings),
        "id": row.id,
        "place": row.position,
        "version": row.version,
        "effective_at": row.effective_at,
        "state": row.state.value,
        "why": row.why.value,
        "last_run_at": row.last_run_at,
        "run_count": row.run_count,
        "problem_count": row.problem_count,
    }


def run_shown(row: RunRow) -> dict[str, Any]:
    """Return one run."""
    return {
        "id": row.id,
        "rule_id": row.rule_id,
        "rule": row.rule,
        "version": row.version,
        "case_id": row.case_id,
        "event_id": row.event_id,
        "depth": row.depth,
        "at": row.at,
        "outcome": row.outcome.value,
        "why": row.why.value,
        "error": row.error,
        "steps": [step_shown(step) for step in row.steps],
    }


def step_shown(step: Step) -> dict[str, Any]:
    """Return what became of one action."""
    return {
        "kind": step.kind.value,
        "value": step.value,
        "result": step.result.value,
        "code": step.code,
        "made_id": step.made_id,
    }


def rule_trial_shown(trial: Trial) -> dict[str, Any]:
    """Return what a rule would have touched."""
    return {
        "since": trial.since,
        "event_count": trial.event_count,
        "is_cut": trial.is_cut,
        "run_count": trial.run_count,
        "pending_count": trial.pending_count,
        "case_count": len(trial.touched),
        "cases": [
            {
                "case_id": one.case_id,
                "number": one.number,
                "call_id": one.call_id,
                "at": one.at,
                "times": one.times,
            }
            for one in trial.touched
        ],
        "as_today": list(trial.as_today),
    }


def macro_shown(row: MacroRow) -> dict[str, Any]:
    """Return a macro."""
    return {
        "id": row.id,
        "name": row.settings.name,
        "actions": [_action(one) for one in row.settings.actions],
        "is_shared": row.settings.is_shared,
        "used_count": row.used_count,
    }


def _action(action: Action) -> dict[str, str]:
    return {"kind": action.kind.value, "value": action.value}
