"""The vectors of metrics.md §3.6, and what holds for any ratings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.agreement.bias import evaluator_biases
from careloop.insight.agreement.coefficients import Level, cohen_kappa, gwet_ac1, krippendorff_alpha
from careloop.insight.agreement.intraclass import intraclass

NAN = float("nan")
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# 118 times both no, 5 and 2 times one of them, never both.
RARE = ([0] * 118 + [0] * 5 + [1] * 2, [0] * 118 + [1] * 5 + [0] * 2)
RATINGS = st.lists(st.lists(st.sampled_from((0.0, 1.0, 2.0, NAN)), min_size=6, max_size=6), min_size=2, max_size=4)


class TestKrippendorff:
    @pytest.mark.parametrize(
        ("level", "alpha"),
        [
            (Level.NOMINAL, 0.743421),
            (Level.ORDINAL, 0.815388),
            (Level.INTERVAL, 0.849107),
            (Level.RATIO, 0.797403),
        ],
    )
    def test_gives_his_own_figures(self, level: Level, alpha: float) -> None:
        assert krippendorff_alpha(KRIPPENDORFF, level=level) == pytest.approx(alpha, abs=5e-7)

    def test_is_nothing_where_all_ratings_are_the_same(self) -> None:
        assert krippendorff_alpha([[1, 1, 1], [1, 1, 1]]) is None

    def test_collapses_on_rare_errors(self) -> None:
        # 1 - 0.056 / 0.0546506: metrics.md prints -0.024690 for -0.0246914.
        assert krippendorff_alpha(RARE) == pytest.approx(-0.0246914, abs=5e-8)

    @given(ratings=RATINGS)
    def test_does_not_care_who_rated_what_first(self, ratings: list[list[float]]) -> None:
        table = np.array(ratings)

        turned = krippendorff_alpha(table[::-1, ::-1], level=Level.INTERVAL)

        assert turned == pytest.approx(krippendorff_alpha(table, level=Level.INTERVAL), nan_ok=True)


class TestGwet:
    def test_does_not_collapse_on_rare_errors(self) -> None:
        assert gwet_ac1(RARE) == pytest.approx(0.940776, abs=5e-7)

    def test_kappa_stands_beside_it(self) -> None:
        assert cohen_kappa(*RARE) == pytest.approx(-0.023392, abs=5e-7)

    def test_is_nothing_without_two_ratings(self) -> None:
        assert gwet_ac1([[1, NAN], [NAN, 0]]) is None


class TestIntraclass:
    def test_gives_the_figures_of_shrout_and_fleiss(self) -> None:
        found = intraclass(SHROUT_FLEISS)

        assert found is not None
        assert found.agreement is not None
        assert (found.between_targets, found.between_raters, found.error) == pytest.approx(
            (11.241667, 32.486111, 1.019444), abs=5e-7
        )
        assert (found.agreement.estimate, found.agreement.low, found.agreement.high) == pytest.approx(
            (0.289764, 0.018787, 0.761084), abs=5e-7
        )
        assert (found.consistency, found.one_way, found.agreement_of_mean) == pytest.approx(
            (0.714841, 0.165742, 0.620051), abs=5e-7
        )

    def test_says_nothing_of_one_target(self) -> None:
        assert intraclass([[1, 2]]) is None


class TestBias:
    def test_finds_who_is_severe_whatever_the_contacts_were_worth(self) -> None:
        random = np.random.default_rng(5)
        worth = random.normal(70, 15, size=60)
        people = {"mild": 4.0, "plain": 0.0, "severe": -4.0}
        rows = [
            (f"c{place}", name, worth[place] + people[name] + random.normal(0, 1))
            for place in range(60)
            for name in list(people)[place % 3 : place % 3 + 2] or ["mild", "severe"]
        ]
        contacts, names, scores = zip(*rows, strict=True)

        found = evaluator_biases(contacts=contacts, evaluators=names, scores=scores)

        assert sum(bias.estimate for bias in found.values()) == pytest.approx(0, abs=1e-9)
        for name, truth in people.items():
            assert found[name].low < truth < found[name].high

    def test_says_nothing_where_nothing_connects_the_evaluators(self) -> None:
        found = evaluator_biases(
            contacts=["a", "a", "b", "b"], evaluators=["v1", "v2", "v3", "v4"], scores=[1, 2, 3, 4]
        )

        assert found == {}

    def test_has_no_interval_without_a_row_to_spare(self) -> None:
        found = evaluator_biases(contacts=["a", "a"], evaluators=["v1", "v2"], scores=[80, 90])

        assert {name: bias.estimate for name, bias in found.items()} == pytest.approx({"v1": -5, "v2": 5})
        assert np.isnan(found["v1"].low)
