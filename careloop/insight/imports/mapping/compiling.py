"""A mapping and the columns of a file to SQL, one query for each fact table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from careloop.insight.facts.columns import literal
from careloop.insight.facts.tables import Column, Kind
from careloop.insight.imports.mapping import conversions
from careloop.insight.imports.mapping.errors import ColumnMissing, TypeFault
from careloop.insight.imports.mapping.expressions import Scope, compiled
from careloop.insight.imports.mapping.functions import FUNCTIONS
from careloop.insight.imports.mapping.language import Given, Map, TableMap, Zone
from careloop.insight.imports.mapping.names import close_names
from careloop.insight.imports.mapping.pieces import Fault, Piece, Reading, Steps, Type
from careloop.insight.imports.mapping.sources import LINE

__all__ = ["FAULT", "GIVEN", "LEFT_OUT", "ROWS", "Query", "queries"]

ROWS, FAULT, GIVEN = "careloop_rows", "careloop_fault", "careloop_given"
LEFT_OUT = -1
"""The number of no fault: a filter left the row out."""
INDEX = "careloop_index"

WANTED: Mapping[Kind, Type] = {
    Kind.INSTANT: Type.TIME,
    Kind.DATE: Type.DATE,
    Kind.BOOL: Type.TRUTH,
    **dict.fromkeys((Kind.SECONDS, Kind.NUMBER, Kind.SHARE, Kind.COUNT, Kind.MONEY), Type.NUMBER),
    **dict.fromkeys((Kind.ID, Kind.IDS, Kind.CODE, Kind.ENUM, Kind.TEXT), Type.TEXT),
}
READ: Mapping[Kind, str] = {
    Kind.INSTANT: "time",
    Kind.DATE: "date",
    Kind.BOOL: "yes_no",
    Kind.SECONDS: "seconds",
    **dict.fromkeys((Kind.NUMBER, Kind.SHARE, Kind.COUNT, Kind.MONEY), "number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """How rows of one fact table are made of a batch of the file in ROWS.

    readings: what clocks are asked first; their answers are columns of ROWS for `sql`.
    reasons: what the numbers in FAULT mean, as reason and column of the fact table.
    """

    table: str
    readings: Sequence[Reading]
    sql: str
    reasons: Sequence[tuple[str, str]]


def queries(mapping: Map, columns: Sequence[str], *, hash_key: str) -> Sequence[Query]:
    """Turn a mapping into SQL for a file with these columns. Raises MappingFault."""
    return [_Compiler(mapping, columns, hash_key).query(table) for table in mapping.tables]


class _Compiler:
    def __init__(self, mapping: Map, columns: Sequence[str], hash_key: str) -> None:
        self._map, self._steps = mapping, Steps()
        self._raw = {name: f"c{number}" for number, name in enumerate(columns, start=1)}
        self._scope = Scope(
            columns=_Texts(self._raw, lambda raw: self._steps.add(self._text(raw, ()))),
            values={},
            zone="null",
            steps=self._steps,
            has_decimal_comma=mapping.look.has_decimal_comma,
            hash_key=hash_key,
            extra={"line": Piece(sql=f"{LINE}::double", type=Type.NUMBER)},
        )
        self._scope.zone = self._zone(mapping.zone, mapping.zone_line, "zone")
        values: dict[str, Piece] = {}
        self._scope.values = values
        for given in mapping.values:
            piece = self._piece(given, given.read_as or "text")
            values[given.name] = replace(piece, sql=self._steps.add(piece.sql))

    def query(self, table: TableMap) -> Query:
        """Return the query of one fact table."""
        keep = "true"
        if table.where:
            keep = self._condition(table.where)
        readings: Sequence[Reading] = ()
        if table.repeat:
            readings = self._steps.asked(ROWS)  # from here on there are other rows than those of the file
            count = self._piece(table.repeat, "number")
            self._steps.made.append(f"unnest(range(1, greatest(coalesce({count.sql}, 0), 0)::bigint + 1)) as {INDEX}")
            self._scope.extra = {**self._scope.extra, "index": Piece(sql=f"{INDEX}::double", type=Type.NUMBER)}
            self._scope.extra = {**self._scope.extra, "count": Piece(sql=count.sql, type=Type.NUMBER)}
        made = [self._column(table, given) for given in table.row]
        faults = [(fault, name) for name, _sql, found in made for fault in found]
        cases = "".join(f" when {fault.when} then {number}" for number, (fault, _name) in enumerate(faults))
        shown = "".join(f" when {number} then {fault.given}" for number, (fault, _name) in enumerate(faults))
        self._steps.made.append(f"case when not coalesce({keep}, false) then {LEFT_OUT}{cases} end as {FAULT}")
        given = f"case {FAULT}{shown} end" if shown else "null"
        columns = ", ".join(f"{sql} as {name}" for name, sql, _found in made)
        readings = readings if table.repeat else self._steps.asked(ROWS)
        relation = self._steps.over(ROWS, but=[reading.name for reading in readings])
        sql = f"select {columns}, {LINE}, {FAULT}, {given} as {GIVEN} from {relation}"
        return Query(
            table=table.table.name, readings=readings, sql=sql, reasons=[(fault.reason, name) for fault, name in faults]
        )

    def _text(self, raw: str, nothing: Sequence[str]) -> str:
        none = ", ".join(literal(text) for text in {"", *self._map.look.nothing, *nothing})
        if none == "''":
            return f"nullif(trim({raw}), '')"
        return f"case when trim({raw}) in ({none}) then null else trim({raw}) end"

    def _condition(self, given: Given) -> str:
        piece = self._piece(given, "text")
        if piece.type is not Type.TRUTH:
            raise TypeFault(line=given.line, field=given.place, what="the filter", wanted=Type.TRUTH, got=piece.type)
        return self._steps.add(piece.sql)

    def _column(self, table: TableMap, given: Given) -> tuple[str, str, Sequence[Fault]]:
        """Return name, SQL in the type of the fact column, and what may go wrong."""
        column = table.table.column(given.name)
        piece = self._piece(given, given.read_as or READ.get(column.kind, "text"))
        wanted = WANTED[column.kind]
        if wanted is Type.TEXT and piece.type is Type.NUMBER:
            piece = Piece(sql=FUNCTIONS["written"].sql(piece.sql), type=Type.TEXT, faults=piece.faults)
        if piece.type not in (wanted, Type.NOTHING):
            raise TypeFault(line=given.line, field=given.place, what=column.name, wanted=wanted, got=piece.type)
        value = self._steps.add(piece.sql)
        return column.name, _typed(column, value), [*piece.faults, *_misfits(column, value)]

    def _piece(self, given: Given, read_as: str) -> Piece:
        scope = self._scope
        scope.line, scope.place = given.line, given.place
        if given.expression is not None:
            was = scope.zone
            if given.zone:
                scope.zone = self._zone(given.zone, given.line, given.place)
            piece = compiled(given.expression, scope)
            scope.zone = was
            return self._coded(piece, given) if given.codes is not None else piece
        if given.column is None:
            return _constant(given.constant)
        if given.column not in self._raw:
            hint = close_names(given.column, self._raw)
            raise ColumnMissing(line=given.line, field=given.place, column=given.column, hint=hint)
        text = self._steps.add(self._text(self._raw[given.column], given.nothing))
        if given.codes is not None:
            return self._coded(Piece(sql=text, type=Type.TEXT), given)
        return self._converted(text, given, read_as)

    def _converted(self, text: str, given: Given, read_as: str) -> Piece:
        steps, comma = self._steps, self._scope.has_decimal_comma
        match read_as:
            case "time":
                zone = self._zone(given.zone, given.line, given.place) if given.zone else self._scope.zone
                return conversions.time(text, formats=given.formats, zone=zone, steps=steps)
            case "date":
                return conversions.date(text, formats=given.formats, steps=steps)
            case "clock":
                return conversions.clock(text, formats=given.formats, steps=steps)
            case "seconds":
                return conversions.seconds(text, steps=steps, has_decimal_comma=comma)
            case "number":
                return conversions.number(text, steps=steps, has_decimal_comma=comma)
            case "yes_no":
                return conversions.yes_no(text, steps=steps)
        return Piece(sql=text, type=Type.TEXT)

    def _coded(self, piece: Piece, given: Given) -> Piece:
        pairs = "".join(f" when {literal(text)} then {literal(word)}" for text, word in (given.codes or {}).items())
        otherwise = (
            f"case when {piece.sql} is not null then {literal(given.otherwise)} end" if given.otherwise else "null"
        )
        found = self._steps.add(f"case {piece.sql}{pairs} else {otherwise} end" if pairs else otherwise)
        unknown = Fault(when=f"({piece.sql} is not null and {found} is null)", reason="code_unknown", given=piece.sql)
        return Piece(sql=found, type=Type.TEXT, faults=(*piece.faults, unknown))

    def _zone(self, zone: Zone, line: int, place: str) -> str:
        if zone.column is None:
            return literal(zone.name or "UTC")
        if zone.column not in self._raw:
            raise ColumnMissing(line=line, field=place, column=zone.column, hint=close_names(zone.column, self._raw))
        return self._steps.add(self._text(self._raw[zone.column], ()))


class _Texts(Mapping[str, str]):
    """The texts of columns, worked out where one is asked for: a file may have many that nobody wants."""

    def __init__(self, raw: Mapping[str, str], made: Callable[[str], str]) -> None:
        self._raw, self._made = raw, made

    def __getitem__(self, name: str) -> str:
        return self._made(self._raw[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _constant(value: str | int | float | bool | None) -> Piece:
    match value:
        case bool():
            return Piece(sql=str(value).lower(), type=Type.TRUTH)
        case int() | float():
            return Piece(sql=f"{float(value)!r}::double", type=Type.NUMBER)
    return Piece(sql=literal(str(value)), type=Type.TEXT)


def _typed(column: Column, value: str) -> str:
    match column.kind:
        case Kind.INSTANT:
            return f"make_timestamptz({value}::bigint)"
        case Kind.COUNT:
            return f"try_cast({value} as bigint)"
        case Kind.MONEY:
            return f"try_cast({value} as decimal(18, 4))"
        case Kind.IDS:
            return f"case when {value} is not null then [{value}] end"
    return value


def _misfits(column: Column, value: str) -> list[Fault]:
    """Return what the fact table itself refuses; the store would quarantine it, but knows no line."""
    faults = []
    if not column.is_optional and column.default is None:
        faults.append(Fault(when=f"({value} is null)", reason="missing", given="null"))
    if column.members:
        listed = ", ".join(literal(member) for member in column.members)
        faults.append(Fault(when=f"({value} not in ({listed}))", reason="not_a_member", given=value))
    if column.kind is Kind.COUNT:
        faults.append(Fault(when=f"({value} != round({value}))", reason="not_whole", given=f"{value}::varchar"))
    return faults
