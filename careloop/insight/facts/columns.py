"""Columns as Arrow and DuckDB hold them, and rows from outside brought into that form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from careloop.insight.facts.errors import UnknownColumn, WrongColumnType
from careloop.insight.facts.tables import ENVELOPE, Column, Kind, Table

__all__ = [
    "ARROW",
    "CHUNK_ROWS",
    "DUCKDB",
    "GIVEN",
    "Rows",
    "as_batches",
    "given_schema",
    "literal",
    "moments_named",
    "quoted",
]

ARROW: Final[Mapping[Kind, pa.DataType]] = {
    Kind.ID: pa.string(),
    Kind.IDS: pa.list_(pa.string()),
    Kind.CODE: pa.string(),
    Kind.ENUM: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.BOOL: pa.bool_(),
    Kind.COUNT: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.SECONDS: pa.float64(),
    Kind.SHARE: pa.float64(),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.DATE: pa.date32(),
}
DUCKDB: Final[Mapping[Kind, str]] = {
    Kind.ID: "VARCHAR",
    Kind.IDS: "VARCHAR[]",
    Kind.CODE: "VARCHAR",
    Kind.ENUM: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.BOOL: "BOOLEAN",
    Kind.COUNT: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.SECONDS: "DOUBLE",
    Kind.SHARE: "DOUBLE",
    Kind.MONEY: "DECIMAL(18, 4)",
    Kind.INSTANT: "TIMESTAMP WITH TIME ZONE",
    Kind.DATE: "DATE",
}
GIVEN = tuple(column for column in ENVELOPE if column.name in {"record_version", "is_retracted"})
CHUNK_ROWS = 50_000

Rows: TypeAlias = (
    "pa.Table | pa.RecordBatch | pa.RecordBatchReader | Iterable[Mapping[str, Any]] | Iterable[pa.RecordBatch]"
)


def quoted(name: str) -> str:
    """Return a name as DuckDB reads it whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as DuckDB reads it as a value."""
    return "'" + text.replace("'", "''") + "'"


def given_schema(table: Table) -> pa.Schema:
    """Return what `as_batches` yields: the columns of a table, those of the envelope that a writer may give, and three more.

    _seq: the row's place in what was given. _misfit: the column whose value is not of its type, with `_misfit_value`.
    """
    fields = [pa.field(column.name, ARROW[column.kind]) for column in (*table.columns, *GIVEN)]
    return pa.schema(
        [
            *fields,
            pa.field("_seq", pa.int64()),
            pa.field("_misfit", pa.string()),
            pa.field("_misfit_value", pa.string()),
        ]
    )


def moments_named(table: Table, rows: Rows) -> frozenset[str]:
    """Return the instants and days that rows name, with or without a value; none of rows that can be read only once."""
    names: Iterable[str] = ()
    if isinstance(rows, pa.Table | pa.RecordBatch):
        names = rows.schema.names
    elif isinstance(rows, Sequence):
        names = {name for row in rows if isinstance(row, Mapping) for name in row}
    return frozenset(name for name in names if table.column(name).kind in (Kind.INSTANT, Kind.DATE))


def as_batches(table: Table, rows: Rows) -> Iterator[pa.RecordBatch]:
    """Yield rows as record batches of `given_schema`, a bounded number at a time.

    rows: mappings by column name, or anything of Arrow; instants carry a zone; what is left out is null, or its default.

    A single value that is not of its column's type is left null and named in `_misfit`; the row is yielded all the same.
    Raises UnknownColumn, or WrongColumnType where a whole Arrow column is of another type.
    """
    start = 0
    for part in _parts(rows):
        columns = _arrow_columns(table, part) if isinstance(part, pa.RecordBatch) else None
        if columns is None:
            arrays, misfits = _python_columns(table, part)
            count = len(part)
        else:
            arrays, misfits, count = columns, {}, part.num_rows
        for column in (*table.columns, *GIVEN):
            arrays[column.name] = _with_default(column, arrays.get(column.name), count)
        arrays["_seq"] = pa.array(np.arange(start, start + count))
        arrays["_misfit"] = _told(misfits, 0, count)
        arrays["_misfit_value"] = _told(misfits, 1, count)
        start += count
        schema = given_schema(table)
        yield pa.record_batch([arrays[name] for name in schema.names], schema=schema)


def _told(misfits: Mapping[int, tuple[str, str]], part: int, count: int) -> pa.Array:
    if not misfits:
        return pa.nulls(count, pa.string())
    return pa.array([misfits[place][part] if place in misfits else None for place in range(count)], pa.string())


def _parts(rows: Rows) -> Iterator[Any]:
    if isinstance(rows, pa.RecordBatch):
        yield rows
        return
    if isinstance(rows, pa.Table):
        yield from rows.to_batches(max_chunksize=CHUNK_ROWS)
        return
    waiting = iter(rows)
    while part := list(islice(waiting, 1)):
        if isinstance(part[0], pa.RecordBatch):
            yield part[0]
        else:
            part += _mappings(islice(waiting, CHUNK_ROWS - 1))
            yield part


def _mappings(rows: Iterable[Any]) -> list[Mapping[str, Any]]:
    return list(rows)


def _check_names(table: Table, names: Iterable[str]) -> None:
    known = {column.name for column in (*table.columns, *GIVEN)}
    for name in names:
        if name not in known:
            raise UnknownColumn(
                table=table.name, column=name, columns=", ".join(column.name for column in table.columns)
            )


def _arrow_columns(table: Table, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    _check_names(table, batch.schema.names)
    return {name: _cast(table, name, batch.column(name)) for name in batch.schema.names}


def _cast(table: Table, name: str, values: pa.Array) -> pa.Array:
    column = table.column(name)
    wanted = ARROW[column.kind]
    is_naive = column.kind is Kind.INSTANT and pa.types.is_timestamp(values.type) and values.type.tz is None
    if values.type.equals(wanted):
        return values
    numbers_as_text = column.kind in _TEXTUAL and not _is_texts(values.type)
    text_as_numbers = column.kind not in _TEXTUAL and _is_texts(values.type) and not pa.types.is_null(values.type)
    if is_naive or numbers_as_text or text_as_numbers:
        raise WrongColumnType(table=table.name, column=name, got=str(values.type), wanted=column.kind.value)
    try:
        return values.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as wrong:
        raise WrongColumnType(table=table.name, column=name, got=str(values.type), wanted=column.kind.value) from wrong


_TEXTUAL = frozenset({Kind.ID, Kind.CODE, Kind.ENUM, Kind.TEXT})


def _is_texts(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_texts(kind.value_type)
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    return any(test(kind) for test in tests)


def _python_columns(
    table: Table, rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, pa.Array], dict[int, tuple[str, str]]]:
    names = dict.fromkeys(name for row in rows for name in row)
    _check_names(table, names)
    arrays: dict[str, pa.Array] = {}
    misfits: dict[int, tuple[str, str]] = {}
    for name in names:
        column = table.column(name)
        values = [row.get(name) for row in rows]
        fitting = [_fitting(column.kind, value) for value in values]
        for place, (value, fits) in enumerate(zip(values, fitting, strict=True)):
            if fits is _MISFIT:
                misfits.setdefault(place, (name, str(value)[:200]))
                fitting[place] = None
        arrays[name] = pa.array(fitting, ARROW[column.kind])
    return arrays, misfits


_MISFIT: Final = object()
_MOST = 2**63


def _fitting(kind: Kind, value: Any) -> Any:
    """Return a value as its kind is held, or _MISFIT."""
    if value is None:
        return None
    match kind:
        case Kind.ID | Kind.CODE | Kind.ENUM | Kind.TEXT:
            return str(value) if isinstance(value, str) else _MISFIT
        case Kind.BOOL:
            return value if isinstance(value, bool) else _MISFIT
        case Kind.COUNT:
            return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST else _MISFIT
        case Kind.NUMBER | Kind.SECONDS | Kind.SHARE:
            return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else _MISFIT
        case Kind.MONEY:
            return _money(value)
        case Kind.INSTANT:
            aware = isinstance(value, datetime) and value.tzinfo is not None
            return value.astimezone(UTC) if aware else _MISFIT
        case Kind.DATE:
            return value if isinstance(value, date) and not isinstance(value, datetime) else _MISFIT
        case Kind.IDS:
            several = isinstance(value, list | tuple | frozenset | set) and all(isinstance(one, str) for one in value)
            return sorted(value) if several else _MISFIT


def _money(value: Any) -> Any:
    if not isinstance(value, int | str | Decimal) or isinstance(value, bool):
        return _MISFIT
    try:
        amount = Decimal(value).quantize(Decimal("0.0001"))
    except InvalidOperation:
        return _MISFIT
    return amount if amount.is_finite() and abs(amount) < Decimal(10) ** 14 else _MISFIT


def _with_default(column: Column, values: pa.Array | None, count: int) -> pa.Array:
    if values is None:
        if column.default is None:
            return pa.nulls(count, ARROW[column.kind])
        return pa.repeat(pa.scalar(column.default, ARROW[column.kind]), count)
    return values if column.default is None else values.fill_null(column.default)
