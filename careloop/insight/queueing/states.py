"""How often a queue with impatient callers is in each of its states: M/M/n+M as a birth–death chain."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from careloop.insight.queueing.inputs import Floats

__all__ = ["Queues", "settle"]

FIRST_WIDTH = 64
FORGOTTEN_BELOW = 1e-300
FORGOTTEN_ABOVE = 1e-19
MOST_CELLS = 1_000_000
"""Float64 values in one array of cells by states, which bounds memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """Queues in their long run, one a row.

    free: share of time in which an agent is free, (rows,). waiting: share of time in which all are busy and k wait,
    k = 0, 1, …, (rows, states). leave: rate a second at which one who waits hangs up, (rows, 1).
    capacity: contacts that all agents together finish while one caller's patience lasts, c = nμ/θ, (rows, 1).
    orders: logarithm of Γ(c+k) / (Γ(c) k!), (rows, states).
    """

    free: Floats
    waiting: Floats
    leave: Floats
    capacity: Floats
    orders: Floats

    @property
    def places(self) -> Floats:
        """People waiting in each state, (1, states)."""
        return np.arange(self.waiting.shape[1], dtype=np.float64)[None, :]

    @property
    def reached(self) -> Floats:
        """Share of time by state, of which the caller who arrives then reaches an agent at last, (rows, states)."""
        return self.waiting * self.capacity / (self.capacity + self.places + 1)

    def served_within(self, seconds: Floats) -> Floats:
        """Return the share of contacts that an agent takes within `seconds`, (rows,), those who need not wait included."""
        return np.asarray(self.free + np.sum(self.reached * self._done(seconds, self._turns(seconds)), axis=1))

    def abandoned_within(self, seconds: Floats) -> Floats:
        """Return the share of contacts that hang up within `seconds`, (rows,)."""
        turns = self._turns(seconds)
        still = np.minimum(np.cumsum(turns, axis=1), 1)
        over = self.waiting * (1 - still) - self.reached * self._done(seconds, turns)
        gone = -np.expm1(-self.leave[:, 0] * seconds)
        return np.asarray(np.sum(np.maximum(over, 0), axis=1) + gone * np.sum(self.waiting * still, axis=1))

    def waits_longer(self, seconds: Floats) -> Floats:
        """Return the share of contacts that neither reach an agent nor hang up within `seconds`, (rows,)."""
        still = np.minimum(np.cumsum(self._turns(seconds), axis=1), 1)
        return np.asarray(np.exp(-self.leave[:, 0] * seconds) * np.sum(self.waiting * still, axis=1))

    def _turns(self, seconds: Floats) -> Floats:
        """Return I_x(c, k+1) − I_x(c, k), (rows, states): the chance that k of those ahead have gone after `seconds`.

        x = e^(−θ·seconds). Summed up to k it is I_x(c, k+1), the chance that the caller who found k waiting still would.
        """
        left = -np.expm1(-self.leave * seconds[:, None])
        return np.asarray(
            np.exp(self.orders + scipy.special.xlogy(self.places, left) - self.capacity * self.leave * seconds[:, None])
        )

    def _done(self, seconds: Floats, turns: Floats) -> Floats:
        """Return 1 − I_x(c+1, k+1), (rows, states), from the longest queue to the shortest, so that no digits cancel."""
        spent = self.leave * seconds[:, None]
        longest = self.places[:, -1:]
        # Each step of I_x(c+1, ·) is the one of I_x(c, ·) times x·(c+k)/c.
        steps = turns * np.exp(-spent) * (self.capacity + self.places) / self.capacity
        beyond = np.cumsum(steps[:, :0:-1], axis=1)[:, ::-1]
        last = scipy.special.betainc(longest + 1, self.capacity + 1, -np.expm1(-spent))
        return np.asarray(np.minimum(last + np.concatenate([beyond, np.zeros_like(last)], axis=1), 1))


