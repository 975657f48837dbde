"""Intervals of shares and counts: the vectors of metrics.md §0.4, what must always hold, and whether they cover."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from careloop.insight.stats.intervals import (
    Interval,
    design_effect,
    newcombe,
    poisson_exact,
    rate_ratio,
    wilson,
    wilson_clustered,
)

CLUSTERS = st.lists(
    st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=20
)


def found(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "trials", "low", "high"),
        [
            (0, 10, 0, 0.277533),
            (1, 10, 0.017876, 0.404150),
            (45, 60, 0.627679, 0.842235),
            (860, 1060, 0.786659, 0.833734),
            (10, 10, 0.722467, 1),
        ],
    )
    def test_gives_the_vectors(self, successes: int, trials: int, low: float, high: float) -> None:
        interval = found(wilson(successes=successes, trials=trials))

        assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-7)

    @given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_agrees_with_scipy_and_holds_its_estimate(self, case: tuple[int, int]) -> None:
        successes, trials = case

        interval = found(wilson(successes=successes, trials=trials))

        oracle = stats.binomtest(successes, trials).proportion_ci(method="wilson")
        assert (interval.low, interval.high) == pytest.approx((oracle.low, oracle.high), abs=1e-9)
        assert 0 <= interval.low <= interval.estimate <= interval.high <= 1

    @given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_twice_the_rows_shrink_it_around_the_same_share(self, case: tuple[int, int]) -> None:
        successes, trials = case

        once = found(wilson(successes=successes, trials=trials))
        twice = found(wilson(successes=2 * successes, trials=2 * trials))

        assert twice.estimate == once.estimate
        assert twice.width < once.width

    def test_says_nothing_without_trials(self) -> None:
        assert wilson(successes=0, trials=0) is None

    def test_a_design_effect_counts_fewer_trials(self) -> None:
        assert found(wilson(successes=45, trials=60, design_effect=2)).width == pytest.approx(
            found(wilson(successes=22.5, trials=30)).width
        )

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"successes": 3, "trials": 2}, "Successes must lie between 0 and the trials; these are 3 of 2."),
            ({"successes": -1, "trials": 2}, "Successes must lie between 0 and the trials; these are -1 of 2."),
            ({"successes": math.nan, "trials": 2}, "Successes must lie between 0 and the trials"),
            ({"successes": 1, "trials": math.inf}, "Successes must lie between 0 and the trials"),
            ({"successes": 1, "trials": 2, "design_effect": 0.5}, "A design effect must be 1 or more, not 0.5."),
            ({"successes": 1, "trials": 2, "confidence": 95}, "The confidence must lie between 0 and 1"),
        ],
    )
    def test_refuses_in_a_sentence(self, arguments: dict[str, float], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            wilson(**arguments)

    def test_covers(self) -> None:
        generator = np.random.default_rng(1927)
        shares, trials = generator.uniform(0.1, 0.9, 2_000), generator.integers(30, 300, 2_000)
        successes = generator.binomial(trials, shares)

        covered = [
            (interval := found(wilson(successes=x, trials=n))).low <= p <= interval.high
            for x, n, p in zip(successes.tolist(), trials.tolist(), shares.tolist(), strict=True)
        ]

        assert 0.93 <= np.mean(covered) <= 0.97


class TestDesignEffect:
    def test_is_one_where_every_cluster_is_alike(self) -> None:
        assert design_effect(successes=[5, 5, 5], trials=[10, 10, 10]) == 1

    def test_is_the_size_of_clusters_that_answer_as_one(self) -> None:
        # Half of many clusters of 10 succeed throughout: 10 times the binomial variance.
        effect = design_effect(successes=[10, 0] * 500, trials=[10] * 1000)

        assert effect == pytest.approx(10 * 1000 / 999)

    def test_cannot_be_told_from_one_cluster(self) -> None:
        assert design_effect(successes=[5, 0], trials=[10, 0]) is None
        assert wilson_clustered(successes=[5, 0], trials=[10, 0]) is None

    @given(CLUSTERS)
    def test_never_narrows_an_interval(self, clusters: list[tuple[int, int]]) -> None:
        successes, trials = zip(*clusters, strict=True)

        clustered = wilson_clustered(successes=successes, trials=trials)

        plain = wilson(successes=sum(successes), trials=sum(trials))
        assert clustered is None or (plain is not None and clustered.width >= plain.width - 1e-12)

    @given(CLUSTERS)
    def test_does_not_mind_the_order(self, clusters: list[tuple[int, int]]) -> None:
        turned = clusters[::-1]

        assert design_effect(successes=[x for x, _ in clusters], trials=[n for _, n in clusters]) == pytest.approx(
            design_effect(successes=[x for x, _ in turned], trials=[n for _, n in turned])
        )

    def test_covers_where_plain_wilson_does_not(self) -> None:
        generator = np.random.default_rng(1965)
        plain, clustered = 0, 0
        for _ in range(2_000):
            shares = generator.beta(2, 2, 60)
            trials = generator.integers(5, 15, 60)
            successes = generator.binomial(trials, shares)
            simple = found(wilson(successes=int(successes.sum()), trials=int(trials.sum())))
            honest = found(wilson_clustered(successes=successes, trials=trials))
            plain += simple.low <= 0.5 <= simple.high
            clustered += honest.low <= 0.5 <= honest.high

        assert plain / 2_000 < 0.85
        assert 0.93 <= clustered / 2_000 <= 0.97

    def test_refuses_more_successes_than_trials(self) -> None:
        with pytest.raises(ValueError, match="A cluster has more successes than trials"):
            design_effect(successes=[1, 3], trials=[2, 2])


class TestNewcombe:
    def test_gives_the_vector(self) -> None:
        interval = found(newcombe(successes=56, trials=70, base_successes=48, base_trials=80))

        assert interval.estimate == pytest.approx(0.2)
        assert (interval.low, interval.high) == pytest.approx((0.052431, 0.333873), abs=5e-7)

    def test_turns_with_its_groups(self) -> None:
        there = found(newcombe(successes=56, trials=70, base_successes=48, base_trials=80))
        back = found(newcombe(successes=48, trials=80, base_successes=56, base_trials=70))

        assert (back.estimate, back.low, back.high) == pytest.approx((-there.estimate, -there.high, -there.low))

    def test_says_nothing_when_a_group_is_empty(self) -> None:
        assert newcombe(successes=1, trials=2, base_successes=0, base_trials=0) is None


class TestPoissonExact:
    @pytest.mark.parametrize(
        ("events", "low", "high"), [(18, 10.667941, 28.447760), (5, 1.623486, 11.668332), (0, 0, 3.688879)]
    )
    def test_gives_the_vectors(self, events: int, low: float, high: float) -> None:
        interval = found(poisson_exact(events=events))

        assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-6)

    def test_divides_by_exposure_and_says_nothing_without(self) -> None:
        assert found(poisson_exact(events=5, exposure=100)).high == pytest.approx(0.11668332)
        assert poisson_exact(events=0, exposure=0) is None

    @pytest.mark.parametrize("events", [-1, 2.5, math.nan, math.inf])
    def test_refuses_what_is_no_count(self, events: float) -> None:
        with pytest.raises(ValueError, match="Events must be a whole number of 0 or more"):
            poisson_exact(events=events)  # type: ignore[arg-type]


class TestRateRatio:
    def test_agrees_with_the_conditional_binomial(self) -> None:
        interval = found(rate_ratio(events=20, exposure=50, base_events=10, base_exposure=100))

        share = stats.binomtest(20, 30).proportion_ci(method="exact")
        assert interval.estimate == pytest.approx(4)
        assert interval.low == pytest.approx(2 * share.low / (1 - share.low))
        assert interval.high == pytest.approx(2 * share.high / (1 - share.high))

    def test_starts_at_zero_without_events_and_says_nothing_without_a_base(self) -> None:
        assert found(rate_ratio(events=0, exposure=1, base_events=3, base_exposure=1)).low == 0
        assert rate_ratio(events=3, exposure=1, base_events=0, base_exposure=1) is None
        assert rate_ratio(events=3, exposure=0, base_events=3, base_exposure=1) is None
