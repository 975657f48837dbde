"""When a value becomes a warning or an alarm, and when it is over: pure, so that every case can be tried.

A change counts only once it has lasted (`hold_seconds`), and a level is left only once the value has come back by `margin`
beyond its limit. So a value that trembles around a limit raises one alarm, not fifty.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from careloop.domains.wallboards.types import Direction, Level

__all__ = ["Limits", "Standing", "judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From which values on something is a warning or an alarm; None for no such level."""

    direction: Direction
    warning: float | None
    alarm: float | None
    margin: float
    hold: timedelta

    def limit_of(self, level: Level) -> float | None:
        """Return the value at which a level begins."""
        return {Level.WARNING: self.warning, Level.ALARM: self.alarm}.get(level)

    def is_at(self, level: Level, value: float, *, slack: float = 0.0) -> bool:
        """Say whether a value has reached a level, or has not come back from it by `slack`."""
        limit = self.limit_of(level)
        if limit is None:
            return False
        return value >= limit - slack if self.direction == Direction.ABOVE else value <= limit + slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a threshold stands. next_level: where the value has been since `next_since`, if elsewhere."""

    level: Level = Level.NONE
    next_level: Level | None = None
    next_since: datetime | None = None


def judged(standing: Standing, value: float | None, *, limits: Limits, at: datetime) -> Standing:
    """Return where a threshold stands after one more look.

    value: None when there is too little to judge by, which counts as being in order. at: no earlier than the look before.
    """
    level = _level_of(value, standing.level, limits)
    if level == standing.level:
        return Standing(level=standing.level)
    since, towards = standing.next_since, standing.next_level
    is_same_way = towards is not None and (towards > standing.level) == (level > standing.level)
    if since is None or towards is None or not is_same_way:
        standing = replace(standing, next_level=level, next_since=at)
    else:
        # It has lasted as far as the nearer of the two: once at an alarm and once at a warning is a warning all along.
        nearer = min(level, towards) if level > standing.level else max(level, towards)
        standing = replace(standing, next_level=nearer)
    if standing.next_since is not None and at - standing.next_since >= limits.hold:
        return Standing(level=standing.next_level or Level.NONE)
    return standing


def _level_of(value: float | None, present: Level, limits: Limits) -> Level:
    if value is None:
        return Level.NONE
    for level in (Level.ALARM, Level.WARNING):
        slack = limits.margin if level <= present else 0.0
        if limits.is_at(level, value, slack=slack):
            return level
    return Level.NONE
