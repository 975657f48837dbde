"""Fair comparison: the vector of metrics.md §3.11, who is told apart, and whether intervals cover."""

from typing import Any

import numpy as np
import pytest

from careloop.insight.stats.comparison import (
    Comparison,
    Position,
    compare,
    expected_ranks,
    expected_within,
    funnel,
    overdispersion,
    paule_mandel,
)

CONTACTS = np.array([400, 350, 300, 500, 450, 380, 25, 12])
SOLVED = np.array([338, 268, 246, 390, 360, 288, 23, 7])
ARGUMENTS = {"observed": SOLVED, "expected": 0.8 * CONTACTS, "variance": 0.16 * CONTACTS, "contacts": CONTACTS}


def compared(**change: Any) -> Comparison:
    return compare(**{**ARGUMENTS, **change})


class TestCompare:
    def test_gives_the_vector(self) -> None:
        found = compared()

        assert found.between_variance == pytest.approx(0.00207162, abs=5e-9)
        assert found.center == pytest.approx(-0.00493724, abs=5e-9)
        assert found.difference == pytest.approx(
            [0.036918, -0.028980, 0.014894, -0.017985, -0.000723, -0.035827, 0.025615, -0.033410], abs=5e-7
        )
        assert found.shrinkage[6:] == pytest.approx([0.244537, 0.134478], abs=5e-7)

    def test_few_contacts_lead_neither_end(self) -> None:
        found = compared()

        raw = (SOLVED / CONTACTS).argsort()
        shrunken = found.difference.argsort()
        assert (raw[0], raw[-1]) == (7, 6)
        assert not {6, 7} & {shrunken[0], shrunken[-1]}

    def test_names_a_position_only_where_the_interval_does(self) -> None:
        found = compared()

        assert found.positions[0] is Position.BETTER
        assert set(found.positions[1:]) == {Position.NOT_DISTINGUISHABLE}
        assert found.listed.tolist() == [True] * 6 + [False] * 2

    def test_tells_nobody_apart_where_chance_explains_all(self) -> None:
        found = compare(observed=[81, 79, 82], expected=[80] * 3, variance=[16] * 3, contacts=[100] * 3)

        assert found.between_variance == 0
        assert set(found.positions) == {Position.NOT_DISTINGUISHABLE}
        assert np.ptp(found.difference) == 0

    def test_overdispersion_shrinks_more(self) -> None:
        assert (compared(overdispersion=2).shrinkage < compared().shrinkage).all()

    def test_does_not_mind_the_order(self) -> None:
        turned = {name: array[::-1] for name, array in ARGUMENTS.items()}

        assert compared(**turned).difference[::-1] == pytest.approx(compared().difference)

    def test_covers_and_seldom_blames_by_chance(self) -> None:
        generator = np.random.default_rng(1983)
        covered, blamed = [], []
        for _ in range(2_000):
            contacts = generator.integers(80, 400, 40)
            true = generator.normal(0, 0.05, 40)
            found = compare(
                observed=generator.binomial(contacts, 0.7 + true),
                expected=0.7 * contacts,
                variance=0.21 * contacts,
                contacts=contacts,
            )
            covered.append(np.mean((found.low <= true) & (true <= found.high)))
            blamed.append(np.mean((found.low > 0) & (true < 0) | (found.high < 0) & (true > 0)))

        assert 0.93 <= np.mean(covered) <= 0.97
        assert np.mean(blamed) < 0.01

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"contacts": np.zeros(8)}, "Contacts must be 1 or more"),
            ({"variance": np.zeros(8)}, "Variances must be above 0"),
            ({"observed": SOLVED[:3]}, "These must have the same length"),
            ({"observed": [np.nan] * 8}, "Observed outcomes must be finite"),
        ],
    )
    def test_refuses_in_a_sentence(self, change: dict[str, np.ndarray], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            compared(**change)

    def test_refuses_to_compare_nobody(self) -> None:
        with pytest.raises(ValueError, match="There is nobody to compare"):
            compare(observed=[], expected=[], variance=[], contacts=[])


class TestPauleMandel:
    def test_solves_its_equation(self) -> None:
        r, v = np.array([0.1, -0.3, 0.4, 0.0]), np.array([0.01, 0.02, 0.01, 0.03])

        between, center = paule_mandel(differences=r, variances=v)

        assert (np.square(r - center) / (v + between)).sum() == pytest.approx(3)

    def test_of_one_group_is_zero(self) -> None:
        assert paule_mandel(differences=[0.2], variances=[0.01]) == (0, 0.2)


class TestExpectedRanks:
    def test_add_up_and_hold_their_ranges(self) -> None:
        ranks = expected_ranks(compared(), seed=7)

        assert ranks.expected.sum() == pytest.approx(36)
        assert (ranks.low <= ranks.expected).all()
        assert (ranks.expected <= ranks.high).all()
        assert ranks.expected.argmin() == 0
        # 12 contacts say next to nothing: the range spans the whole list.
        assert (ranks.low[7], ranks.high[7]) == (1, 8)

    def test_are_all_alike_where_chance_explains_all(self) -> None:
        ranks = expected_ranks(
            compare(observed=[81, 79, 82], expected=[80] * 3, variance=[16] * 3, contacts=[100] * 3), seed=7
        )

        assert ranks.expected == pytest.approx([2, 2, 2])
        assert (ranks.low[0], ranks.high[0]) == (1, 3)

    def test_come_again_from_the_seed(self) -> None:
        comparison = compared()

        assert expected_ranks(comparison, seed=3).low.tolist() == expected_ranks(comparison, seed=3).low.tolist()


class TestFunnel:
    def test_is_no_wider_than_chance_without_overdispersion(self) -> None:
        drawn = funnel(observed=[81, 79], expected=[80, 80], variance=[16, 16], contacts=[100, 100])

        assert drawn.overdispersion == 1
        assert drawn.alarm == pytest.approx([0.12, 0.12])

    def test_widens_with_the_spread_of_all_but_not_of_one(self) -> None:
        calm = np.random.default_rng(5).normal(size=50)

        assert overdispersion(np.append(calm, 30)) < 1.5
        assert overdispersion(calm * 3) > 4

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="Overdispersion needs scores"):
            overdispersion([])


class TestExpectedWithin:
    def test_compares_within_the_same_interval_and_queue(self) -> None:
        # Agent 1 works the hard night alone with agent 0 and is better than agent 0 in each stratum.
        observed, expected, variance, contacts = expected_within(
            agents=[0, 0, 1, 1], strata=[0, 1, 0, 1], successes=[80, 4, 9, 45], contacts=[100, 10, 10, 90]
        )

        assert observed.sum() == pytest.approx(expected.sum())
        assert observed[1] > expected[1]
        assert (variance > 0).all()
        assert contacts.tolist() == [110, 100]

    def test_a_stratum_served_alone_compares_with_nobody(self) -> None:
        _, _, variance, _ = expected_within(agents=[0, 1], strata=[0, 1], successes=[5, 5], contacts=[10, 10])

        assert variance.tolist() == [0, 0]
