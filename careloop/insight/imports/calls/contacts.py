"""From stays to contact and contact_segment."""

from careloop.insight.imports.calls.records import HASHED

__all__ = ["CONTACTS", "OUTBOUND", "READY", "SEGMENTS", "UNREADABLE"]

READY = """
create or replace temp table ready as
select *, not is_broken and (is_fresh and (is_over or $at_end) or not is_over and last_us <= $horizon - $open_us) as is_due
from (
    select call_id, min(line) as line, max(last_us) as last_us, bool_or(is_fresh) as is_fresh,
        bool_and(not is_stay or gone_us is not null or end_us is not null) as is_over,
        bool_or(is_stay and not coalesce(entered_us <= coalesce(connect_us, entered_us)
            and coalesce(connect_us, entered_us) <= coalesce(end_us, connect_us, entered_us)
            and entered_us <= coalesce(gone_us, entered_us), true))
            -- an ending that the log wrote after the entry and stamped before it
            or coalesce(max(line) filter (is_stay and enter_us is null) > min(line) filter (enter_us is not null), false)
            as runs_backwards,
        bool_or(not is_stay and (connect_us is not null or end_us is not null or gone_us is not null)) as has_no_entry,
        runs_backwards or has_no_entry as is_broken
    from stays group by call_id
)
"""
"""What can be said of each call as a whole, and whether its facts are due."""

UNREADABLE = """
select line, case when runs_backwards then 'call_runs_backwards' else 'call_without_entry' end as reason, call_id
from ready where is_broken and is_fresh
"""

EXIT = """case
    when not is_stay then null
    when connect_us is not null then 'answered'
    when gone_us is null and is_cut then 'system_disconnect'
    when gone_us is null then null
    when next_us is not null then 'flow_out_queue'
    when callback_us is not null then 'flow_out_callback'
    when gone = 'abandon' then 'abandoned'
    when gone = 'key' then 'flow_out_queue'
    else 'system_disconnect'
end"""
"""Whoever enters a queue once more cannot have hung up: a redirect of a waiting caller is logged as ABANDON."""

KNOWS_END = "connect_us is not null and end_us is not null and (is_cut or release is not null or transfer is not null)"
"""Whether somebody heard how a talk ended; how long it was is not known of one that was over when the connection came back."""

SEGMENTS = f"""
select $source || ':' || call_id || '/' || seq as segment_id,
    $source || ':' || call_id as contact_id,
    seq::bigint as seq,
    queue as queue_id,
    'voice' as channel,
    case when connect_us is not null then agent end as agent_id,
    make_timestamptz(entered_us) as queued_at,
    make_timestamptz(greatest(connect_us - (1000000 * ring_s)::bigint, entered_us)) as offered_at,
    case when connect_us is not null then least(ring_s, (connect_us - entered_us) / 1e6) end as ring_s,
    make_timestamptz(connect_us) as answered_at,
    make_timestamptz(coalesce(connect_us, gone_us, end_us)) as left_queue_at,
    (coalesce(connect_us, gone_us, end_us) - entered_us) / 1e6 as wait_s,
    {EXIT} as exit,
    case when {KNOWS_END}
        then greatest((end_us - connect_us) / 1e6 - coalesce(case when $knows_hold then hold_s end, 0), 0) end as talk_s,
    case when {KNOWS_END} and $knows_hold
        then least(coalesce(hold_s, 0), (end_us - connect_us) / 1e6) end as hold_s,
    case when {KNOWS_END} and $knows_hold then hold_count end as hold_count,
    make_timestamptz(case when connect_us is not null then end_us end) as released_at,
    case when connect_us is null or end_us is null then null
        when is_cut then 'system'
        when transfer is not null then 'unknown'
        when release = 'release_customer' then 'customer'
        when release = 'release_agent' then 'agent'
        else 'unknown' end as release_party,
    case when {KNOWS_END} then coalesce(transfer, 'none') end as transfer_kind,
    case when transfer is not null then coalesce(next_queue, transfer_to) end as transfer_to
from stays join ready r using (call_id)
where is_stay and r.is_due
"""

CONTACTS = f"""
with whole as (
    select call_id,
        min(least(entered_us, blocked_us, callback_us)) as first_us,
        arg_max(coalesce(end_us, gone_us), stay) as over_us,
        arg_max(transfer is not null or connect_us is null and coalesce(exit, '') not in ('abandoned', 'system_disconnect'), stay)
            as goes_on,
        any_value(coalesce(number, callback_number)) as number,
        count(*) filter (connect_us is not null) as agent_legs,
        count(*) filter (transfer is not null) as transfer_count,
        count(*) filter (is_stay) as stay_count,
        count(*) filter (blocked_us is not null) as blocked_count,
        count(*) filter (callback_us is not null) as callback_count,
        arg_max(exit, stay) filter (is_stay) as exit
    from (select *, {EXIT} as exit from stays) group by call_id
)
select $source || ':' || call_id as contact_id,
    'voice' as channel,
    'inbound' as direction,
    {HASHED.format(number="coalesce(whole.number, c.number)")} as contact_point_hash,
    c.entry_point as entry_point,
    make_timestamptz(least(first_us, c.started_us)) as arrived_at,
    make_timestamptz(case when r.is_over then greatest(c.ended_us, case when not goes_on then over_us end) end) as ended_at,
    case when not r.is_over then 'open'
        when agent_legs > 0 then 'handled'
        when callback_count > 0 then 'callback_booked'
        when stay_count = 0 and blocked_count > 0 then 'blocked'
        when exit = 'abandoned' then 'abandoned_queue'
        when exit = 'flow_out_queue' then 'flow_out'
        else 'system_failure' end as outcome,
    transfer_count::bigint as transfer_count,
    agent_legs::bigint as agent_legs
from whole join ready r using (call_id) left join calls c using (call_id)
where r.is_due and (stay_count > 0 or blocked_count > 0 or callback_count > 0)
"""

OUTBOUND = f"""
select $source || ':' || call_id as contact_id, 'voice' as channel, 'outbound' as direction,
    {HASHED.format(number="d3")} as contact_point_hash,
    make_timestamptz(at_us - (1000000 * coalesce(try_cast(d2 as double), 0))::bigint) as arrived_at,
    make_timestamptz(at_us) as ended_at,
    'handled' as outcome, 0::bigint as transfer_count, 1::bigint as agent_legs
from work where kind = 'outcall' and is_fresh and d1 = 'ANSWER'
"""
