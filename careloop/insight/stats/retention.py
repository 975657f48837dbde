"""The retention triangle: who of each starting month is still there, and what they bring (metrics.md §3.12)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careloop.insight.stats.arrays import Floats, Ints, numbers, same_length, whole_numbers

__all__ = ["RetentionTriangle", "retention_triangle"]

MOST_MONTHS = 1_200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RetentionTriangle:
    """Cohorts by age in months. cohorts: (cohorts,) starting months, in the numbering of the input, without gaps.

    survivors, revenue, retained_share: (cohorts, ages), the ages from 0; NaN where the month is not complete yet.
    survivors: customers active in that month. revenue: what they brought then, in the unit of the payments.
    retained_share: survivors over those of age 0; NaN for a cohort without customers.
    """

    cohorts: Ints
    survivors: Floats
    revenue: Floats
    retained_share: Floats


def retention_triangle(
    *,
    started: npt.ArrayLike,
    left: npt.ArrayLike,
    complete_through: int,
    payer: npt.ArrayLike = (),
    paid_in: npt.ArrayLike = (),
    paid: npt.ArrayLike = (),
) -> RetentionTriangle:
    """Lay customers out by starting month and age.

    started: (customers,) number of the month in which each began, counted from any origin.
    left: (customers,) number of the last month in which each was active, not before its start; NaN for who is still there.
    complete_through: number of the last month whose data are complete. Later cells stay empty, never 0.
    payer, paid_in, paid: (payments,) place of the customer in `started`, month, and amount in minor units.

    A customer is active from the starting month through the month of leaving. Customers who start after the last complete month
    are in no cohort yet. Raises ValueError.
    """
    begin = whole_numbers("Starting months", started, least=None)
    end = np.asarray(left, dtype=np.float64)
    same_length(started=begin, left=end)
    still = np.isnan(end)
    last = np.where(still, np.inf, end)
    if (last < begin).any():
        raise ValueError("A customer left before starting.")
    whole_numbers("Leaving months", end[~still], least=None)
    who, when = whole_numbers("Payers", payer), whole_numbers("Months of payment", paid_in, least=None)
    amount = numbers("Payments", paid)
    same_length(payer=who, paid_in=when, paid=amount)
    if len(who) and who.max() >= len(begin):
        raise ValueError("A payment names a customer that is not there.")
    if len(who) and (when < begin[who]).any():
        raise ValueError("A payment was made before its customer started.")

    known = begin[begin <= complete_through]
    if len(known) and complete_through - known.min() >= MOST_MONTHS:
        raise ValueError(f"A triangle holds at most {MOST_MONTHS} months; are these days, or seconds?")
    cohorts = np.arange(known.min(), complete_through + 1) if len(known) else np.arange(0)
    ages = np.arange(len(cohorts))
    survivors = np.zeros((len(cohorts), len(ages)))
    for place, cohort in enumerate(cohorts):
        stayed = np.sort(last[begin == cohort] - cohort)
        survivors[place] = len(stayed) - np.searchsorted(stayed, ages, side="left")
    revenue = np.zeros_like(survivors)
    counted = (begin[who] <= complete_through) & (when <= complete_through) if len(who) else np.zeros(0, dtype=np.bool_)
    np.add.at(
        revenue,
        (begin[who[counted]] - (cohorts[0] if len(cohorts) else 0), when[counted] - begin[who[counted]]),
        amount[counted],
    )
    unseen = cohorts[:, None] + ages[None, :] > complete_through
    survivors[unseen] = revenue[unseen] = np.nan
    first = survivors[:, :1]
    share = np.divide(survivors, first, out=np.full_like(survivors, np.nan), where=first > 0)
    return RetentionTriangle(cohorts=cohorts, survivors=survivors, revenue=revenue, retained_share=share)
