"""Look at rules and macros before they are kept: what cannot be done is said beside its field."""

from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.automation.contacts import tree_of
from careloop.domains.automation.errors import BadRule
from careloop.domains.automation.states import OF_CONTACTS, ActionKind, When
from careloop.domains.automation.types import Action, RuleSettings
from careloop.domains.calendars.queries import hours_by_id, is_calendar
from careloop.domains.cases import queries as cases
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.cases.types import Priority
from careloop.domains.conversations.queries import shared_replies
from careloop.domains.people.queries import active_members_among, is_team
from careloop.domains.procedures.queries import is_procedure
from careloop.domains.webhooks.queries import is_webhook
from careloop.kernel.conditions import ME, comparisons_of, to_json
from careloop.kernel.hours import NotEnoughHours, add_open_seconds

__all__ = ["MOST_ACTIONS", "actions_as_json", "checked", "problem_with_actions", "problem_with_name"]

MOST_ACTIONS: Final = 12
LONGEST_NOTE: Final = 4000
SHORTEST_S: Final = 60
LONGEST_S: Final = 366 * 86_400
SOONEST_CALLBACK_S: Final = 15 * 60
LATEST_CALLBACK_S: Final = 30 * 86_400
LONGEST_REMARK: Final = 500

_REPEATED: Final = {ActionKind.NOTE, ActionKind.NOTIFY, ActionKind.NOTIFY_TEAM, ActionKind.WEBHOOK, ActionKind.TASK}
"""What one rule or macro may do several times, each time otherwise."""

Problem = str | Lazily


def checked(settings: RuleSettings, *, at: datetime) -> dict[str, Any]:
    """Return what a rule says, in the form it is stored in. Raises BadRule with a sentence for each field at fault."""
    problems: dict[str, Problem] = {}
    if words := problem_with_name(settings.name):
        problems["name"] = words
    if not settings.when:
        problems["when"] = _("Choose at least one thing to wait for.")
    elif OF_CONTACTS.intersection(settings.when) and not settings.is_of_contacts:
        problems["when"] = _("Choose either what happens in cases, or calls and chats that end unanswered.")
    conditions: dict[str, Any] = {}
    try:
        tree = tree_of(settings)
        conditions = to_json(tree)
        if any(_names_reader(one.value) for one in comparisons_of(tree)):
            problems["conditions"] = _("A rule is nobody's, so “me” means nobody in it. Choose a person.")
    except CaseUnclear as problem:
        problems["conditions"] = problem.message
    if settings.calendar_id is not None and not is_calendar(settings.calendar_id):
        problems["calendar"] = _("This calendar does not exist any more. Choose another one.")
    elif settings.delay_s is not None and not SHORTEST_S <= settings.delay_s <= LONGEST_S:
        problems["delay"] = _("Let it wait at least one minute and at most a year, or act at once.")
    elif settings.delay_s is not None and not _suffice(settings.calendar_id, settings.delay_s, at=at):
        problems["delay"] = _("The calendar is open too little for so long a time. Wait less, or choose other hours.")
    if words := problem_with_actions(settings.actions):
        problems["actions"] = words
    if problems:
        raise BadRule(next(iter(problems.values())), fields=problems)
    return {
        "when": [str(one) for one in When if one in settings.when],
        "delay_s": settings.delay_s,
        "calendar_id": settings.calendar_id if settings.delay_s is not None else None,
        "from_last": settings.from_last and settings.delay_s is not None and not settings.is_of_contacts,
        "conditions": conditions,
        "actions": actions_as_json(settings.actions),
    }


def problem_with_name(name: str) -> Problem | None:
    """Say what is wrong with a name, if anything."""
    if 1 <= len(name.strip()) <= 80 and name.strip().isprintable():
        return None
    return _("Write a name of 1 to 80 characters.")


def problem_with_actions(actions: tuple[Action, ...]) -> Problem | None:
    """Say what is wrong with some actions, if anything."""
    if not actions:
        return _("Choose at least one thing to do.")
    if len(actions) > MOST_ACTIONS:
        return _("These are more actions than one rule or macro can do. Leave some out.")
    once = [one.kind for one in actions if one.kind not in _REPEATED]
    if len(set(once)) < len(once):
        return _("Say each thing once: put several tags into one line, and choose one status, person, team and answer.")
    return next((words for one in actions if (words := _problem_with(one))), None)


