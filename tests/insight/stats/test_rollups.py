"""Changes of mix and rate add up; reference mixes and bucket edges do what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.stats.rollups import mix_rate_decomposition, overlaps, standardized

STRATUM = st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
STRATA = st.lists(st.tuples(STRATUM, STRATUM), min_size=1, max_size=8)


class TestMixRateDecomposition:
    @given(STRATA)
    def test_adds_up(self, strata: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        x0, n0 = zip(*(before for before, _ in strata), strict=True)
        x1, n1 = zip(*(after for _, after in strata), strict=True)

        split = mix_rate_decomposition(
            before_numerators=x0, before_denominators=n0, after_numerators=x1, after_denominators=n1
        )

        if sum(n0) == 0 or sum(n1) == 0:
            assert split is None
        else:
            assert split is not None
            assert split.change == pytest.approx(sum(x1) / sum(n1) - sum(x0) / sum(n0))
            assert split.mix + split.rate == pytest.approx(split.change, abs=1e-12)
            assert sum(split.mix_by_stratum) == pytest.approx(split.mix, abs=1e-12)

    def test_tells_mix_from_rate(self) -> None:
        only_mix = mix_rate_decomposition(
            before_numerators=[90, 10],
            before_denominators=[100, 100],
            after_numerators=[45, 15],
            after_denominators=[50, 150],
        )

        assert only_mix is not None
        assert (only_mix.mix, only_mix.rate) == pytest.approx((-0.2, 0))

    def test_a_new_stratum_is_mix_alone(self) -> None:
        split = mix_rate_decomposition(
            before_numerators=[50, 0],
            before_denominators=[100, 0],
            after_numerators=[50, 100],
            after_denominators=[100, 100],
        )

        assert split is not None
        assert (split.mix, split.rate) == pytest.approx((0.25, 0))

    def test_refuses_a_numerator_without_denominator(self) -> None:
        with pytest.raises(ValueError, match="A stratum without denominator cannot have a numerator"):
            mix_rate_decomposition(
                before_numerators=[1], before_denominators=[0], after_numerators=[1], after_denominators=[1]
            )


class TestStandardized:
    def test_takes_the_reference_mix(self) -> None:
        interval = standardized(successes=[90, 10], trials=[100, 100], reference=[3, 1])

        assert interval is not None
        assert interval.estimate == pytest.approx(0.7)
        assert interval.low < 0.7 < interval.high

    def test_says_nothing_of_a_stratum_without_trials(self) -> None:
        assert standardized(successes=[9, 0], trials=[10, 0], reference=[1, 1]) is None
        assert standardized(successes=[9, 0], trials=[10, 0], reference=[1, 0]) is not None

    def test_covers(self) -> None:
        generator = np.random.default_rng(2010)
        covered = []
        for _ in range(2_000):
            shares, trials = generator.uniform(0.05, 0.95, 4), generator.integers(20, 100, 4)
            reference = generator.uniform(0.5, 2, 4)
            interval = standardized(successes=generator.binomial(trials, shares), trials=trials, reference=reference)
            assert interval is not None
            covered.append(interval.low <= float(shares @ reference) / reference.sum() <= interval.high)

        assert 0.93 <= np.mean(covered) <= 0.97

    def test_refuses_a_reference_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="The reference mix weighs nothing"):
            standardized(successes=[1], trials=[2], reference=[0])


class TestOverlaps:
    @given(st.lists(st.tuples(st.integers(0, 7200), st.integers(0, 7200)), max_size=20))
    def test_buckets_sum_to_the_whole(self, spans: list[tuple[int, int]]) -> None:
        starts, ends = [min(span) for span in spans], [max(span) for span in spans]

        cut = overlaps(starts=starts, ends=ends, edges=[0, 1800, 3600, 5400, 7200])

        assert cut.sum(axis=1).tolist() == [end - start for start, end in zip(starts, ends, strict=True)]

    def test_refuses_time_that_runs_backwards(self) -> None:
        with pytest.raises(ValueError, match="A span ends before it starts"):
            overlaps(starts=[5], ends=[4], edges=[0, 10])
        with pytest.raises(ValueError, match="Edges must rise"):
            overlaps(starts=[5], ends=[6], edges=[10, 0])
