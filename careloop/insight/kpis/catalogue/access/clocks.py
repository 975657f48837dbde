"""What was promised and what became of it, one row for each item: as clocks told it, or worked out of policies and states."""

import ibis
import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, total, whole
from careloop.insight.kpis.asking.sources import Facts, cases
from careloop.insight.kpis.catalogue.business import business_seconds

__all__ = ["items", "paused"]

MICROS = 1_000_000
# What cases bring along: to be split by, and to be timed.
CARRIED = (
    "case_id",
    "customer_id",
    "channel",
    "reason_code",
    "reason_group",
    "product",
    "priority",
    "owner_team",
    "opened_at_us",
    "opened_at_slot",
)
COLUMNS = (
    *CARRIED,
    "commitment_id",
    "policy_id",
    "sla_policy_id",
    "version",
    "policy_kind",
    "share",
    "limit_s",
    "started_at_us",
    "started_at_slot",
    "until_us",
    "is_done",
    "is_late",
    "spent_s",
    "paused_s",
)
# What waits bring along besides.
OF_WAITS = (*COLUMNS, "contact_id", "queue_id")


def items(facts: Facts, *, what: str, limit: int | None) -> ir.Table:
    """Return what was promised: since when (`started_at`), within `limit_s`, whether it `is_done` and `is_late`, and what it took.

    Waits come with the queue in which a caller stood, and the call; callers have no case.
    what: first_response, next_response, resolution, wait or task. limit: microseconds until which data are complete.

    A case whose clocks are facts is told by them: they know of targets that changed and versions that held. Other cases are worked
    out from the policy that held when they were opened, and the states they were in.
    """
    told = _told(facts, what=what, limit=limit)
    if what in {"next_response", "wait", "task"}:
        return told  # nothing else says when a customer wrote again or stood in line, or another team was asked
    worked_out = _worked_out(facts, what=what, limit=limit)
    return ibis.union(worked_out, told, distinct=False) if facts.has("commitment") else worked_out


def _told(facts: Facts, *, what: str, limit: int | None) -> ir.Table:
    clocks = facts["commitment"]
    clocks = clocks.filter(clocks.measure == what).drop("source", "channel")
    held = cases(facts).select(name for name in CARRIED if name != "priority")
    of_cases = _judged(clocks.inner_join(held, "case_id"), limit=limit)
    if what != "wait":
        return of_cases.select(COLUMNS)
    return ibis.union(of_cases.select(OF_WAITS), _of_callers(facts, limit=limit), distinct=False)


def _of_callers(facts: Facts, *, limit: int | None) -> ir.Table:
    """Return what was promised to callers, who stand in a queue of the telephone system and have no case."""
    clocks = facts.counted("commitment")
    rows = clocks.filter(clocks.measure == "wait", clocks.case_id.isnull())
    unknown = {name: ibis.null("string") for name in CARRIED if name not in rows.columns}
    more = {"opened_at_us": rows.started_at_us, "opened_at_slot": rows.started_at_slot}
    return _judged(rows.mutate(**{**unknown, **more}), limit=limit).select(OF_WAITS)


def _judged(rows: ir.Table, *, limit: int | None) -> ir.Table:
    """Return clocks with whether what they time is done, and late."""
    until = whole(rows, "ended_at_us").fill_null(ibis.literal(limit, type="int64"))
    is_over = rows.missed_at_us.notnull() | is_true(whole(rows, "due_at_us") < ibis.literal(limit, type="int64"))
    return rows.mutate(
        policy_kind=rows.kind,
        until_us=until,
        is_done=rows.outcome.isin(("kept", "missed")),
        is_late=(rows.outcome == "missed") | ((rows.outcome == "running") & is_over),
    )


def _worked_out(facts: Facts, *, what: str, limit: int | None) -> ir.Table:
    end = "first_response_at_us" if what == "first_response" else "resolved_at_us"
    rows = cases(facts)
    if facts.has("commitment"):
        clocks = facts["commitment"]
        # A word that a person gave, a wait in a chat, or what another team was asked says nothing about the other promises.
        told = clocks.filter(clocks.measure.notin(("callback", "wait", "task")))
        rows = rows.anti_join(told.select("case_id"), "case_id").view()
    rows = rows.select(*CARRIED, "sla_policy_id", end).mutate(
        until_us=whole(rows, end).fill_null(ibis.literal(limit, type="int64")),
        is_done=rows[end].notnull(),
        started_at_us=rows.opened_at_us,
        started_at_slot=rows.opened_at_slot,
        policy_id=rows.sla_policy_id,
        commitment_id=ibis.null("string"),
    )
    policy = facts["sla_policy"]
    policy = policy.filter(policy.measure == what).select(
        "sla_policy_id",
        "version",
        "limit_s",
        "share",
        "pause_states",
        policy_kind=policy.kind,
        policy_clock=policy.clock,
        policy_priority=policy.priority,
        effective_us=policy.effective_at_us,
    )
    met = rows.join(policy, "sla_policy_id")
    met = met.filter(
        met.effective_us <= met.opened_at_us,
        met.policy_priority.isnull() | is_true(met.policy_priority == met.priority),
    )
    # The newest version of the policy that held, and one for this priority before one for all.
    order = [ibis.desc(met.version), met.policy_priority.isnull()]
    met = met.mutate(place=ibis.row_number().over(ibis.window(group_by=met.case_id, order_by=order)))
    met = met.filter(met.place == 0)
    met = (
        business_seconds(facts, met, key="case_id", starts="opened_at_us", ends="until_us")
        if facts.has("calendar")
        else met.mutate(business_s=ibis.null("float64"))
    )
    stood = paused(facts, met)
    met = met.left_join(stood, met.case_id == stood.paused_id).drop("paused_id")
    elapsed = (whole(met, "until_us") - whole(met, "opened_at_us")).cast("float64") / MICROS
    spent = (text(met, "policy_clock") == "business").ifelse(number(met, "business_s"), elapsed)
    met = met.mutate(spent_s=spent - number(met, "paused_s").fill_null(0.0))
    return met.mutate(is_late=is_true(number(met, "spent_s") > number(met, "limit_s"))).select(COLUMNS)


def paused(facts: Facts, met: ir.Table) -> ir.Table:
    """Sum the seconds that each case stood in some states, as `paused_s` by `paused_id`.

    met: cases with `pause_states`, a list, and from `opened_at_us` to `until_us` the time that is looked at.
    """
    events = facts["case_event"]
    order = ibis.window(group_by=events.case_id, order_by=[events.at_us, events.case_event_id])
    states = events.select(
        "case_id", state=events.to_state, from_us=events.at_us, to_us=whole(events, "at_us").lead().over(order)
    )
    known = met.select(paused_id=met.case_id, states=met.pause_states, begin_us=met.opened_at_us, end_us=met.until_us)
    joined = states.join(known, states.case_id == known.paused_id)
    joined = joined.filter(joined.states.contains(joined.state))
    high = ibis.least(whole(joined, "to_us").fill_null(2**62), whole(joined, "end_us"))
    low = ibis.greatest(whole(joined, "from_us"), whole(joined, "begin_us"))
    joined = joined.mutate(stood_s=(high - low).cast("float64") / MICROS)
    joined = joined.filter(joined.stood_s > 0)
    return joined.group_by("paused_id").aggregate(paused_s=total(joined.stood_s))
