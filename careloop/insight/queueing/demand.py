"""Demand that is not known exactly, and what it does to a queue."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from careloop.insight.queueing.endless import erlang_c
from careloop.insight.queueing.impatient import SHORT_ABANDON_SECONDS, erlang_a
from careloop.insight.queueing.inputs import Floats, above_zero, at_least_zero
from careloop.insight.queueing.outcomes import Outcome, ServiceLevel

__all__ = ["Demand", "Expected", "expected_outcome", "uncertain_demand"]

POINTS = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A forecast as a distribution: calls_per_hour that may come, and the weights of each, both (points,); weights sum to 1."""

    calls_per_hour: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What to expect over a forecast distribution; arrays in the shape of the agents asked about.

    service_level, abandon_share: shares of all contacts that may come, so that busy days weigh more; abandon_share is NaN
    in Erlang C. overload_share: chance of a demand that agents cannot keep up with; its service level counts as 0 in Erlang C,
    where the wait grows without end.
    """

    service_level: Floats
    abandon_share: Floats
    overload_share: Floats


def uncertain_demand(*, calls_per_hour: float, sd: float, points: int = POINTS) -> Demand:
    """Return a gamma distribution of demand, which is never negative and leans to the busy side.

    calls_per_hour: its mean, above 0. sd: standard deviation of the forecast's error in calls an hour, at least 0.
    points: of equal weight, at their middle quantiles, then scaled so that the mean is exact; at least 1.

    Raises ValueError for other input.
    """
    mean, spread = float(above_zero("calls_per_hour", calls_per_hour)), float(at_least_zero("sd", sd))
    if points < 1:
        raise ValueError("points must be at least 1.")
    weights = np.full(points, 1 / points)
    if spread == 0:
        return Demand(calls_per_hour=np.full(points, mean), weights=weights)
    shape = (mean / spread) ** 2
    raw = scipy.special.gammaincinv(shape, (np.arange(points) + 0.5) / points)
    if raw.sum() == 0:
        raise ValueError("sd is too large for calls_per_hour.")
    return Demand(calls_per_hour=raw * (mean / raw.mean()), weights=weights)


def expected_outcome(
    *,
    demand: Demand,
    handle_seconds: float,
    agents: ArrayLike,
    patience_seconds: float | None,
    target_seconds: float = 20.0,
    variant: ServiceLevel = ServiceLevel.EX_SHORT,
    short_abandon_seconds: float = SHORT_ABANDON_SECONDS,
) -> Expected:
    """Mix a queue over a forecast distribution: E[SL] = Σ w λ SL(λ) / Σ w λ.

    patience_seconds: None for Erlang C. Other arguments and errors as of `erlang_a`.
    """
    servers = np.asarray(agents, dtype=np.float64)[..., None]
    outcome = _outcome(demand, handle_seconds, servers, patience_seconds, target_seconds, short_abandon_seconds)
    by_contacts = demand.weights * demand.calls_per_hour
    if by_contacts.sum() == 0:
        raise ValueError("demand must hold some calls.")
    by_contacts = by_contacts / by_contacts.sum()
    level = np.where(outcome.is_stable, outcome.service_level(variant), 0.0)
    load = demand.calls_per_hour * handle_seconds / 3600
    return Expected(
        service_level=(level * by_contacts).sum(axis=-1),
        abandon_share=(outcome.abandon_share * by_contacts).sum(axis=-1),
        overload_share=(np.where(load >= servers, 1.0, 0.0) * demand.weights).sum(axis=-1),
    )


def _outcome(
    demand: Demand,
    handle_seconds: float,
    servers: Floats,
    patience_seconds: float | None,
    target_seconds: float,
    short_abandon_seconds: float,
) -> Outcome:
    if patience_seconds is None:
        return erlang_c(
            calls_per_hour=demand.calls_per_hour,
            handle_seconds=handle_seconds,
            agents=servers,
            target_seconds=target_seconds,
        )
    return erlang_a(
        calls_per_hour=demand.calls_per_hour,
        handle_seconds=handle_seconds,
        patience_seconds=patience_seconds,
        agents=servers,
        target_seconds=target_seconds,
        short_abandon_seconds=short_abandon_seconds,
    )
