"""What may cross the threshold of the reports domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.reports.schedule import Clock, Schedule
from careloop.domains.reports.states import RunState, Why

__all__ = ["DueRun", "ReaderRow", "ReportContent", "ReportRow", "RunRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """What a report is.

    name: at most 80 characters, the subject of its mails. board_key: of a board, also one that every workspace has.
    period: a name of boards.periods.PERIODS for all its tiles; empty for the board's own.
    clock: whose time of day the schedule means.
    """

    name: str
    board_key: str
    schedule: Schedule
    period: str = ""
    clock: Clock = Clock.WORKSPACE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRow:
    """Who gets a report. next_at: when the next time; None while it is paused."""

    user_id: int
    name: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report. board_name: empty where the viewer sees no such board any more. maker_id: who made it; None when gone."""

    id: int
    content: ReportContent
    board_name: str
    is_paused: bool
    maker_id: int | None
    readers: Sequence[ReaderRow]
    last_run: "RunRow | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One mail of a report to one reader.

    due_at: when it was due, or asked for. is_asked_for: somebody had it sent to them now. settled_at: since when it is as it is.
    detail: what the server said, or a sentence that says why.
    """

    id: int
    report_id: int
    user_id: int
    name: str
    due_at: datetime
    is_asked_for: bool
    state: RunState
    why: Why
    detail: str
    settled_at: datetime | None
    tried_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRun:
    """What making and sending one mail needs."""

    id: int
    report_id: int
    content: ReportContent
    user_id: int
    due_at: datetime
    state: RunState
    tried_count: int
    is_stopped: bool
