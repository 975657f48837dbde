"""People (metrics.md §2.I). Groups under five are never shown, single answers never; nothing here is for discipline."""

from careloop.insight.kpis.catalogue.people import burnout, pressure, pulse, training

__all__ = ["METRICS"]

METRICS = (
    pulse.ESAT,
    pulse.ESAT_TOP2,
    pulse.ENPS,
    burnout.BURNOUT_RISK,
    pressure.ABUSE_EXPOSURE,
    pressure.ABUSE_PROTECTION,
    pressure.OVERTIME_SHARE,
    pressure.WEEKLY_HOURS_P90,
    training.TRAINING_HOURS,
    training.TRAINING_COMPLETION,
    pulse.PULSE_PARTICIPATION,
)
