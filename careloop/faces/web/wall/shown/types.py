"""What a screen of the wall is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["AlarmShown", "FeedShown", "QueueShown", "Shown", "Tile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One large number. notes: what it is made of. level: "warning" or "alarm" while a threshold on it says so.

    doubt: what a severe check says of the number of the same name today, or empty.
    """

    key: str
    label: str
    value: str
    notes: Sequence[str]
    level: str = ""
    is_faint: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueShown:
    """One row of the queues. is_open_known: whether waiting, longest and overdue are; else they say so."""

    name: str
    channel: str
    target: str
    waiting: str
    longest: str
    overdue: str
    is_overdue: bool
    is_open_known: bool
    today: str
    today_of: str
    half_hour: str
    new_today: str
    answers_today: str
    abandoned_today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmShown:
    """One alarm in words. level: "warning" or "alarm". acknowledged: who takes care, and since when; empty for nobody."""

    id: int
    level: str
    level_word: str
    what: str
    detail: str
    raised_at: datetime
    since: str
    acknowledged: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    cleared_at: datetime | None
    lasted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """Another source that feeds the wall. as_of: "asterisk as of 14:03". behind: what is not known without it, or empty."""

    as_of: str
    behind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything on the screen.

    late: why the figures are not of this moment, or empty; unwatched: why no threshold alarms. sound: the worst level that
    nobody has acknowledged, of the alarms that unheard names. news: those in words. day: when the day began.
    """

    as_of: str
    late: str
    unwatched: str
    tiles: Sequence[Tile]
    queues: Sequence[QueueShown]
    feeds: Sequence[FeedShown]
    alarms: Sequence[AlarmShown]
    sound: str
    unheard: str
    news: str
    day: str
