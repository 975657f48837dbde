"""A rule as texts of a form, and back; what cannot be read is told beside its field."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from careloop.domains.automation.contacts import CONTACTS, tree_of
from careloop.domains.automation.states import OF_CONTACTS, ActionKind, When
from careloop.domains.automation.types import Action, RuleSettings
from careloop.domains.cases.conditions import REGISTRY
from careloop.faces.web.desk.editing import Row, rows_of, rows_posted, written_of
from careloop.faces.web.promises.written import Unreadable, length_read, length_written
from careloop.kernel.conditions import Registry

__all__ = [
    "ActionDraft",
    "Draft",
    "actions_acted",
    "actions_drafted",
    "actions_of",
    "actions_posted",
    "draft_of",
    "draft_posted",
    "mark_of",
]

MOST_ACTIONS: Final = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """One action, as texts of a form. values: what is chosen or written."""

    kind: str = ActionKind.PRIORITY
    values: tuple[str, ...] = ()

    def action(self) -> Action:
        """Return what it says."""
        if self.kind == ActionKind.TASK:
            team, text = (*self.values, "", "")[:2]
            lines = "\n".join(text.splitlines())
            return Action(kind=ActionKind.TASK, value=f"{team}\n{lines}")
        if self.kind == ActionKind.CALLBACK:
            length, note = (*self.values, "", "")[:2]
            lines = " ".join(note.split())
            return Action(kind=ActionKind.CALLBACK, value=f"{_seconds(length)}\n{lines}")
        return Action(kind=ActionKind(self.kind), value=",".join(value for value in self.values if value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule that is being written.

    timing: `now` or `later`. delay: a length of time as `length_read` reads it. calendar: a primary key, or empty for around
    the clock. join, rows: of the filter editor.
    """

    name: str = ""
    when: tuple[str, ...] = (When.OPENED.value,)
    timing: str = "now"
    delay: str = ""
    calendar: str = ""
    from_last: bool = False
    join: str = "and"
    rows: tuple[Row, ...] = ()
    actions: tuple[ActionDraft, ...] = ()

    @property
    def registry(self) -> Registry:
        """What may be asked: about cases, or about calls and chats where it waits for these alone."""
        return registry_of(self.when)

    def acted(self, act: str) -> "Draft":
        """Return the draft after a button that adds, moves or removes a row."""
        what, _dash, index = act.partition("-")
        match what:
            case "add":
                return replace(self, rows=(*self.rows, Row(registry=self.registry).told()))
            case "remove":
                return replace(self, rows=_without(self.rows, index))
        return replace(self, actions=actions_acted(self.actions, act))

    def settings(self) -> tuple[RuleSettings, dict[str, str]]:
        """Return what the draft says, and by field what in it cannot be read."""
        problems: dict[str, str] = {}
        delay_s = None
        if self.timing == "later":
            try:
                delay_s = length_read(self.delay)
            except Unreadable as problem:
                problems["delay"] = str(problem)
            else:
                if delay_s is None:
                    problems["delay"] = _("Write how long it waits, such as 4 h.")
        digits = self.calendar.isascii() and self.calendar.isdigit() and len(self.calendar) < 19
        settings = RuleSettings(
            name=self.name,
            when=tuple(When(one) for one in self.when if one in When.values),
            delay_s=delay_s,
            calendar_id=int(self.calendar) if digits and delay_s is not None else None,
            from_last=self.from_last and delay_s is not None,
            conditions=written_of(self.join, self.rows),
            actions=actions_of(self.actions),
        )
        return settings, problems


def actions_of(drafts: Sequence[ActionDraft]) -> tuple[Action, ...]:
    """Return what some rows of a form say is to be done."""
    return tuple(one.action() for one in drafts)


