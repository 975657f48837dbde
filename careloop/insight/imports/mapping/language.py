"""What a mapping says, read from its document and checked as far as that goes without the file."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from zoneinfo import available_timezones

from careloop.insight.facts.tables import ENVELOPE, TABLES, Kind, Table
from careloop.insight.imports.mapping.document import Entry, document
from careloop.insight.imports.mapping.errors import FieldFault, ValueNotOffered, WordUnknown
from careloop.insight.imports.mapping.names import close_names

__all__ = ["FIELD_WORDS", "FILE_WORDS", "FileForm", "FileLook", "Given", "Map", "TableMap", "Zone", "read_mapping"]

LANGUAGE = 1
TOP_WORDS = ("mapping", "source", "zone", "repeated_hour", "file", "values", "tables")
FILE_WORDS = ("format", "delimiter", "encoding", "header", "skip", "sheet", "nothing", "decimal_comma")
TABLE_WORDS = ("table", "where", "repeat", "row")
FIELD_WORDS = ("column", "value", "is", "as", "format", "zone", "nothing", "codes", "otherwise")
READ_AS = ("text", "number", "seconds", "time", "date", "clock", "yes_no")
FROM_US = ("source", "ingested_at")


class FileForm(StrEnum):
    """How a file is written."""

    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    EXCEL = "excel"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """How to read the file. form: None to tell by its name. header: names of the columns where the file has none.

    skip: lines before the header. nothing: texts that say "no value", besides the empty one.
    """

    form: FileForm | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    header: tuple[str, ...] = ()
    skip: int = 0
    sheet: str | None = None
    nothing: tuple[str, ...] = ()
    has_decimal_comma: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A time zone: by name, or by the column that names it."""

    name: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Where a value comes from: a column, an expression, or always the same.

    read_as: one of READ_AS; None for what the fact column wants. formats, zone: for times. nothing: texts that say "no value".
    codes: what a text of the file means, by text. otherwise: for texts that codes does not name; None to reject them.
    line, place: in the mapping.
    """

    name: str
    line: int
    place: str
    column: str | None = None
    expression: str | None = None
    constant: str | int | float | bool | None = None
    read_as: str | None = None
    formats: tuple[str, ...] = ()
    zone: Zone | None = None
    nothing: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMap:
    """How rows of one fact table are made. where: only of such rows of the file; repeat: how many of each."""

    table: Table
    line: int
    place: str
    row: Sequence[Given]
    where: Given | None = None
    repeat: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A whole mapping. takes_second: of an hour that came twice. digest: SHA-256 of its text, to tell versions apart."""

    source: str
    zone: Zone
    takes_second: bool
    look: FileLook
    values: Sequence[Given]
    tables: Sequence[TableMap]
    digest: str
    zone_line: int = field(default=1)


