"""A million cases in minutes: cases made by the services, copied over and over inside PostgreSQL.

Every column of a copy is the column of a row that a service wrote: ids and what refers to them are moved by a stride, times
lie further back, and what must be unique carries the number of its copy. tests/bench/test_loaded_rows.py holds it to that.
"""

from typing import Any

from psycopg import Connection, sql

__all__ = ["ONLY", "ROOTS", "STRIDE", "multiply"]

STRIDE = 1_000_000
"""Between the id of a row and the id of its copy: more than the template has rows in any table."""
MINUTES_BETWEEN_COPIES = 3

ROOTS = (
    "customers_customer",
    "customers_identity",
    "conversations_conversation",
    "conversations_message",
    "conversations_mail",
    "conversations_attachment",
    "conversations_delivery",
    "cases_case",
    "cases_cycle",
    "cases_caseconversation",
    "cases_participant",
    "contacts_contact",
    "contacts_segment",
    "channels_rawmail",
    "kernel_timer",
    "kernel_event",
)
"""The tables that are copied; what else a workspace has, such as statuses and people, is shared by all copies."""

ONLY = {
    "kernel_event": " AND split_part(subject, ':', 1) IN ('case', 'contact', 'conversation', 'customer', 'raw_mail')"
}
"""Which rows of a table are copied, where not all are: what happened to people and settings happened once."""

_LOOSE = {
    ("cases_caseconversation", "first_message_id"),
    ("cases_caseconversation", "last_message_id"),
    ("channels_rawmail", "message_id"),
    ("kernel_event", "position"),
    ("kernel_timer", "subject_id"),
}
"""Columns that hold the id of a copied row without saying so to the database."""

_OWN_WORDS = {
    ("customers_identity", "value"): "{0} || '.' || c.n",
    ("channels_rawmail", "provider_id"): "{0} || '.' || c.n",
    ("channels_rawmail", "rfc_message_id"): "CASE {0} WHEN '' THEN '' ELSE {0} || '.' || c.n END",
    ("conversations_mail", "rfc_message_id"): "{0} || '.' || c.n",
    ("conversations_mail", "references"): "ARRAY(SELECT r || '.' || c.n FROM unnest({0}) r)::varchar(500)[]",
    ("cases_case", "number"): "{0} + c.n * %(cases)s",
    (
        "kernel_event",
        "subject",
    ): "split_part({0}, ':', 1) || ':' || (split_part({0}, ':', 2)::bigint + c.n * %(stride)s)",
    ("kernel_event", "data"): (
        "{0} || (SELECT coalesce(jsonb_object_agg(k, to_jsonb(v::bigint + c.n * %(stride)s)), '{{}}') "
        "FROM jsonb_each_text({0}) f(k, v) WHERE v IS NOT NULL AND k IN ('message_id', 'conversation_id', 'customer_id', "
        "'requester_id', 'segment_id', 'identity_id', 'case_id', 'first_message_id', 'last_message_id', 'contact_id'))"
    ),
}


def multiply(owner: Connection[Any], *, workspace_id: int, first: int, last: int) -> None:
    """Copy every case of the template, with all that belongs to it, once for each number from `first` to `last`.

    owner: a connection of the role that owns the tables. The template are the rows with ids up to STRIDE.
    """
    with owner.transaction():
        references = _references(owner)
        taken_off = _without_burdens(owner)
        (cases,) = _one(owner, "SELECT count(*) FROM cases_case WHERE id <= %s", [STRIDE])
        values = {"first": first, "last": last, "stride": STRIDE, "cases": cases, "workspace": workspace_id}
        for table in ROOTS:
            owner.execute(_copying(owner, table, references), values)
        owner.execute(
            "UPDATE cases_tally SET count = count / %(were)s * %(are)s",
            {"were": first, "are": last + 1},
        )
        _move_counters(owner, workspace_id)
        for statement in taken_off:
            owner.execute(statement)
    owner.autocommit = True
    owner.execute("VACUUM ANALYZE")
    owner.autocommit = False


def _copying(owner: Connection[Any], table: str, references: set[tuple[str, str]]) -> sql.Composed:
    columns = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    key = "message_id" if table == "conversations_mail" else "id"
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(%(first)s::bigint, %(last)s::bigint) c(n) "
        "CROSS JOIN (SELECT * FROM {table} WHERE {key} <= %(stride)s AND workspace_id = %(workspace)s{only}) t "
        "ORDER BY c.n, t.{key}"
    ).format(
        only=sql.SQL(ONLY.get(table, "")),
        table=sql.Identifier(table),
        key=sql.Identifier(key),
        columns=sql.SQL(", ").join(sql.Identifier(name) for name, _type in columns),
        values=sql.SQL(", ").join(_value(table, name, kind, references) for name, kind in columns),
    )


def _value(table: str, name: str, kind: str, references: set[tuple[str, str]]) -> sql.Composable:
    column = sql.Identifier("t", name)
    if (table, name) in _OWN_WORDS:
        return sql.SQL(_OWN_WORDS[table, name]).format(column)
    if name == "id" or (table, name) in references | _LOOSE:
        return sql.SQL("{} + c.n * %(stride)s").format(column)
    if kind == "timestamp with time zone" and name != "recorded_at":
        return sql.SQL(f"{{}} - c.n * interval '{MINUTES_BETWEEN_COPIES} minutes'").format(column)
    return column


def _references(owner: Connection[Any]) -> set[tuple[str, str]]:
    """Return the columns by which copied rows refer to copied rows."""
    found = owner.execute(
        "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a "
        "ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND c.confrelid::regclass::text = ANY(%s)",
        [list(ROOTS)],
    )
    return set(found.fetchall())


def _without_burdens(owner: Connection[Any]) -> list[str]:
    """Take foreign keys and plain indexes off the copied tables, and return the statements that put the same ones back."""
    keys = owner.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [list(ROOTS)],
    ).fetchall()
    indexes = owner.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE NOT i.indisunique "
        "AND i.indrelid::regclass::text = ANY(%s)",
        [list(ROOTS)],
    ).fetchall()
    for table, name, _definition in keys:
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        owner.execute(f"DROP INDEX {name}")
    owner.execute("SET LOCAL maintenance_work_mem = '512MB'")
    again = [definition.replace(" ON ONLY ", " ON ") for _name, definition in indexes]
    return again + [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in keys]


def _move_counters(owner: Connection[Any], workspace_id: int) -> None:
    """Let sequences, the log's counter and its readers stand behind the copied rows."""
    for table in ROOTS:
        sequence = (
            _one(owner, "SELECT pg_get_serial_sequence(%s, 'id')", [table])[0]
            if table != "conversations_mail"
            else None
        )
        if sequence:
            owner.execute(f"SELECT setval('{sequence}', (SELECT max(id) FROM {table}))")
    owner.execute(f"SELECT setval('cases_number_{workspace_id}', (SELECT max(number) FROM cases_case))")
    owner.execute("UPDATE kernel_log_counter SET position = (SELECT max(position) FROM kernel_event)")
    owner.execute(
        "UPDATE kernel_log_head SET position = (SELECT max(position) FROM kernel_event) WHERE workspace_id > 0"
    )
    owner.execute(
        "UPDATE kernel_reader_cursor SET position = (SELECT max(position) FROM kernel_event) WHERE workspace_id > 0"
    )


def _one(owner: Connection[Any], statement: str, values: list[Any]) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = owner.execute(statement, values).fetchone()
    assert row is not None
    return row
