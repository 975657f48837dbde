"""Rows set aside: kept whole, with the reason, counted, and never in a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from careloop.insight.facts.columns import quoted
from careloop.insight.facts.files import queries_of, relation_of, write_files
from careloop.insight.facts.manifest import Entry, Manifest, Role
from careloop.insight.facts.moments import micros
from careloop.insight.facts.reasons import Reason, sentence
from careloop.insight.facts.rules import rules_of
from careloop.insight.facts.tables import TABLES, Table
from careloop.insight.facts.tables.schema import code, ident, instant, maybe, text

__all__ = ["QUARANTINE", "SetAside", "keep_aside", "set_aside", "set_aside_rows"]

QUARANTINE = Table(
    name="quarantine",
    meaning="Rows that broke an invariant.",
    section="1.4",
    key=("quarantine_id",),
    instant=None,
    columns=(
        ident("quarantine_id", "Digest of table, source and row; the same row is set aside once."),
        code("table_name", "The fact table it was meant for."),
        maybe(ident("row_key", "Its key there.")),
        code("reason", "Why."),
        code("broken_column", "Where it shows."),
        text("broken_value", "The value that the sentence names."),
        text("row", "The row as it was understood, as JSON."),
        instant("set_aside_at", "When."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One row set aside. row: as JSON. Its `sentence` says why in English."""

    table: str
    source: str
    reason: Reason
    column: str
    value: str | None
    row: str
    at: datetime

    @property
    def sentence(self) -> str:
        """Why, in English words."""
        return sentence(self.reason, column=self.column, value=self.value)


def set_aside(
    db: duckdb.DuckDBPyConnection, root: Path, table: Table, manifest: Manifest, *, at: datetime
) -> tuple[list[Entry], dict[Reason, int], dict[Reason, tuple[str, str | None]]]:
    """Keep what `incoming` and `clashing` may not give to the lake.

    Return the files, how many rows each reason has, and column and value of one of them.

    A row that was set aside before is counted again and not kept twice.
    """
    rules = rules_of(table)
    shown = " ".join(f"WHEN {place} THEN {rule.shown}" for place, rule in enumerate(rules))
    reasons = " ".join(f"WHEN {place} THEN '{rule.reason}'" for place, rule in enumerate(rules))
    places = " ".join(
        f"WHEN {place} THEN {'_misfit' if rule.reason is Reason.MISFIT else repr(rule.column)}"
        for place, rule in enumerate(rules)
    )
    db.execute(
        f"CREATE TEMP TABLE guilty AS SELECT *, CASE _broken {reasons} END AS _reason, "  # noqa: S608
        f"CASE _broken {places} END AS _column, CASE _broken {shown} END AS _value "
        "FROM incoming WHERE _broken IS NOT NULL "
        f"UNION ALL BY NAME SELECT *, '{Reason.TWO_CONTENTS}' AS _reason, 'record_version' AS _column, "
        "record_version::VARCHAR AS _value FROM clashing"
    )
    told = db.execute(
        "SELECT _reason, count(*), min(_column), arg_min(_value::VARCHAR, _column) FROM guilty GROUP BY _reason"
    ).fetchall()
    entries = keep_aside(db, root, table, manifest, rows="guilty", at=at) if told else []
    counts = {Reason(reason): count for reason, count, _column, _value in told}
    return entries, counts, {Reason(reason): (column, value) for reason, _count, column, value in told}


def keep_aside(
    db: duckdb.DuckDBPyConnection, root: Path, table: Table, manifest: Manifest, *, rows: str, at: datetime
) -> list[Entry]:
    """Write rows into the quarantine and return the files.

    rows: a relation with the table's columns, source, and why: _reason, _column and _value.
    """
    whole = (
        f"to_json(struct_pack({', '.join(f'{quoted(c.name)} := {quoted(c.name)}' for c in table.columns)}))::VARCHAR"
    )
    lying = relation_of(root, QUARANTINE, manifest.of(QUARANTINE.name))
    known = f"ANTI JOIN {lying} AS k USING (quarantine_id)" if lying else ""
    db.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE written AS
        SELECT *, set_aside_at AS ingested_at, 1::BIGINT AS record_version, false AS is_retracted,
               NULL::VARCHAR AS quarantine_reason, '{Role.BASE}' AS _role, NULL::DATE AS _day, NULL::DATE AS _from_day
        FROM (
            SELECT DISTINCT ON (quarantine_id) md5(concat_ws('|', '{table.name}', source, reason, row)) AS quarantine_id,
                   '{table.name}' AS table_name, row_key, reason, broken_column, broken_value, row, source,
                   make_timestamptz({micros(at)}::BIGINT) AS set_aside_at
            FROM (SELECT _reason AS reason, _column AS broken_column, _value AS broken_value, source, {whole} AS row,
                         {_row_key(table)} AS row_key FROM {rows})
        ) {known}
        """  # noqa: S608
    )
    return write_files(db, root, QUARANTINE, number=manifest.number + 1)


def set_aside_rows(
    db: duckdb.DuckDBPyConnection, root: Path, manifest: Manifest, *, limit: int
) -> tuple[Mapping[tuple[str, str, Reason], int], list[SetAside]]:
    """Return how many rows are set aside by table, source and reason, and the newest of them, at most `limit`.

    A row whose key has got a version since is mended and counts no more.
    """
    lying = relation_of(root, QUARANTINE, manifest.of(QUARANTINE.name))
    if lying is None:
        return {}, []
    db.execute(f"CREATE TEMP TABLE aside AS SELECT * FROM {lying}")  # noqa: S608
    queries = queries_of(root, manifest, as_of=None)
    for (name,) in db.execute("SELECT DISTINCT table_name FROM aside").fetchall():
        if name in queries:
            db.execute(
                f"DELETE FROM aside USING (SELECT {_row_key(TABLES[name])} AS row_key, ingested_at FROM ({queries[name]})) AS held "  # noqa: S608
                f"WHERE table_name = '{name}' AND held.row_key = aside.row_key AND held.ingested_at > set_aside_at"
            )
    held: Any = db.execute(
        "SELECT table_name, source, reason, count(*) FROM aside GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    rows = db.execute(
        "SELECT table_name, source, reason, broken_column, broken_value, row, set_aside_at "  # noqa: S608
        f"FROM aside ORDER BY set_aside_at DESC, quarantine_id LIMIT {limit}"
    ).fetchall()
    return {(table, source, Reason(reason)): count for table, source, reason, count in held}, [
        SetAside(table=table, source=source, reason=Reason(reason), column=column, value=value, row=row, at=at)
        for table, source, reason, column, value, row, at in rows
    ]


def _row_key(table: Table) -> str:
    return f"concat_ws('|', {', '.join(f'{quoted(name)}::VARCHAR' for name in table.key)})"
