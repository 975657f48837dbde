"""From lines to agent_state: what each agent did from when to when, without gap or overlap inside a log-in."""

from careloop.insight.facts.tables.vocabulary import AgentState

__all__ = [
    "BOARD",
    "DUE",
    "MEMBERSHIP",
    "MOVES",
    "OPEN",
    "POINTS",
    "RUNG",
    "STATES",
    "TAKEN_BACK",
    "TOLD",
    "WAITING",
]

# An agent is a member of several queues and may be paused in each: counting memberships, memberships not paused, calls and
# ringing phones gives one state for the person.
MOVES = """
create or replace temp table moves as
select agent, queue, at_us, line,
    case verb when 'REMOVEMEMBER' then 0 else 1 end as is_member,
    case when verb = 'UNPAUSE' or verb = 'ADDMEMBER' and coalesce(d1, '') != 'PAUSED' then 1 else 0 end as is_ready,
    case when verb = 'PAUSE' then coalesce(d1, '') end as reason,
    true as is_fresh
from fresh
where verb in ('ADDMEMBER', 'REMOVEMEMBER', 'PAUSE', 'UNPAUSE') and agent not in ('NONE', '') and queue not in ('NONE', '')
union all
select agent, queue, -1, -1, is_member, is_ready, null, false from membership
"""

RUNG = """
create or replace temp table rung as
select agent, at_us, line, case verb when 'CONNECT' then (1000000 * try_cast(d3 as double))::bigint
    else (1000 * try_cast(d1 as double))::bigint end as ring_us
from fresh where verb in ('CONNECT', 'RINGNOANSWER', 'RINGCANCELED') and agent not in ('NONE', '')
"""

POINTS = """
create or replace temp table fresh_points as
with steps as (
    select *,
        is_member - coalesce(lag(is_member) over w, 0) as members,
        is_ready - coalesce(lag(is_ready) over w, 0) as ready
    from moves window w as (partition by agent, queue order by at_us, line)
)
select agent, at_us, line, members::int as members, ready::int as ready, 0 as calls, 0 as rings, reason, null as call_id
from steps where is_fresh
union all
select agent, connect_us, line, 0, 0, 1, 0, null, call_id from stays
where connect_us is not null and is_connect_fresh and agent is not null and entered_us <= connect_us
    and connect_us <= coalesce(end_us, connect_us)
union all
select agent, end_us, line, 0, 0, -1, 0, null, null from stays
where connect_us is not null and end_us is not null and is_end_fresh and agent is not null and entered_us <= connect_us
    and connect_us <= end_us
union all
select agent, at_us - (1000000 * try_cast(d2 as double))::bigint, line, 0, 0, 1, 0, null, call_id from work
where kind = 'outcall' and is_fresh and try_cast(d2 as double) > 0 and d1 = 'ANSWER'
union all
select agent, at_us, line, 0, 0, -1, 0, null, null from work
where kind = 'outcall' and is_fresh and try_cast(d2 as double) > 0 and d1 = 'ANSWER'
union all
select agent, at_us - ring_us, line, 0, 0, 0, 1, null, null from rung where ring_us > 0
union all
select agent, at_us, line, 0, 0, 0, -1, null, null from rung where ring_us > 0
"""

DUE = """
create or replace temp table points as
select * from waiting_points where at_us <= $until union all select * from fresh_points where at_us <= $until
"""
WAITING = """
create or replace table waiting_points as
select * from waiting_points where at_us > $until union all select * from fresh_points where at_us > $until
"""

PAUSED = (
    f"state not in ('{AgentState.CONTACT}', '{AgentState.RINGING}', '{AgentState.OFFLINE}', '{AgentState.AVAILABLE}')"
)
CONTACT = f"case when state = '{AgentState.CONTACT}' then call_id end"
WHY = f"case when {PAUSED} then reason end"

STATES = """
select agent || '@' || at_us as agent_state_id, agent as agent_id, state, nullif(why, '') as reason,
    make_timestamptz(at_us) as started_at, make_timestamptz(until_us) as ended_at,
    $source || ':' || contact as contact_id
from stretches where until_us > at_us and state != 'offline'
"""
"""Only what is over; how agents stand at the end of the log is told by OPEN."""

TAKEN_BACK = """
select agent || '@' || at_us as agent_state_id, true as is_retracted
from stretches where is_told and until_us = at_us
"""
"""What was told as lasting, and was over in the moment in which it began."""

BOARD = """
create or replace table board as
select * from standing
union all by name
select * from board where agent not in (select agent from points)
"""

OPEN = f"""
select agent || '@' || since_us as agent_state_id, agent as agent_id, state, nullif({WHY}, '') as reason,
    make_timestamptz(since_us) as started_at, $source || ':' || {CONTACT} as contact_id
from board where state != 'offline' and not is_told
"""
TOLD = "update board set is_told = true where state != 'offline' and not is_told"

MEMBERSHIP = """
create or replace table membership as
select agent, queue, arg_max(is_member, row(at_us, line)) as is_member, arg_max(is_ready, row(at_us, line)) as is_ready
from moves group by agent, queue having is_member > 0
"""
