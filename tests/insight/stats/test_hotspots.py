"""Hotspots: the vectors of metrics.md §3.10, few false discoveries, and the level that explains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from careloop.insight.stats.hotspots import (
    GammaPrior,
    benjamini_hochberg,
    expected_from_parent,
    fit_gamma_prior,
    hotspots,
    shrunken_ratios,
    smallest_explaining,
    upper_mid_p,
)


class TestUpperMidP:
    def test_gives_the_vector(self) -> None:
        mid = upper_mid_p(observed=[18], expected=[9.2])[0]

        assert mid == pytest.approx(0.004825, abs=5e-7)
        # The whole tail counts P(X = 18) once, its middle half.
        assert mid + stats.poisson(9.2).pmf(18) / 2 == pytest.approx(0.006584, abs=5e-7)
        assert hotspots(observed=[18, 9], expected=[9.2, 9.0]).ratio[0] == pytest.approx(1.957, abs=5e-4)

    @given(st.integers(0, 200), st.floats(0.01, 200), st.floats(0.01, 3))
    def test_agrees_with_scipy(self, observed: int, expected: float, dispersion: float) -> None:
        poisson = stats.poisson(expected)
        binomial = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * expected))

        assert upper_mid_p(observed=[observed], expected=[expected])[0] == pytest.approx(
            poisson.sf(observed) + poisson.pmf(observed) / 2, rel=1e-6, abs=1e-12
        )
        assert upper_mid_p(observed=[observed], expected=[expected], dispersion=dispersion)[0] == pytest.approx(
            binomial.sf(observed) + binomial.pmf(observed) / 2, rel=1e-6, abs=1e-12
        )

    def test_events_that_nobody_expected_are_as_surprising_as_can_be(self) -> None:
        assert upper_mid_p(observed=[0, 1], expected=[0, 0]).tolist() == [0.5, 0]

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="Expected counts must be 0 or more; the smallest is -1"):
            upper_mid_p(observed=[1], expected=[-1])
        with pytest.raises(ValueError, match="The dispersion must be 0 or more"):
            upper_mid_p(observed=[1], expected=[1], dispersion=-1)


class TestBenjaminiHochberg:
    def test_gives_the_vector(self) -> None:
        adjusted = benjamini_hochberg([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205])

        assert adjusted == pytest.approx([0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.084571, 0.205], abs=5e-7)

    def test_takes_none_and_refuses_what_is_no_p(self) -> None:
        assert len(benjamini_hochberg([])) == 0
        with pytest.raises(ValueError, match="P values must lie between 0 and 1"):
            benjamini_hochberg([1.5])


class TestShrinkage:
    def test_gives_the_vector(self) -> None:
        means, lows = shrunken_ratios(observed=[18], expected=[9.2], prior=GammaPrior(shape=4, rate=4))

        assert (means[0], lows[0]) == pytest.approx((1.6667, 1.1283), abs=5e-5)

    def test_finds_the_prior_that_made_the_cells(self) -> None:
        generator = np.random.default_rng(1999)
        expected = generator.uniform(1, 30, 2_000)

        prior = fit_gamma_prior(
            observed=generator.poisson(expected * generator.gamma(4, 1 / 4, 2_000)), expected=expected
        )

        assert (prior.shape, prior.rate) == pytest.approx((4, 4), rel=0.1)

    def test_cells_that_vary_by_chance_alone_are_drawn_together(self) -> None:
        generator = np.random.default_rng(2)
        expected = generator.uniform(1, 30, 500)
        observed = generator.poisson(expected)

        means, _ = shrunken_ratios(
            observed=observed, expected=expected, prior=fit_gamma_prior(observed=observed, expected=expected)
        )

        # Observed over expected spans 0 to about 3.
        assert np.ptp(means) < 0.25

    def test_one_cell_says_nothing_of_the_spread(self) -> None:
        assert fit_gamma_prior(observed=[5], expected=[2]) == GammaPrior(shape=1, rate=1)


class TestHotspots:
    def test_needs_surprise_and_number_and_size(self) -> None:
        found = hotspots(observed=[30, 4, 1200, 10, 9], expected=[10, 0.1, 1000, 10, 10])

        # Three times as many; too few events; surprising but only 1.2 times; as expected twice.
        assert found.is_hot.tolist() == [True, False, False, False, False]
        assert found.adjusted[2] < 0.05

    def test_seldom_finds_anything_where_nothing_changed(self) -> None:
        generator = np.random.default_rng(1995)
        expected = generator.uniform(2, 40, 200)

        adjusted = [
            benjamini_hochberg(upper_mid_p(observed=generator.poisson(expected), expected=expected))
            for _ in range(1_000)
        ]

        # 5 % and two standard errors of the simulation.
        assert np.mean([found.min() <= 0.05 for found in adjusted]) <= 0.064

    def test_does_not_mind_the_order(self) -> None:
        observed, expected = np.array([30, 4, 12, 10]), np.array([10, 2, 10, 10])

        there = hotspots(observed=observed, expected=expected)
        back = hotspots(observed=observed[::-1], expected=expected[::-1])

        assert there.adjusted == pytest.approx(back.adjusted[::-1])
        assert there.shrunken == pytest.approx(back.shrunken[::-1], rel=1e-4)

    def test_a_cell_without_history_expects_its_share_of_the_parent(self) -> None:
        assert expected_from_parent(parent_expected=12, exposure=25, parent_exposure=100) == 3
        assert expected_from_parent(parent_expected=12, exposure=0, parent_exposure=0) is None


class TestSmallestExplaining:
    PATHS = [("phone",), ("phone", "billing"), ("phone", "delivery"), ("phone", "tech"), ("mail",)]

    def found(self, observed: list[int], expected: list[float], hot: list[bool]) -> list[tuple[str, ...]]:
        return smallest_explaining(paths=self.PATHS, observed=observed, expected=expected, is_hot=hot)

    def test_one_child_that_explains_its_parent_is_named(self) -> None:
        hot = [True, True, False, False, False]

        assert self.found([60, 40, 10, 10, 9], [30, 10, 10, 10, 10], hot) == [("phone", "billing")]

    def test_a_parent_whose_children_all_rise_is_named(self) -> None:
        hot = [True, True, True, True, False]

        assert self.found([90, 30, 30, 30, 9], [30, 10, 10, 10, 10], hot) == [("phone",)]

    def test_a_parent_that_stays_hot_without_its_hot_child_is_named(self) -> None:
        hot = [True, True, False, False, False]

        assert self.found([90, 40, 25, 25, 9], [30, 10, 10, 10, 10], hot) == [("phone",)]

    def test_a_child_may_be_hot_alone(self) -> None:
        hot = [False, True, False, False, True]

        assert self.found([40, 20, 10, 10, 40], [30, 10, 10, 10, 10], hot) == [("mail",), ("phone", "billing")]
