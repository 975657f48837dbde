"""Complaints as metrics read them."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until

__all__ = ["DAY_US", "complaints", "had_until"]

DAY_US = 86_400_000_000


def complaints(facts: Facts) -> ir.Table:
    """Return complaints; the contact complained about counts as theirs."""
    rows = facts.counted("complaint")
    return rows.mutate(contact_id=rows.origin_contact_id)


def had_until(
    facts: Facts, table: str, rows: ir.Table, instant: str, microseconds: float | ir.IntegerValue = 0
) -> ir.BooleanValue:
    """Say which rows have had so long since an instant, as far as the sources of their table tell."""
    watched = micros_until(facts, [table])
    if watched is None:
        return rows[f"{instant}_us"].notnull()
    span = ibis.literal(int(microseconds), type="int64") if isinstance(microseconds, int | float) else microseconds
    return is_true(whole(rows, f"{instant}_us") + span <= watched)
