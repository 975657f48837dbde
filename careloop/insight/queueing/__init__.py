"""Queueing: what callers will live through, and how many people it takes.

    from careloop.insight import queueing

    outcome = queueing.erlang_a(calls_per_hour=200, handle_seconds=180, patience_seconds=120, agents=14)
    staffing = queueing.staff(calls_per_hour=200, handle_seconds=180, patience_seconds=120, goals=queueing.Goals())

Every function takes numbers or arrays that broadcast against each other, rates per hour, times in seconds and shares from 0
to 1, and answers with float64 of the common shape. NaN is "not defined", as where a queue without abandonment cannot keep up.
Needs NumPy and SciPy (the extra `analytics`) and nothing else. Source of all formulas: docs/reasons/queueing.md.
"""

from careloop.insight.queueing.blocking import erlang_b
from careloop.insight.queueing.cautions import (
    BackOfficeWork,
    Caution,
    CertainForecast,
    Concurrency,
    EndlessPatience,
    SensitiveToPatience,
    SeveralSkills,
    ShortInterval,
    cautions,
)
from careloop.insight.queueing.demand import Demand, Expected, expected_outcome, uncertain_demand
from careloop.insight.queueing.endless import erlang_c, erlang_c_tail, erlang_c_wait_quantile
from careloop.insight.queueing.impatient import erlang_a, erlang_a_tail, erlang_a_wait_quantile
from careloop.insight.queueing.outcomes import Outcome, ServiceLevel
from careloop.insight.queueing.patience import PATIENCE_SPREAD, PatienceEstimate, patience_estimate
from careloop.insight.queueing.staffing import Goals, Staffing, heads, staff, staff_for_demand

__all__ = [
    "PATIENCE_SPREAD",
    "BackOfficeWork",
    "Caution",
    "CertainForecast",
    "Concurrency",
    "Demand",
    "EndlessPatience",
    "Expected",
    "Goals",
    "Outcome",
    "PatienceEstimate",
    "SensitiveToPatience",
    "ServiceLevel",
    "SeveralSkills",
    "ShortInterval",
    "Staffing",
    "cautions",
    "erlang_a",
    "erlang_a_tail",
    "erlang_a_wait_quantile",
    "erlang_b",
    "erlang_c",
    "erlang_c_tail",
    "erlang_c_wait_quantile",
    "expected_outcome",
    "heads",
    "patience_estimate",
    "staff",
    "staff_for_demand",
    "uncertain_demand",
]
