"""Doubted numbers: what the integrity checks found, and what people say to it."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, PageAsked, Shown

State = Literal["open", "answered", "gone"]
Method = Literal["above", "peers", "trend"]
Severity = Literal["note", "warning", "severe"]
Said = Literal["explained", "corrected", "gaming"]
Words = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]


class FlagsAsked(PageAsked):
    """Without any of them, all flags. metric: an id of the catalogue."""

    state: State | None = None
    severity: Severity | None = None
    metric: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]*$")] = ""


class PartShown(Shown):
    """A part in which the check failed, too. of: a dimension, such as queue or agent."""

    of: str
    key: str
    value: float
    count: float | None
    of_count: float | None


class DoubtShown(Shown):
    """A flag. about: queue, agent, or empty for everything; key: which. month: its first day.

    method: against a limit, against the others on the same work, or against the half year before.
    value: what was found, how many times as much as expected, or by how much it has moved; limit: from where on it is a flag.
    count, of_count: the rows, or what was counted and what the others let expect; null where it is neither.
    said, words, answered_by, answered_at: the answer, null and empty without one. is_doubtful: the numbers must not be relied on.
    """

    id: int
    check: str
    method: Method
    severity: Severity
    sentence: dict[str, str]
    metrics: list[str]
    about: str
    key: str
    month: date
    since: datetime
    until: datetime
    value: float
    limit: float
    count: float | None
    of_count: float | None
    parts: list[PartShown]
    state: State
    opened_at: datetime
    last_seen_at: datetime
    said: Said | None
    words: str
    answered_by: int | None
    answered_at: datetime | None
    is_doubtful: bool


class DoubtPage(Shown):
    items: list[DoubtShown]
    next_cursor: str | None


class AnswerGiven(Given):
    """words: the reason, what was corrected, or to whom it was handed on; at least 10 characters."""

    said: Said
    words: Words


class DoubtGiven(Given):
    """words: why the answer does not hold; at least 10 characters."""

    words: Words
