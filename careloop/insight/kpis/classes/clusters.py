"""Ratios whose rows come in clusters, such as the contacts of one customer: what the design effect is worked out from."""

from dataclasses import replace

import pyarrow as pa

from careloop.insight.kpis.asking.columns import total
from careloop.insight.kpis.asking.queries import as_number, by_cell, prepared
from careloop.insight.kpis.asking.question import Question
from careloop.insight.kpis.errors import BadQuestion
from careloop.insight.kpis.measures.kinds import Mean, Ratio, Span, Sum
from careloop.kernel.sentences import gettext_noop

__all__ = ["CLUSTERED", "clustered"]

CLUSTERED = ("x", "n", "xx", "xn", "nn", "clusters")


def clustered(measure: Ratio | Mean, question: Question, by: tuple[str, ...]) -> pa.Table:
    """Fetch, per cell, sums of numerator and denominator and of their products over clusters.

    A row without a cluster is a cluster of its own kind: all such rows of a cell together.
    """
    numerator, denominator = _parts(measure)
    if not isinstance(numerator, Sum) or not isinstance(denominator, Sum) or measure.cluster is None:
        raise BadQuestion(gettext_noop("Only sums over rows come in clusters."))
    rows = numerator.rows.mutate(
        m_x=as_number(numerator.value), m_n=as_number(denominator.value), m_cluster=numerator.rows[measure.cluster]
    )
    placed = prepared(rows, replace(question, by=by), at=numerator.at)
    counted = placed.filter(placed.m_n != 0)
    inner = by_cell(counted, by, "m_cluster").aggregate(x=total(counted.m_x), n=total(counted.m_n))
    return question.fetch(
        by_cell(inner, by).aggregate(
            x=total(inner.x),
            n=total(inner.n),
            xx=total(inner.x * inner.x),
            xn=total(inner.x * inner.n),
            nn=total(inner.n * inner.n),
            clusters=inner.count().cast("float64"),
        )
    )


def _parts(measure: Ratio | Mean) -> tuple[Sum | Span | tuple[Sum | Span, ...], Sum | Span | tuple[Sum | Span, ...]]:
    if isinstance(measure, Ratio):
        return measure.numerator, measure.denominator
    counted = measure.value.notnull() if measure.where is None else measure.value.notnull() & measure.where
    figure = counted.ifelse(measure.value.cast("float64"), 0.0)
    return Sum(rows=measure.rows, value=figure, at=measure.at), Sum(rows=measure.rows, value=counted, at=measure.at)
