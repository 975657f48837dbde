"""Live figures, what is promised, what is watched, and what alarms."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Asked, Channel, Given, Id, Shown

FigureName = Literal[
    "waiting", "longest_wait_seconds", "overdue", "within_target_today", "within_target_half_hour", "abandoned_today",
    "unassigned", "agents_here", "promises_overdue", "promises_due_soon",
    "longest_call_seconds", "longest_wrap_seconds", "longest_break_seconds", "longest_hand_seconds",
    "queue_waiting", "queue_longest_wait_seconds", "queue_free_agents",
]  # fmt: skip
Way = Literal["above", "below"]
Level = Literal["warning", "alarm"]
Limit = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]


class WallShareShown(Shown):
    """value: kept over of, from 0 to 1; null when there is nothing to be a share of."""

    kept: int
    of: int
    value: float | None


class WallQueueShown(Shown):
    """team_id, channel: null and empty for the total. target_seconds: null where several stand together.

    queue: what another source calls it, where no team is called so. is_open_known: false while such a source is behind; then
    waiting, due_soon and overdue are at least so many, and null where nobody is known.

    oldest_at: since when the longest wait lasts. usual_hour: the median of the same hour of the weekday in the weeks before.
    """

    team_id: int | None
    queue: str
    channel: str
    target_seconds: int | None
    is_open_known: bool
    waiting: int | None
    oldest_at: datetime | None
    due_soon: int | None
    overdue: int | None
    new_today: int
    new_half_hour: int
    new_hour: int
    usual_hour: float | None
    answers_today: int
    answers_half_hour: int
    abandoned_today: int
    today: WallShareShown
    half_hour: WallShareShown


class PeriodsShown(Shown):
    """When the day, the half hour and the last whole hour began."""

    day: datetime
    half_hour: datetime
    hour: datetime


class AttendanceShown(Shown):
    here: int
    away: int


class PromisesShown(Shown):
    """What is promised to those who wait now. overdue: the time is over. due_soon: it is over within the hour."""

    overdue: int
    due_soon: int


class FeedShown(Shown):
    """Another source. through: until when it is complete. is_live: up to a moment ago.

    agents: by state, without those at work in Careloop; null if not known.
    """

    source: str
    through: datetime
    is_live: bool
    agents: dict[str, int] | None


class WallShown(Shown):
    """as_of: until when our own log is counted. promises: null where nothing is promised.

    attendance: null for those who do not see people.
    working: by state, people at work in Careloop; null where no feed tells of agents.
    """

    at: datetime
    as_of: datetime
    periods: PeriodsShown
    total: WallQueueShown
    queues: list[WallQueueShown]
    unassigned: int
    promises: PromisesShown | None
    attendance: AttendanceShown | None
    feeds: list[FeedShown]
    working: dict[str, int] | None


class WallAsked(Asked):
    team_id: Annotated[Id, Field(description="Only this team's figures.")] | None = None


class TargetShown(Shown):
    """team_id: null for every team. channel: empty for every one."""

    team_id: int | None
    channel: str
    seconds: int


class TargetList(Shown):
    items: list[TargetShown]


class TargetGiven(Given):
    """seconds: null takes the target back."""

    team_id: Id | None = None
    channel: Channel | Literal[""] = ""
    seconds: Annotated[int, Field(ge=1, le=1_000_000)] | None


class ThresholdShown(Shown):
    """warning, alarm, margin, value: counts, seconds, or shares from 0 to 1. level: null while all is well.

    queue_id: for the figures that begin with "queue_". value: null while that queue is closed.
    """

    id: int
    figure: FigureName
    direction: Way
    team_id: int | None
    queue_id: int | None
    warning: float | None
    alarm: float | None
    margin: float
    hold_seconds: int
    level: Level | None
    value: float | None
    checked_at: datetime | None


class ThresholdList(Shown):
    items: list[ThresholdShown]


class LimitsGiven(Given):
    """From when on it is a warning or an alarm; at least one of both."""

    warning: Limit | None = None
    alarm: Limit | None = None
    margin: Limit = 0.0
    hold_seconds: Annotated[int, Field(ge=0, le=3600)] = 60


class ThresholdGiven(LimitsGiven):
    """queue_id: for the figures that begin with "queue_", and no others."""

    figure: FigureName
    direction: Way
    team_id: Id | None = None
    queue_id: Id | None = None


class AlarmShown(Shown):
    """cleared_at: null while it goes on. acknowledged_by: a person, or null while nobody takes care."""

    id: int
    figure: FigureName
    direction: Way
    team_id: int | None
    queue_id: int | None
    level: Level
    limit: float
    value: float
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_by: int | None
    acknowledged_at: datetime | None


class AlarmPage(Shown):
    items: list[AlarmShown]
    next_cursor: str | None


class QueueStandingShown(Shown):
    """How a queue stands. waiting: what nobody has taken yet. offered: how much of that is being offered at this moment.

    oldest_at: since when the first of it waits.

    free_count: how many serve it and could be offered something of it now.
    """

    queue_id: int
    name: str
    is_open: bool
    waiting: int
    offered: int
    oldest_at: datetime | None
    free_count: int | None


class QueueStandingList(Shown):
    items: list[QueueStandingShown]
