"""What may cross the threshold of the automation domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from careloop.domains.automation.states import OF_CONTACTS, ActionKind, Outcome, Result, State, When, Why
from careloop.kernel.actors import Actor, ActorKind

__all__ = [
    "Action",
    "Chain",
    "MacroRow",
    "MacroSettings",
    "RuleRow",
    "RuleSettings",
    "RunRow",
    "Step",
    "VersionRow",
    "WaitRow",
    "rule_actor",
    "run_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One act of a rule or a macro.

    value: what it needs, as text: a priority from 1 to 4, a primary key, the code of a reason, tags or primary keys of saved
    replies separated by commas, the text of a note, for a task the primary key of a team and, from the next line on, what is to be
    done; for a callback in how many seconds it is due, or nothing for the usual time, and from the next line on what it is about;
    empty where it needs nothing.
    """

    kind: ActionKind
    value: str = ""

    def ids(self) -> tuple[int, ...]:
        """Return the primary keys in the value, in their order."""
        parts = (part.strip() for part in self.value.split(","))
        return tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19)

    def asked(self) -> tuple[int, str, str]:
        """Return of a task the team that is asked (0 for none), what is to be done, and more about it."""
        team, _break, text = self.value.partition("\n")
        title, _break, more = text.strip().partition("\n")
        team = team.strip()
        known = team.isascii() and team.isdigit() and len(team) < 19
        return int(team) if known else 0, title.strip(), more.strip()

    def promised(self) -> tuple[int | None, str]:
        """Return of a callback in how many seconds it is due (None for the usual time), and what it is about.

        Raises ValueError where the first line is no number.
        """
        length, _break, note = self.value.partition("\n")
        length = length.strip()
        if not length:
            return None, note.strip()
        if not (length.isascii() and length.isdigit() and len(length) < 10):
            raise ValueError(length)
        return int(length), note.strip()

    def words(self) -> tuple[str, ...]:
        """Return the words in the value, such as tags, each once."""
        return tuple(dict.fromkeys(part.strip() for part in self.value.split(",") if part.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """What people decide about a rule.

    when: what it waits for, at least one. delay_s: how long after that it looks at the case, None for at once.
    calendar_id: whose hours the delay counts; None counts around the clock.
    from_last: whether a newer such event begins the delay again; otherwise each has its own.
    conditions: which cases it holds for at that moment, as JSON; none at all hold for every case. A rule on calls and chats
    that ended unanswered asks about these instead (`contacts.CONTACTS`).
    """

    name: str
    when: tuple[When, ...]
    actions: tuple[Action, ...]
    conditions: Mapping[str, Any] | None = None
    delay_s: int | None = None
    calendar_id: int | None = None
    from_last: bool = False

    @property
    def is_of_contacts(self) -> bool:
        """Whether it waits for calls and chats that end unanswered, and for nothing that happens in cases."""
        return bool(self.when) and OF_CONTACTS.issuperset(self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as its readers know it.

    after_position: only events behind this place in the log are its business.
    last_run_at, run_count, problem_count: of the last 7 days, where they were asked for; problem_count counts what the guard
    stopped and what failed.
    """

    id: int
    position: int
    version: int
    state: State
    why: Why
    effective_at: datetime
    after_position: int
    settings: RuleSettings
    last_run_at: datetime | None = None
    run_count: int = 0
    problem_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """What a rule said from a moment on. made_by: the actor who said so."""

    version: int
    effective_at: datetime
    made_by: str
    settings: RuleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one action. code: of the refusal. made_id: of the message, note, task or run of a procedure that was made."""

    kind: ActionKind
    value: str
    result: Result
    code: str = ""
    made_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run of a rule on a case.

    case_id: None for a call or chat that never got one.
    event_id: what it ran on. depth: how many runs of rules led to that event. error: the kind of error that broke it.
    """

    id: int
    rule_id: int
    rule: str
    version: int
    case_id: int | None
    event_id: int
    depth: int
    at: datetime
    outcome: Outcome
    why: Why
    error: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """A rule that waits for its time on a case. case_id: None where it waits on a call or a chat."""

    id: int
    rule_id: int
    case_id: int | None
    event_id: int
    chain: "Chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How an event came about: by whom it all began, and through how many runs of rules.

    root_id: the event that no rule caused. depth: 0 for that event itself.
    """

    root_id: int
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroSettings:
    """What a macro does. is_shared: for everybody who works on cases."""

    name: str
    actions: tuple[Action, ...]
    is_shared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroRow:
    id: int
    is_own: bool
    used_count: int
    settings: MacroSettings


def rule_actor(*, rule_id: int, run_id: int) -> Actor:
    """Return the part of the house that acts in one run of a rule; whatever it does carries its name in the log."""
    return Actor(kind=ActorKind.HOUSE, name=f"rule-{rule_id}.{run_id}")


def run_of(actor: str) -> tuple[int, int] | None:
    """Return the rule and the run that an actor of the log stands for, or None for everybody else."""
    kind, _colon, name = actor.partition(":")
    rule, _dot, run = name.removeprefix("rule-").partition(".")
    is_rule = kind == ActorKind.HOUSE and name.startswith("rule-") and rule.isdecimal() and run.isdecimal()
    return (int(rule), int(run)) if is_rule else None
