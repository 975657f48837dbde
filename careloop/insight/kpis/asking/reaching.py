"""Do facts reach back far enough for a period? Before the first of them nothing was recorded, whatever happened."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from careloop.insight.facts.tables import TABLES
from careloop.insight.kpis.asking.sources import Facts

__all__ = ["reaches_back"]

A_DAY = timedelta(days=1)


def reaches_back(facts: Facts, tables: Iterable[str], *, since: datetime, until: datetime) -> bool:
    """Say whether the facts of all these tables reach back to the beginning of a period.

    A log that was cut at midnight has its first row when its first call comes, after a holiday a day later: up to a tenth of the
    period may lie before the first row, and up to a day, but never more than half of a short one. A table without any row says
    nothing of when it began.
    """
    dated = [table for table in tables if TABLES[table].instant is not None]
    firsts = [first for table in dated if (first := facts.begins(table)) is not None]
    length = until - since
    slack = max(length / 10, min(A_DAY, length / 2))
    return not dated or (bool(firsts) and max(firsts) <= since + slack)
