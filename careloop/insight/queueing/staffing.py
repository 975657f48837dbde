"""The smallest number of agents with which every promise is kept."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from careloop.insight.queueing.blocking import blocking
from careloop.insight.queueing.demand import Demand, expected_outcome
from careloop.insight.queueing.endless import GUARD, SECONDS_PER_HOUR, waits
from careloop.insight.queueing.impatient import SHORT_ABANDON_SECONDS, erlang_a
from careloop.insight.queueing.inputs import Booleans, Floats, above_zero, at_least_zero, share, together
from careloop.insight.queueing.outcomes import Outcome, ServiceLevel

__all__ = ["Goals", "Staffing", "heads", "staff", "staff_for_demand"]

SAFETY = 0.5
"""Agents above the load, in its square roots, where the search begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What a queue is to keep; all that are set hold together.

    service_level: least share answered within target_seconds, above 0 and below 1; counted as `variant` says.
    abandon_share_max: most that may hang up, above 0 and at most 1. There is always one, since a service level alone can be
    met by driving callers away; Erlang C, where nobody hangs up, has no use for it.
    answer_seconds_max: longest mean wait of those answered, above 0. occupancy_max: above 0 and at most 1.
    short_abandon_seconds: who hangs up sooner is left out under ServiceLevel.EX_SHORT.

    Raises ValueError for other values.
    """

    service_level: float = 0.8
    target_seconds: float = 20.0
    variant: ServiceLevel = ServiceLevel.EX_SHORT
    abandon_share_max: float = 0.05
    answer_seconds_max: float | None = None
    occupancy_max: float | None = None
    short_abandon_seconds: float = SHORT_ABANDON_SECONDS

    def __post_init__(self) -> None:
        if not 0 < self.service_level < 1:
            raise ValueError("service_level must be above 0 and below 1.")
        if not (0 < self.abandon_share_max <= 1 and (self.occupancy_max is None or 0 < self.occupancy_max <= 1)):
            raise ValueError("abandon_share_max and occupancy_max must be above 0 and at most 1.")
        if self.answer_seconds_max is not None and not self.answer_seconds_max > 0:
            raise ValueError("answer_seconds_max must be above 0.")
        at_least_zero("target_seconds", self.target_seconds)
        at_least_zero("short_abandon_seconds", self.short_abandon_seconds)

    def kept(self, outcome: Outcome) -> Booleans:
        """Say where an outcome keeps every goal; one that is not defined keeps none."""
        kept = outcome.is_stable & (outcome.service_level(self.variant) >= self.service_level)
        # `not above` would keep what is NaN; only who hangs up may be undefined, in Erlang C.
        kept &= np.isnan(outcome.abandon_share) | (outcome.abandon_share <= self.abandon_share_max)
        if self.answer_seconds_max is not None:
            kept &= outcome.answer_seconds <= self.answer_seconds_max
        if self.occupancy_max is not None:
            kept &= outcome.occupancy <= self.occupancy_max
        return kept

    def kept_by_all_who_wait(self, waiting: Floats, delayed: Floats, occupancy: Floats) -> Booleans:
        """Say the same where nobody hangs up, from the share that waits and the mean wait of those."""
        kept = np.asarray(waiting * np.exp(-self.target_seconds / delayed) <= 1 - self.service_level)
        if self.answer_seconds_max is not None:
            kept &= waiting * delayed <= self.answer_seconds_max
        if self.occupancy_max is not None:
            kept &= occupancy <= self.occupancy_max
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """agents: the fewest that keep every goal; 0 where no calls come. heads: on the payroll for them, after shrinkage.

    Both int64, in the common shape of the inputs.
    """

    agents: NDArray[np.int64]
    heads: NDArray[np.int64]


def staff(
    *,
    calls_per_hour: ArrayLike,
    handle_seconds: ArrayLike,
    patience_seconds: ArrayLike | None,
    goals: Goals,
    shrinkage: ArrayLike = 0.0,
    slots: int = 1,
) -> Staffing:
    """Find the fewest agents that keep every goal.

    calls_per_hour: mean arrivals, at least 0. handle_seconds: mean talk plus wrap-up, above 0, at `slots` contacts at once.
    patience_seconds: mean patience, at least 0; None for Erlang C, where nobody hangs up.
    shrinkage: share of paid time in which people are away from the queue, at least 0 and below 1.
    slots: contacts that one agent holds at once, at least 1.

    Raises ValueError for other input. Check: 200 calls/h, 180 s, Erlang C, 80 % in 20 s: 14 agents; at 30 % shrinkage 20 heads.
    """
    if slots < 1:
        raise ValueError("slots must be at least 1.")
    rates, handles = at_least_zero("calls_per_hour", calls_per_hour), above_zero("handle_seconds", handle_seconds)
    away = share("shrinkage", shrinkage)
    # Patience of 0 stands in where nobody hangs up, and is not read there.
    patience = at_least_zero("patience_seconds", 0.0 if patience_seconds is None else patience_seconds)
    shape, (rate, handle, waits, gone) = together(rates, handles, patience, away)
    some = np.flatnonzero(rate > 0)
    servers = np.zeros_like(rate)
    if patience_seconds is None:
        servers[some] = _endless(rate[some], handle[some], goals)
    else:
        servers[some] = _impatient(rate[some], handle[some], waits[some], goals)
    agents = np.ceil(servers / slots)
    return Staffing(
        agents=agents.astype(np.int64).reshape(shape)[()],
        heads=heads(agents=agents, shrinkage=gone).reshape(shape)[()],
    )


def staff_for_demand(
    *, demand: Demand, handle_seconds: float, patience_seconds: float | None, goals: Goals, slots: int = 1
) -> int:
    """Find the fewest agents that keep every goal at mean demand, and service level and abandons also in expectation.

    demand: the forecast as a distribution. Other arguments and errors as of `staff`.
    """
    mean = float((demand.calls_per_hour * demand.weights).sum())
    at_mean = staff(
        calls_per_hour=mean,
        handle_seconds=handle_seconds,
        patience_seconds=patience_seconds,
        goals=goals,
        slots=slots,
    )

    def kept(_cells: NDArray[np.intp], agents: Floats) -> Booleans:
        expected = expected_outcome(
            demand=demand,
            handle_seconds=handle_seconds,
            agents=agents * slots,
            patience_seconds=patience_seconds,
            target_seconds=goals.target_seconds,
            variant=goals.variant,
            short_abandon_seconds=goals.short_abandon_seconds,
        )
        is_held = np.isnan(expected.abandon_share) | (expected.abandon_share <= goals.abandon_share_max)
        return np.asarray((expected.service_level >= goals.service_level) & is_held)

    begin = np.maximum(np.atleast_1d(at_mean.agents).astype(np.float64), 1)
    return max(int(at_mean.agents), int(fewest(kept, begin=begin, step=np.sqrt(begin))[0]))


def heads(*, agents: ArrayLike, shrinkage: ArrayLike) -> NDArray[np.int64]:
    """Return how many people it takes to have `agents` on the queue, with `shrinkage` (0 to below 1) of their time away."""
    people = at_least_zero("agents", agents) / (1 - share("shrinkage", shrinkage))
    return np.asarray(np.ceil(people * (1 - GUARD)), dtype=np.int64)


def _endless(rate: Floats, handle: Floats, goals: Goals) -> Floats:
    """Walk up, all cells abreast, from the fewest agents that keep up: one step of Erlang B leads to the next number."""
    work = rate * handle
    load = work / SECONDS_PER_HOUR
    agents = np.floor(load * (1 + 2 * GUARD)) + 1
    blocked = blocking(load, agents - 1)
    found = np.empty_like(load)
    cells = np.arange(len(load))
    while len(cells):
        carried = load * blocked
        blocked = carried / (agents + carried)
        waiting, delayed = waits(work, handle, agents, blocked)
        kept = goals.kept_by_all_who_wait(waiting, delayed, load / agents)
        found[cells[kept]] = agents[kept]
        left = np.flatnonzero(~kept)
        cells, work, load, handle = cells[left], work[left], load[left], handle[left]
        agents, blocked = agents[left] + 1, blocked[left]
    return found


def _impatient(rate: Floats, handle: Floats, patience: Floats, goals: Goals) -> Floats:
    def kept(cells: NDArray[np.intp], agents: Floats) -> Booleans:
        return goals.kept(
            erlang_a(
                calls_per_hour=rate[cells],
                handle_seconds=handle[cells],
                patience_seconds=patience[cells],
                agents=agents,
                target_seconds=goals.target_seconds,
                short_abandon_seconds=goals.short_abandon_seconds,
            )
        )

    load = rate * handle / SECONDS_PER_HOUR
    return fewest(kept, begin=np.maximum(1, np.ceil(load + SAFETY * np.sqrt(load))), step=np.sqrt(load))


def fewest(kept: Callable[[NDArray[np.intp], Floats], Booleans], *, begin: Floats, step: Floats) -> Floats:
    """Return the smallest whole number from 1 on that is kept, for each cell.

    kept: whether numbers are, for the cells of these indexes; once a number is kept, all above it are.
    begin: where to look first. step: how far to go from there, twice as far each time.
    """
    fails, holds = np.zeros_like(begin), np.full_like(begin, np.inf)
    guess, stride = begin.copy(), np.maximum(1, np.ceil(step / 4))
    open_cells = np.arange(len(begin))
    while len(open_cells):
        good = kept(open_cells, guess[open_cells])
        holds[open_cells[good]] = guess[open_cells[good]]
        fails[open_cells[~good]] = guess[open_cells[~good]]
        open_cells = np.flatnonzero(holds - fails > 1)
        is_bounded = np.isfinite(holds) & (fails > 0)
        outward = np.where(np.isfinite(holds), np.maximum(guess - stride, 1), guess + stride)
        between = np.floor((fails + np.where(np.isfinite(holds), holds, fails)) / 2)
        guess = np.where(is_bounded, between, outward)
        stride = stride * 2
    return holds
