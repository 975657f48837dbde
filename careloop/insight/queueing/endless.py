"""Erlang C (M/M/n): callers who wait for ever."""

import numpy as np
from numpy.typing import ArrayLike

from careloop.insight.queueing.blocking import blocking
from careloop.insight.queueing.inputs import Booleans, Floats, above_zero, at_least_zero, share, together, whole
from careloop.insight.queueing.outcomes import Outcome

__all__ = ["GUARD", "SECONDS_PER_HOUR", "erlang_c", "erlang_c_tail", "erlang_c_wait_quantile", "waits"]

GUARD = 1e-12
"""Relative: 1200 calls of 300 s must not look like 99.999… erlangs to 100 agents because of binary rounding."""

SECONDS_PER_HOUR = 3600.0


def erlang_c(
    *, calls_per_hour: ArrayLike, handle_seconds: ArrayLike, agents: ArrayLike, target_seconds: ArrayLike = 20.0
) -> Outcome:
    """Work out a queue in which nobody hangs up.

    calls_per_hour: mean arrivals, at least 0. handle_seconds: mean talk plus wrap-up, above 0.
    agents: whole numbers of at least 1. target_seconds: the wait that counts as in time, at least 0.

    Returns an outcome in the common shape. Where agents cannot keep up, nothing is defined but `is_stable`, which is false.
    What is said of "a contact" holds without any calls too: it is the one that would come. Raises ValueError for other input.
    Source: Erlang 1917; docs/reasons/queueing.md. Check: 200 calls/h, 180 s, 14 agents: 0.174 wait, 0.888 in 20 s.
    """
    shape, (rate, handle, servers, target) = together(
        at_least_zero("calls_per_hour", calls_per_hour),
        above_zero("handle_seconds", handle_seconds),
        whole("agents", agents, least=1),
        at_least_zero("target_seconds", target_seconds),
    )
    return _outcome(rate, handle, servers, target).shaped(shape)


def erlang_c_tail(
    *, calls_per_hour: ArrayLike, handle_seconds: ArrayLike, agents: ArrayLike, seconds: ArrayLike
) -> Floats:
    """Return the share of contacts that wait longer than `seconds`, P(W > t); arguments and errors as of `erlang_c`."""
    outcome = erlang_c(calls_per_hour=calls_per_hour, handle_seconds=handle_seconds, agents=agents)
    waits = at_least_zero("seconds", seconds)
    return np.asarray(outcome.wait_share * np.exp(-waits / outcome.delayed_seconds))[()]


def erlang_c_wait_quantile(
    *, calls_per_hour: ArrayLike, handle_seconds: ArrayLike, agents: ArrayLike, quantile: ArrayLike
) -> Floats:
    """Return the wait in seconds that a share `quantile` (0 to below 1) of contacts do not exceed.

    NaN where agents cannot keep up. Other arguments and errors as of `erlang_c`.
    """
    outcome = erlang_c(calls_per_hour=calls_per_hour, handle_seconds=handle_seconds, agents=agents)
    left = 1 - share("quantile", quantile)
    with np.errstate(divide="ignore"):
        waits = np.log(outcome.wait_share / left) * outcome.delayed_seconds
    return np.asarray(np.where(outcome.wait_share <= left, 0.0, waits))[()]


def able(work: Floats, servers: Floats) -> Booleans:
    """Say where agents get through all that arrives. work: agents' seconds that an hour of contacts takes."""
    return np.asarray(work < SECONDS_PER_HOUR * servers * (1 - GUARD))


def waits(work: Floats, handle: Floats, servers: Floats, blocked: Floats) -> tuple[Floats, Floats]:
    """Return the share of contacts that wait and the mean wait of those, from Erlang B; holds where agents are able."""
    # n·3600 − rate·handle subtracts what is mostly whole numbers; n − load would lose digits just below saturation.
    spare = (SECONDS_PER_HOUR * servers - work) / SECONDS_PER_HOUR
    return blocked * servers / (spare + (servers - spare) * blocked), handle / spare


def _outcome(rate: Floats, handle: Floats, servers: Floats, target: Floats) -> Outcome:
    work = rate * handle
    is_stable = able(work, servers)
    blocked = blocking(work / SECONDS_PER_HOUR, servers)
    waiting, delayed = waits(np.where(is_stable, work, np.nan), handle, servers, blocked)
    wait = waiting * delayed
    level = 1 - waiting * np.exp(-target / delayed)
    unknown = np.full_like(wait, np.nan)
    return Outcome(
        is_stable=is_stable,
        wait_share=waiting,
        abandon_share=unknown,
        wait_seconds=wait,
        answer_seconds=wait,
        abandon_seconds=unknown,
        delayed_seconds=delayed,
        service_level_offered=level,
        service_level_ex_abandon=level,
        service_level_ex_short=level,
        occupancy=np.where(is_stable, work / (SECONDS_PER_HOUR * servers), np.nan),
        queue_length=rate / SECONDS_PER_HOUR * wait,
    )
