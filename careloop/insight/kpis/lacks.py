"""What facts lack for a number: what nobody says is unknown, which is neither 0 nor 100 % (design.md D7).

A need names a column, or several of which one is enough: `customer_id or contact_point_hash`, and of another table
`transfer_kind or contact.transfer_count`.
"""

from collections.abc import Iterator, Mapping

from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.metric import Metric, gathered
from careloop.insight.kpis.options import chosen
from careloop.insight.kpis.results import Need

__all__ = ["alternatives", "by_default", "missing"]


def by_default(metric: Metric) -> dict[str, tuple[str, ...]]:
    """Return what a metric needs with the options of the catalogue."""
    return metric.all_needs(chosen(metric.options, {}))


def alternatives(table: str, need: str) -> Iterator[tuple[str, str]]:
    """Yield table and column of each column that is enough. need: of this table, as the module says."""
    for name in need.split(" or "):
        other, _dot, column = name.rpartition(".")
        yield other or table, column


def missing(facts: Facts, *needs: Mapping[str, tuple[str, ...]]) -> tuple[Need, ...]:
    """Return what is needed and not there: a table that no source gives, with all its columns, or columns that nobody tells.

    needs: table to columns, several of which add up.
    """
    found = []
    for table, columns in gathered(*needs).items():
        if not facts.has(table):
            found.append(Need(table=table, columns=columns))
        elif lacking := tuple(column for column in columns if not _is_told(facts, table, column)):
            found.append(Need(table=table, columns=lacking))
    return tuple(found)


def _is_told(facts: Facts, table: str, need: str) -> bool:
    return any(facts.has(other) and not facts.lacking(other, (column,)) for other, column in alternatives(table, need))
