"""Resolution, cases and routing (metrics.md §2.C)."""

from careloop.insight.kpis.catalogue.resolution import (
    backlog,
    cases,
    first_contact,
    pending,
    reopening,
    routing,
    survey,
    triage,
    triage_indices,
)

__all__ = ["METRICS"]

METRICS = (
    first_contact.FCR_ISSUE,
    first_contact.FCR_CONTACT,
    survey.FCR_SURVEY,
    cases.RESOLUTION_RATE,
    cases.RESOLUTION_TIME,
    pending.CUSTOMER_PENDING_TIME,
    backlog.BACKLOG,
    backlog.BACKLOG_DAYS,
    backlog.BACKLOG_AGE,
    reopening.REOPEN_RATE,
    routing.REWORK_RATE,
    first_contact.CONTACTS_PER_RESOLUTION,
    routing.ESCALATION_RATE,
    routing.ESCALATION_JUSTIFIED_SHARE,
    triage.TRIAGE_ACCURACY,
    triage_indices.TRIAGE_MACRO_F1,
    triage.TRIAGE_RECALL,
    triage_indices.TRIAGE_CALIBRATION_ERROR,
    triage.TRIAGE_OVERRIDE_RATE,
    triage.MISROUTE_RATE,
)