def read_mapping(path: Path) -> Map:
    """Read a mapping. Raises MappingUnreadable, FileUnreadable or MappingFault, which name the line."""
    root = document(path)
    top = root.entries(*TOP_WORDS)
    for word in ("mapping", "source", "tables"):
        if word not in top:
            raise root.wrong(f"“{word}:”")
    if top["mapping"].content != LANGUAGE:
        raise top["mapping"].wrong(f"{LANGUAGE}, the version of the language")
    repeated = top["repeated_hour"].text() if "repeated_hour" in top else "first"
    if repeated not in ("first", "second"):
        raise top["repeated_hour"].wrong("first or second")
    values = top["values"].entries() if "values" in top else {}
    zone = _zone(top["zone"]) if "zone" in top else Zone(name="UTC")
    return Map(
        source=top["source"].text(),
        zone=zone,
        zone_line=top["zone"].line if "zone" in top else 1,
        takes_second=repeated == "second",
        look=_look(top["file"]) if "file" in top else FileLook(),
        values=[_given(name, entry) for name, entry in values.items()],
        tables=[_table(entry) for entry in top["tables"].items()],
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _look(entry: Entry) -> FileLook:
    words = entry.entries(*FILE_WORDS)
    form = words["format"].text() if "format" in words else None
    if form is not None and form not in list(FileForm):
        raise WordUnknown(
            line=words["format"].line, field=words["format"].place, word=form, hint=close_names(form, list(FileForm))
        )
    return FileLook(
        form=FileForm(form) if form else None,
        delimiter=words["delimiter"].text() if "delimiter" in words else None,
        encoding=words["encoding"].text() if "encoding" in words else "utf-8",
        header=_texts(words["header"]) if "header" in words else (),
        skip=_whole(words["skip"]) if "skip" in words else 0,
        sheet=words["sheet"].text() if "sheet" in words else None,
        nothing=_texts(words["nothing"]) if "nothing" in words else (),
        has_decimal_comma=words["decimal_comma"].truth() if "decimal_comma" in words else False,
    )


def _table(entry: Entry) -> TableMap:
    words = entry.entries(*TABLE_WORDS)
    for word in ("table", "row"):
        if word not in words:
            raise entry.wrong(f"“{word}:”")
    name = words["table"].text()
    if name not in TABLES:
        raise WordUnknown(
            line=words["table"].line, field=words["table"].place, word=name, hint=close_names(name, TABLES)
        )
    table = TABLES[name]
    row = [_fact(table, column, below) for column, below in words["row"].entries().items()]
    _check_needs(table, row, words["row"])
    return TableMap(
        table=table,
        line=entry.line,
        place=entry.place,
        row=row,
        where=_given("where", words["where"]) if "where" in words else None,
        repeat=_given("repeat", words["repeat"]) if "repeat" in words else None,
    )


def _fact(table: Table, name: str, entry: Entry) -> Given:
    own = [column.name for column in (*table.columns, *ENVELOPE) if column.name not in FROM_US]
    if name not in own:
        raise WordUnknown(line=entry.line, field=entry.place, word=name, hint=close_names(name, own))
    column, given = table.column(name), _given(name, entry)
    if column.kind is Kind.ENUM:
        for word in (given.constant, given.otherwise, *(given.codes or {}).values()):
            if word is not None and word not in column.members:
                raise ValueNotOffered(
                    line=entry.line, field=entry.place, value=word, column=name, members=", ".join(column.members)
                )
    return given


def _check_needs(table: Table, row: Sequence[Given], entry: Entry) -> None:
    there = {given.name for given in row}
    missing = [
        column.name
        for column in table.columns
        if not column.is_optional and column.default is None and column.name not in there
    ]
    if missing:
        raise FieldFault(line=entry.line, field=entry.place, table=table.name, names=", ".join(missing))


def _given(name: str, entry: Entry) -> Given:
    here = Given(name=name, line=entry.line, place=entry.place)
    if isinstance(entry.content, str):
        return replace(here, expression=entry.content)
    if isinstance(entry.content, bool | int | float):
        return replace(here, constant=entry.content)
    words = entry.entries(*FIELD_WORDS)
    if sum(word in words for word in ("column", "value", "is")) != 1:
        raise entry.wrong("one of “column:”, “value:” and “is:”")
    read_as = words["as"].text() if "as" in words else None
    if read_as is not None and read_as not in READ_AS:
        raise WordUnknown(
            line=words["as"].line, field=words["as"].place, word=read_as, hint=close_names(read_as, READ_AS)
        )
    constant: str | int | float | bool | None = None
    if "is" in words:
        content = words["is"].content
        if not isinstance(content, str | int | float | bool):
            raise words["is"].wrong("a text, a number, true or false")
        constant = content
    codes = {key: below.text() for key, below in words["codes"].entries().items()} if "codes" in words else None
    return replace(
        here,
        column=words["column"].text() if "column" in words else None,
        expression=words["value"].text() if "value" in words else None,
        constant=constant,
        read_as=read_as,
        formats=_texts(words["format"]) if "format" in words else (),
        zone=_zone(words["zone"]) if "zone" in words else None,
        nothing=_texts(words["nothing"]) if "nothing" in words else (),
        codes=codes,
        otherwise=words["otherwise"].text() if "otherwise" in words else None,
    )


def _zone(entry: Entry) -> Zone:
    if isinstance(entry.content, Mapping):
        words = entry.entries("column")
        if "column" not in words:
            raise entry.wrong("“column:”")
        return Zone(column=words["column"].text())
    name = entry.text()
    if name not in available_timezones():
        hint = close_names(name, sorted(available_timezones()))
        raise WordUnknown(line=entry.line, field=entry.place, word=name, hint=hint)
    return Zone(name=name)


def _texts(entry: Entry) -> tuple[str, ...]:
    return tuple("" if below.content in (None, "") else below.text() for below in entry.items())


def _whole(entry: Entry) -> int:
    if isinstance(entry.content, int) and not isinstance(entry.content, bool) and entry.content >= 0:
        return entry.content
    raise entry.wrong("a whole number of at least 0")
