"""Evaluations that were drawn by chance, weighed by how likely each was to be drawn (metrics.md §3.7).

Hand-picked, complaint-driven and requested evaluations have no such chance: they coach, they never enter rates.
"""

from dataclasses import dataclass

import ibis.expr.types as ir

from careloop.insight.kpis.asking.columns import is_true, number, text, whole
from careloop.insight.kpis.asking.sources import Facts
from careloop.insight.kpis.measures.kinds import Ratio, Sum
from careloop.insight.kpis.options import Choice, Options
from careloop.insight.kpis.words import said

__all__ = ["JUDGE", "NEEDS", "Drawn", "drawn", "drawn_items", "trimmed_share", "weighted_share"]

JUDGE = Choice(
    name="judge",
    default="human",
    choices=("human", "automatic"),
    meaning=said(
        "whether people or machines judged; never both together",
        "사람의 평가인지 기계의 평가인지, 둘을 합치지 않음",
        "人工评定还是机器评定；两者不合并",
        "người hay máy đánh giá; không gộp cả hai",
    ),
)
NEEDS = {
    "evaluation": ("contact_id", "agent_id", "sample_kind", "inclusion_prob", "evaluated_at", "points", "max_points")
}


# 1970-01-05 was a Monday.
MONDAY_S, FOUR_WEEKS_S = 4 * 86_400, 28 * 86_400
MOST_TIMES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Rows with the weight of each, 0 for those that were not drawn, and whether they count at all."""

    rows: ir.Table
    counts: ir.BooleanValue
    weight: ir.FloatingValue


def drawn(facts: Facts, options: Options) -> Drawn:
    """Read evaluations of the chosen kind of judge."""
    rows = _weighed(facts.counted("evaluation"), options)
    return Drawn(rows=rows, counts=is_true(rows.is_drawn), weight=number(rows, "weight"))


def drawn_items(facts: Facts, options: Options) -> Drawn:
    """Read the lines of evaluations, each with the weight of its evaluation; lines that did not apply do not count."""
    evaluations = _weighed(facts.counted("evaluation"), options).select(
        "evaluation_id",
        "contact_id",
        "segment_id",
        "agent_id",
        "evaluator_id",
        "form_id",
        "evaluated_at_us",
        "evaluated_at_slot",
        "is_drawn",
        "weight",
    )
    rows = facts["evaluation_item"].inner_join(evaluations, "evaluation_id")
    counts = is_true(rows.is_drawn) & is_true(rows.applicable)
    return Drawn(rows=rows, counts=counts, weight=number(rows, "weight"))


def _weighed(rows: ir.Table, options: Options) -> ir.Table:
    """Add `is_drawn`, the `weight` of each evaluation, and whether it `is_trimmed`.

    A weight is 1 over the chance of being drawn, but at most ten times the median of the four weeks that the evaluation lies in,
    counted from a Monday, so that one rare draw does not make the rate (metrics.md §3.7). Four weeks that are over keep their
    median, whatever comes later.
    """
    probability = number(rows, "inclusion_prob")
    counts = is_true(text(rows, "sample_kind").isin(["random", "risk"])) & is_true(probability > 0)
    judged = is_true(rows.is_automatic)
    counts = counts & (judged if options.choice("judge") == "automatic" else ~judged)
    slot = whole(rows, "evaluated_at_slot")
    rows = rows.mutate(is_drawn=counts, plain=1.0 / probability, weeks=slot - (slot - MONDAY_S) % FOUR_WEEKS_S)
    known = rows.filter(rows.is_drawn)
    usual = known.group_by(usual_weeks="weeks").aggregate(usual=known.plain.median())
    rows = rows.left_join(usual, rows.weeks == usual.usual_weeks)
    most = number(rows, "usual") * MOST_TIMES
    plain = number(rows, "plain")
    return rows.mutate(weight=(plain > most).ifelse(most, plain), is_trimmed=is_true(plain > most))


def trimmed_share(facts: Facts, options: Options) -> Ratio:
    """Evaluations whose weight was trimmed over those that were drawn."""
    rows = _weighed(facts.counted("evaluation"), options)
    drawn_ = is_true(rows.is_drawn)
    return Ratio(
        numerator=Sum(rows=rows, value=drawn_ & is_true(rows.is_trimmed), at="evaluated_at"),
        denominator=Sum(rows=rows, value=drawn_, at="evaluated_at"),
    )


def weighted_share(found: Drawn, meant: ir.BooleanValue) -> Ratio:
    """Weigh the rows that are meant against all that count (Hájek 1971)."""

    def part(which: ir.BooleanValue, value: ir.NumericValue) -> Sum:
        return Sum(rows=found.rows, value=which.ifelse(value, 0.0), at="evaluated_at")

    return Ratio(
        numerator=part(found.counts & meant, found.weight),
        denominator=part(found.counts, found.weight),
        squares=part(found.counts, found.weight * found.weight),
    )
