"""Handling, productivity and workforce (metrics.md §2.B)."""

from careloop.insight.kpis.catalogue.handling import (
    costs,
    forecasts,
    leaving,
    paid,
    passing,
    presence,
    proficiency,
    schedules,
    staffing,
    times,
)

__all__ = ["METRICS"]

METRICS = (
    times.ATT,
    times.HOLD_TIME,
    times.ACW,
    times.AHT,
    presence.AHT_CONCURRENT,
    presence.CONTACTS_PER_8H,
    presence.OCCUPANCY,
    paid.UTILISATION,
    paid.PRODUCTIVE_RATIO,
    paid.SHRINKAGE,
    schedules.ADHERENCE,
    schedules.CONFORMANCE,
    passing.TRANSFER_RATE,
    costs.COST_PER_CONTACT,
    forecasts.FORECAST_WAPE,
    forecasts.FORECAST_MASE,
    staffing.STAFFING_GAP,
    leaving.AGENT_TURNOVER,
    leaving.EARLY_ATTRITION,
    leaving.TENURE_MEDIAN,
    paid.ABSENCE_RATE,
    proficiency.TIME_TO_PROFICIENCY,
)
