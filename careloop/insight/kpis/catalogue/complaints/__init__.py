"""Complaints, problems and permanent fixes (metrics.md §2.F)."""

from careloop.insight.kpis.catalogue.complaints import (
    actions,
    answering,
    concentration,
    deciding,
    escalation,
    fixes,
    notices,
    rates,
)

__all__ = ["METRICS"]

METRICS = (
    rates.COMPLAINT_RATE,
    rates.COMPLAINTS_PER_CUSTOMER,
    rates.REPEAT_COMPLAINT_RATE,
    answering.COMPLAINT_ACK_TIME,
    answering.COMPLAINT_RESOLUTION_TIME,
    answering.COMPLAINT_RESOLVED_IN_TIME,
    answering.COMPLAINT_HANDLING_CSAT,
    deciding.UPHELD_RATE,
    deciding.AGENT_LIABLE_SHARE,
    escalation.EXTERNAL_ESCALATION,
    concentration.PARETO_SHARE,
    concentration.PARETO_CELLS,
    escalation.ROOT_CAUSE_RATE,
    actions.ACTION_ON_TIME,
    actions.ACTION_EFFECTIVE_RATE,
    actions.ACTIONS_UNDECIDED,
    actions.ACTIONS_UNDECIDED_AGE,
    fixes.RECURRENCE_RATE,
    fixes.RECURRENCE_RATE_MATURED,
    fixes.PERMANENT_FIX_SHARE,
    notices.PROACTIVE_REACH,
    notices.PROACTIVE_LEAD_TIME,
    notices.PROACTIVE_DEFLECTION,
)