def actions_acted(actions: tuple[ActionDraft, ...], act: str) -> tuple[ActionDraft, ...]:
    """Return actions after a button that adds, moves or removes one."""
    what, _dash, index = act.partition("-")
    match what:
        case "do" if len(actions) < MOST_ACTIONS:
            return (*actions, ActionDraft())
        case "undo":
            return _without(actions, index)
        case "sooner" if index.isdecimal() and 0 < int(index) < len(actions):
            at, moved = int(index), list(actions)
            moved.insert(at - 1, moved.pop(at))
            return tuple(moved)
    return actions


def actions_posted(given: QueryDict) -> tuple[ActionDraft, ...]:
    """Return the actions of a form, in order, whatever it holds."""
    found = []
    for key in given.getlist("do")[:MOST_ACTIONS]:
        kind, was = given.get(f"do-kind-{key}", ""), given.get(f"do-was-{key}", "")
        if kind in ActionKind.values:
            # What was chosen for another kind of action means nothing for this one.
            values = tuple(given.getlist(f"do-value-{key}")) if kind == was else ()
            found.append(ActionDraft(kind=kind, values=values))
    return tuple(found)


def actions_drafted(actions: Sequence[Action]) -> tuple[ActionDraft, ...]:
    """Return actions as rows of a form."""
    return tuple(ActionDraft(kind=one.kind.value, values=_values(one)) for one in actions)


def _values(action: Action) -> tuple[str, ...]:
    match action.kind:
        case ActionKind.REPLY:
            return tuple(map(str, action.ids()))
        case ActionKind.TASK:
            team, _break, text = action.value.partition("\n")
            return (team, text)
        case ActionKind.CALLBACK:
            within_s, note = action.promised()
            return (length_written(within_s), note)
    return (action.value,) if action.value else ()


def _seconds(length: str) -> str:
    """Return a length of time as it is stored; what cannot be read stays, and is told when it is checked."""
    try:
        seconds = length_read(length)
    except Unreadable:
        return length.strip()
    return "" if seconds is None else str(seconds)


def registry_of(when: Collection[str]) -> Registry:
    """Return what conditions may ask about, by what a rule waits for."""
    return CONTACTS if when and OF_CONTACTS.issuperset(when) else REGISTRY


def draft_of(settings: RuleSettings) -> Draft:
    """Return a rule as texts of a form."""
    registry = registry_of(settings.when)
    join, rows = rows_of(tree_of(settings), registry=registry) if settings.conditions else ("and", [])
    return Draft(
        name=settings.name,
        when=tuple(one.value for one in settings.when),
        timing="now" if settings.delay_s is None else "later",
        delay=length_written(settings.delay_s),
        calendar="" if settings.calendar_id is None else str(settings.calendar_id),
        from_last=settings.from_last,
        join=join,
        rows=tuple(rows),
        actions=actions_drafted(settings.actions),
    )


def draft_posted(given: QueryDict) -> Draft:
    """Return what a form holds, whatever it is."""
    when = tuple(given.getlist("when"))
    registry = registry_of(when)
    # What was asked about cases means nothing for calls, and the other way round.
    fits = {
        key for key in given.getlist("row") if registry.get(given.get(f"field-{key}", "")) or f"kept-{key}" in given
    }
    asked = given.copy()
    asked.setlist("row", [key for key in given.getlist("row") if key in fits])
    join, rows = rows_posted(asked, registry=registry)
    return Draft(
        name=given.get("name", ""),
        when=when,
        timing="later" if given.get("timing") == "later" else "now",
        delay=given.get("delay", ""),
        calendar=given.get("calendar", ""),
        from_last="from_last" in given,
        join=join,
        rows=tuple(rows),
        actions=actions_posted(given),
    )


def mark_of(settings: RuleSettings) -> str:
    """Return a mark by which one knows whether these are the settings whose effect was shown."""
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]


def _without(rows: tuple[T, ...], index: str) -> tuple[Any, ...]:
    return tuple(row for at, row in enumerate(rows) if str(at) != index)
