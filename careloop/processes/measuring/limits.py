"""Control limits of a number over time: what chance alone moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from careloop.processes.measuring.lakes import insight
from careloop.processes.measuring.types import Figure

__all__ = ["ControlLimits", "control_limits"]

FEWEST: Final = 12
THREE_WEEKS: Final = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLimits:
    """Limits of each point, oldest first; None where a point has none. center: what is usual; beyond: which points lie outside."""

    center: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    beyond: tuple[bool, ...]


def control_limits(figures: Sequence[Figure], *, weekdays: Sequence[int] | None = None) -> ControlLimits | None:
    """Work out control limits from the points that nothing can change any more; None where they are fewer than 12.

    weekdays: of points that are days; from three weeks on, each is held against days of the same name.

    Shares are charted by their trials (p, with Laney's correction), everything else by how far neighbors lie apart (XmR).
    """
    settled = [place for place, figure in enumerate(figures) if figure.value is not None and not figure.is_provisional]
    if len(settled) < FEWEST:
        return None
    points = [figures[place] for place in settled]
    charts, usual, stretch = insight("stats.charts"), [0.0] * len(points), 1.0
    are_counts = all(point.method.startswith("P") for point in points)
    if all(_is_share(point) for point in points):
        chart = charts.p_chart(
            successes=[point.numerator for point in points], trials=[point.denominator for point in points]
        )
    else:
        values = [point.value for point in points if point.value is not None]
        if weekdays is not None and len(points) >= THREE_WEEKS:
            residuals = charts.same_weekday_residuals(values=values, weekdays=[weekdays[place] for place in settled])
            usual = [value - float(residual) for value, residual in zip(values, residuals, strict=True)]
            values = list(residuals)
            # Each weekday's mean was taken from the same few days, which therefore lie too close to it.
            weeks = len(points) / 7
            stretch = sqrt(weeks / (weeks - 1))
        chart = charts.xmr_chart(values=values)[0]
    # What cannot be negative has no limit below zero.
    least = 0.0 if min(point.value or 0.0 for point in points) >= 0 else float("-inf")
    center: list[float | None] = [None] * len(figures)
    low, high, beyond = list(center), list(center), [False] * len(figures)
    for at, place in enumerate(settled):
        middle, value = usual[at] + float(chart.center), points[at].value or 0.0
        reach = (
            (float(chart.high[at]) - float(chart.center)) * stretch,
            (float(chart.center) - float(chart.low[at])) * stretch,
        )
        if are_counts:
            # Counts that look steadier than chance allows are chance, too.
            reach = max(reach[0], 3 * sqrt(max(middle, 0.0))), max(reach[1], 3 * sqrt(max(middle, 0.0)))
        upper, lower = middle + reach[0], max(middle - reach[1], least)
        center[place], high[place], low[place] = middle, upper, lower
        beyond[place] = not lower <= value <= upper
    return ControlLimits(center=tuple(center), low=tuple(low), high=tuple(high), beyond=tuple(beyond))


def _is_share(figure: Figure) -> bool:
    x, n = figure.numerator, figure.denominator
    if x is None or n is None or not figure.method.startswith("W"):
        return False
    return n >= 1 and 0 <= x <= n and x % 1 == 0 and n % 1 == 0
