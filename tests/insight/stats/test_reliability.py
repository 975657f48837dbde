"""Reliability of scales."""

import numpy as np
import pytest

from careloop.insight.stats.reliability import cronbach_alpha, mcdonald_omega


def scale(*loadings: float, people: int = 4000) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Answers to items that share one factor, each with variance 1."""
    random = np.random.default_rng(11)
    factor = random.normal(size=people)
    noise = random.normal(size=(people, len(loadings)))
    weights = np.array(loadings)
    return np.asarray(factor[:, None] * weights + noise * np.sqrt(1 - weights**2), dtype=np.float64)


class TestAlpha:
    def test_is_one_where_items_say_the_same(self) -> None:
        found = cronbach_alpha([[1, 1, 1], [2, 2, 2], [4, 4, 4]])

        assert found is not None
        assert found.estimate == pytest.approx(1)

    def test_gives_a_figure_worked_out_by_hand(self) -> None:
        # Items 1 2 3 4 and 2 1 4 3: variances 5/3 each, sums 3 3 7 7 with variance 16/3: 2 · (1 − (10/3) / (16/3)).
        found = cronbach_alpha([[1, 2], [2, 1], [3, 4], [4, 3]])

        assert found is not None
        assert found.estimate == pytest.approx(0.75)
        assert found.low < 0.75 < found.high

    def test_says_nothing_where_nobody_differs(self) -> None:
        assert cronbach_alpha([[3, 3], [3, 3], [3, 3]]) is None

    def test_wants_two_items(self) -> None:
        assert cronbach_alpha([[1], [2], [3]]) is None


class TestOmega:
    def test_finds_the_loadings_back(self) -> None:
        truth = (0.9, 0.7, 0.5, 0.3)

        expected = sum(truth) ** 2 / (sum(truth) ** 2 + sum(1 - loading**2 for loading in truth))

        assert mcdonald_omega(scale(*truth)) == pytest.approx(expected, abs=0.02)

    def test_exceeds_alpha_where_loadings_differ(self) -> None:
        table = scale(0.95, 0.9, 0.3)
        alpha, omega = cronbach_alpha(table), mcdonald_omega(table)

        assert alpha is not None
        assert omega is not None
        assert omega > alpha.estimate