def settle(rate: Floats, serve: Floats, leave: Floats, servers: Floats) -> Iterator[tuple[NDArray[np.intp], Queues]]:
    """Work out the long run of queues, some at a time so that memory stays bounded.

    rate: arrivals, serve: of one agent, leave: of one who waits; all a second and above 0. servers: agents.
    All are flat and of one length. Yields where the rows belong, and the rows.

    The weights grow from the most frequent state outward, where they only shrink: nothing overflows at any size.
    """
    mode = np.where(
        rate < servers * serve,
        np.floor(rate / serve),
        servers + np.floor(np.maximum(rate - servers * serve, 0) / leave),
    )
    width = np.abs(servers - mode) + 40 * np.sqrt(mode + 1) + FIRST_WIDTH
    order = np.argsort(-width, kind="stable")  # neighbours need arrays of about the same width
    start = 0
    while start < len(order):
        rows = max(1, int(MOST_CELLS / width[order[start]]))
        part = order[start : start + rows]
        yield part, _settled(*(array[part][:, None] for array in (rate, serve, leave, servers, mode)))
        start += rows


def _settled(rate: Floats, serve: Floats, leave: Floats, servers: Floats, mode: Floats) -> Queues:
    below = _below(rate, serve, leave, servers, mode)
    above = _above(rate, serve, leave, servers, mode, so_far=1 + below.sum(axis=1, keepdims=True))
    total = 1 + below.sum(axis=1) + above.sum(axis=1)
    states = np.concatenate([below[:, ::-1], np.ones_like(rate), above], axis=1) / total[:, None]
    # The column of the first state in which all agents are busy; where it lies before the arrays, it never occurs.
    first = servers - mode + below.shape[1]
    columns = np.arange(states.shape[1])[None, :]
    free = np.sum(np.where(columns < first, states, 0.0), axis=1)
    places = np.arange(max(1, int((states.shape[1] - first).max())))[None, :]
    taken = first + places
    is_there = (taken >= 0) & (taken < states.shape[1])
    waiting = np.take_along_axis(states, np.where(is_there, taken, 0).astype(np.intp), axis=1)
    capacity = servers * serve / leave
    orders = np.zeros_like(waiting)
    np.cumsum(np.log((capacity + places[:, 1:] - 1) / places[:, 1:]), axis=1, out=orders[:, 1:])
    return Queues(free=free, waiting=np.where(is_there, waiting, 0.0), leave=leave, capacity=capacity, orders=orders)


def _deaths(state: Floats, serve: Floats, leave: Floats, servers: Floats) -> Floats:
    return np.asarray(np.minimum(state, servers) * serve + np.maximum(state - servers, 0) * leave)


def _below(rate: Floats, serve: Floats, leave: Floats, servers: Floats, mode: Floats) -> Floats:
    """Return the weights of the states before the mode, the nearest first, until they vanish in every row."""
    width = FIRST_WIDTH
    while True:
        state = mode - np.arange(width)[None, :]
        # The death rate of state 0 is 0, so that no weight is left beyond it.
        weights = np.cumprod(_deaths(np.maximum(state, 0), serve, leave, servers) / rate, axis=1)
        if np.all(weights[:, -1] < FORGOTTEN_BELOW):
            return np.asarray(weights)
        width *= 2


def _above(rate: Floats, serve: Floats, leave: Floats, servers: Floats, mode: Floats, *, so_far: Floats) -> Floats:
    """Return the weights of the states after the mode, until all that follow add nothing to the sum, or vanish."""
    width = FIRST_WIDTH
    while True:
        state = mode + np.arange(1, width + 1)[None, :]
        weights = np.cumprod(rate / _deaths(state, serve, leave, servers), axis=1)
        last = weights[:, -1:]
        ratio = rate / _deaths(state[:, -1:] + 1, serve, leave, servers)
        rest = np.where(ratio < 1, last * ratio / (1 - np.minimum(ratio, 1 - 1e-16)), np.inf)
        is_small = (state[:, -1:] > servers) & (rest < FORGOTTEN_ABOVE * (so_far + weights.sum(axis=1, keepdims=True)))
        if np.all(is_small | (last < FORGOTTEN_BELOW)):
            return np.asarray(weights)
        width *= 2
