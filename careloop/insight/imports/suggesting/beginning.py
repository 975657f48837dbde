"""The first draft of a mapping, for a person to finish."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from careloop.insight.facts.tables import TABLES, Column, Kind
from careloop.insight.imports.mapping.compiling import READ
from careloop.insight.imports.mapping.language import FileLook
from careloop.insight.imports.mapping.sources import source_of
from careloop.insight.imports.report import Report
from careloop.insight.imports.suggesting.shapes import fitting_formats, is_clock, is_date, is_number
from careloop.insight.imports.suggesting.signs import COLUMNS, STATES, TABLE_SIGNS

__all__ = ["suggest"]

SAMPLE = 1_000
MOST_CODES = 30
NOTHING = ("?", "-", "N/A", "n/a", "NULL", "null", "None", "NaN", "없음", "无", "không")
FIXED = {"reopen_count": "0", "seq": "1"}
WHOLE = {"channel": "{is: voice}", "direction": "{is: inbound}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A column of the file. values: distinct ones of the first rows, without those that say nothing."""

    name: str
    values: Sequence[str]


def suggest(path: Path, *, zone: str, encoding: str | None = None) -> str:
    """Return a mapping for a file, as far as its names and values tell; what they do not tell is a comment.

    zone: of its times without one. encoding: where it is not UTF-8. Raises FileUnreadable, EncodingFault or AmbiguousFile.
    """
    columns, nothing = _look(path, FileLook(encoding=encoding) if encoding else FileLook())
    tables = _tables(columns)
    lines = [
        "# Begun from the names and values of the file. Read it through, finish what is marked with “?”, and try it",
        "# with --preview.",
        "mapping: 1",
        f"source: {re.sub(r'[^a-z0-9]+', '-', path.name.partition('.')[0].lower()).strip('-') or 'file'}",
        f"zone: {zone} # of times that bring none",
    ]
    if nothing or encoding:
        lines.append("file:")
    if encoding:
        lines.append(f"  encoding: {_quoted(encoding)}")
    if nothing:
        lines += [f"  nothing: [{', '.join(_quoted(text) for text in nothing)}]"]
    lines.append("tables:")
    for table in tables:
        lines += _table(table, columns)
    lines += ["# Columns of the file:", *(f"#   {column.name}: {_shape(column)}" for column in columns)]
    return "\n".join(lines) + "\n"


def _look(path: Path, look: FileLook) -> tuple[Sequence[_Seen], Sequence[str]]:
    with source_of(path, look) as source:
        first = next(islice(source.batches(Report()), 1), None)
        names = source.columns
    columns, nothing = [], set()
    for number, name in enumerate(names, start=1):
        texts = [] if first is None else first[f"c{number}"].slice(0, SAMPLE).to_pylist()
        values = dict.fromkeys(text.strip() for text in texts if text and text.strip())
        nothing |= values.keys() & set(NOTHING)
        columns.append(_Seen(name=name, values=[value for value in values if value not in NOTHING]))
    return columns, sorted(nothing)


