"""When people write and answer: by the hour, by the day of the week, and by whose turn it is."""

import math
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from careloop.processes.demo.library import Step, StepKind

__all__ = ["arrivals", "course"]

BY_WEEKDAY = (1.35, 1.15, 1.05, 1.0, 1.05, 0.6, 0.45)
"""How busy a day is, Monday first, around 1."""
BY_HOUR = (1, 0.5, 0.3, 0.2, 0.3, 0.7, 2, 4, 7, 11, 12, 11, 8, 9, 10, 9, 8, 7, 6, 6, 6, 5, 4, 2)

_OFFICE, _SHIFT, _AWAKE, _ALWAYS = (9, 18), (8, 21), (7, 23), (0, 24)
_WAITS = {  # the usual wait in hours, and the hours of the day in which it can end
    StepKind.CUSTOMER: (5.0, _AWAKE),
    StepKind.COMPANION: (2.0, _AWAKE),
    StepKind.AWAY: (0.02, _ALWAYS),
    StepKind.BOUNCE: (0.02, _ALWAYS),
    StepKind.AGENT: (1.2, _SHIFT),
    StepKind.NOTE: (0.4, _SHIFT),
    StepKind.COLLEAGUE: (2.0, _OFFICE),
    StepKind.FORWARD: (0.3, _SHIFT),
    StepKind.THIRD: (3.5, _OFFICE),
}


def arrivals(*, since: datetime, until: datetime, a_day: float, rng: Random) -> list[datetime]:
    """Return when somebody begins to write, oldest first.

    since, until: in the workspace's own zone. a_day: how many begin on an average day.
    """
    found: list[datetime] = []
    day = datetime.combine(since.date(), time(), since.tzinfo)
    while day < until:
        count = round(a_day * BY_WEEKDAY[day.weekday()] * rng.uniform(0.88, 1.12))
        for hour in rng.choices(range(24), BY_HOUR, k=count):
            moment = day + timedelta(hours=hour, seconds=rng.randrange(3600))
            if since <= moment < until:
                found.append(moment)
        day += timedelta(days=1)
    return sorted(found)


def course(steps: Sequence[Step], *, begins: datetime, rng: Random) -> list[datetime]:
    """Return when each step of a matter happens, in the zone of its beginning; some may lie in the future."""
    moments = [begins]
    for step in steps[1:]:
        usual, hours = _WAITS[step.kind]
        wait = (step.hours or usual) * math.exp(rng.gauss(0, 0.55))
        moments.append(_within(moments[-1] + timedelta(hours=wait), hours, rng))
    return moments


def _within(moment: datetime, hours: tuple[int, int], rng: Random) -> datetime:
    """Put a moment that lies outside somebody's hours a little after they begin again."""
    first, last = hours
    if first <= moment.hour < last:
        return moment
    day = moment if moment.hour < first else moment + timedelta(days=1)
    return day.replace(hour=first, minute=rng.randrange(60), second=rng.randrange(60))
