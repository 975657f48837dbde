"""Repeats counted from the first contact of an issue, not from the one before (metrics.md §3.1, `window=fixed`).

Whether a contact is an anchor then depends on all anchors before it, which no single window function says. So each contact first
learns which one would be the next anchor if it were an anchor itself; following these pointers two, four, eight at a time from the
first contact reaches every anchor in a few rounds. Only customers who come again and again for longer than N days are looked at.
"""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole

__all__ = ["with_fixed_windows"]

DAY_US = 86_400_000_000
# So long may a customer come again and again without a gap of N days: ten years.
MOST_DAYS = 3_650


def with_fixed_windows(rows: ir.Table, *, key: list[ir.Value], span: int) -> ir.Table:
    """Say anew which contacts are repeats.

    rows: contacts that do not overlap within a key, with `is_repeat` by rolling windows. key: what makes an issue.
    span: of a window, in microseconds.

    Returns rows with `is_repeat`, `run_us`: the end of the contact that the window is counted from, and `begin_us`: when the first
    contact came that all these windows hang on.
    """
    order = [rows.start_us, rows.contact_id]
    so_far = ibis.window(group_by=key, order_by=order, rows=(None, 0))
    # A contact that no rolling window reaches begins a run, whatever came before.
    opens = (~rows.is_repeat).ifelse(whole(rows, "start_us"), ibis.null("int64"))
    named = {f"key_{place}": value for place, value in enumerate(key)}
    rows = rows.mutate(begin_us=opens.max().over(so_far), **named)
    run = [*named, "begin_us"]
    whole_run = ibis.window(group_by=run)
    first_end = (~rows.is_repeat).ifelse(whole(rows, "end_us"), ibis.null("int64")).max().over(whole_run)
    rows = rows.mutate(is_long=whole(rows, "start_us").max().over(whole_run) - first_end > span)
    anchors = _anchors(rows, span, run=run)
    rows = rows.left_join(anchors, rows.contact_id == anchors.anchor_id)
    rows = rows.mutate(is_repeat=rows.is_repeat & rows.anchor_id.isnull()).drop("anchor_id")
    anchored = (~rows.is_repeat).ifelse(whole(rows, "end_us"), ibis.null("int64"))
    before = ibis.window(group_by=run, order_by=[rows.start_us, rows.contact_id], rows=(None, 0))
    return rows.mutate(run_us=anchored.max().over(before)).drop(*named, "is_long")


def _anchors(rows: ir.Table, span: int, *, run: list[str]) -> ir.Table:
    """Return the contacts of long runs from which a window is counted, as `anchor_id`. run: the columns that name a run."""
    long = rows.filter(rows.is_long).select("contact_id", *run, "start_us", "end_us")
    order = ibis.window(group_by=run, order_by=[long.start_us, long.contact_id])
    long = long.mutate(place=ibis.row_number().over(order).cast("int64") + 1)
    names = {f"later_{name}": long[name] for name in run}
    later = long.select(later_start=long.start_us, later_place=long.place, **names)
    same = [long[name] == later[f"later_{name}"] for name in run]
    met = long.join(later, [*same, later.later_start > whole(long, "end_us") + span])
    pointers = met.group_by(pointing=met.contact_id).aggregate(target=met.later_place.min())
    long = long.left_join(pointers, long.contact_id == pointers.pointing).drop("pointing")
    in_run = ibis.window(group_by=run)
    # Behind the last contact, where there is no next anchor. Not counted: ClickHouse counts in another type than places have.
    nowhere = long.place.max().over(in_run) + 1
    long = long.select(
        "contact_id",
        *run,
        "place",
        target=long.target.fill_null(nowhere).cast("int64"),
        nowhere=nowhere,
        is_reached=long.place == 1,
    )
    # Each round reaches twice as many windows.
    for _round in range((MOST_DAYS // max(1, span // DAY_US)).bit_length()):
        long = _jumped(long, run=run)
    return long.filter(long.is_reached).select(anchor_id=long.contact_id)


def _jumped(long: ir.Table, *, run: list[str]) -> ir.Table:
    """Reach what one jump reaches, and make jumps twice as far."""
    in_run = ibis.window(group_by=run, order_by=long.place, rows=(None, None))
    long = long.mutate(
        targets=long.target.collect().over(in_run),
        landed=long.is_reached.ifelse(long.target, 0).collect().over(in_run),
    )
    # A slice of one: what Ibis writes for a single place of an array is one off in ClickHouse.
    further = (long.target < long.nowhere).ifelse(long.targets[long.target - 1 : long.target].maxs(), long.nowhere)
    return long.mutate(
        target=further.fill_null(long.nowhere).cast("int64"),
        is_reached=long.is_reached | is_true(long.landed.contains(long.place)),
    ).drop("targets", "landed")
