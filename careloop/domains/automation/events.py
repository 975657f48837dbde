"""What people do to rules and macros. What rules do to cases is told by the acts themselves: their actor names the run."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "MacroApplied",
    "MacroChanged",
    "RuleChanged",
    "RuleMade",
    "RuleMoved",
    "RulePaused",
    "RuleResumed",
    "RuleRetired",
]


@event_type("rule.made")
class RuleMade(Event):
    name: str


@event_type("rule.changed")
class RuleChanged(Event):
    """version: the one that holds from now on."""

    name: str
    version: int


@event_type("rule.moved")
class RuleMoved(Event):
    """position: its place among the rules, 0 is asked first."""

    position: int


@event_type("rule.paused")
class RulePaused(Event):
    """why: `people` or `failures`. case_id: on which case it failed last, None when a person paused it."""

    why: str
    case_id: int | None = None


@event_type("rule.resumed")
class RuleResumed(Event):
    pass


@event_type("rule.retired")
class RuleRetired(Event):
    pass


@event_type("macro.changed")
class MacroChanged(Event):
    """change: made, changed or deleted."""

    change: str


@event_type("macro.applied")
class MacroApplied(Event):
    """case_id: on which case somebody applied it."""

    case_id: int
