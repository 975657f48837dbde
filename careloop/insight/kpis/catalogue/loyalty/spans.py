"""For how long customers were customers: unbroken spells of contracts, or of purchases."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import number, whole
from careloop.insight.kpis.asking.sources import Facts

__all__ = ["MONTH_S", "SLOT_US", "contract_spells", "customer_months", "purchase_spells"]

# The mean month of the Gregorian calendar.
MONTH_S = 365.2425 / 12 * 86_400
SLOT_US = 1_800_000_000
FAR = ibis.date("9999-12-31")


def contract_spells(facts: Facts) -> ir.Table:
    """Return one row for each unbroken spell in which a customer had a contract, overlapping and adjoining ones as one.

    Columns: customer_id, starts (a day), ends (the day after the last; null while it lasts), is_voluntary (of the last contract).
    """
    rows = facts["subscription"]
    rows = rows.select(
        "customer_id", "subscription_id", "is_voluntary", starts=rows.start_date, ends=rows.end_date.fill_null(FAR)
    )
    rows = rows.filter(rows.ends > rows.starts)
    order = [rows.starts, rows.subscription_id]
    rows = rows.mutate(reached=rows.ends.max().over(ibis.cumulative_window(group_by=rows.customer_id, order_by=order)))
    in_order = ibis.window(group_by=rows.customer_id, order_by=[rows.starts, rows.subscription_id])
    rows = rows.mutate(before=rows.reached.lag(1).over(in_order))
    rows = rows.mutate(begins=(rows.before.isnull() | (rows.starts > rows.before)).ifelse(1, 0))
    so_far = ibis.cumulative_window(group_by=rows.customer_id, order_by=[rows.starts, rows.subscription_id])
    rows = rows.mutate(spell=rows.begins.sum().over(so_far))
    rows = rows.mutate(last=rows.ends.max().over(ibis.window(group_by=[rows.customer_id, rows.spell])))
    is_left = ((rows.ends == rows["last"]) & rows.is_voluntary.fill_null(False)).ifelse(1, 0)
    return rows.group_by(["customer_id", "spell"]).aggregate(
        starts=rows.starts.min(), ends=rows.ends.max().nullif(FAR), is_voluntary=is_left.max() == 1
    )


def purchase_spells(facts: Facts, gaps: float) -> ir.Table:
    """Return one row for each spell in which a customer kept buying: a spell ends `gaps` personal median gaps after its last.

    Columns: customer_id, starts_us, starts_slot, ends_us. Who bought only once has no rhythm, and no row.
    """
    rows = facts["purchase"].select("customer_id", "purchase_id", "at_us")
    rows = rows.mutate(
        previous=rows.at_us.lag(1).over(ibis.window(group_by="customer_id", order_by=["at_us", "purchase_id"]))
    )
    rows = rows.mutate(gap=(whole(rows, "at_us") - whole(rows, "previous")).cast("float64"))
    rhythm = rows.filter(rows.gap.notnull()).group_by("customer_id").aggregate(usual=ibis._.gap.median())
    rows = rows.inner_join(rhythm, "customer_id")
    allowed = number(rows, "usual") * gaps
    rows = rows.mutate(begins=(rows.previous.isnull() | (number(rows, "gap") > allowed)).ifelse(1, 0))
    so_far = ibis.cumulative_window(group_by=rows.customer_id, order_by=[rows.at_us, rows.purchase_id])
    rows = rows.mutate(spell=rows.begins.sum().over(so_far))
    starts = whole(rows, "at_us").min()
    return rows.group_by(["customer_id", "spell"]).aggregate(
        starts_us=starts,
        starts_slot=((starts - starts % SLOT_US) / 1_000_000).cast("int64"),
        ends_us=whole(rows, "at_us").max() + (number(rows, "usual").max() * gaps).cast("int64"),
    )


def customer_months(facts: Facts) -> ir.Table:
    """Return customers, from `since` until before `until`, each second of which weighs `month` months."""
    rows = facts["customer"]
    return rows.mutate(month=ibis.literal(1 / MONTH_S))
