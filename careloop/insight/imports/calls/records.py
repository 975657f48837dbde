"""Call detail records and channel event logs: when a customer's call began and ended, and calls that never reached a queue."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from careloop.insight.imports.errors import NotACallRecord

__all__ = ["CALLS", "ENTRANCES", "HASHED", "SEEN", "UNMET", "UNQUEUED", "read_cdr", "read_cel"]

CALLS = """
create or replace temp table calls (call_id varchar, channel varchar, context varchar, entry_point varchar, number varchar,
    started_us bigint, ended_us bigint, is_bridged boolean, is_by_caller boolean, cause int);
create temp table if not exists seen (call_id varchar)
"""

SEEN = "insert into seen select distinct call_id from work where call_id in (select call_id from calls)"

HASHED = """case when {number} not in ('', 'anonymous', '<unknown>', 'unknown')
        then substr(sha256($key || {number}), 1, 32) end"""
"""A caller's number as a keyed hash; one that was withheld gives none."""

# Who never waited in a queue hung up in the menu, was served by it, was put through directly, or could not be.
UNQUEUED = f"""
select $source || ':' || call_id as contact_id, 'voice' as channel, 'inbound' as direction, entry_point,
    {HASHED.format(number="number")} as contact_point_hash,
    make_timestamptz(started_us) as arrived_at, make_timestamptz(ended_us) as ended_at,
    case when is_bridged then 'handled' when is_by_caller then 'abandoned_ivr' when cause = 16 then 'contained'
        else 'system_failure' end as outcome,
    0::bigint as transfer_count, case when is_bridged then 1 else 0 end::bigint as agent_legs
from calls
where call_id not in (select call_id from seen) and ended_us is not null
    and len(list_filter($inbound::varchar[], name -> name = context or starts_with(channel, name))) > 0
"""

UNMET = """
select name from (select unnest($inbound::varchar[]) as name)
where exists (from calls) and not exists (from calls where name = context or starts_with(channel, name))
"""
ENTRANCES = "select context, count(*) from calls where context <> '' group by context"
"""Where calls began."""

CEL_COLUMNS = (
    *(
        "type",
        "time",
        "cid_name",
        "cid_num",
        "ani",
        "rdnis",
        "dnid",
        "exten",
        "context",
        "channel",
        "app",
        "appdata",
        "ama",
    ),
    *("account", "call_id", "linked_id", "peer", "userfield", "userdeftype", "extra"),
)
CDR_COLUMNS = (
    *(
        "account",
        "src",
        "dst",
        "context",
        "clid",
        "channel",
        "dstchannel",
        "lastapp",
        "lastdata",
        "start",
        "answer",
        "end",
    ),
    *("duration", "billsec", "disposition", "ama", "call_id", "userfield", "peeraccount", "linked_id", "sequence"),
)

MOMENT = (
    """coalesce((1000000 * try_cast({0} as double))::bigint, epoch_us(timezone($zone, try_cast({0} as timestamp))))"""
)

CEL = f"""
insert into calls
select call_id, any_value(channel) filter (type = 'CHAN_START'), any_value(context) filter (type = 'CHAN_START'),
    any_value(exten) filter (type = 'CHAN_START'), any_value(cid_num) filter (type = 'CHAN_START'), min({MOMENT.format("time")}),
    max({MOMENT.format("time")}) filter (type = 'HANGUP'),
    bool_or(type = 'BRIDGE_ENTER'),
    bool_or(type = 'HANGUP' and starts_with(coalesce(extra ->> 'hangupsource', ''), split_part(channel, '-', 1))),
    max(try_cast(extra ->> 'hangupcause' as int))
from (select * replace (case when json_valid(extra) then extra::json end as extra) from {{rows}})
where call_id = linked_id and type in ('CHAN_START', 'HANGUP', 'BRIDGE_ENTER')
group by call_id
"""

CDR = f"""
insert into calls
select call_id, any_value(channel), any_value(context), null, any_value(src),
    min({MOMENT.format("start")}), max({MOMENT.format('"end"')}),
    bool_or(disposition = 'ANSWERED' and lastapp = 'Dial'), bool_and(disposition = 'ANSWERED'), null
from {{rows}} where call_id = linked_id and call_id not in (select call_id from calls) group by call_id
"""
"""A record does not say who hung up: a call that the house answered and nobody spoke to ended in the menu."""


def read_cel(connection: duckdb.DuckDBPyConnection, path: Path, *, zone: str) -> None:
    """Add the calls of a channel event log (CSV, plain or gzip) to table `calls`.

    zone: for times without one; times as seconds since 1970 need none. Raises NotACallRecord.
    """
    connection.execute(CEL.format(rows=_rows(connection, path, CEL_COLUMNS)), {"zone": zone})


def read_cdr(connection: duckdb.DuckDBPyConnection, path: Path, *, zone: str) -> None:
    """Add the calls of call detail records (CSV, plain or gzip) that no channel event log told of. As read_cel."""
    connection.execute(CDR.format(rows=_rows(connection, path, CDR_COLUMNS)), {"zone": zone})


def _rows(connection: duckdb.DuckDBPyConnection, path: Path, columns: Iterable[str]) -> str:
    names = tuple(columns)
    name = str(path).replace("'", "''")
    kinds = ", ".join(f"'{column}': 'varchar'" for column in names)
    rows = (
        f"read_csv('{name}', header = false, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
        f"null_padding = true, strict_mode = false, columns = {{{kinds}}})"
    )
    found = connection.execute(
        f"select count(*) > 0, bool_or(call_id is not null) from (from {rows} limit 20)"
    ).fetchone()
    if found is None or not found[1]:
        raise NotACallRecord(file=path.name, count=len(names))
    return rows
