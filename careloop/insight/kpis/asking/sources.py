"""The rows that metrics start from. Equal calls give equal expressions, which is how several metrics share one scan."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Protocol

import ibis.expr.types as ir

__all__ = ["Facts", "cases", "complete_until", "contacts", "micros", "micros_until", "segments", "states"]


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Facts(Protocol):
    """What metrics need of facts: `careloop.insight.facts.Facts`, or the same over another database.

    zone: IANA name of the zone in which days begin. as_of: the day at whose end, in UTC, they were known so; None for now.
    """

    zone: str
    as_of: date | None

    def __getitem__(self, name: str, /) -> ir.Table:
        """Return a fact table, empty where no source gives it."""

    def has(self, name: str, /) -> bool:
        """Tell whether any source gives a table."""

    def counted(self, name: str, /) -> ir.Table:
        """Return a fact table without tests, ghosts, calls dialed twice and spam."""

    def lacking(self, name: str, columns: Iterable[str], /) -> tuple[str, ...]:
        """Return which of these columns of a table nobody tells, though it has rows."""

    def sources(self, name: str, /) -> frozenset[str]:
        """Return the sources that give a table."""

    def begins(self, name: str, /) -> datetime | None:
        """Return the instant of the first row of a table; None without rows, and for a table that is kept in one piece."""

    def watermark(self, source: str | None = None, /) -> datetime | None:
        """Return until when a source is complete; None where nobody said so."""


def complete_until(facts: Facts, tables: Iterable[str]) -> datetime | None:
    """Return until when all sources of these tables are complete; None where one of them does not say."""
    sources = frozenset().union(*(facts.sources(table) for table in tables))
    marks = [facts.watermark(source) for source in sources]
    known = [mark for mark in marks if mark is not None]
    return min(known) if known and len(known) == len(marks) else None


def contacts(facts: Facts) -> ir.Table:
    """Return contacts that count."""
    return facts.counted("contact")


def segments(facts: Facts) -> ir.Table:
    """Return segments of contacts that count."""
    return facts.counted("contact_segment")


def states(facts: Facts) -> ir.Table:
    """Return what agents did from when to when."""
    return facts["agent_state"]


def cases(facts: Facts) -> ir.Table:
    """Return cases that count."""
    return facts.counted("case")


def micros(moment: datetime) -> int:
    """Return microseconds since 1970, as `<instant>_us` has them."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def micros_until(facts: Facts, tables: Iterable[str]) -> int | None:
    """Return until when all sources of these tables are complete, in microseconds since 1970; None where one does not say."""
    complete = complete_until(facts, tables)
    return None if complete is None else micros(complete)
