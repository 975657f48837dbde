"""Every metric of the catalogue, in the order of metrics.md §2. A new family adds its tuple of metrics here."""

from collections.abc import Mapping
from types import MappingProxyType

from careloop.insight.kpis.catalogue import (
    access,
    complaints,
    guidance,
    handling,
    health,
    loyalty,
    people,
    quality,
    resolution,
    voice,
)
from careloop.insight.kpis.errors import UnknownMetric
from careloop.insight.kpis.metric import Metric
from careloop.kernel.sentences import gettext_noop

__all__ = ["METRICS", "metric"]

OTHERS: tuple[tuple[Metric, ...], ...] = (
    access.METRICS,
    handling.METRICS,
    resolution.METRICS,
    voice.METRICS,
    loyalty.METRICS,
    complaints.METRICS,
    quality.METRICS,
    guidance.METRICS,
    people.METRICS,
    health.METRICS,
)
FAMILIES = (*OTHERS, (health.clean_kpis(known for family in OTHERS for known in family),))

METRICS: Mapping[str, Metric] = MappingProxyType({known.id: known for family in FAMILIES for known in family})


def metric(name: str) -> Metric:
    """Return a metric by its id, such as "service_level", or by its code, such as "A01". Raises UnknownMetric."""
    known = METRICS.get(name) or next((each for each in METRICS.values() if each.code == name.upper()), None)
    if known is None:
        raise UnknownMetric(gettext_noop("There is no metric “%(name)s”."), name=name)
    return known
