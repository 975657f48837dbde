"""Patience from what queues saw, demand that is not certain, and what must be said beside an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight import queueing
from careloop.insight.queueing import Demand, ServiceLevel, cautions, expected_outcome, uncertain_demand


class TestPatience:
    def test_counts_the_waits_of_all_who_queued(self) -> None:
        found = queueing.patience_estimate(abandoned_count=90, queue_seconds=90 * 25 + 3000 * 12)

        assert found is not None
        assert found.seconds == pytest.approx(425)
        assert (found.shorter_seconds, found.longer_seconds) == pytest.approx((297.5, 552.5))

    def test_is_not_known_when_nobody_hung_up(self) -> None:
        assert queueing.patience_estimate(abandoned_count=0, queue_seconds=1000) is None

    def test_finds_the_patience_that_the_model_was_given(self) -> None:
        """θ = P_ab / E[W]: the estimate is exact in the long run."""
        cell = queueing.erlang_a(calls_per_hour=200, handle_seconds=180, patience_seconds=120, agents=11).at(0)

        found = queueing.patience_estimate(
            abandoned_count=round(1e9 * float(cell["abandon_share"] or 0)),
            queue_seconds=1e9 * float(cell["wait_seconds"] or 0),
        )

        assert found is not None
        assert found.seconds == pytest.approx(120, rel=1e-6)

    def test_refuses_negative_numbers(self) -> None:
        with pytest.raises(ValueError, match="at least 0"):
            queueing.patience_estimate(abandoned_count=-1, queue_seconds=0)


class TestDemand:
    @given(st.floats(1, 5000), st.floats(0.01, 0.8))
    def test_has_the_mean_that_was_said_and_nearly_the_spread(self, mean: float, variation: float) -> None:
        demand = uncertain_demand(calls_per_hour=mean, sd=mean * variation)

        assert demand.calls_per_hour.mean() == pytest.approx(mean)
        assert demand.calls_per_hour.std() == pytest.approx(mean * variation, rel=0.03)
        assert demand.calls_per_hour.min() >= 0

    def test_busy_hours_weigh_more(self) -> None:
        """By hand: 100 and 300 calls an hour, as likely as each other."""
        demand = Demand(calls_per_hour=np.array([100.0, 300.0]), weights=np.array([0.5, 0.5]))
        quiet, busy = queueing.erlang_a(
            calls_per_hour=[100, 300], handle_seconds=180, patience_seconds=120, agents=12
        ).service_level_offered

        found = expected_outcome(
            demand=demand, handle_seconds=180, agents=12, patience_seconds=120, variant=ServiceLevel.OFFERED
        )

        assert float(found.service_level) == pytest.approx((100 * quiet + 300 * busy) / 400)

    def test_certainty_changes_nothing_and_uncertainty_costs(self) -> None:
        level = queueing.erlang_a(calls_per_hour=200, handle_seconds=180, patience_seconds=120, agents=14)
        certain, unsure, lost = (
            expected_outcome(
                demand=uncertain_demand(calls_per_hour=200, sd=sd), handle_seconds=180, agents=14, patience_seconds=120
            ).service_level
            for sd in (0, 30, 60)
        )

        assert float(certain) == pytest.approx(float(level.service_level_ex_short))
        assert certain > unsure > lost

    def test_demand_beyond_the_agents_is_no_service_in_erlang_c(self) -> None:
        demand = Demand(calls_per_hour=np.array([100.0, 300.0]), weights=np.array([0.5, 0.5]))
        quiet = queueing.erlang_c(calls_per_hour=100, handle_seconds=180, agents=12).service_level_offered

        found = expected_outcome(demand=demand, handle_seconds=180, agents=12, patience_seconds=None)

        assert float(found.service_level) == pytest.approx(quiet / 4)
        assert float(found.overload_share) == 0.5
        assert np.isnan(found.abandon_share)

    def test_no_calls_are_no_forecast(self) -> None:
        with pytest.raises(ValueError, match="calls_per_hour"):
            uncertain_demand(calls_per_hour=0, sd=1)


class TestCautions:
    def test_nothing_to_say_of_a_plain_queue(self) -> None:
        assert cautions(interval_seconds=1800, handle_seconds=180, has_patience=True, has_demand_spread=True) == []

    def test_all_there_is_to_say(self) -> None:
        found = cautions(
            interval_seconds=1800,
            handle_seconds=901,
            has_patience=False,
            has_demand_spread=False,
            slots=3,
            has_several_skills=True,
            has_back_office_work=True,
            agents_by_patience=(10, 11, 11),
        )

        assert found == [
            queueing.EndlessPatience(),
            queueing.ShortInterval(interval_seconds=1800, handle_seconds=901),
            queueing.CertainForecast(),
            queueing.SensitiveToPatience(agents_if_shorter=10, agents_if_longer=11),
            queueing.Concurrency(slots=3),
            queueing.SeveralSkills(),
            queueing.BackOfficeWork(),
        ]

    def test_patience_that_changes_nothing_needs_no_words(self) -> None:
        found = cautions(
            interval_seconds=1800,
            handle_seconds=60,
            has_patience=True,
            has_demand_spread=True,
            agents_by_patience=(11, 11, 11),
        )

        assert found == []
