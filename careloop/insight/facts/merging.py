"""How rows that arrive join those that lie there: SQL that numbers versions (docs/reasons/facts.md).

Everything happens in temporary tables of one DuckDB connection, which spill to disk:
`incoming` (what was given and needs this, with the first rule that each row breaks), `heads` (the newest version that the lake
holds of each key that was given), `written` (what goes into files) and `clashing` (what does not because the lake says otherwise).
"""

import duckdb

from careloop.insight.facts.columns import literal, quoted
from careloop.insight.facts.manifest import Role
from careloop.insight.facts.rules import rules_of
from careloop.insight.facts.tables import SLOT_SECONDS, Table
from careloop.insight.facts.views import worked_out

__all__ = ["derived_columns", "judged", "number_versions"]


def judged(table: Table, *, source: str, at_us: int) -> str:
    """Return the query of the relation `given`: worked out, with what each row breaks.

    source: who says so. at_us: the moment of arrival in microseconds since 1970.
    """
    keys = set(table.key)
    broken = " ".join(
        f"WHEN {'' if rule.column in keys or not rule.column else 'NOT is_retracted AND '}({rule.breaks}) THEN {place}"
        for place, rule in enumerate(rules_of(table))
    )
    return (
        f"SELECT *, CASE {broken} END AS _broken FROM (SELECT * REPLACE (is_retracted AS is_retracted{worked_out(table)}), "  # noqa: S608
        f"{literal(source)} AS source, make_timestamptz({at_us}::BIGINT) AS ingested_at, "
        f"make_timestamptz({at_us}::BIGINT) AS _at FROM given)"
    )


def number_versions(db: duckdb.DuckDBPyConnection, table: Table, *, lying: str | None) -> None:
    """Make `heads`, `written` and `clashing` out of `incoming`.

    lying: the relation of the files that may hold keys of incoming rows, None when there are none.
    """
    keys = ", ".join(quoted(name) for name in table.key)
    good = "SELECT * FROM incoming WHERE _broken IS NULL"
    stored = ", ".join(quoted(column.name) for column in table.columns)
    envelope = "source, ingested_at, record_version, is_retracted, quarantine_reason"
    if lying is None:
        db.execute(
            f"CREATE TEMP TABLE heads AS SELECT {stored}, source, ingested_at, record_version, is_retracted, "  # noqa: S608
            "NULL::VARCHAR AS quarantine_reason FROM incoming WHERE false"
        )
    else:
        db.execute(
            f"CREATE TEMP TABLE heads AS SELECT {stored}, {envelope} FROM {lying} AS f SEMI JOIN ({good}) AS g "  # noqa: S608
            f"USING ({keys}) QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY record_version DESC) = 1"
        )
    db.execute(
        f"CREATE TEMP TABLE again AS SELECT {keys} FROM ({good}) GROUP BY {keys} "  # noqa: S608
        f"HAVING count(*) > 1 OR bool_or(is_retracted) UNION SELECT {keys} FROM heads"
    )
    day = f"CAST({quoted(table.instant)} AS DATE)" if table.instant else "NULL::DATE"
    db.execute(
        f"CREATE TEMP TABLE written AS SELECT {stored}, source, ingested_at, "  # noqa: S608
        f"coalesce(record_version, 1) AS record_version, false AS is_retracted, NULL::VARCHAR AS quarantine_reason, "
        f"'{Role.BASE}' AS _role, {day} AS _day, NULL::DATE AS _from_day FROM ({good}) ANTI JOIN again USING ({keys})"
    )
    _number_contended(db, table, good=good, day=day)


