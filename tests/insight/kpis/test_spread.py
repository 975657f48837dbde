"""Values behind a number are counted once each, in bins of a round width."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careloop.insight import kpis
from careloop.insight.facts import Facts
from careloop.insight.kpis.engine import question_of
from careloop.insight.kpis.measures.kinds import Mean, Quantile
from careloop.insight.kpis.spread import Spread, spread

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def waits(*seconds: float) -> Facts:
    return Facts.of(
        {
            "contact": [
                {"contact_id": str(i), "channel": "voice", "direction": "inbound", "arrived_at": AT, "outcome": "handled"}
                for i, _ in enumerate(seconds)
            ],
            "contact_segment": [
                {
                    "segment_id": str(i), "contact_id": str(i), "seq": 1, "queued_at": AT,
                    "left_queue_at": AT + timedelta(seconds=wait), "answered_at": AT + timedelta(seconds=wait),
                    "exit": "answered", "wait_s": wait,
                }
                for i, wait in enumerate(seconds)
            ],
        }
    )  # fmt: skip


def found(facts: Facts, name: str) -> Spread:
    return spread(kpis.Asked.of(kpis.metric(name)), question_of(facts))


def some_mean() -> str:
    """A metric that is a mean or a quantile of waits."""
    facts = waits(1.0)
    for metric in kpis.METRICS.values():
        if set(metric.needs) == {"contact_segment"}:
            measure: Any = metric.measure(facts, kpis.Asked.of(metric).options)
            if isinstance(measure, Mean | Quantile) and metric.id in {"asa", "avg_queue_time", "wait_p90"}:
                return metric.id
    pytest.skip("The catalogue has no mean of waits yet.")


@settings(max_examples=25, deadline=None)
@given(seconds=st.lists(st.floats(0, 5000, allow_nan=False).map(lambda x: round(x, 3)), min_size=1, max_size=60))
def test_counts_every_value_once(seconds: list[float]) -> None:
    told = found(waits(*seconds), some_mean())

    assert told.n == len(seconds) == sum(one.count for one in told.bins) + told.beyond
    assert len(told.bins) <= 32
    assert all(one.start < one.end == after.start for one, after in zip(told.bins, told.bins[1:], strict=False))
    assert all(
        one.count == sum(one.start <= wait < one.end for wait in seconds) for one in told.bins if one.count
    ) or any(abs(wait / (one.end - one.start) % 1) < 1e-9 for wait in seconds for one in told.bins)


def test_nothing_has_no_bins() -> None:
    assert found(waits(), some_mean()).bins == ()


def test_a_share_has_no_values_behind_it() -> None:
    with pytest.raises(kpis.BadQuestion):
        found(waits(1.0), "service_level")
