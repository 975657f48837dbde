"""Loyalty, churn and demand (metrics.md §2.E)."""

from careloop.insight.kpis.catalogue.loyalty import after_contact, churn, demand, lifetime, revenue

__all__ = ["METRICS"]

METRICS = (
    churn.CHURN_RATE,
    churn.RETENTION_RATE,
    lifetime.SURVIVAL_MEDIAN,
    lifetime.SURVIVAL_12,
    revenue.REVENUE_CHURN,
    revenue.NET_REVENUE_RETENTION,
    demand.REPEAT_PURCHASE,
    demand.CONTACT_PROPENSITY,
    demand.CONTACTS_PER_ORDER,
    after_contact.POST_CONTACT_CHURN,
)
