"""What may cross the threshold of the integrity domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from careloop.domains.integrity.states import Reason, Said, State, Step

__all__ = ["About", "Examination", "Finding", "FlagFilter", "FlagRow", "Method", "Part", "Severity", "StepRow"]


class Severity(models.TextChoices):
    """How much a failed check takes away from a number; as in `careloop.insight.kpis.results`."""

    NOTE = "note", _("Worth knowing")
    WARNING = "warning", _("Check this")
    SEVERE = "severe", _("Not to be trusted")


class Method(models.TextChoices):
    """How a check looked; see `careloop.insight.kpis.checks.Method`."""

    ABOVE = "above", _("Against a limit")
    PEERS = "peers", _("Against the others on the same work")
    TREND = "trend", _("Against the half year before")


class About(models.TextChoices):
    """What a flag is about: the whole workspace, or one part of it."""

    WHOLE = "", _("The whole workspace")
    QUEUE = "queue", _("One queue")
    AGENT = "agent", _("One person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part in which a check failed, too. of: a dimension, such as queue or agent. value: the figure;
    count of of_count: what it is made of.
    """

    of: str
    key: str
    value: float
    count: float | None
    of_count: float | None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Part":
        return cls(**kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check came to, for the whole or one part, in one month.

    check: its id. method: how it looked. severity: how grave it is. sentence: what it says, by language.
    metrics: those that it guards.
    about, key: what it is about; user_id: the person, where that is one of ours. month: its first day.
    since, until: the month as instants, the first included and the second not.
    value, limit: the figure, and from where on it is a flag. Among peers, how many times as much as the others let expect; of a
    trend, by how much it has moved.
    count, of_count: the sums it is made of, or what was counted and what the others let expect; None where it is neither.
    is_sure: chance alone does not explain it: it opens a flag. is_above: it lies above the limit: an open flag stays.
    parts: where else it failed; of the whole only.
    """

    check: str
    method: Method
    severity: Severity
    sentence: Mapping[str, str]
    metrics: tuple[str, ...]
    about: About
    key: str
    user_id: int | None
    month: date
    since: datetime
    until: datetime
    value: float
    limit: float
    count: float | None
    of_count: float | None
    is_sure: bool
    is_above: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A flag. See Finding; parts are left out for whoever does not see numbers about people.

    said, words, answered_by, answered_at: the answer that holds, empty and None without one.
    """

    id: int
    check: str
    method: Method
    severity: Severity
    sentence: Mapping[str, str]
    metrics: tuple[str, ...]
    about: About
    key: str
    user_id: int | None
    month: date
    since: datetime
    until: datetime
    value: float
    limit: float
    count: float | None
    of_count: float | None
    parts: tuple[Part, ...]
    state: State
    opened_at: datetime
    last_seen_at: datetime
    said: Said | None
    words: str
    answered_by: int | None
    answered_at: datetime | None

    @property
    def is_doubtful(self) -> bool:
        """Say whether the numbers that it touches are in doubt: nobody has answered, or somebody said that they are gamed."""
        return self.state is State.OPEN or (self.state is State.ANSWERED and self.said is Said.GAMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One line of a flag's history. user_id: None for the house. said and words: of an answer; reason: of a reopening."""

    step: Step
    at: datetime
    user_id: int | None
    said: Said | None
    reason: Reason | None
    words: str
    value: float
    count: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFilter:
    """Which flags are asked for; None and empty for all."""

    state: State | None = None
    severity: Severity | None = None
    about: About | None = None
    metric: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """When the checks were made the last time. lake: a word for the facts. last: the last one that was made of more; or empty.

    seconds: what they took. seen: what each check was made of, as whoever makes them keeps it.
    """

    at: datetime
    lake: str
    last: str = ""
    seconds: float = 0.0
    seen: Mapping[str, Any] = field(default_factory=dict)
