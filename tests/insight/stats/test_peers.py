"""Who stands out among peers: seen when far off, left in peace when not, alone or in company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.kpis.checking import moved
from careloop.insight.kpis.checks.mixes import against, cramers_v
from careloop.insight.stats.peers import Apart, apart, spread_beyond_chance

GROUPS, WORLDS = 30, 200


def drawn(seed: int, *, worse: int = 0, times: float = 1.0, mean: float = 4.0, fewer: bool = False) -> Apart:
    """Thirty people on two kinds of work, differing by nature (22 %), of whom some are worse by a factor."""
    draw = np.random.default_rng(seed)
    factor = draw.gamma(20, 1 / 20, GROUPS)
    factor[:worse] = times
    who, where = np.repeat(np.arange(GROUPS), 2), np.tile([0, 1], GROUPS)
    exposure = draw.integers(60, 140, GROUPS * 2)
    rate = np.array([0.02, 0.06])[where] * mean / 4
    return apart(
        groups=who,
        strata=where,
        observed=draw.poisson(exposure * rate * factor[who]),
        exposure=exposure,
        q=0.01,
        fewer=fewer,
        least_ratio=3.0 if fewer else 2.0,
    )


class TestApart:
    def test_doubts_an_honest_house_in_at_most_one_of_twenty_worlds(self) -> None:
        doubted = sum(drawn(seed).stands_out.any() for seed in range(WORLDS))

        assert doubted <= 0.05 * WORLDS

    @pytest.mark.parametrize("worse", [1, 5])
    def test_finds_who_does_it_alone_or_in_company(self, worse: int) -> None:
        found = [drawn(seed, worse=worse, times=6.0, mean=8.0).stands_out for seed in range(100)]

        assert np.mean([one[:worse].mean() for one in found]) >= 0.8
        assert sum(one[worse:].sum() for one in found) <= 0.05 * sum(one.sum() for one in found)

    def test_finds_who_has_far_too_few(self) -> None:
        found = [drawn(seed, worse=1, times=0.05, mean=16.0, fewer=True).stands_out for seed in range(100)]

        assert np.mean([one[0] for one in found]) >= 0.8
        assert np.mean([one[1:].any() for one in found]) <= 0.05

    def test_expects_of_each_what_the_others_reached_on_the_same_work(self) -> None:
        found = apart(groups=[0, 1, 0, 1], strata=[0, 0, 1, 1], observed=[5, 1, 2, 8], exposure=[10, 10, 10, 40])

        assert found.expected.tolist() == pytest.approx([1 + 2, 5 + 8])

    def test_compares_nobody_with_nobody(self) -> None:
        found = apart(groups=[0, 1], strata=[0, 1], observed=[50, 0], exposure=[60, 60])

        assert (found.observed.tolist(), found.stands_out.tolist()) == ([0, 0], [False, False])
        assert len(apart(groups=[], strata=[], observed=[], exposure=[]).stands_out) == 0

    @given(st.permutations(range(GROUPS)))
    def test_does_not_care_who_comes_first(self, order: list[int]) -> None:
        draw = np.random.default_rng(5)
        seen, exposure = draw.poisson(4, GROUPS), np.full(GROUPS, 100)
        seen[0] = 40
        first = apart(groups=range(GROUPS), strata=[0] * GROUPS, observed=seen, exposure=exposure)

        other = apart(groups=order, strata=[0] * GROUPS, observed=seen[order], exposure=exposure)

        assert other.stands_out.tolist() == first.stands_out.tolist()
        assert other.adjusted == pytest.approx(first.adjusted)

    def test_sees_no_spread_where_chance_explains_all(self) -> None:
        draw = np.random.default_rng(3)
        wide = draw.poisson(50 * draw.gamma(4, 1 / 4, 400))

        assert spread_beyond_chance(observed=draw.poisson(50, 400), expected=np.full(400, 50.0)) < 0.01
        assert spread_beyond_chance(observed=wide, expected=np.full(400, 50.0)) == pytest.approx(0.25, abs=0.08)

    def test_refuses_what_cannot_be_compared(self) -> None:
        with pytest.raises(ValueError, match="same length"):
            apart(groups=[0], strata=[0, 1], observed=[1], exposure=[1])
        with pytest.raises(ValueError, match="something expected"):
            spread_beyond_chance(observed=[1], expected=[0])


class TestMoved:
    def test_doubts_steady_weeks_in_at_most_one_of_twenty_worlds(self) -> None:
        draw = np.random.default_rng(11)
        doubted = [moved(draw.normal(10, 1, 20), least=0.5)[1] for _world in range(WORLDS)]

        assert np.mean(doubted) <= 0.05

    def test_sees_a_lasting_rise_and_tells_it_from_a_fall(self) -> None:
        draw = np.random.default_rng(12)
        found = [moved(draw.normal(10, 1, 20) + np.r_[np.zeros(16), np.full(4, 2.5)], least=0.5) for _ in range(WORLDS)]

        assert np.mean([up for _change, up, _down in found]) >= 0.8
        assert not any(down for _change, _up, down in found)

    def test_does_not_take_fright_at_the_first_move_of_what_never_moved(self) -> None:
        assert moved(np.r_[np.zeros(16), np.full(4, 0.4)], least=0.5)[1] is False
        assert moved(np.r_[np.zeros(16), np.full(4, 0.9)], least=0.5)[1] is True


class TestMixes:
    def test_doubts_equal_mixes_in_at_most_one_of_twenty_worlds(self) -> None:
        draw = np.random.default_rng(13)
        shares = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
        values: dict[str, list[object]] = {"of": [*range(5), *range(5)], "split": [place < 5 for place in range(10)]}
        lows = [
            cramers_v(values, np.r_[draw.multinomial(200, shares), draw.multinomial(500, shares)].astype(float)).low
            for _world in range(WORLDS)
        ]

        assert np.mean([low is not None and low > 0 for low in lows]) <= 0.05

    def test_measures_how_far_apart_they_are(self) -> None:
        values: dict[str, list[object]] = {"of": [1, 2, 1, 2], "split": [True, True, False, False]}
        found = cramers_v(values, np.array([30.0, 10, 10, 30]))

        assert found.value == pytest.approx(0.5)
        assert found.low is not None
        assert 0.25 < found.low < 0.5

    def test_says_nothing_of_few(self) -> None:
        assert cramers_v({"of": [1, 2], "split": [True, False]}, np.array([29.0, 400])).value is None
        assert against(np.arange(9.0), np.arange(9.0), np.ones(9)).value is None

    def test_turns_a_correlation_round(self) -> None:
        opposed = against(np.arange(20.0), -np.arange(20.0), np.ones(20))

        assert opposed.value == pytest.approx(1, abs=1e-5)
        assert opposed.low is not None
        assert opposed.low > 0.99