def actions_as_json(actions: tuple[Action, ...]) -> list[dict[str, str]]:
    """Return actions in the form they are stored in."""
    return [{"kind": str(one.kind), "value": _stored(one)} for one in actions]


def _stored(action: Action) -> str:
    # An empty first line says that a callback is due in the usual time.
    return action.value.rstrip() if action.kind is ActionKind.CALLBACK else action.value.strip()


def _problem_with(action: Action) -> Problem | None:
    keys = action.ids()
    match action.kind:
        case ActionKind.PRIORITY:
            return None if keys and keys[0] in Priority.values else _("Choose a priority from low to urgent.")
        case ActionKind.STATUS:
            return None if _is_among(keys, cases.statuses()) else _("Choose a status that is in use.")
        case ActionKind.TYPE:
            return None if _is_among(keys, cases.case_types()) else _("Choose a type that is in use.")
        case ActionKind.REASON:
            known = {row.code for row in cases.reasons()}
            return None if action.value in known else _("Choose a reason of the newest tree.")
        case ActionKind.TAG | ActionKind.UNTAG:
            words = action.words()
            fits = words and len(words) <= 20 and all(len(word) <= 60 for word in words)
            return None if fits else _("Write 1 to 20 tags of at most 60 characters, separated by commas.")
        case ActionKind.ASSIGN | ActionKind.NOTIFY:
            return None if keys and active_members_among(keys[:1]) else _("Choose a person who works here.")
        case ActionKind.TEAM | ActionKind.NOTIFY_TEAM:
            return None if keys and is_team(keys[0]) else _("Choose a team of this workspace.")
        case ActionKind.REPLY:
            found = {row.id for row in shared_replies(keys)}
            fits_all = bool(keys) and found >= set(keys)
            return None if fits_all else _("Choose saved replies that are kept for everybody.")
        case ActionKind.NOTE:
            fits = 1 <= len(action.value.strip()) <= LONGEST_NOTE
            return None if fits else _("Write a note of at most 4000 characters.")
        case ActionKind.WEBHOOK:
            return None if keys and is_webhook(keys[0]) else _("Choose a webhook of this workspace.")
        case ActionKind.TASK:
            team_id, title, more = action.asked()
            if not is_team(team_id):
                return _("Choose a team of this workspace.")
            fits = 1 <= len(title) <= 200 and len(more) <= LONGEST_NOTE and title.isprintable()
            return None if fits else _("Say in the first line what is to be done, in at most 200 characters.")
        case ActionKind.CALLBACK:
            return _problem_with_callback(action)
        case ActionKind.PROCEDURE:
            return None if keys and is_procedure(keys[0]) else _("Choose a procedure that is in use.")
        case ActionKind.NOTIFY_ASSIGNEE | ActionKind.SPAM:
            return None
    raise ValueError(f"Nobody knows the action {action.kind}.")


def _problem_with_callback(action: Action) -> Problem | None:
    try:
        within_s, note = action.promised()
    except ValueError:
        within_s, note = 0, ""
    if within_s is not None and not SOONEST_CALLBACK_S <= within_s <= LATEST_CALLBACK_S:
        return _("Promise a callback within 15 minutes to 30 days, such as 4 h, or leave the time open.")
    fits = len(note) <= LONGEST_REMARK and "\x00" not in note
    return None if fits else _("Say in at most 500 characters what the callback is about.")


def _is_among(keys: tuple[int, ...], rows: Any) -> bool:
    return bool(keys) and keys[0] in {row.id for row in rows}


def _names_reader(value: object) -> bool:
    return value is ME or (isinstance(value, tuple) and ME in value)


def _suffice(calendar_id: int | None, seconds: float, *, at: datetime) -> bool:
    if calendar_id is None:
        return True
    try:
        add_open_seconds(hours_by_id(at=at)[calendar_id], at, seconds)
    except NotEnoughHours:
        return False
    return True
