"""What every measure is made of: rows added up, seconds of spans added up, and what one cell comes to."""

from dataclasses import dataclass
from typing import TypeAlias

import ibis.expr.types as ir

__all__ = ["Column", "Finished", "Span", "Sum"]

Column: TypeAlias = ir.BooleanValue | ir.NumericValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A number or a yes/no per row, added up. Null adds nothing.

    rows: an Ibis table with one row per thing; see `sources`.
    value: a column expression over these rows; a yes counts as 1.
    at: the instant that says in which period a row falls: the table has `<at>_us` and `<at>_slot`.
    """

    rows: ir.Table
    value: Column
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Seconds of spans of time [starts, ends), cut at the edges of the period and of every bucket of time (class T).

    starts, ends: instants of the rows, as `at` of a Sum. where: which spans count. weight: what a second counts, 1 unless given.
    is_lived: an end that is known beforehand counts only as far as the period goes or, without an end of it, as facts are complete.
    """

    rows: ir.Table
    where: ir.BooleanValue
    starts: str = "started_at"
    ends: str = "ended_at"
    weight: ir.NumericValue | None = None
    is_lived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a pooled index comes to in one cell; None is "not defined"."""

    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
