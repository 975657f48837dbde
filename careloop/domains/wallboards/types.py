"""What may cross the threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = [
    "LONGEST_NAME",
    "OWN",
    "PEOPLE_FIGURES",
    "QUEUE_FIGURES",
    "AlarmRow",
    "Counted",
    "Direction",
    "Fed",
    "FeedRow",
    "Figure",
    "Kind",
    "Level",
    "Measure",
    "NewThreshold",
    "Place",
    "QueueStanding",
    "TargetRow",
    "ThresholdRow",
    "Waits",
]

OWN: Final = "careloop"
"""The source of what our own log tells; every other is somebody else's."""
LONGEST_NAME: Final = 200
"""So many letters of what others call a source or a queue are kept."""


class Kind(models.TextChoices):
    """What a counter counts; each in the half hour of `queued_at`, except answers given, in that of `answered_at`."""

    ARRIVED = "arrived", _("New")
    OFFERED = "offered", _("Came to wait")
    ANSWERED = "answered", _("Answered")
    ABANDONED = "abandoned", _("Given up")
    FLOWED_OUT = "flowed_out", _("Handed on")
    ANSWERS = "answers", _("Answers given")


class Figure(models.TextChoices):
    """A live figure that a threshold can stand on."""

    WAITING = "waiting", _("Waiting for a first answer")
    LONGEST_WAIT = "longest_wait_seconds", _("Longest wait")
    OVERDUE = "overdue", _("Waiting beyond the target")
    WITHIN_TARGET_TODAY = "within_target_today", _("Within target today")
    WITHIN_TARGET_NOW = "within_target_half_hour", _("Within target this half hour")
    ABANDONED_TODAY = "abandoned_today", _("Given up today")
    UNASSIGNED = "unassigned", _("Cases unassigned")
    HERE = "agents_here", _("Agents here")
    PROMISES_OVERDUE = "promises_overdue", _("Promises overdue")
    PROMISES_DUE_SOON = "promises_due_soon", _("Promises due within the hour")
    LONGEST_CALL = "longest_call_seconds", _("Longest call")
    LONGEST_WRAP = "longest_wrap_seconds", _("Longest write-up")
    LONGEST_BREAK = "longest_break_seconds", _("Longest break")
    LONGEST_HAND = "longest_hand_seconds", _("Longest wait for help")
    QUEUE_WAITING = "queue_waiting", _("Waiting in the queue")
    QUEUE_LONGEST_WAIT = "queue_longest_wait_seconds", _("Longest wait in the queue")
    QUEUE_FREE = "queue_free_agents", _("Agents free for the queue")


QUEUE_FIGURES: Final = (Figure.QUEUE_WAITING, Figure.QUEUE_LONGEST_WAIT, Figure.QUEUE_FREE)
"""Figures of one queue of ours; all others are of the whole workspace or of a team."""
PEOPLE_FIGURES: Final = (Figure.LONGEST_CALL, Figure.LONGEST_WRAP, Figure.LONGEST_BREAK, Figure.LONGEST_HAND)
"""Figures of what people do, which are not for the client's readers."""


class Measure(StrEnum):
    """What a figure is counted in."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"


class Direction(models.TextChoices):
    ABOVE = "above", _("Rises to")
    BELOW = "below", _("Falls to")


class Level(models.IntegerChoices):
    NONE = 0, _("In order")
    WARNING = 1, _("Warning")
    ALARM = 2, _("Alarm")


class Place(NamedTuple):
    """Where customers wait. team_id: None for no team of ours. queue: what another source calls it; empty for ours."""

    team_id: int | None
    queue: str
    channel: str


class Counted(NamedTuple):
    """What a counter of another source counts; see Kind for which half hour."""

    starts_at: datetime
    place: Place
    kind: Kind
    band: int


class Waits(NamedTuple):
    """Where somebody has been waiting by another source, and since when."""

    place: Place
    queued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What another source says.

    through: until when it is complete. counts: of every half hour of today; with history also how many came in each before, which
    else stays as it is kept. waits: how many have been waiting so. agents: by state; None when it tells of none.
    """

    source: str
    through: datetime
    counts: Mapping[Counted, int]
    waits: Mapping[Waits, int]
    agents: Mapping[str, int] | None
    has_history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """Another source that the wall shows; see the model. is_live: complete up to a moment ago, so that what is open is known.

    agents: None where it does not tell of them (has_agents), or is not live.
    """

    source: str
    through: datetime
    is_live: bool
    first_at: datetime | None
    queues: Sequence[Place]
    has_agents: bool
    agents: Mapping[str, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """Within how many seconds a first answer is promised. team_id: None for every team. channel: empty for every channel."""

    team_id: int | None
    channel: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThreshold:
    """What somebody wants to be told of.

    figure, direction: what is watched, and which way is bad. team_id: one team's figure, or None for the whole workspace.
    queue_id: whose figure it is, for QUEUE_FIGURES and no others.
    warning, alarm: the values from which on it is one, in the figure's measure (a share from 0 to 1); None for no such level.
    margin: how far the value has to come back before the level is over. hold_seconds: how long a change has to last.
    """

    figure: Figure
    direction: Direction
    team_id: int | None = None
    queue_id: int | None = None
    warning: float | None
    alarm: float | None
    margin: float = 0.0
    hold_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRow:
    """A threshold and where it stands. value: as last seen, None while there is too little to judge by."""

    id: int
    figure: Figure
    direction: Direction
    team_id: int | None
    queue_id: int | None
    warning: float | None
    alarm: float | None
    margin: float
    hold_seconds: int
    level: Level
    value: float | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """A level that was reached, until it was over.

    value: when it was raised. acknowledged_by: a user, or None while nobody has; cleared_at: None while it goes on.
    """

    id: int
    figure: Figure
    direction: Direction
    team_id: int | None
    queue_id: int | None
    level: Level
    limit: float
    value: float
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_by: int | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStanding:
    """How a queue of ours stands at this moment.

    waiting: what nobody has taken yet. offered: how much of that is being offered to somebody at this moment.
    oldest_at: since when the one waits that came first, promised callbacks apart.
    free_count: how many serve it and could be offered something of it now; None for readers who do not see what people do.
    is_open: by its calendar; while it is closed nothing is offered, so nothing of it is judged.
    """

    queue_id: int
    name: str
    is_open: bool
    waiting: int
    offered: int
    oldest_at: datetime | None
    free_count: int | None
