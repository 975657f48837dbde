"""Questions and answers, as plain values that can be kept, shown and sent."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Self

__all__ = ["Answer", "Figure", "FlagFound", "Key", "Question"]

Key = str | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    metric: an id of the catalogue. options: of the metric, as typed. by: dimensions, times among them.
    since, until: timezone-aware, the first included and the second not. conditions: a condition tree as JSON, empty for everything.
    as_of: the facts as they were known at the end of that day in UTC; None for now.
    day_begins_s: local seconds since midnight at which a day of operation begins.
    is_spread: how values lie is asked for, instead of cells.
    with_intervals: whether intervals are worked out, which takes most of the time.
    """

    metric: str
    since: datetime
    until: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    is_spread: bool = False
    with_intervals: bool = True
    day_begins_s: int = 0

    def loaded(self) -> dict[str, Any]:
        """Return the question as JSON, the same for equal questions."""
        return {
            "metric": self.metric,
            "since": self.since.timestamp(),
            "until": self.until.timestamp(),
            "options": dict(sorted(self.options.items())),
            "by": list(self.by),
            "conditions": dict(self.conditions),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "is_spread": self.is_spread,
            "with_intervals": self.with_intervals,
            "day_begins_s": self.day_begins_s,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with what it takes to trust it.

    dimensions: what it is of; moments and days in ISO 8601, weekdays 1 to 7 from Monday, times of day HH:MM.
    value: None where the denominator is 0, or where it is hidden. low, high: the 95 % interval; method: how it was worked out.
    standing: shown, small_sample or hidden. is_provisional: late facts may still change it.
    """

    dimensions: Mapping[str, Key]
    value: float | None
    low: float | None
    high: float | None
    method: str
    numerator: float | None
    denominator: float | None
    n: int | None
    standing: str
    is_provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFound:
    """What an integrity check found, and what was said to it.

    severity: note, warning or severe. sentence: by language. id: of the flag. state: open or answered; said: the answer, empty
    without one. about: queue, agent, or empty for everything; key: which. is_doubtful: the number is in doubt because of it.
    """

    check: str
    severity: str
    sentence: Mapping[str, str]
    value: float
    id: int
    state: str
    said: str
    about: str
    key: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question came to.

    version: of the definition that was used; newest_version: of the one that holds today, which may be another one for an
        earlier day. options: all of them, as printed. zone: in which days begin.
    total: None where nothing was measured; not_measured then names the facts it would need.
    complete_until: until when all sources are complete. matured_until: until when late facts can change nothing. Both in ISO 8601.
    unit: what values are measured in, as the options make it.
    reaches_back: whether facts reach back to the beginning of the period; before the first of them nothing was recorded.
    notes: figures that belong beside the number. flags: of the number as a whole; part_flags: of parts among its rows.
    """

    metric: str
    version: int
    options: str
    zone: str
    total: Figure | None
    rows: tuple[Figure, ...] = ()
    complete_until: str | None = None
    matured_until: str | None = None
    not_measured: tuple[str, ...] = ()
    flags: tuple[FlagFound, ...] = ()
    part_flags: tuple[FlagFound, ...] = ()
    notes: Mapping[str, float | None] = field(default_factory=dict)
    newest_version: int = 0
    unit: str = ""
    reaches_back: bool = True

    @property
    def is_redefined(self) -> bool:
        """Say whether the metric has been defined anew since the definition that was used."""
        return self.newest_version > self.version

    @property
    def has_severe_flag(self) -> bool:
        """Say whether a severe flag forbids to rely on the number."""
        return any(flag.severity == "severe" and flag.is_doubtful for flag in self.flags)

    def loaded(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return an answer that `loaded` gave, without flags: what people say to them changes while facts do not."""
        total = kept["total"]
        return cls(
            **{
                **kept,
                "total": None if total is None else Figure(**total),
                "rows": tuple(Figure(**row) for row in kept["rows"]),
                "not_measured": tuple(kept["not_measured"]),
                "flags": (),
                "part_flags": (),
            }
        )
