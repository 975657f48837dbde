"""How the values behind a mean or a quantile lie: counted in bins of a round width, with the quantiles that people ask for."""

from dataclasses import dataclass
from math import floor, log10

from careloop.insight.kpis.asking.queries import as_number, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.engine import Asked
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Mean, Quantile, Survival
from careloop.kernel.sentences import gettext_noop

__all__ = ["Bin", "Spread", "spread"]

MOST_BINS = 30
# Beyond this quantile a few huge values would press everything else into one bin.
SHOWN_SHARE = 0.99
# Waits that end by chance have their 99th percentile at twice the 90th; what reaches much farther is another kind of wait.
REACH = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """How many values lie from `start` until before `end`, in the unit of the metric."""

    start: float
    end: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """bins: in rising order, without gaps. n: how many values there are. beyond: how many lie behind the last bin.

    p50, p90: quantiles of all values; None where there are none.
    """

    bins: tuple[Bin, ...]
    n: int
    beyond: int
    p50: float | None
    p90: float | None


def spread(asked: Asked, question: Question) -> Spread:
    """Count the values behind a number. Raises BadQuestion for a metric that is no mean and no quantile of values."""
    measure = asked.metric.measure(question.facts, asked.options)
    match measure:
        case Mean(rows=rows, value=value, at=at, where=where) | Quantile(rows=rows, value=value, at=at, where=where):
            pass
        case Survival(rows=rows, duration=value, at=at, where=where):
            pass
        case _:
            raise BadQuestion(gettext_noop("A share or a count is one number: no values lie behind it."))
    rows = rows.mutate(m_value=as_number(value))
    placed = prepared(rows if where is None else rows.filter(where), question, at=at)
    placed = placed.filter(placed.m_value.notnull())
    values = placed.m_value
    (told,) = question.fetch(
        placed.aggregate(
            n=placed.count(),
            least=values.min(),
            most=values.quantile(SHOWN_SHARE),
            p50=values.quantile(0.5),
            p90=values.quantile(0.9),
        )
    ).to_pylist()
    if not told["n"]:
        return Spread(bins=(), n=0, beyond=0, p50=None, p90=None)
    most = min(told["most"], REACH * told["p90"]) if told["p90"] > 0 else told["most"]
    width = _round_width(most - told["least"])
    first = floor(told["least"] / width)
    number = max(1, floor(most / width) - first + 1)
    places = (values / width).floor().cast("int64") - first
    binned = placed.mutate(place=places)
    found = question.fetch(binned.group_by("place").aggregate(n=binned.count())).to_pylist()
    counts = {row["place"]: row["n"] for row in found}
    return Spread(
        bins=tuple(
            Bin(start=(first + place) * width, end=(first + place + 1) * width, count=counts.get(place, 0))
            for place in range(number)
        ),
        n=told["n"],
        beyond=sum(count for place, count in counts.items() if place >= number),
        p50=told["p50"],
        p90=told["p90"],
    )


def _round_width(span: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that at most MOST_BINS of them cover a span."""
    if span <= 0:
        return 1.0
    least = span / MOST_BINS
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)