def _number_contended(db: duckdb.DuckDBPyConnection, table: Table, *, good: str, day: str) -> None:
    """Add to `written` the versions of keys that came more than once, or that the lake holds already."""
    keys = ", ".join(quoted(name) for name in table.key)
    rest = [column.name for column in table.columns if column.name not in table.key]
    # A retraction may give no more than the key: then what it takes away is what was said last.
    body = f"struct_pack({', '.join(f'{quoted(name)} := {quoted(name)}' for name in rest)})"
    is_bare = " AND ".join(f"{quoted(name)} IS NULL" for name in rest if table.column(name).default is None)
    db.execute(
        f"""
        CREATE TEMP TABLE contended AS
        WITH lined AS (
            SELECT {keys}, record_version, is_retracted AND quarantine_reason IS NULL AS is_retracted, {body} AS body,
                   -1 AS _seq, source, ingested_at, record_version AS held FROM heads
            UNION ALL BY NAME
            SELECT {keys}, record_version, is_retracted,
                   CASE WHEN NOT (is_retracted AND {is_bare}) THEN {body} END AS body,
                   _seq, source, ingested_at, NULL::BIGINT AS held FROM ({good}) SEMI JOIN again USING ({keys})
        ), filled AS (
            SELECT * EXCLUDE (body, held), max(held) OVER (PARTITION BY {keys}) AS held,
                   last_value(body IGNORE NULLS) OVER (PARTITION BY {keys} ORDER BY record_version NULLS LAST, _seq
                                                       ROWS UNBOUNDED PRECEDING) AS body FROM lined
        )
        SELECT *, lag(struct_pack(body := body, gone := is_retracted)) OVER step
                  IS DISTINCT FROM struct_pack(body := body, gone := is_retracted) AS is_new,
               row_number() OVER (PARTITION BY {keys}, record_version ORDER BY _seq) = 1 AS is_first
        FROM filled WINDOW step AS (PARTITION BY {keys} ORDER BY record_version NULLS LAST, _seq)
        """  # noqa: S608
    )
    # A row without a number gets the next one if it says something new. A row with one is as new as its number.
    db.execute(
        f"""
        CREATE TEMP TABLE numbered AS
        SELECT * REPLACE (coalesce(record_version, coalesce(held, 0) + sum((is_new AND body IS NOT NULL)::BIGINT)
                   OVER (PARTITION BY {keys} ORDER BY _seq ROWS UNBOUNDED PRECEDING))::BIGINT AS record_version),
               CASE WHEN body IS NULL THEN 'unchanged'
                    WHEN record_version IS NULL THEN CASE WHEN is_new THEN 'written' ELSE 'unchanged' END
                    WHEN record_version < held THEN 'outdated'
                    WHEN record_version = held OR NOT is_first THEN CASE WHEN is_new THEN 'clashing' ELSE 'unchanged' END
                    ELSE 'written' END AS fate
        FROM contended WHERE _seq >= 0
        """  # noqa: S608
    )
    own = ", ".join(
        quoted(column.name) if column.name in table.key else f"body.{quoted(column.name)} AS {quoted(column.name)}"
        for column in table.columns
    )
    flat = f"SELECT {own}, source, ingested_at, record_version, is_retracted, fate FROM numbered"  # noqa: S608
    from_day, before = "NULL::DATE", ""
    if table.instant:
        from_day = f"nullif(CAST(h.{quoted(table.instant)} AS DATE), CAST(n.{quoted(table.instant)} AS DATE))"
        before = f"LEFT JOIN heads AS h USING ({keys})"
    db.execute(
        f"INSERT INTO written BY NAME SELECT n.* EXCLUDE (fate), NULL::VARCHAR AS quarantine_reason, "  # noqa: S608
        f"'{Role.LATER}' AS _role, {day.replace('(', '(n.')} AS _day, {from_day} AS _from_day "
        f"FROM ({flat}) AS n {before} WHERE fate = 'written'"
    )
    db.execute(f"CREATE TEMP TABLE clashing AS {flat} WHERE fate = 'clashing'")


def derived_columns(table: Table) -> str:
    """Return the columns that files carry beside their own, as SQL that follows a comma."""
    if table.instant is None:
        return ""
    name, micros = quoted(table.instant), SLOT_SECONDS * 1_000_000
    return (
        f", epoch_us({name}) AS {quoted(table.instant + '_us')}"
        f", epoch_us({name}) // {micros} * {SLOT_SECONDS} AS {quoted(table.instant + '_slot')}"
    )
