"""The voice of the customer (metrics.md §2.D)."""

from careloop.insight.kpis.catalogue.voice import (
    effort,
    follow_up,
    inviting,
    mystery,
    promoters,
    responding,
    satisfaction,
    servperf,
    weights,
)

__all__ = ["METRICS"]

METRICS = (
    satisfaction.CSAT,
    satisfaction.CSAT_MEAN,
    satisfaction.AGENT_CSAT,
    promoters.NPS,
    effort.CES,
    effort.CES_TOP2,
    responding.SURVEY_RESPONSE_RATE,
    weights.SURVEY_REPRESENTATIVENESS,
    inviting.SURVEY_COVERAGE,
    inviting.OVER_CONTACT_RATE,
    inviting.INVITES_P95,
    inviting.SURVEY_OPT_OUT_RATE,
    responding.SURVEY_BREAKOFF,
    follow_up.CLOSED_LOOP_RATE,
    servperf.SERVPERF,
    servperf.SERVPERF_ALPHA,
    mystery.MYSTERY_FULFILMENT,
    follow_up.JOURNEY_COMPLETION,
    follow_up.JOURNEY_DROPOFF,
)
