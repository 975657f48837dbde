"""Reports and what became of their mails."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.boards import PeriodName
from careloop.faces.api.shapes.common import Given, Id, Line, Shown

Key = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z0-9_-]+$")]


TimeOfDay = Annotated[
    str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM on the clock that `clock` names.")
]
Frequency = Literal["daily", "weekly", "monthly"]
Clock = Literal["workspace", "reader"]


class ReportGiven(Given):
    """weekday: 1 for Monday to 7, of a weekly report. month_day: of a monthly one. reader_ids: members who may see the board."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
    board_key: Key
    period: PeriodName | Literal[""] = ""
    frequency: Frequency
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    month_day: Annotated[int, Field(ge=1, le=31)] | None = None
    at: TimeOfDay
    clock: Clock = "workspace"
    reader_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]


class ReaderShown(Shown):
    """next_at: null while the report rests."""

    user_id: int
    name: str
    next_at: datetime | None


class RunShown(Shown):
    """A mail. state: waiting, sending, sent, skipped, failed or uncertain. why: a code, empty where all is well."""

    id: int
    user_id: int
    name: str
    due_at: datetime
    is_asked_for: bool
    state: Line
    why: str
    detail: str
    settled_at: datetime | None
    tried_count: int


class ReportShown(Shown):
    id: int
    name: str
    board_key: str
    period: str
    frequency: Frequency
    weekday: int | None
    month_day: int | None
    at: str
    clock: Clock
    is_paused: bool
    maker_id: int | None
    readers: list[ReaderShown]
    last_run: RunShown | None


class ReportList(Shown):
    items: list[ReportShown]


class RunList(Shown):
    items: list[RunShown]


class RunMade(Shown):
    run_id: int
