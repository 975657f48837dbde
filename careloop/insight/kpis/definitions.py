"""How metrics were defined before: a number of an earlier day is worked out as it was worked out then (metrics.md §0.1).

A change of what is counted is a new version. The earlier definition stays here, with the day on which the next one took its
place, so that "as of then" uses the data of that day and its definition too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from careloop.insight.kpis.catalogue import METRICS, metric
from careloop.insight.kpis.catalogue.handling.planning_before import STAFFING_GAP_1
from careloop.insight.kpis.metric import Metric

__all__ = ["EARLIER", "Edition", "defined", "replaced_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A definition that holds no more. until: the first day, in UTC, on which the next version held."""

    metric: Metric
    until: date


EARLIER: Mapping[str, tuple[Edition, ...]] = MappingProxyType(
    {"staffing_gap": (Edition(metric=STAFFING_GAP_1, until=date(2026, 11, 22)),)}
)
"""By the id of the metric, the oldest first."""


def defined(name: str, *, as_of: date | None = None) -> Metric:
    """Return a metric as it was defined at the end of a day in UTC; as it is defined now without one.

    name: its id or code. Raises UnknownMetric.
    """
    now = metric(name)
    if as_of is None:
        return now
    return next((each.metric for each in EARLIER.get(now.id, ()) if as_of < each.until), now)


def replaced_by(used: Metric) -> Metric | None:
    """Return the definition that has taken the place of this one since; None where it still holds."""
    now = METRICS[used.id]
    return None if now.version == used.version else now
