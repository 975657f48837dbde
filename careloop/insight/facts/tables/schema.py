"""How a fact table is described: its columns with type, unit and meaning, its key, and the instant it is laid out by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

__all__ = [
    "ENVELOPE",
    "Column",
    "Kind",
    "Table",
    "choice",
    "code",
    "count",
    "date",
    "flag",
    "ident",
    "idents",
    "instant",
    "maybe",
    "money",
    "number",
    "seconds",
    "share",
    "text",
]


class Kind(StrEnum):
    """What a column holds, and how: see docs/reference/facts.md."""

    ID = "id"
    IDS = "ids"
    CODE = "code"
    ENUM = "enum"
    TEXT = "text"
    BOOL = "bool"
    COUNT = "count"
    NUMBER = "number"
    SECONDS = "seconds"
    SHARE = "share"
    MONEY = "money"
    INSTANT = "instant"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a fact table.

    is_optional: null means "not known" or "did not happen"; elsewhere null is refused.
    members: the values an enum may take; empty for other kinds.
    default: what an absent flag means; None where absence means null.
    """

    name: str
    kind: Kind
    meaning: str
    is_optional: bool = False
    members: tuple[str, ...] = ()
    default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One fact table.

    key: the columns that together name a row; every version of it has the same.
    instant: the column by whose UTC day rows are laid out and sorted, None for small tables kept in one piece.
    section: where metrics.md speaks of it.
    columns: its own, in order; those of ENVELOPE follow in every table.
    """

    name: str
    meaning: str
    section: str
    key: tuple[str, ...]
    instant: str | None
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return a column, of the table's own or of ENVELOPE. Raises KeyError."""
        for column in (*self.columns, *ENVELOPE):
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def instants(self) -> tuple[str, ...]:
        """The names of its instants; each also comes as `<name>_us` and `<name>_slot`."""
        return tuple(column.name for column in self.columns if column.kind is Kind.INSTANT)


def ident(name: str, meaning: str) -> Column:
    """An opaque identifier, unique in the lake of a workspace."""
    return Column(name=name, kind=Kind.ID, meaning=meaning)


def idents(name: str, meaning: str) -> Column:
    """Several identifiers or codes, in any order."""
    return Column(name=name, kind=Kind.IDS, meaning=meaning)


def code(name: str, meaning: str) -> Column:
    """A short word from a list that the workspace governs."""
    return Column(name=name, kind=Kind.CODE, meaning=meaning)


def choice(name: str, members: Iterable[str], meaning: str) -> Column:
    """One of a closed set of words."""
    return Column(name=name, kind=Kind.ENUM, meaning=meaning, members=tuple(str(member) for member in members))


def text(name: str, meaning: str) -> Column:
    """Words for people; no metric needs them."""
    return Column(name=name, kind=Kind.TEXT, meaning=meaning)


def flag(name: str, meaning: str, *, default: bool | None = None) -> Column:
    """Yes or no. default: what leaving it out means, where it means something."""
    return Column(name=name, kind=Kind.BOOL, meaning=meaning, default=default)


def count(name: str, meaning: str) -> Column:
    """A whole number."""
    return Column(name=name, kind=Kind.COUNT, meaning=meaning)


def number(name: str, meaning: str) -> Column:
    """A float without a unit of time."""
    return Column(name=name, kind=Kind.NUMBER, meaning=meaning)


def seconds(name: str, meaning: str) -> Column:
    """A duration in seconds, at least 0."""
    return Column(name=name, kind=Kind.SECONDS, meaning=meaning)


def share(name: str, meaning: str) -> Column:
    """A probability or share from 0 to 1."""
    return Column(name=name, kind=Kind.SHARE, meaning=meaning)


def money(name: str, meaning: str) -> tuple[Column, Column]:
    """An amount in major units with four decimals, and the column with its currency."""
    return (
        Column(name=name, kind=Kind.MONEY, meaning=meaning),
        Column(name=f"{name}_currency", kind=Kind.CODE, meaning=f"Currency of {name}, by ISO 4217."),
    )


def instant(name: str, meaning: str) -> Column:
    """A moment in UTC, to the microsecond."""
    return Column(name=name, kind=Kind.INSTANT, meaning=meaning)


def date(name: str, meaning: str) -> Column:
    """A calendar day where it happened."""
    return Column(name=name, kind=Kind.DATE, meaning=meaning)


def maybe(column: Column) -> Column:
    """The same column, which may be null."""
    return replace(column, is_optional=True)


ENVELOPE: tuple[Column, ...] = (
    code("source", "Who says so, such as careloop, queue_log or import:billing."),
    instant("ingested_at", "When this version entered the lake."),
    count("record_version", "Counts from 1; the highest version of a key is the one that holds."),
    flag("is_retracted", "This version says that the row is not so after all.", default=False),
    maybe(
        code(
            "quarantine_reason",
            "Why a check across rows set this version aside; it is retracted until it is corrected.",
        )
    ),
)
