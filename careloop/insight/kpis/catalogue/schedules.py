"""Schedules as they were published, and what was kept of them: for the metrics of schedules and for the burnout signal."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, whole
from careloop.insight.kpis.asking.sources import Facts, micros_until, states
from careloop.insight.kpis.measures.kinds import Ratio, Span
from careloop.insight.kpis.options import Options

__all__ = ["PROTECTION", "adherence", "published"]

MICROS = 1_000_000
PROTECTION = "protection"
"""The reason of a break that is a rest after an abusive contact."""
HALF_HOUR_US = 1_800 * MICROS


def published(facts: Facts, *, with_edits: bool = False) -> ir.Table:
    """Return the schedule as it stood before each activity began: edits afterwards do not count, unless asked for.

    A publication replaces the earlier ones of the agent for the hours it covers, so of overlapping activities the newest holds.
    """
    rows = facts["schedule_activity"]
    if not with_edits:
        rows = rows.filter(rows.published_at_us <= rows.starts_at_us)
    newest = rows.select(
        newer_agent=rows.agent_id,
        newer_from=rows.starts_at_us,
        newer_to=rows.ends_at_us,
        newer_version=rows.schedule_version,
    )
    covered = rows.join(
        newest,
        [
            rows.agent_id == newest.newer_agent,
            rows.starts_at_us < newest.newer_to,
            rows.ends_at_us > newest.newer_from,
            rows.schedule_version < newest.newer_version,
        ],
    )
    stale = covered.select("agent_id", "starts_at_us", "schedule_version").distinct()
    held = rows.anti_join(stale, ["agent_id", "starts_at_us", "schedule_version"])
    allowed = facts["activity_state_map"].select(
        activity_name="activity", allowed_states="allowed_states", is_work="is_work"
    )
    return held.left_join(allowed, held.activity == allowed.activity_name).drop("activity_name")


def _spans(rows: ir.Table, low: str, high: str) -> ir.Table:
    """Return stretches from low to high, columns in microseconds, as rows of a Span: `starts_at` and `ends_at`."""
    rows = rows.select("agent_id", "activity", starts_at_us=rows[low], ends_at_us=rows[high])
    return rows.mutate(
        **{
            f"{name}_slot": ((whole(rows, f"{name}_us") - whole(rows, f"{name}_us") % HALF_HOUR_US) / MICROS).cast(
                "int64"
            )
            for name in ("starts_at", "ends_at")
        }
    )


def _met(facts: Facts, plan: ir.Table) -> ir.Table:
    """Return the stretches in which an agent's state was allowed by what was planned; several contacts at once are one."""
    rows = states(facts)
    limit = micros_until(facts, ("agent_state",))
    end = whole(rows, "ended_at_us")
    rows = rows.select(
        state_agent=rows.agent_id,
        state=rows.state,
        is_protected=is_true((rows.state == "break") & (rows.reason == PROTECTION)),
        from_us=rows.started_at_us,
        to_us=end if limit is None else end.fill_null(limit),
    )
    met = plan.join(rows, [plan.agent_id == rows.state_agent, plan.core_from < rows.to_us, plan.core_to > rows.from_us])
    # A rest after an abusive contact is given, and counts against nobody.
    met = met.filter(is_true(met.allowed_states.contains(met.state)) | met.is_protected)
    low = ibis.greatest(whole(met, "from_us"), whole(met, "core_from"))
    high = ibis.least(whole(met, "to_us"), whole(met, "core_to"))
    met = met.select("agent_id", "activity", "starts_at_us", low_us=low, high_us=high)
    # What overlaps within one activity is counted once: from where all earlier stretches have ended.
    earlier = ibis.window(
        group_by=[met.agent_id, met.starts_at_us], order_by=[met.low_us, met.high_us], rows=(None, -1)
    )
    met = met.mutate(before_us=met.high_us.max().over(earlier))
    met = met.mutate(start_us=ibis.greatest(whole(met, "low_us"), whole(met, "before_us").fill_null(0)))
    return _spans(met.filter(met.start_us < met.high_us), "start_us", "high_us")


def adherence(facts: Facts, options: Options) -> Ratio:
    """Scheduled time in an allowed state over scheduled time.

    The grace at each boundary counts as kept, and so does a rest after an abusive contact.
    """
    grace = int(options.number("tolerance_s") * MICROS)
    plan = published(facts, with_edits=options.choice("schedule") == "edited")
    starts, ends = whole(plan, "starts_at_us"), whole(plan, "ends_at_us")
    # An activity shorter than both graces is kept as a whole.
    plan = plan.mutate(core_from=ibis.least(starts + grace, ends))
    plan = plan.mutate(core_to=ibis.greatest(whole(plan, "ends_at_us") - grace, whole(plan, "core_from")))
    scheduled = Span(rows=plan, where=plan.agent_id.notnull(), starts="starts_at", ends="ends_at")
    kept = _met(facts, plan)
    parts = [Span(rows=kept, where=kept.agent_id.notnull(), starts="starts_at", ends="ends_at")]
    if grace:
        edges = plan.select("agent_id", "activity", "starts_at_us", "ends_at_us", "core_from", "core_to")
        parts += [
            Span(rows=rows, where=rows.agent_id.notnull(), starts="starts_at", ends="ends_at")
            for rows in (_spans(edges, "starts_at_us", "core_from"), _spans(edges, "core_to", "ends_at_us"))
        ]
    return Ratio(numerator=tuple(parts), denominator=scheduled)
