"""The sums of several metrics for one question: fetched in as few scans as possible, and handed to each metric."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from careloop.insight.kpis.asking.grouping import Gathered, stacked
from careloop.insight.kpis.asking.queries import scans, summed
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.cells.reading import kept_sums
from careloop.insight.kpis.measures.kinds import Span, Sum

__all__ = ["Sums", "fetched_sums"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Sums per cell, one table for each scan; metrics of the same scans share their grouping.

    known: places of scans to what was gathered of them.
    """

    tables: tuple[pa.Table, ...]
    known: dict[tuple[int, ...], Gathered] = field(default_factory=dict)

    def of(self, prefix: str) -> tuple[Gathered, Mapping[str, str]]:
        """Return the rows that have sums of a metric, and role to the name of its column. prefix: of its names."""
        found = [[name for name in table.column_names if name.startswith(prefix)] for table in self.tables]
        places = tuple(place for place, names in enumerate(found) if names)
        if places not in self.known:
            self.known[places] = Gathered(table=stacked([self.tables[place] for place in places]))
        return self.known[places], {name.removeprefix(prefix): name for names in found for name in names}


def fetched_sums(
    wanted: Mapping[str, Sum | Span], question: Question, *, series: Mapping[str, str], buckets: tuple[str, ...]
) -> Sums:
    """Fetch named sums, per cell of the question and per bucket of time in addition; from stored cells where those can tell.

    series: the names of sums to what they are called in stored cells, as far as they may be kept.
    """
    names = dict(series) | {
        f"{name}_rows": f"{column}_rows" for name, column in series.items() if isinstance(wanted[name], Span)
    }
    kept = kept_sums(names, question, buckets=buckets)
    told = {name for table in kept for name in table.column_names}
    rest = {name: what for name, what in wanted.items() if name not in told}
    return Sums(tables=(*kept, *(question.fetch(summed(scan, question, buckets=buckets)) for scan in scans(rest))))
