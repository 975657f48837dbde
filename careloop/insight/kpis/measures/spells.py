"""Measures of who was there: customers at the start of a stretch of time, and what became of them by its end."""

from dataclasses import dataclass

import ibis.expr.types as ir

__all__ = ["Cohort", "Repeated", "Revenue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Of those who were there when a bucket of time began, the share who left before it ended, or who stayed.

    rows: one spell of being there each. starts, ends: calendar days, the end being the day after the last; or instants.
    counts: which ends are counted as leaving; all unless given. per_year: make one year's share of it, as if it went on so.
    """

    rows: ir.Table
    starts: str
    ends: str
    stayed: bool = False
    counts: ir.BooleanValue | None = None
    per_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """What recurring revenue at the start of a bucket of time became by its end: the share lost, or the share that is left.

    rows: contracts, from `starts` until before `ends`, both calendar days. key: whose. amount, currency: of each contract.
    is_net: what is left with expansion, as against what was lost without it.
    """

    rows: ir.Table
    starts: str
    ends: str
    key: str
    amount: ir.NumericValue
    currency: ir.StringValue
    is_net: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Of the keys with a row in a bucket of time, watched for the whole of it, the share with several.

    since, until: instants from when and until when a key is watched; a null `until` says "still".
    """

    rows: ir.Table
    key: str
    at: str
    since: str
    until: str
    least: int = 2
