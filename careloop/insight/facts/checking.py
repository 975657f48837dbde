"""The invariants across rows, asked of a whole lake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from careloop.insight.facts import manifest as manifests
from careloop.insight.facts.columns import quoted
from careloop.insight.facts.files import connected, queries_of, write_files
from careloop.insight.facts.identities import IDENTITIES, Imbalance
from careloop.insight.facts.manifest import Manifest, Role
from careloop.insight.facts.moments import micros
from careloop.insight.facts.quarantine import keep_aside
from careloop.insight.facts.reasons import Reason
from careloop.insight.facts.tables import ENVELOPE, TABLES

__all__ = ["Checked", "Finding", "check"]

EXAMPLES = 5
HOLDING = frozenset({"contact", "hold"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What does not add up. count: rows. examples: the first keys among them. template: its sentence with {count}."""

    imbalance: Imbalance
    count: int
    examples: tuple[str, ...]
    template: str

    @property
    def sentence(self) -> str:
        """What is wrong, in English words."""
        return self.template.format(count=self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    quarantined: rows it set aside, by reason. examples: column and value of one of them, by reason.
    findings: what does not add up, culprit unknown.
    """

    quarantined: Mapping[Reason, int]
    examples: Mapping[Reason, tuple[str, str | None]]
    findings: tuple[Finding, ...]


def check(root: Path, *, at: datetime, memory_mb: int, wait_seconds: float) -> Checked:
    """Ask everything of a lake that needs several rows. See `FactStore.check`."""
    with manifests.writing(root, wait_seconds=wait_seconds), connected(root, memory_mb=memory_mb) as db:
        manifest = manifests.load(root) or Manifest()
        given = {table for table, sources in manifest.given.items() if sources}
        for name, query in queries_of(root, manifest, as_of=None).items():
            db.execute(f"CREATE TEMP VIEW {quoted(name)} AS {query}")
        given &= {name for (name,) in db.execute("SELECT view_name FROM duckdb_views() WHERE temporary").fetchall()}
        overlaps = _overlaps(db) if "agent_state" in given else []
        if overlaps:
            _set_states_aside(db, root, manifest, overlaps, at=at)
        return Checked(
            quarantined={Reason.OVERLAP: len(overlaps)} if overlaps else {},
            examples={Reason.OVERLAP: ("started_at", overlaps[0][1])} if overlaps else {},
            findings=tuple(_findings(db, given)),
        )


def _overlaps(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the states that begin while another one lasts, each with what the agent was doing. Who is off work does nothing."""
    rows = db.execute(
        """
        WITH line AS (
            SELECT *, max(ended_at_us) OVER (PARTITION BY agent_id ORDER BY started_at_us, agent_state_id
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
            FROM agent_state WHERE ended_at IS NOT NULL AND state != 'offline'
        )
        SELECT agent_id, agent_state_id, state, contact_id, started_at_us, ended_at_us FROM agent_state
        SEMI JOIN (SELECT agent_id FROM line WHERE started_at_us < busy_until) AS hit USING (agent_id)
        WHERE ended_at IS NOT NULL AND state != 'offline' ORDER BY agent_id, started_at_us, agent_state_id
        """
    )
    found: list[tuple[str, str]] = []
    who, lasting = None, list[tuple[Any, ...]]()
    while row := rows.fetchone():
        agent, key, state, contact, start, end = row
        if agent != who:
            who, lasting = agent, []
        lasting = [one for one in lasting if one[3] > start]
        against = next((one for one in lasting if not _may_coexist(one[:2], (state, contact))), None)
        if against is None:
            lasting.append((state, contact, key, end))
        elif end > start:
            found.append((key, f"{against[0]} ({against[2]})"))
    return found


def _may_coexist(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return {one[0], other[0]} <= HOLDING and None not in {one[1], other[1]} and one[1] != other[1]


def _set_states_aside(
    db: duckdb.DuckDBPyConnection, root: Path, manifest: Manifest, overlaps: Iterable[tuple[str, str]], *, at: datetime
) -> None:
    table = TABLES["agent_state"]
    db.execute("CREATE TEMP TABLE guilty (agent_state_id VARCHAR, doing VARCHAR)")
    db.executemany("INSERT INTO guilty VALUES (?, ?)", list(overlaps))
    columns = ", ".join(quoted(column.name) for column in (*table.columns, *ENVELOPE))
    db.execute(
        f"CREATE TEMP TABLE guilty_rows AS SELECT {columns}, '{Reason.OVERLAP}' AS _reason, "  # noqa: S608
        "'started_at' AS _column, doing AS _value FROM agent_state JOIN guilty USING (agent_state_id)"
    )
    db.execute(
        "CREATE TEMP TABLE written AS SELECT * EXCLUDE (_reason, _column, _value) "  # noqa: S608
        "REPLACE (record_version + 1 AS record_version, true AS is_retracted, _reason AS quarantine_reason, "
        f"make_timestamptz({micros(at)}::BIGINT) AS ingested_at), "
        f"'{Role.LATER}' AS _role, CAST(started_at AS DATE) AS _day, NULL::DATE AS _from_day FROM guilty_rows"
    )
    entries = write_files(db, root, table, number=manifest.number + 1)
    aside = keep_aside(db, root, table, manifest, rows="guilty_rows", at=at)
    manifests.save(root, replace(manifest, entries=(*manifest.entries, *entries, *aside)))


def _findings(db: duckdb.DuckDBPyConnection, given: set[str]) -> Iterable[Finding]:
    for identity in IDENTITIES:
        if not given.issuperset(identity.needs):
            continue
        ((count, examples),) = db.execute(
            f"SELECT count(*), list(k ORDER BY k)[:{EXAMPLES}] FROM ({identity.rows}) AS wrong(k)"  # noqa: S608
        ).fetchall()
        if count:
            yield Finding(
                imbalance=identity.imbalance, count=count, examples=tuple(examples), template=identity.sentence
            )
