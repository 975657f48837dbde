"""What agents do with their time, as spans that do not overlap (metrics.md §2.B)."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.sources import Facts, states

__all__ = ["BUSY", "LOGGED_IN", "OTHER_WORK", "READY", "contact_shares", "stretches"]

BUSY = ("contact", "hold", "wrap")
READY = ("available", "ringing")
OTHER_WORK = ("aux_productive", "training", "coaching", "meeting")
# All but contacts themselves, which may overlap.
LOGGED_IN = (*READY, *OTHER_WORK, "break", "system_issue")
NEVER = 2**62


def stretches(facts: Facts, *, joined: tuple[str, ...], others: tuple[str, ...]) -> ir.Table:
    """Return spans of time per agent: those of `joined` states united where they overlap, as state “busy”; `others` as they are.

    Contacts held at the same time overlap; united, an hour of an agent is never more than an hour.
    """
    rows = states(facts)
    columns = ["agent_id", "state", "task_id", "started_at_us", "started_at_slot", "ended_at_us", "ended_at_slot"]
    rows = rows.select(columns)
    rest = rows.filter(rows.state.isin(others)) if others else None
    rows = rows.filter(rows.state.isin(joined))
    end = whole(rows, "ended_at_us").fill_null(NEVER)
    order = [rows.started_at_us, end]
    before = end.max().over(ibis.window(group_by=rows.agent_id, order_by=order, rows=(None, -1)))
    rows = rows.mutate(is_new=(before.isnull() | (rows.started_at_us > before)).ifelse(1, 0))
    order = [rows.started_at_us, whole(rows, "ended_at_us").fill_null(NEVER)]
    island = rows.is_new.sum().over(ibis.window(group_by=rows.agent_id, order_by=order, rows=(None, 0)))
    rows = rows.mutate(island=island)
    united = rows.group_by("agent_id", "island").aggregate(
        started_at_us=rows.started_at_us.min(),
        started_at_slot=rows.started_at_slot.min(),
        last_us=whole(rows, "ended_at_us").fill_null(NEVER).max(),
        last_slot=whole(rows, "ended_at_slot").fill_null(NEVER).max(),
    )
    united = united.select(
        "agent_id",
        "started_at_us",
        "started_at_slot",
        state=ibis.literal("busy"),
        task_id=ibis.null("string"),
        ended_at_us=united.last_us.nullif(NEVER),
        ended_at_slot=united.last_slot.nullif(NEVER),
    ).select(columns)
    return united if rest is None else united.union(rest)


def contact_shares(facts: Facts) -> ir.Table:
    """Cut the time in which an agent holds contacts wherever their number changes; `share` is one over that number.

    One row per contact and piece, with contact_id; `is_first` marks the first piece of each contact. Spans that last have no end
    yet and are left out.
    """
    rows = states(facts)
    held = rows.filter(rows.state == "contact", rows.ended_at_us.notnull(), rows.contact_id.notnull())
    held = held.select(
        "contact_id",
        "agent_id",
        held_us=held.started_at_us,
        held_slot=held.started_at_slot,
        left_us=held.ended_at_us,
        left_slot=held.ended_at_slot,
    )
    begins = held.select("agent_id", edge_us=held.held_us, edge_slot=held.held_slot)
    ends = held.select("agent_id", edge_us=held.left_us, edge_slot=held.left_slot)
    edges = begins.union(ends, distinct=True)
    following = ibis.window(group_by=edges.agent_id, order_by=edges.edge_us)
    pieces = edges.select(
        piece_agent=edges.agent_id,
        started_at_us=edges.edge_us,
        started_at_slot=edges.edge_slot,
        ended_at_us=edges.edge_us.lead().over(following),
        ended_at_slot=edges.edge_slot.lead().over(following),
    )
    met = held.join(
        pieces,
        [
            held.agent_id == pieces.piece_agent,
            held.held_us <= pieces.started_at_us,
            held.left_us >= pieces.ended_at_us,
        ],
    ).drop("piece_agent", "held_us", "held_slot", "left_us", "left_slot")
    together = ibis.window(group_by=[met.agent_id, met.started_at_us])
    order = ibis.window(group_by=met.contact_id, order_by=[met.started_at_us, met.agent_id])
    return met.mutate(
        share=1.0 / met.count().over(together).cast("float64"), is_first=ibis.row_number().over(order) == 0
    )
