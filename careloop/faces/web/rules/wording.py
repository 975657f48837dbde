"""Rules, their runs and their trials in the words of whoever reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careloop.domains.automation.contacts import CONTACTS, tree_of
from careloop.domains.automation.states import ActionKind, Outcome, Result
from careloop.domains.automation.types import Action, RuleRow, RuleSettings, RunRow, Step, VersionRow
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.queries import case_types, cases_by_id, reasons, statuses
from careloop.domains.cases.types import CaseRow, Priority
from careloop.domains.conversations.queries import shared_replies
from careloop.domains.people.queries import names_of, team_names_of
from careloop.domains.procedures.queries import procedure_names
from careloop.domains.webhooks.queries import webhook_names
from careloop.faces.web.desk.wording import sayings
from careloop.faces.web.promises.written import length_written
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import comparisons_of

__all__ = [
    "RuleShown",
    "RunShown",
    "Said",
    "VersionShown",
    "action_sentences",
    "as_today_words",
    "rules_shown",
    "runs_shown",
    "said_of",
    "versions_shown",
]

GONE: Final = gettext_lazy("somebody or something that is gone")
REFUSALS: Final[Mapping[str, str | Promise]] = {
    "answers_spam": gettext_lazy("Spam is not answered."),
    "answers_machine": gettext_lazy("The last word came from a machine, and machines are not answered."),
    "answered_lately": gettext_lazy("A rule has answered in this case within the last 24 hours."),
    "too_many_answers": gettext_lazy("The customer got as many automatic words today as anybody gets in a day."),
    "nobody_answered": gettext_lazy("Nobody has written to the customer in this case yet."),
    "reply_gone": gettext_lazy("The saved reply does not exist any more."),
    "places_unfilled": gettext_lazy("The saved reply has a place that nothing fills."),
    "webhook_gone": gettext_lazy("The webhook is paused or out of use."),
    "nobody_told": gettext_lazy("There is nobody to tell."),
    "move_not_allowed": gettext_lazy("The case cannot move from its status to that one."),
    "case_closed_already": gettext_lazy("The case is closed."),
    "case_not_found": gettext_lazy("The case is gone."),
    "case_not_open": gettext_lazy("The case is solved or spam, so nobody is asked for anything in it."),
    "open_tasks": gettext_lazy("A task of the case is not done yet."),
    "too_many_tasks": gettext_lazy("Too many tasks of the case are not done yet."),
    "bad_task": gettext_lazy("The team that was to be asked does not exist any more."),
    "number_missing": gettext_lazy("No phone number of the customer is known."),
    "does_not_want_calls": gettext_lazy("The customer does not want to be called."),
    "callback_owed": gettext_lazy("A callback is promised in the case already."),
    "bad_callback": gettext_lazy("The case lies in the spam, where nobody is promised anything."),
    "procedure_begun_already": gettext_lazy("The case is or was in this procedure already."),
    "procedure_not_found": gettext_lazy("The procedure is out of use."),
    "step_not_open": gettext_lazy("The case is solved, so no procedure begins in it."),
    "case_unclear": gettext_lazy("What was to be set does not exist any more, or cannot take it."),
}
"""What is said of a refusal, by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a rule says: when, for which cases, and one sentence for each action."""

    when: str
    timing: str
    conditions: str
    actions: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """A rule in the list of rules, which holds `count` of them."""

    row: RuleRow
    said: Said
    count: int

    @property
    def is_first(self) -> bool:
        return self.row.position == 0

    @property
    def is_last(self) -> bool:
        return self.row.position + 1 >= self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    version: int
    effective_at: datetime
    who: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class RunShown:
    """A run in the log. outcome, tone: of its badge. problem: why it did nothing. steps: pairs of a sentence and its outcome."""

    row: RunRow
    case: CaseRow | None
    outcome: str
    problem: str
    steps: Sequence[tuple[str, str]]


def rules_shown(rows: Sequence[RuleRow], *, hours: Mapping[int, str]) -> list[RuleShown]:
    """Return rules as a list shows them. hours: names of calendars by their ids."""
    said = said_of([row.settings for row in rows], hours=hours)
    return [RuleShown(row=row, said=one, count=len(rows)) for row, one in zip(rows, said, strict=True)]


def versions_shown(rows: Sequence[VersionRow], *, hours: Mapping[int, str]) -> list[VersionShown]:
    """Return all that a rule has said."""
    said = said_of([row.settings for row in rows], hours=hours)
    names = names_of({int(key) for row in rows if (key := _user(row.made_by))})
    return [
        VersionShown(
            version=row.version,
            effective_at=row.effective_at,
            who=names.get(int(_user(row.made_by) or 0), "Careloop"),
            said=one,
        )
        for row, one in zip(rows, said, strict=True)
    ]


def runs_shown(rows: Sequence[RunRow], *, viewer: Actor) -> list[RunShown]:
    """Return runs as the log shows them."""
    found = cases_by_id({row.case_id for row in rows if row.case_id is not None}, viewer=viewer)
    actions = [Action(kind=step.kind, value=step.value) for row in rows for step in row.steps]
    sentences = iter(action_sentences(actions))
    return [
        RunShown(
            row=row,
            case=found.get(row.case_id or 0),
            outcome=str(row.outcome.label),
            problem=_problem(row),
            steps=[(next(sentences), _result(step)) for step in row.steps],
        )
        for row in rows
    ]


def said_of(settings: Iterable[RuleSettings], *, hours: Mapping[int, str]) -> list[Said]:
    """Say what rules do, with one question per kind of thing that is named."""
    found = list(settings)
    trees = [tree_of(one) for one in found]
    of_cases = iter(sayings([tree for tree, one in zip(trees, found, strict=True) if not one.is_of_contacts]))
    of_contacts = [tree for tree, one in zip(trees, found, strict=True) if one.is_of_contacts]
    said = iter(sayings(of_contacts, registry=CONTACTS))
    conditions = [next(said) if one.is_of_contacts else next(of_cases) for one in found]
    sentences = iter(action_sentences([action for one in found for action in one.actions]))
    return [
        Said(
            when=", ".join(str(one.label) for one in rule.when),
            timing=_timing(rule, hours),
            conditions=words if any(comparisons_of(tree)) else _every(rule),
            actions=[next(sentences) for _action in rule.actions],
        )
        for rule, tree, words in zip(found, trees, conditions, strict=True)
    ]


def action_sentences(actions: Sequence[Action]) -> list[str]:
    """Say actions, such as "Set the priority: High"."""
    kinds = {one.kind for one in actions}
    people = {ActionKind.ASSIGN, ActionKind.NOTIFY}
    teams = {ActionKind.TEAM, ActionKind.NOTIFY_TEAM}
    asked = {one.asked()[0] for one in actions if one.kind is ActionKind.TASK}
    users = names_of({key for one in actions if one.kind in people for key in one.ids()}) if kinds & people else {}
    groups = team_names_of({key for one in actions if one.kind in teams for key in one.ids()}) if kinds & teams else {}
    replies = [key for one in actions if one.kind is ActionKind.REPLY for key in one.ids()]
    names: dict[ActionKind, Mapping[int, str]] = {
        ActionKind.PRIORITY: {key: str(label) for key, label in Priority.choices},
        ActionKind.ASSIGN: users,
        ActionKind.NOTIFY: users,
        ActionKind.TEAM: groups,
        ActionKind.NOTIFY_TEAM: groups,
        ActionKind.REPLY: {row.id: row.name for row in shared_replies(replies)} if replies else {},
    }
    if ActionKind.TASK in kinds:
        names[ActionKind.TASK] = team_names_of(asked)
    if ActionKind.PROCEDURE in kinds:
        begun = {key for one in actions if one.kind is ActionKind.PROCEDURE for key in one.ids()}
        names[ActionKind.PROCEDURE] = procedure_names(begun)
    if ActionKind.STATUS in kinds:
        names[ActionKind.STATUS] = {row.id: row.name for row in statuses(with_retired=True)}
    if ActionKind.WEBHOOK in kinds:
        called = {key for one in actions if one.kind is ActionKind.WEBHOOK for key in one.ids()}
        names[ActionKind.WEBHOOK] = webhook_names(called)
    if ActionKind.TYPE in kinds:
        names[ActionKind.TYPE] = {row.id: row.name for row in case_types(with_retired=True)}
    by_code = {row.code: " › ".join(row.path) for row in reasons()} if ActionKind.REASON in kinds else {}
    return [_sentence(one, names, by_code) for one in actions]


def as_today_words(fields: Iterable[str]) -> str:
    """Name the fields that were asked of cases, calls and chats as they are today."""
    return ", ".join(_((REGISTRY.get(name) or CONTACTS[name]).label) for name in fields)


def _sentence(action: Action, names: Mapping[ActionKind, Mapping[int, str]], codes: Mapping[str, str]) -> str:
    match action.kind:
        case ActionKind.NOTIFY_ASSIGNEE | ActionKind.SPAM:
            return str(action.kind.label)
        case ActionKind.REASON:
            value = codes.get(action.value, action.value)
        case ActionKind.TAG | ActionKind.UNTAG | ActionKind.NOTE:
            value = action.value
        case ActionKind.TASK:
            team_id, title, _more = action.asked()
            team = names[ActionKind.TASK].get(team_id) or str(GONE)
            return _("Give a task to %(team)s: %(title)s") % {"team": team, "title": title}
        case ActionKind.CALLBACK:
            return _callback(action)
        case _:
            known = names.get(action.kind, {})
            value = ", ".join(known.get(key) or str(GONE) for key in action.ids())
    return _("%(what)s: %(value)s") % {"what": action.kind.label, "value": value}


def _callback(action: Action) -> str:
    within_s, note = action.promised()
    places = {"length": length_written(within_s), "note": note}
    if within_s is None:
        return (
            _("Promise a callback in the usual time: %(note)s") % places
            if note
            else _("Promise a callback in the usual time")
        )
    if note:
        return _("Promise a callback within %(length)s: %(note)s") % places
    return _("Promise a callback within %(length)s") % places


def _every(rule: RuleSettings) -> str:
    return _("Every call and chat that ends unanswered") if rule.is_of_contacts else _("Every case")


def _timing(rule: RuleSettings, hours: Mapping[int, str]) -> str:
    if rule.delay_s is None:
        return _("At once")
    places = {"length": length_written(rule.delay_s)}
    if rule.calendar_id is None:
        return _("After %(length)s, around the clock") % places
    return _("After %(length)s in the hours of %(hours)s") % {
        **places,
        "hours": hours.get(rule.calendar_id, _("Hours out of use")),
    }


def _problem(row: RunRow) -> str:
    match row.outcome:
        case Outcome.STOPPED:
            return str(row.why.label)
        case Outcome.FAILED:
            return _("It broke and was undone (%(error)s).") % {"error": row.error}
    return ""


def _result(step: Step) -> str:
    if step.result is Result.REFUSED:
        return str(REFUSALS.get(step.code, Result.REFUSED.label))
    return str(step.result.label)


def _user(actor: str) -> str:
    kind, _colon, key = actor.partition(":")
    return key if kind == "user" and key.isdecimal() else ""
