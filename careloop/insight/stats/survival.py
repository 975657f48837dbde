"""Time to an event: Kaplan–Meier with delayed entry, Greenwood's variance, log-rank (metrics.md §3.12).

The same estimator serves retention, agent tenure, resolution time, time to proficiency, recurrence and patience. To ask what a
bad contact does to churn, let customers enter at a landmark: classing them by "ever had one" gives them time in which they could
not leave.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.arrays import Bools, Floats, Ints, normal_quantile, numbers, same_length, whole_numbers

__all__ = ["LogRank", "SurvivalCurve", "kaplan_meier", "log_rank"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve:
    """A survival curve, all arrays (event times,), in rising order of time.

    times: at which events happened. at_risk, events: just before and at each. survival: S(t), from 1 down to 0.
    se: Greenwood's standard error. low, high: log-log interval; NaN where S is 0 and nothing can be said.
    rows: how many subjects. emptied_early: everybody at risk had the event before others entered, so that S fell to 0 for want
    of subjects; start later instead.
    """

    times: Floats
    at_risk: Ints
    events: Ints
    survival: Floats
    se: Floats
    low: Floats
    high: Floats
    rows: int
    emptied_early: bool

    def at(self, time: float) -> tuple[float, float, float] | None:
        """Read S(time) with its interval. Before the first event all three are 1; None without subjects."""
        if self.rows == 0:
            return None
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 1.0, 1.0, 1.0
        return float(self.survival[place]), float(self.low[place]), float(self.high[place])

    def time_until(self, share: float) -> float | None:
        """Tell when this share of subjects has had the event, 0.5 for the median; None when that was not seen yet."""
        if not 0 < share <= 1:
            raise ValueError(f"A share of subjects lies above 0 and up to 1; this is {share:g}.")
        # S is a product: 0.5 may come out as 0.5000000000000001.
        reached = np.flatnonzero(self.survival <= 1 - share + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else None


def _rows(
    durations: npt.ArrayLike, happened: npt.ArrayLike, entries: npt.ArrayLike | None
) -> tuple[Floats, Bools, Floats]:
    t = numbers("Durations", durations, least=0)
    event = np.asarray(happened)
    if event.ndim != 1 or not np.isin(event, (0, 1)).all():
        raise ValueError("Whether the event happened must be said for each subject, by true or false.")
    entry = numbers("Entries", np.full(len(t), -1.0) if entries is None else entries)
    same_length(durations=t, happened=event, entries=entry)
    if (entry >= t).any():
        raise ValueError("A subject must be watched for a time above 0: its entry lies before its exit.")
    return t, event.astype(np.bool_), entry


def _at_risk(times: Floats, t: Floats, entry: Floats) -> Ints:
    """Count who has entered before each time and not left before it: a censoring counts after events of the same time."""
    entered = np.searchsorted(np.sort(entry), times, side="left")
    left = np.searchsorted(np.sort(t), times, side="left")
    return (entered - left).astype(np.int64)


def kaplan_meier(
    *,
    durations: npt.ArrayLike,
    happened: npt.ArrayLike,
    entries: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> SurvivalCurve:
    """Estimate which share of subjects has not had the event, over time.

    durations: (n,) time from the start of each subject to its event or to the end of watching, at least 0, in any unit.
    happened: (n,) True for the event, False for a subject that was still without it when watching ended.
    entries: (n,) time from its start at which a subject came under watch, each below its duration; None for all from the start.

    Returns a curve, empty without events. Raises ValueError.
    Source: Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 1980 for the log-log interval.
    Check: 1 2 2 3 4 5 6 7 with events 1 1 1 0 1 0 1 0 give S(2) = 0.625, 0.229333 to 0.860698.
    """
    z = normal_quantile(confidence)
    t, event, entry = _rows(durations, happened, entries)
    times, deaths = np.unique(t[event], return_counts=True)
    risk = _at_risk(times, t, entry)
    survival = np.asarray(np.cumprod(1 - deaths / risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(deaths / (risk * (risk - deaths)))
        se = np.where(survival > 0, survival * np.sqrt(greenwood), np.nan)
        half = z * np.sqrt(greenwood) / np.abs(np.log(survival))
        low = np.where(survival > 0, survival ** np.exp(half), np.nan)
        high = np.where(survival > 0, survival ** np.exp(-half), np.nan)
    emptied = times[survival == 0]
    return SurvivalCurve(
        times=times,
        at_risk=risk,
        events=deaths.astype(np.int64),
        survival=survival,
        se=se,
        low=low,
        high=high,
        rows=len(t),
        emptied_early=bool(len(emptied) and (t > emptied[0]).any()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """A test of equal curves. observed, expected: (groups,) events of each, in rising order of group."""

    statistic: float
    degrees: int
    p_value: float
    groups: tuple[int, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(
    *,
    durations: npt.ArrayLike,
    happened: npt.ArrayLike,
    groups: npt.ArrayLike,
    entries: npt.ArrayLike | None = None,
) -> LogRank | None:
    """Test whether two or more groups have the same survival curve.

    durations, happened, entries: as in `kaplan_meier`. groups: (n,) whole numbers.

    Returns None with a single group, and where no event could have fallen to one group or another. Raises ValueError.
    Source: Mantel 1966; Peto and Peto 1972.
    """
    t, event, entry = _rows(durations, happened, entries)
    group = whole_numbers("Groups", groups, least=None)
    same_length(durations=t, groups=group)
    names = np.unique(group)
    if len(names) < 2:
        return None
    times, deaths = np.unique(t[event], return_counts=True)
    # (groups, times)
    risk = np.array([_at_risk(times, t[group == name], entry[group == name]) for name in names], dtype=np.float64)
    observed = np.array([float(event[group == name].sum()) for name in names])
    whole = risk.sum(axis=0)
    share = risk / whole
    expected = share @ deaths
    spread = np.divide(deaths * (whole - deaths), whole - 1, out=np.zeros(len(times)), where=whole > 1)
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    # The last group follows from the others.
    difference, inner = (observed - expected)[:-1], covariance[:-1, :-1]
    degrees = int(np.linalg.matrix_rank(inner))
    if degrees == 0:
        return None
    statistic = float(difference @ np.linalg.pinv(inner, hermitian=True) @ difference)
    return LogRank(
        statistic=statistic,
        degrees=degrees,
        p_value=float(scipy.special.chdtrc(degrees, statistic)),
        groups=tuple(names.tolist()),
        observed=tuple(observed.tolist()),
        expected=tuple(expected.tolist()),
    )
