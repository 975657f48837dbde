"""Access and speed (metrics.md §2.A)."""

from careloop.insight.kpis.catalogue.access import abandons, levels, promises, replies, volumes, waits

__all__ = ["METRICS"]

METRICS = (
    levels.SERVICE_LEVEL,
    levels.INTERVAL_ATTAINMENT,
    waits.ASA,
    waits.AVG_QUEUE_TIME,
    waits.WAIT_P90,
    abandons.ABANDONMENT_RATE,
    abandons.AVG_TIME_TO_ABANDON,
    volumes.BLOCKED_RATE,
    volumes.LOST_RATE,
    abandons.ANSWER_RATE,
    volumes.CONTACT_VOLUME,
    replies.FIRST_RESPONSE_TIME,
    promises.SLA_ATTAINMENT,
    promises.CALLBACK_KEPT_RATE,
    volumes.ACCESS_COVERAGE,
)
