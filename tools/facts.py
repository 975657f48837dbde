"""Write docs/reference/facts.md: every fact table, from its description.

.venv/bin/python -m tools.facts
"""

from pathlib import Path

from careloop.insight.facts.tables import ENVELOPE, TABLES, Column, Kind, Table

PAGE = Path(__file__).resolve().parent.parent / "docs/reference/facts.md"
KINDS = {
    Kind.ID: "opaque text that names something; unique in the lake of a workspace",
    Kind.IDS: "a list of such texts or codes",
    Kind.CODE: "a short word from a list that the workspace governs",
    Kind.ENUM: "one of the words given",
    Kind.TEXT: "words for people",
    Kind.BOOL: "true or false",
    Kind.COUNT: "64-bit whole number",
    Kind.NUMBER: "64-bit float",
    Kind.SECONDS: "64-bit float, seconds, at least 0",
    Kind.SHARE: "64-bit float from 0 to 1",
    Kind.MONEY: "decimal with four places, in major units; the currency stands beside it",
    Kind.INSTANT: "moment in UTC, to the microsecond",
    Kind.DATE: "calendar day where it happened",
}
HEAD = """# Facts

What happened, as rows. Every number of Careloop is made of these tables, and an import fills them. One directory for each
workspace holds them as Parquet. This page is written by `python -m tools.facts`.

## How to read it

A column with ? may be empty, which says "not known" or "did not happen", never zero. "= no" and "= yes" say what leaving a flag out
means. **Bold** columns are the key: rows with the same key are versions of one fact, and the highest `record_version` holds.
When read, each instant `x` also comes as `x_us`, microseconds since 1970 in UTC, and `x_slot`, the second at which its half hour
starts: whole numbers that give the same answer on every database.

| type | what it is |
|---|---|
"""


def page() -> str:
    """Return the page as it should stand."""
    kinds = "".join(f"| {kind} | {meaning} |\n" for kind, meaning in KINDS.items())
    every = "## In every table\n\n" + "".join(_rows(ENVELOPE, key=()))
    return HEAD + kinds + "\n" + every + "".join(_table(table) for table in TABLES.values())


def _table(table: Table) -> str:
    laid = f"Laid out by the UTC day of `{table.instant}`." if table.instant else "Kept in one piece."
    head = f"\n## {table.name}\n\n{table.meaning} {laid} (metrics §{table.section})\n\n"
    return head + "".join(_rows(table.columns, key=table.key))


def _rows(columns: tuple[Column, ...], *, key: tuple[str, ...]) -> list[str]:
    head = "| column | type | meaning |\n|---|---|---|\n"
    return [head, *(f"| {_name(column, key)} | {_type(column)} | {column.meaning} |\n" for column in columns)]


def _name(column: Column, key: tuple[str, ...]) -> str:
    return f"**`{column.name}`**" if column.name in key else f"`{column.name}`"


def _type(column: Column) -> str:
    default = "" if column.default is None else f" = {'yes' if column.default else 'no'}"
    words = ": " + ", ".join(column.members) if column.members else ""
    return f"{column.kind}{'?' if column.is_optional else ''}{default}{words}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
