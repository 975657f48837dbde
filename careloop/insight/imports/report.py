"""What an import has to say besides its rows."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["KEPT_EXAMPLES", "LineFault", "Rejected", "Report"]

KEPT_EXAMPLES = 50
"""Rejected lines kept with their words; beyond, they are only counted."""


class LineFault(StrEnum):
    """Why a line of a telephony log gives no fact."""

    TOO_FEW_FIELDS = "too_few_fields"
    TIME_NOT_A_NUMBER = "time_not_a_number"
    TIME_OUT_OF_RANGE = "time_out_of_range"
    TIME_AHEAD = "time_ahead"
    CALL_WITHOUT_ENTRY = "call_without_entry"
    CALL_RUNS_BACKWARDS = "call_runs_backwards"
    FRAME_WITHOUT_TIME = "frame_without_time"
    FRAME_WITHOUT_FIELD = "frame_without_field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One line or row that gave no fact.

    line: counts from 1 in the file. reason: a LineFault or the mapping's own code. field, value: what was looked at, or "".
    """

    line: int
    reason: str
    field: str = ""
    value: str = ""


@dataclass(slots=True, kw_only=True)
class Report:
    """What happened to the lines of one run; grows while it reads.

    lines: read in this run. duplicate_count: lines seen before, word for word. rejected: by reason.
    unknown: verbs or events nobody told us about, with how often they came. late_count: agent lines older than what is settled.
    clock_back_count: how often the clock of the log went back by more than a minute.
    open_count: contacts not yet over at the end of the file. unmapped_reasons: pause reasons taken as a break.
    has_half_line: the file ends within a line, which waits for its other half.
    renamed_count: rows of earlier runs put under the name of the person since known.
    strangers: agents' names behind which nobody is said to be, where somebody is said at all.
    unmet: places in which customers' calls were said to begin, and none did. entrances: how often calls began where, by the call
    records; filled where places were said in vain or not at all, as calls that never reached a queue are then not counted.
    skipped: rows that a filter left out, by fact table. repeated: zones and days with times in an hour that came twice.
    """

    lines: int = 0
    duplicate_count: int = 0
    late_count: int = 0
    clock_back_count: int = 0
    open_count: int = 0
    has_half_line: bool = False
    renamed_count: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    unmapped_reasons: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    repeated: set[tuple[str, str]] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    unmet: set[str] = field(default_factory=set)
    entrances: Counter[str] = field(default_factory=Counter)
    examples: list[Rejected] = field(default_factory=list)

    def reject(self, rejected: Rejected) -> None:
        """Count a rejected line, and keep its words while there is room."""
        self.rejected[rejected.reason] += 1
        if len(self.examples) < KEPT_EXAMPLES:
            self.examples.append(rejected)
