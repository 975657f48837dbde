"""Agreement on scores: intraclass correlations (metrics.md §3.6)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from careloop.insight.stats.intervals import Interval

__all__ = ["Intraclass", "intraclass"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intraclass:
    """Correlations from one table of scores, and the mean squares they come from.

    agreement: ICC(2,1), of one rater's score, severity counting as error; None where nothing differs. agreement_of_mean: ICC(2,k).
    consistency: ICC(3,1), which hides severity and is not for quality assurance. one_way: ICC(1,1).
    """

    between_targets: float
    between_raters: float
    error: float
    agreement: Interval | None
    agreement_of_mean: float | None
    consistency: float | None
    one_way: float | None


def intraclass(scores: npt.ArrayLike, *, confidence: float = 0.95) -> Intraclass | None:
    """Estimate how far raters agree on scores of the same targets.

    scores: (targets, raters), complete.

    Returns None with fewer than two targets or raters. Raises ValueError.
    Source: Shrout and Fleiss 1979; McGraw and Wong 1996 for the interval. Check: their six targets and four raters give
    ICC(2,1) 0.289764, 0.018787 to 0.761084.
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise ValueError("Scores must be a table of finite numbers: a line for each target, a column for each rater.")
    n, k = table.shape
    if n < 2 or k < 2:
        return None
    mean, rows, columns = table.mean(), table.mean(axis=1), table.mean(axis=0)
    msr = k * float(np.square(rows - mean).sum()) / (n - 1)
    msc = n * float(np.square(columns - mean).sum()) / (k - 1)
    rest = table - rows[:, None] - columns[None, :] + mean
    mse = float(np.square(rest).sum()) / ((n - 1) * (k - 1))
    msw = float(np.square(table - rows[:, None]).sum()) / (n * (k - 1))
    return Intraclass(
        between_targets=msr,
        between_raters=msc,
        error=mse,
        agreement=_agreement(msr, msc, mse, n, k, confidence),
        agreement_of_mean=_quotient(msr - mse, msr + (msc - mse) / n),
        consistency=_quotient(msr - mse, msr + (k - 1) * mse),
        one_way=_quotient(msr - msw, msr + (k - 1) * msw),
    )


def _quotient(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _agreement(msr: float, msc: float, mse: float, n: int, k: int, confidence: float) -> Interval | None:
    found = _quotient(msr - mse, msr + (k - 1) * mse + k * (msc - mse) / n)
    if found is None or found >= 1 or mse == 0:
        return None if found is None else Interval(estimate=found, low=float("nan"), high=float("nan"))
    a = k * found / (n * (1 - found))
    b = 1 + k * found * (n - 1) / (n * (1 - found))
    degrees = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1)))
    tail = (1 + confidence) / 2
    upper, lower = float(scipy.special.fdtri(n - 1, degrees, tail)), float(scipy.special.fdtri(degrees, n - 1, tail))
    spread = k * msc + (k * n - k - n) * mse
    return Interval(
        estimate=found,
        low=n * (msr - upper * mse) / (upper * spread + n * msr),
        high=n * (lower * msr - mse) / (spread + n * lower * msr),
    )
