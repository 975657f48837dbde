"""Erlang B: the share of contacts that find every agent busy where nobody can wait."""

import numpy as np
from numpy.typing import ArrayLike

from careloop.insight.queueing.inputs import Floats, at_least_zero, together, whole

__all__ = ["blocking", "erlang_b"]


def erlang_b(*, load: ArrayLike, agents: ArrayLike) -> Floats:
    """Return the share of contacts that are turned away (M/M/n/n).

    load: offered load in erlangs, at least 0. agents: whole numbers of at least 0.

    Returns shares from 0 to 1 in the common shape; what is below the smallest float64 is 0. Raises ValueError for other input.
    Source: Erlang 1917; docs/reasons/queueing.md. Check: 10 erlangs and 14 agents give 0.0568.
    """
    shape, (loads, servers) = together(at_least_zero("load", load), whole("agents", agents, least=0))
    return blocking(loads, servers).reshape(shape)[()]


def blocking(loads: Floats, servers: Floats) -> Floats:
    """Return Erlang B for checked, flat arrays of one length."""
    # Most agents first: the cells that still go on are then the head of the arrays, which no step has to search for.
    order = np.argsort(-servers)
    load = loads[order]
    left = np.searchsorted(-servers[order], -np.arange(1, servers.max(initial=0) + 1), side="right")
    share = np.ones_like(load)
    for step, count in enumerate(left.tolist(), start=1):
        carried = load[:count] * share[:count]
        np.divide(carried, step + carried, out=share[:count])
    result = np.empty_like(share)
    result[order] = share
    return result
