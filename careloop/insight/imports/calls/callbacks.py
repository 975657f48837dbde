"""Callbacks promised to callers, and the calls that kept them, told by the number."""

__all__ = ["ATTEMPTS", "CALLBACKS", "KEPT", "PROMISES", "STORED", "TRIES"]

STORED = """
create table if not exists promise (callback_id varchar, call_id varchar, queue varchar, number varchar, promised_us bigint,
    attempts bigint, connected_us bigint, kept_by varchar, last_us bigint, is_touched boolean)
"""

PROMISES = """
insert into promise
select $source || ':' || call_id || '/callback', call_id, callback_queue, callback_number, callback_us, 0, null, null,
    callback_us, true
from stays where callback_us is not null and is_fresh
    and $source || ':' || call_id || '/callback' not in (select callback_id from promise)
qualify row_number() over (partition by call_id order by callback_us) = 1
"""

# An outbound call belongs to the latest promise to that number.
TRIES = """
create or replace temp table tries as
select p.callback_id, o.call_id, o.agent, o.at_us - (1000000 * coalesce(try_cast(o.d2 as double), 0))::bigint as at_us,
    o.d1 = 'ANSWER' as is_connected,
    case when o.d1 = 'ANSWER' then 'connected' when o.d1 = 'BUSY' then 'busy'
        when o.d1 in ('NOANSWER', 'CANCEL') then 'no_answer' else 'failed' end as outcome,
    p.attempts + row_number() over (partition by p.callback_id order by o.at_us, o.line) as attempt_no
from (select * from work where kind = 'outcall' and is_fresh) o
asof join (select * from promise where connected_us is null) p on o.d3 = p.number and o.at_us >= p.promised_us
"""

KEPT = """
update promise p set attempts = t.attempts, connected_us = t.connected_us, kept_by = t.kept_by, is_touched = true
from (
    select callback_id, max(attempt_no) as attempts, min(at_us) filter (is_connected) as connected_us,
        arg_min(call_id, at_us) filter (is_connected) as kept_by
    from tries group by callback_id
) t where t.callback_id = p.callback_id
"""

CALLBACKS = """
select callback_id, $source || ':' || call_id as contact_id, queue as queue_id,
    make_timestamptz(promised_us) as promised_at, make_timestamptz(promised_us) as window_start,
    make_timestamptz(promised_us + $due_us) as window_end, make_timestamptz(connected_us) as connected_at,
    $source || ':' || kept_by as callback_contact_id
from promise where is_touched
"""

ATTEMPTS = """
select callback_id, attempt_no, make_timestamptz(at_us) as at, agent as agent_id, outcome
from tries
"""
