"""One person, one history: of several sources that tell what somebody did, which is believed.

While somebody is at work here, what they do here is what they do; what any other source says of that time is left out. While they
are off work here, or never said anything here, what the others say holds (docs/decisions/0016-one-person-one-history.md).

What another source said of a stretch that is touched is kept whole in APART, so whoever tells something later, the source or we, is
weighed against all of it: the order in which things come to be known changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from careloop.insight.facts import views
from careloop.insight.facts.columns import Rows, as_batches, given_schema, quoted
from careloop.insight.facts.files import connected, relation_of
from careloop.insight.facts.manifest import Manifest, Role
from careloop.insight.facts.tables import ENVELOPE, TABLES, Table
from careloop.insight.facts.tables.vocabulary import AgentState

__all__ = [
    "APART",
    "HERE",
    "STATES",
    "Weighed",
    "Whose",
    "is_told_twice",
    "readable_twice",
    "weighed",
    "weighed_anew",
    "whose",
]

HERE: Final = "careloop"
"""The source of our own facts."""
STATES: Final = TABLES["agent_state"]
APART: Final = replace(
    STATES,
    name="agent_state_apart",
    meaning="Stretches of others, whole, of which some time is told by us. In no number.",
)

WITHIN: Final = timedelta(days=31)
"""What began longer ago than this is looked at when the whole lake is checked."""
FOREVER: Final = 2**62
PIECE: Final = r"\+\d{16}$"
"""Ends the key of what is left of a stretch after its beginning: the microsecond at which that begins."""

SPAN: Final = f"epoch_us(started_at) AS start_us, coalesce(epoch_us(ended_at), {FOREVER}) AS end_us"
OWN: Final = ", ".join(quoted(column.name) for column in STATES.columns)
REST: Final = ", ".join(
    quoted(column.name) for column in STATES.columns if column.name not in ("agent_state_id", "started_at", "ended_at")
)
STORED: Final = ", ".join(quoted(column.name) for column in (*STATES.columns, *ENVELOPE))

TOUCHED: Final = (
    "CREATE TEMP TABLE covered AS SELECT DISTINCT t.agent_state_id FROM "
    "(FROM told WHERE NOT is_retracted AND start_us < end_us) AS t ASOF JOIN here AS h "
    "ON t.agent_id = h.agent_id AND t.end_us > h.begin_us WHERE h.until_us > t.start_us;"
    "CREATE TEMP TABLE touched AS SELECT t.agent_state_id FROM told AS t WHERE agent_state_id IN (FROM covered) "
    "OR agent_state_id IN (SELECT agent_state_id FROM apart) "
    "OR agent_state_id IN (SELECT whole FROM lying WHERE whole != agent_state_id)"
)
PIECES: Final = (
    "CREATE TEMP TABLE piece AS WITH met AS (SELECT t.agent_state_id AS whole, t.start_us, h.begin_us, h.until_us "
    "FROM told AS t JOIN covered USING (agent_state_id) JOIN here AS h "
    "ON t.agent_id = h.agent_id AND h.begin_us < t.end_us AND h.until_us > t.start_us), "
    "gaps AS (SELECT whole, coalesce(max(until_us) OVER (PARTITION BY whole ORDER BY begin_us "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), start_us) AS from_us, begin_us AS to_us FROM met "
    "UNION ALL SELECT t.agent_state_id, coalesce(max(m.until_us), any_value(t.start_us)), any_value(t.end_us) "
    "FROM (FROM told WHERE NOT is_retracted) AS t SEMI JOIN touched USING (agent_state_id) "
    "LEFT JOIN met AS m ON m.whole = t.agent_state_id GROUP BY t.agent_state_id) "
    "SELECT * FROM gaps WHERE from_us < to_us"
)
LEFT: Final = (
    "CREATE TEMP TABLE remains AS SELECT CASE WHEN p.from_us = t.start_us THEN t.agent_state_id "  # noqa: S608
    "ELSE concat(t.agent_state_id, '+', p.from_us) END AS agent_state_id, make_timestamptz(p.from_us) AS started_at, "
    f"CASE WHEN p.to_us < {FOREVER} THEN make_timestamptz(p.to_us) END AS ended_at, {REST}, source, false AS is_retracted "
    "FROM told AS t JOIN piece AS p ON p.whole = t.agent_state_id"
)
GONE: Final = (
    "INSERT INTO remains BY NAME SELECT agent_state_id, source, true AS is_retracted FROM "
    "(SELECT agent_state_id, source FROM told SEMI JOIN touched USING (agent_state_id) UNION "
    "SELECT agent_state_id, source FROM lying WHERE whole != agent_state_id "
    "AND whole IN (FROM touched)) AS g ANTI JOIN remains USING (agent_state_id)"
)
KEPT: Final = (
    f"CREATE TEMP TABLE kept AS SELECT {OWN}, source, is_retracted FROM told SEMI JOIN covered USING (agent_state_id) "  # noqa: S608
    "UNION ALL BY NAME SELECT t.agent_state_id, t.source, true AS is_retracted FROM told AS t "
    "SEMI JOIN apart USING (agent_state_id) ANTI JOIN covered USING (agent_state_id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is to be appended. states: to STATES. apart: to APART, and before, so that nothing is lost between the two."""

    states: Rows
    apart: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whom stretches are about, and from when on; None for stretches of which nothing but the key is told."""

    since: datetime | None
    agents: Sequence[str]


def is_told_twice(manifest: Manifest) -> bool:
    """Say whether we and somebody else tell what people do."""
    sources = manifest.given.get(STATES.name, ())
    return HERE in sources and len(sources) > 1


def whose(rows: Rows) -> Whose | None:
    """Return whom rows are about; None where there are none, or where they can be read only once."""
    if not isinstance(rows, list | pa.Table) or not len(rows):
        return None
    given = _given(rows)
    agents = [agent for agent in pc.unique(given["agent_id"]).to_pylist() if agent is not None]
    is_all_known = given["started_at"].null_count == 0
    return Whose(since=pc.min(given["started_at"]).as_py() if is_all_known else None, agents=agents)


def readable_twice(rows: Rows) -> Rows:
    """Return rows as a list of mappings, or as an Arrow table."""
    if isinstance(rows, pa.RecordBatchReader):
        return rows.read_all()
    if isinstance(rows, pa.RecordBatch):
        return pa.Table.from_batches([rows])
    if isinstance(rows, pa.Table):
        return rows
    found = list(rows)
    return pa.Table.from_batches(found) if found and isinstance(found[0], pa.RecordBatch) else found


def weighed(root: Path, manifest: Manifest, rows: Rows, *, memory_mb: int) -> Weighed | None:
    """Return what of another source's rows is to be appended; None where all of them are.

    A stretch in the middle of which somebody was at work here is told in pieces. What is left out is retracted, since it may have
    been told before. rows: mappings or an Arrow table.
    """
    about = whose(rows)
    if about is None:
        return None
    given = _given(rows)
    with connected(root, memory_mb=memory_mb) as db:
        db.register("brought", given)
        newest = "QUALIFY row_number() OVER (PARTITION BY agent_state_id ORDER BY _seq DESC) = 1"
        db.execute(f"CREATE TEMP TABLE told AS SELECT *, '' AS source, {SPAN} FROM brought {newest}")  # noqa: S608
        _lay_out(db, root, manifest, since=about.since, agents=about.agents, with_keys=about.since is None)
        _weigh(db, root, manifest)
        anew = db.execute(f"SELECT {OWN}, is_retracted FROM remains").to_arrow_table()  # noqa: S608
        if not len(anew):
            return None
        touched = db.execute("SELECT DISTINCT agent_state_id FROM touched").to_arrow_table()["agent_state_id"]
        apart = db.execute(f"SELECT {OWN}, is_retracted FROM kept").to_arrow_table()  # noqa: S608
        is_touched = pc.is_in(given["agent_state_id"], value_set=touched.combine_chunks())
        return Weighed(states=_replaced(rows, is_touched.to_pylist(), anew), apart=apart)


def weighed_anew(
    root: Path, manifest: Manifest, *, memory_mb: int, since: datetime | None, agents: Collection[str] | None
) -> Mapping[str, Weighed]:
    """Return by source what is to be said anew of what lies in a lake.

    since, agents: whose stretches, from when on; None for all.
    """
    with connected(root, memory_mb=memory_mb) as db:
        _lay_out(db, root, manifest, since=since, agents=agents, with_keys=False)
        db.execute(
            f"CREATE TEMP TABLE told AS SELECT *, {SPAN} FROM (SELECT {STORED} FROM apart UNION ALL BY NAME "  # noqa: S608
            f"SELECT {STORED} FROM lying WHERE whole NOT IN (SELECT agent_state_id FROM apart))"
        )
        if db.execute("SELECT count(*) = 0 FROM told").fetchone() == (True,):
            return {}
        _weigh(db, root, manifest)
        found = db.execute("SELECT DISTINCT source FROM remains ORDER BY source").fetchall()
        return {
            source: Weighed(
                states=db.execute(
                    f"SELECT {OWN}, is_retracted FROM remains WHERE source = ?",  # noqa: S608
                    [source],
                ).to_arrow_table(),
                apart=db.execute(f"SELECT {OWN}, is_retracted FROM kept WHERE source = ?", [source]).to_arrow_table(),  # noqa: S608
            )
            for (source,) in found
        }


def _lay_out(
    db: duckdb.DuckDBPyConnection,
    root: Path,
    manifest: Manifest,
    *,
    since: datetime | None,
    agents: Collection[str] | None,
    with_keys: bool,
) -> None:
    """Make `lying` and `apart` of what others tell that lasts beyond a moment.

    since, agents: None for all. with_keys: also what is told anew by nothing but its key, which is in `told`.
    """
    whole = f"regexp_replace(agent_state_id, '{PIECE}', '')"
    where = f"source != '{HERE}' AND {_after(since)}"
    if agents is not None:
        db.register("asked", pa.table({"agent_id": pa.array(agents, pa.string())}))
        by_key = f" OR {whole} IN (SELECT agent_state_id FROM told)" if with_keys else ""  # noqa: S608
        where += f" AND (agent_id IN (SELECT agent_id FROM asked){by_key})"  # noqa: S608
    for name, table in (("lying", STATES), ("apart", APART)):
        rows = _rows(root, manifest, table, since=since)
        db.execute(f"CREATE TEMP TABLE {name} AS SELECT {STORED}, {whole} AS whole FROM ({rows}) WHERE {where}")  # noqa: S608


def _after(since: datetime | None) -> str:
    return "true" if since is None else f"(ended_at IS NULL OR ended_at > TIMESTAMPTZ '{since.isoformat()}')"


def _rows(root: Path, manifest: Manifest, table: Table, *, since: datetime | None) -> str:
    """Return the query of the rows that hold. since: what was over long before is not looked for."""
    first = "" if since is None else f"{since.astimezone(UTC) - WITHIN:%Y-%m-%d}"
    base = relation_of(root, table, [one for one in manifest.of(table.name, Role.BASE) if one.day >= first])
    later = relation_of(root, table, manifest.of(table.name, Role.LATER))
    if base is None and later is None:
        return f"SELECT {views.nulls(table)} WHERE false"
    return views.current(table, base=base, later=later, stored=("started_at",))


def _weigh(db: duckdb.DuckDBPyConnection, root: Path, manifest: Manifest) -> None:
    """Make, of what was told and what lies there: `touched`, `remains` for STATES, `kept` for APART."""
    ((since,),) = db.execute("SELECT min(started_at) FROM told WHERE NOT is_retracted").fetchall()
    here = _rows(root, manifest, STATES, since=since)
    db.execute(
        f"CREATE TEMP TABLE here AS SELECT agent_id, begin_us, until_us FROM (SELECT *, epoch_us(started_at) AS begin_us, "  # noqa: S608
        f"coalesce(epoch_us(ended_at), {FOREVER}) AS until_us FROM ({here}) WHERE source = '{HERE}' "
        f"AND state != '{AgentState.OFFLINE}' AND {_after(since)}) WHERE agent_id IN (SELECT agent_id FROM told)"
    )
    for statement in (TOUCHED, PIECES, LEFT, GONE, KEPT):
        db.execute(statement)


def _given(rows: Rows) -> pa.Table:
    return pa.Table.from_batches(as_batches(STATES, rows), schema=given_schema(STATES))


def _replaced(rows: Rows, is_touched: Sequence[bool], anew: pa.Table) -> Rows:
    """Return rows without those that are touched, followed by others."""
    if isinstance(rows, pa.Table):
        stays = rows.filter(pa.array([not one for one in is_touched], pa.bool_()))
        return pa.concat_tables([stays, anew], promote_options="permissive")
    more = [{name: value for name, value in row.items() if value is not None} for row in anew.to_pylist()]
    return [*(row for row, gone in zip(rows, is_touched, strict=True) if not gone), *more]
