"""What of a lake has changed, told by month: words that are other ones whenever the files behind them are.

Asked for by whoever looks at months again and again and would rather not look for nothing; no file is opened for it.
"""

import zlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias

import careloop
from careloop.insight.facts.manifest import Entry, Manifest

__all__ = ["Marks", "marks_of", "months_touched", "terms_of", "word_of"]

Marks: TypeAlias = Mapping[str, Mapping[str, str]]
"""Table, and month as YYYY-MM, to a word for the files that may hold rows of that month."""

EARLIER: Final = "earlier"
"""Stands for all months before those that are asked for."""
ALWAYS: Final = "always"
"""Stands for tables that are kept in one piece: a change in them may matter to any month."""


def word_of(manifest: Manifest) -> str:
    """Return a word for all facts of a lake and their terms; until when they are complete does not matter."""
    return _word((terms_of(manifest), sorted(map(_told, manifest.entries))))


def terms_of(manifest: Manifest) -> str:
    """Return a word for what holds for all facts alike: the release that reads them, where days begin, which sources there are."""
    given = sorted((table, sorted(sources)) for table, sources in manifest.given.items())
    return _word((careloop.__version__, manifest.zone, given))


def marks_of(manifest: Manifest, *, months: Collection[date]) -> dict[str, dict[str, str]]:
    """Return the marks of every table. months: first days of those that are told apart; there is at least one."""
    oldest = f"{min(months):%Y-%m}"
    held: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in manifest.entries:
        for month in _months(entry):
            held[entry.table][EARLIER if month < oldest else month].append(_told(entry))
    return {
        table: {month: _word(sorted(files)) for month, files in by_month.items()} for table, by_month in held.items()
    }


def months_touched(before: Marks, now: Marks, *, months: Sequence[date]) -> list[date]:
    """Return which months may read differently now: those from the first on that has changed, since some rows look back.

    before: of the tables that matter, when they were read. now: of at least these. Both told the same months apart.
    """
    changed = {
        month
        for table, known in before.items()
        for month in {*known, *now.get(table, {})}
        if known.get(month) != now.get(table, {}).get(month)
    }
    if changed & {EARLIER, ALWAYS}:
        return list(months)
    first = min(changed, default=None)
    return [] if first is None else [month for month in months if f"{month:%Y-%m}" >= first]


def _months(entry: Entry) -> set[str]:
    if not entry.day:
        return {ALWAYS}
    # A day in UTC belongs to three local days, which may lie in two months; rows that moved here are gone from elsewhere.
    days = [date.fromisoformat(day) for day in (entry.day, *entry.moved_from)]
    return {f"{day + timedelta(days=more):%Y-%m}" for day in days for more in (-1, 1)}


def _told(entry: Entry) -> str:
    return f"{entry.path} {entry.role} {entry.rows} {entry.layout} {entry.least} {entry.greatest}"


def _word(told: object) -> str:
    return f"{zlib.crc32(repr(told).encode()):08x}"