def _plain(name: str) -> str:
    """Spell a name as signs do: small letters, single spaces."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[\s_\-./]+", " ", words).casefold().strip()


def _tables(columns: Sequence[_Seen]) -> Sequence[str]:
    names = " ".join(_plain(column.name) for column in columns)
    scores = {table: sum(names.count(sign) for sign in signs) for table, signs in TABLE_SIGNS.items()}
    if scores["case"] > scores["contact"]:
        return ["case"]
    has_queue = any(_found("contact_segment", name, columns) for name in ("queue_id", "agent_id", "wait_s", "talk_s"))
    return ["contact", "contact_segment"] if has_queue else ["contact"]


def _found(table: str, name: str, columns: Sequence[_Seen]) -> _Seen | None:
    """Return the column that most likely holds a fact: by the whole name first, then by a part of it, then by its end."""
    signs = COLUMNS.get(table, {}).get(name, ())
    for sign in (name.replace("_", " "), *signs):
        for column in columns:
            if _plain(column.name) == sign:
                return column
    for sign in signs:
        pattern = rf"(^|\s){re.escape(sign)}(\s|$)" if sign.isascii() else re.escape(sign)
        for column in columns:
            if re.search(pattern, _plain(column.name)):
                return column
    return None


def _table(table: str, columns: Sequence[_Seen]) -> list[str]:
    lines = [f"  - table: {table}", "    row:"]
    for column in TABLES[table].columns:
        lines += [f"      {line}" for line in _field(table, column, columns)]
    return lines


def _field(table: str, column: Column, columns: Sequence[_Seen]) -> list[str]:
    is_needed = not column.is_optional and column.default is None
    seen = _found(table, column.name, columns)
    if table == "contact_segment" and seen is None:
        seen = {
            "contact_id": _found("contact", "contact_id", columns),
            "queued_at": _found("contact", "arrived_at", columns),
        }.get(column.name)
        contact = _found("contact", "contact_id", columns)
        if column.name == "segment_id" and contact is not None:
            return [f"segment_id: {{value: 'concat(column({json.dumps(contact.name, ensure_ascii=False)}), \"/1\")'}}"]
    if seen is None:
        if column.name in FIXED and is_needed:
            return [f"{column.name}: {FIXED[column.name]}"]
        if column.name in WHOLE and is_needed:
            return [f"{column.name}: {WHOLE[column.name]} # ?"]
        hint = f" One of {', '.join(column.members)}." if column.members else ""
        return [f"# {column.name}: ? {column.meaning}{hint}"] if is_needed else []
    if column.name == "contact_point_hash":
        return [f"contact_point_hash: {{value: 'hash(column({json.dumps(seen.name, ensure_ascii=False)}))'}}"]
    if column.kind is Kind.ENUM:
        return _codes(column, seen)
    if column.kind is Kind.INSTANT:
        return [_time(column, seen)]
    if READ.get(column.kind) in ("seconds", "number") and not (is_number(seen.values) or is_clock(seen.values)):
        return [f"# {column.name}: ? {_quoted(seen.name)} does not hold numbers"]
    return [f"{column.name}: {{column: {_quoted(seen.name)}}}"]


def _time(column: Column, seen: _Seen) -> str:
    formats = fitting_formats(seen.values)
    start = f"{column.name}: {{column: {_quoted(seen.name)}"
    if not formats:
        return f"# {column.name}: ? {_quoted(seen.name)} holds {_shape(seen)}; a day and a clock go together with at(day, clock)"
    form = "" if formats[0] == "" else f", format: {_quoted(formats[0])}"
    doubt = f" # ? or {_quoted(formats[1])}" if len(formats) > 1 and formats[0] else ""
    return f"{start}{form}}}{doubt}"


def _codes(column: Column, seen: _Seen) -> list[str]:
    known: Mapping[str, Sequence[str]] = STATES.get(column.name, {})
    lines = [f"{column.name}:", f"  column: {_quoted(seen.name)}", f"  codes: # to one of {', '.join(column.members)}"]
    for value in seen.values[:MOST_CODES]:
        text = _plain(value)
        same = next((member for member in column.members if member == text.replace(" ", "_")), None)
        word = same or next((word for word, signs in known.items() if any(_is_in(sign, text) for sign in signs)), None)
        lines.append(f"    {_quoted(value)}: {word}" if word else f"    # {_quoted(value)}: ?")
    return lines


def _is_in(sign: str, text: str) -> bool:
    """Say whether a sign stands in a text; a Latin one begins a word: “online” is no LINE, and “unanswered” not answered."""
    return bool(re.search(rf"(?<![a-z]){re.escape(sign)}", text)) if sign.isascii() else sign in text


def _shape(column: _Seen) -> str:
    if not column.values:
        return "empty in the first rows"
    kinds = (
        ("times", bool(fitting_formats(column.values))),
        ("days", bool(is_date(column.values))),
        ("hours, minutes and seconds", is_clock(column.values)),
        ("numbers", is_number(column.values)),
    )
    found = next((words for words, fits in kinds if fits), "texts")
    return f"{found}, such as {_quoted(column.values[0][:40])}"


def _quoted(text: str) -> str:
    """Write a text so that YAML takes it as it is."""
    is_plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_ ]*", text) and text.lower() not in YAML_WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)


YAML_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
