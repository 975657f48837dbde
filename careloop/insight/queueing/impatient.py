"""Erlang A (M/M/n+M): callers who hang up when their patience ends."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from careloop.insight.queueing.blocking import blocking
from careloop.insight.queueing.endless import SECONDS_PER_HOUR
from careloop.insight.queueing.inputs import Floats, above_zero, at_least_zero, share, together, whole
from careloop.insight.queueing.outcomes import Outcome
from careloop.insight.queueing.states import Queues, settle

__all__ = ["SHORT_ABANDON_SECONDS", "erlang_a", "erlang_a_tail", "erlang_a_wait_quantile"]

SHORT_ABANDON_SECONDS = 5.0
HALVINGS = 60


def erlang_a(
    *,
    calls_per_hour: ArrayLike,
    handle_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike = 20.0,
    short_abandon_seconds: ArrayLike = SHORT_ABANDON_SECONDS,
) -> Outcome:
    """Work out a queue in which callers hang up; it settles under any load.

    calls_per_hour: mean arrivals, at least 0. handle_seconds: mean talk plus wrap-up, above 0.
    patience_seconds: mean time after which a caller who still waits hangs up, exponential, at least 0 (0: nobody waits).
    agents: whole numbers of at least 1. target_seconds: the wait that counts as in time, at least 0.
    short_abandon_seconds: who hangs up sooner is left out of `service_level_ex_short`, at least 0.

    Returns an outcome in the common shape. Waits of people that do not occur are NaN; without any calls, what is said of
    "a contact" is said of the one that would come. Raises ValueError for other input.
    Source: Palm 1946; Mandelbaum and Zeltyn 2007; docs/reasons/queueing.md.
    Check: 200 calls/h, 180 s, 120 s of patience, 14 agents: 0.933 in 20 s, 0.023 hang up.
    """
    shape, (rate, handle, patience, servers, target, short) = together(
        *_cells(calls_per_hour, handle_seconds, patience_seconds, agents),
        at_least_zero("target_seconds", target_seconds),
        at_least_zero("short_abandon_seconds", short_abandon_seconds),
    )
    result = _where_nobody_waits(rate, handle, servers)
    for part, queues in _settled(rate, handle, patience, servers):
        settled = _outcome(queues, rate[part], handle[part], servers[part], target[part], short[part])
        for field in fields(Outcome):
            getattr(result, field.name)[part] = getattr(settled, field.name)
    return result.shaped(shape)


def erlang_a_tail(
    *,
    calls_per_hour: ArrayLike,
    handle_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    agents: ArrayLike,
    seconds: ArrayLike,
) -> Floats:
    """Return the share of contacts that still wait after `seconds`, P(W > t); arguments and errors as of `erlang_a`."""
    shape, (rate, handle, patience, servers, wait) = together(
        *_cells(calls_per_hour, handle_seconds, patience_seconds, agents), at_least_zero("seconds", seconds)
    )
    result = np.zeros_like(wait)
    for part, queues in _settled(rate, handle, patience, servers):
        result[part] = queues.waits_longer(wait[part])
    return result.reshape(shape)[()]


def erlang_a_wait_quantile(
    *,
    calls_per_hour: ArrayLike,
    handle_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    agents: ArrayLike,
    quantile: ArrayLike,
) -> Floats:
    """Return the wait in seconds that a share `quantile` (0 to below 1) of contacts do not exceed, however it ends.

    Other arguments and errors as of `erlang_a`.
    """
    shape, (rate, handle, patience, servers, wanted) = together(
        *_cells(calls_per_hour, handle_seconds, patience_seconds, agents), share("quantile", quantile)
    )
    result = np.zeros_like(wanted)
    for part, queues in _settled(rate, handle, patience, servers):
        result[part] = _quantile(queues, 1 - wanted[part])
    return result.reshape(shape)[()]


def _cells(
    calls_per_hour: ArrayLike, handle_seconds: ArrayLike, patience_seconds: ArrayLike, agents: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    return (
        at_least_zero("calls_per_hour", calls_per_hour),
        above_zero("handle_seconds", handle_seconds),
        at_least_zero("patience_seconds", patience_seconds),
        whole("agents", agents, least=1),
    )


def _settled(
    rate: Floats, handle: Floats, patience: Floats, servers: Floats
) -> Iterator[tuple[NDArray[np.intp], Queues]]:
    """Settle the cells in which somebody waits at times; without calls or patience there is nothing to settle."""
    cells = np.flatnonzero((rate > 0) & (patience > 0))
    for part, queues in settle(rate[cells] / SECONDS_PER_HOUR, 1 / handle[cells], 1 / patience[cells], servers[cells]):
        yield cells[part], queues


def _where_nobody_waits(rate: Floats, handle: Floats, servers: Floats) -> Outcome:
    """Return Erlang B as an outcome: who finds every agent busy has left at once."""
    load = rate * handle / SECONDS_PER_HOUR
    turned_away = blocking(load, servers)
    none, unknown = np.zeros_like(load), np.full_like(load, np.nan)
    served = 1 - turned_away
    return Outcome(
        is_stable=np.ones_like(load, dtype=np.bool_),
        wait_share=turned_away,
        abandon_share=turned_away.copy(),
        wait_seconds=none,
        answer_seconds=none.copy(),
        abandon_seconds=np.where(turned_away > 0, 0.0, unknown),
        delayed_seconds=np.where(turned_away > 0, 0.0, unknown),
        service_level_offered=served,
        service_level_ex_abandon=np.ones_like(load),
        service_level_ex_short=np.ones_like(load),
        occupancy=load * served / servers,
        queue_length=none.copy(),
    )


def _outcome(queues: Queues, rate: Floats, handle: Floats, servers: Floats, target: Floats, short: Floats) -> Outcome:
    leave, capacity, places = queues.leave[:, 0], queues.capacity, queues.places
    wait_share = queues.waiting.sum(axis=1)
    length = (queues.waiting * places).sum(axis=1)
    wait = length / rate * SECONDS_PER_HOUR
    abandoned = leave * wait
    served = queues.free + queues.reached.sum(axis=1)
    # Sums of positive terms only: E[W; served] and E[W; abandoned] by what the caller finds on arrival.
    steps = 1 / (capacity + places + 1)
    served_wait = (queues.reached * np.cumsum(steps, axis=1)).sum(axis=1) / leave
    left_wait = (queues.waiting * steps * np.cumsum((places + 1) * steps, axis=1)).sum(axis=1) / leave
    level = queues.served_within(target)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Outcome(
            is_stable=np.ones_like(wait, dtype=np.bool_),
            wait_share=wait_share,
            abandon_share=abandoned,
            wait_seconds=wait,
            answer_seconds=np.where(served > 0, served_wait / served, np.nan),
            abandon_seconds=np.where(abandoned > 0, left_wait / abandoned, np.nan),
            delayed_seconds=np.where(wait_share > 0, wait / wait_share, np.nan),
            service_level_offered=level,
            service_level_ex_abandon=level / (1 - queues.abandoned_within(target)),
            service_level_ex_short=level / (1 - queues.abandoned_within(short)),
            occupancy=rate * handle / SECONDS_PER_HOUR * served / servers,
            queue_length=length,
        )


def _quantile(queues: Queues, left: Floats) -> Floats:
    """Return the wait that a share `left` of contacts exceed, by halving an interval that holds it."""
    share_of_waiting = queues.waiting.sum(axis=1)
    # Who still waits has not lost patience: P(W > t) ≤ P_w e^(−θt).
    low = np.zeros_like(left)
    high = np.log(np.maximum(share_of_waiting / left, 1)) / queues.leave[:, 0]
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        is_longer = queues.waits_longer(middle) > left
        low, high = np.where(is_longer, middle, low), np.where(is_longer, high, middle)
    return np.where(share_of_waiting <= left, 0.0, high)
