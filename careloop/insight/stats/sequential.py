"""Charts with memory, rules for runs, and how often each cries wolf (metrics.md §3.10)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import scipy
from numpy.lib.stride_tricks import sliding_window_view

from careloop.insight.stats.arrays import Bools, Floats

__all__ = [
    "DEFAULT_RULES",
    "Cusum",
    "Ewma",
    "RunRule",
    "cusum",
    "cusum_run_length",
    "ewma",
    "ewma_run_length",
    "false_alarms_per_point",
    "run_signals",
    "shewhart_run_length",
]


class RunRule(StrEnum):
    """Patterns that a steady process rarely shows."""

    BEYOND_3_SIGMA = "beyond_3_sigma"
    EIGHT_ON_ONE_SIDE = "eight_on_one_side"
    SIX_RISING_OR_FALLING = "six_rising_or_falling"
    TWO_OF_THREE_BEYOND_2_SIGMA = "two_of_three_beyond_2_sigma"


DEFAULT_RULES = frozenset(RunRule)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ewma:
    """An exponentially weighted moving average: values, limits and signals, each (points,), in sigmas from the center."""

    values: Floats
    low: Floats
    high: Floats
    signals: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cusum:
    """Both cumulative sums and their signals, each (points,), in sigmas."""

    above: Floats
    below: Floats
    signals: Bools


def _scores(scores: npt.ArrayLike) -> Floats:
    """Read scores; NaN says that a point was not measured."""
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim not in (1, 2) or np.isinf(array).any():
        raise ValueError("Scores must be one row of finite numbers, or a table with one row per series.")
    return array


def ewma(scores: npt.ArrayLike, *, weight: float = 0.2, width: float = 2.86) -> Ewma:
    """Follow small lasting shifts with an exponentially weighted moving average.

    scores: (points,) or (series, points) sigmas from the center (`Chart.scores`), oldest first; a point that is NaN changes
        nothing.
    weight: λ of the newest point, above 0 and up to 1.
    width: L, how many sigmas of the average the limits are away; 2.86 with λ 0.2 gives one false alarm in 371 points.

    Limits widen with the points seen, as the variance of the average does. Raises ValueError.
    Source: Roberts 1959; Lucas and Saccucci 1990.
    """
    x = _scores(scores)
    if not 0 < weight <= 1 or not width > 0:
        raise ValueError("An EWMA needs a weight above 0 and up to 1, and a width above 0.")
    values = np.zeros_like(x)
    level = np.zeros(x.shape[:-1])
    for at in range(x.shape[-1]):
        level = np.where(np.isnan(x[..., at]), level, weight * x[..., at] + (1 - weight) * level)
        values[..., at] = level
    seen = np.cumsum(~np.isnan(x), axis=-1)
    high = width * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * seen)))
    return Ewma(values=values, low=-high, high=high, signals=(np.abs(values) > high) & ~np.isnan(x))


def cusum(scores: npt.ArrayLike, *, allowance: float = 0.5, decision: float = 4.77) -> Cusum:
    """Add up what exceeds an allowance, on both sides.

    scores: as in `ewma`. allowance: k, half the shift to be found, in sigmas, at least 0.
    decision: h, the sum that signals, in sigmas, above 0; 4.77 with k 0.5 gives one false alarm in 369 points.

    The sums are not reset by a signal; start anew after a change was confirmed. Raises ValueError. Source: Page 1954.
    """
    x = _scores(scores)
    if not allowance >= 0 or not decision > 0:
        raise ValueError("A CUSUM needs an allowance of 0 or more and a decision above 0.")
    above, below = np.zeros_like(x), np.zeros_like(x)
    up, down = np.zeros(x.shape[:-1]), np.zeros(x.shape[:-1])
    for at in range(x.shape[-1]):
        step, known = x[..., at], ~np.isnan(x[..., at])
        up = np.where(known, np.maximum(0.0, up + step - allowance), up)
        down = np.where(known, np.maximum(0.0, down - step - allowance), down)
        above[..., at], below[..., at] = up, down
    return Cusum(above=above, below=below, signals=((above > decision) | (below > decision)) & ~np.isnan(x))


def _any_window(marks: Bools, length: int, *, least: int) -> Bools:
    """Mark the last point of each window of this length that holds at least so many marks; nothing was marked before."""
    if marks.shape[-1] == 0:
        return marks
    before = np.zeros((*marks.shape[:-1], length - 1), dtype=np.bool_)
    windows = sliding_window_view(np.concatenate([before, marks], axis=-1), length, axis=-1)
    return np.asarray(windows.sum(axis=-1) >= least, dtype=np.bool_)


def run_signals(scores: npt.ArrayLike, *, rules: Collection[RunRule] = DEFAULT_RULES) -> dict[RunRule, Bools]:
    """Find the points at which each rule signals.

    scores: as in `ewma`; a point that is NaN breaks every run. rules: which rules to ask.

    Returns for each rule a mask shaped as scores, True at the last point of its pattern: beyond 3 sigmas; 8 in a row on one side;
    6 in a row, each higher (or each lower) than the one before; 2 of 3 beyond 2 sigmas on one side, the last one among them.
    Source: Western Electric 1956; Nelson 1984.
    """
    x = _scores(scores)
    found: dict[RunRule, Bools] = {}
    with np.errstate(invalid="ignore"):
        for rule in sorted(rules):
            match rule:
                case RunRule.BEYOND_3_SIGMA:
                    found[rule] = np.abs(x) > 3
                case RunRule.EIGHT_ON_ONE_SIDE:
                    found[rule] = _any_window(x > 0, 8, least=8) | _any_window(x < 0, 8, least=8)
                case RunRule.SIX_RISING_OR_FALLING:
                    steps = np.diff(x, axis=-1)
                    runs = _any_window(steps > 0, 5, least=5) | _any_window(steps < 0, 5, least=5)
                    first = np.zeros_like(x[..., :1], dtype=np.bool_)
                    found[rule] = np.concatenate([first, runs], axis=-1)
                case RunRule.TWO_OF_THREE_BEYOND_2_SIGMA:
                    found[rule] = ((x > 2) & _any_window(x > 2, 3, least=2)) | (
                        (x < -2) & _any_window(x < -2, 3, least=2)
                    )
    return found


def shewhart_run_length(*, width: float = 3.0, shift: float = 0.0) -> float:
    """Tell after how many points a chart signals on average; 3 sigmas and no shift give 370.4.

    width: limits in sigmas. shift: of the process, in sigmas.
    """
    return float(1 / (scipy.special.ndtr(-width - shift) + scipy.special.ndtr(-width + shift)))


def ewma_run_length(*, weight: float, width: float, shift: float = 0.0, states: int = 201) -> float:
    """Tell after how many points an EWMA with its final limits signals on average.

    weight, width: as in `ewma`. shift: of the process, in sigmas. states: an odd number of slices of the limits.

    Source: Brook and Evans 1972, Markov chain. Check: weight 0.2 and width 2.86 give 371, and 9.8 with a shift of one sigma.
    """
    limit = width * np.sqrt(weight / (2 - weight))
    slice_width = 2 * limit / states
    centers = -limit + slice_width * (np.arange(states) + 0.5)
    upper = (centers[None, :] + slice_width / 2 - (1 - weight) * centers[:, None]) / weight - shift
    moves = scipy.special.ndtr(upper) - scipy.special.ndtr(upper - slice_width / weight)
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[states // 2])


def cusum_run_length(*, allowance: float, decision: float, shift: float = 0.0, states: int = 201) -> float:
    """Tell after how many points a two-sided CUSUM signals on average.

    allowance, decision: as in `cusum`. shift: of the process, in sigmas. states: slices of each sum.

    Source: Brook and Evans 1972; Van Dobben de Bruyn 1968 for both sides. Check: 0.5 and 5 give 465, with one sigma 10.4.
    """
    return 1 / sum(
        1 / _one_sided(allowance=allowance, decision=decision, shift=toward, states=states)
        for toward in (shift, -shift)
    )


def _one_sided(*, allowance: float, decision: float, shift: float, states: int) -> float:
    slice_width = 2 * decision / (2 * states - 1)
    centers = slice_width * np.arange(states)
    upper = centers[None, :] - centers[:, None] + slice_width / 2 + allowance - shift
    moves = scipy.special.ndtr(upper) - scipy.special.ndtr(upper - slice_width)
    # The first state holds everything at or below zero.
    moves[:, 0] = scipy.special.ndtr(upper[:, 0])
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


def false_alarms_per_point(*, rules: Collection[RunRule], seed: int = 1931) -> float:
    """Estimate how often rules together signal first, per point of a steady process.

    rules: as in `run_signals`. seed: of the 4 000 simulated series of 400 points.

    Returns a share; 1 over it is the average run length. The three-sigma rule alone gives 0.0027, all four about 0.01.
    """
    if not rules:
        return 0.0
    scores = np.random.default_rng(seed).standard_normal((4_000, 400))
    signals = np.logical_or.reduce(list(run_signals(scores, rules=rules).values()))
    first = np.where(signals.any(axis=1), signals.argmax(axis=1) + 1, scores.shape[1])
    # Series are watched until their first signal or their end.
    return float(signals.any(axis=1).sum() / first.sum())
