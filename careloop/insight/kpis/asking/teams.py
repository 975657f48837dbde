"""The team in which an agent was: at a moment, or while a span of time lasted (metrics.md §1)."""

from typing import Final

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import whole
from careloop.insight.kpis.asking.sources import Facts

__all__ = ["of_moments", "of_spans"]

MICROS = 1_000_000
NOON_S: Final = 43_200
NEVER: Final = 2**62


def of_moments(rows: ir.Table, column: str, *, facts: Facts, at: str) -> ir.Table:
    """Add a column of the team that the agent was in at the instant of each row; a day counts for the team of its noon, in UTC.

    column: of agent_team. at: the instant or the calendar day of the rows, which have an `agent_id`.
    """
    is_day = rows[at].type().is_date() if at in rows.columns else False
    moment = (rows[at].epoch_days().cast("int64") * 86_400 + NOON_S) * MICROS if is_day else rows[f"{at}_us"]
    right = _memberships(facts, column)
    is_theirs = (rows.agent_id == right.team_agent) & (moment >= right.team_from_us)
    return rows.left_join(right, [is_theirs, moment < right.team_to_us]).drop(
        "team_agent", "team_from_us", "team_to_us"
    )


def of_spans(rows: ir.Table, column: str, *, facts: Facts, starts: str, ends: str) -> ir.Table:
    """Add a column of the team that the agent was in while each span lasted: one row for each team, and for each time without one.

    column: of agent_team. starts, ends: the instants of the spans; a null end lasts on.
    Each row says in `piece_from_us` and `piece_to_us` between which microseconds it is meant.
    """
    known = _memberships(facts, column)
    order = ibis.window(group_by=known.team_agent, order_by=known.team_from_us)
    known = known.mutate(next_us=known.team_from_us.lead().over(order), place=ibis.row_number().over(order))
    before = known.filter(known.place == 0)
    after = known.filter(known.team_to_us < known.next_us.fill_null(NEVER))
    nobody = ibis.null(known[column].type())
    right = ibis.union(
        known.select("team_agent", "team_from_us", "team_to_us", column),
        before.select(
            "team_agent",
            team_from_us=ibis.literal(-NEVER, type="int64"),
            team_to_us=before.team_from_us,
            **{column: nobody},
        ),
        after.select(
            "team_agent",
            team_from_us=after.team_to_us,
            team_to_us=after.next_us.fill_null(NEVER),
            **{column: nobody},
        ),
    )
    low, high = whole(rows, f"{starts}_us"), whole(rows, f"{ends}_us").fill_null(NEVER)
    if "piece_from_us" in rows.columns:
        low, high = ibis.greatest(low, rows.piece_from_us), ibis.least(high, rows.piece_to_us)
    rows = rows.mutate(piece_from_us=low, piece_to_us=high)
    is_theirs = (rows.agent_id == right.team_agent) & (right.team_from_us < rows.piece_to_us)
    rows = rows.left_join(right, [is_theirs, right.team_to_us > rows.piece_from_us])
    return rows.mutate(
        piece_from_us=ibis.greatest(rows.piece_from_us, rows.team_from_us.fill_null(-NEVER)),
        piece_to_us=ibis.least(rows.piece_to_us, rows.team_to_us.fill_null(NEVER)),
    ).drop("team_agent", "team_from_us", "team_to_us")


def _memberships(facts: Facts, column: str) -> ir.Table:
    """Return who was in which team, from an instant until before another."""
    found = facts["agent_team"]
    return found.select(
        team_agent=found.agent_id,
        team_from_us=found.valid_from_us,
        team_to_us=found.valid_to_us.fill_null(ibis.literal(NEVER, type="int64")),
        **{column: found[column]},
    )
