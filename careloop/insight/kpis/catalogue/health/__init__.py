"""Data health and goals (metrics.md §2.J)."""

from careloop.insight.kpis.catalogue.health import balance, data, goals

__all__ = ["METRICS", "clean_kpis"]

clean_kpis = data.clean_kpis

METRICS = (
    data.DATA_COMPLETENESS,
    data.INTEGRITY_FLAGS,
    data.REASON_OTHER_SHARE,
    data.SHORT_CONTACT_SHARE,
    goals.TARGET_ATTAINMENT,
    balance.BALANCE_INDEX,
)
