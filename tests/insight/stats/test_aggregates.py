"""Cells roll up to the number of all rows, however the rows were cut (metrics.md §0.2, §7.2, §7.3)."""

from statistics import variance
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.stats.aggregates import (
    Categories,
    Combinable,
    Count,
    Gauge,
    Mean,
    Products,
    Ratio,
    StateTime,
    SurvivalRows,
    pooled,
)
from careloop.insight.stats.quantiles import Quantiles, pooled_quantiles, quantiles_of

# Whole numbers add up exactly in floats, so that equality can be asked for.
WHOLE = st.integers(0, 10_000)
RATIOS = st.builds(Ratio, numerator=WHOLE, denominator=WHOLE)
MEANS = st.builds(Mean, rows=WHOLE, total=WHOLE, squares=WHOLE)
COUNTS = st.builds(Count, rows=WHOLE)
STATES = st.builds(StateTime, seconds=st.dictionaries(st.sampled_from("abc"), WHOLE))
CATEGORIES = st.builds(Categories, counts=st.dictionaries(st.sampled_from("abc"), WHOLE))
SURVIVAL = st.builds(
    SurvivalRows, rows=st.lists(st.tuples(WHOLE, WHOLE, st.booleans())).map(lambda r: tuple(sorted(r)))
)
PRODUCTS = st.builds(
    Products,
    names=st.just(("x", "y")),
    rows=WHOLE,
    totals=st.tuples(WHOLE, WHOLE),
    products=st.tuples(st.tuples(WHOLE, WHOLE), st.tuples(WHOLE, WHOLE)),
)
EXACT_QUANTILES = st.lists(WHOLE, max_size=50).map(quantiles_of)
KINDS = (RATIOS, MEANS, COUNTS, STATES, CATEGORIES, SURVIVAL, PRODUCTS, EXACT_QUANTILES)

Cell = TypeVar("Cell", bound=Combinable)


def whole(cells: list[Cell]) -> Cell:
    cell = pooled(cells)
    assert cell is not None
    return cell


class TestCombine:
    @given(st.one_of(*(st.tuples(kind, kind, kind) for kind in KINDS)))
    def test_is_associative_and_commutative(self, cells: tuple[Ratio, Ratio, Ratio]) -> None:
        a, b, c = cells

        assert a.combine(b) == b.combine(a)
        assert a.combine(b).combine(c) == a.combine(b.combine(c))

    def test_of_nothing_is_nothing(self) -> None:
        assert pooled(list[Ratio]()) is None

    def test_ratios_pool_sums_and_not_percentages(self) -> None:
        cells = [
            Ratio(numerator=10, denominator=10),
            Ratio(numerator=120, denominator=200),
            Ratio(numerator=5, denominator=5),
        ]

        assert whole(cells).value == pytest.approx(0.627907, abs=5e-7)
        assert sum(cell.value or 0 for cell in cells) / 3 == pytest.approx(0.866667, abs=5e-7)

    def test_an_empty_denominator_is_no_number(self) -> None:
        assert Ratio(numerator=0, denominator=0).value is None
        assert Mean(rows=0, total=0, squares=0).value is None
        assert Mean(rows=1, total=3, squares=9).variance is None
        assert StateTime(seconds={}).share(of=["talk"], among=["talk", "idle"]) is None
        assert Categories(counts={"other": 3}).index({"promoter": 1, "detractor": -1}) is None
        assert Gauge(last_at=0, last=5, level_seconds=0, seconds=0).time_weighted_mean is None
        assert quantiles_of([]).quantile(0.5) is None

    def test_refuses_what_was_not_measured(self) -> None:
        with pytest.raises(ValueError, match="The numerator of a cell must be a finite number"):
            Ratio(numerator=float("nan"), denominator=1)

    @given(st.lists(st.integers(0, 500), min_size=2), st.integers(1, 7))
    def test_means_of_any_partition_equal_the_mean_of_all(self, values: list[int], parts: int) -> None:
        cells = [
            Mean(rows=len(part), total=sum(part), squares=sum(v * v for v in part))
            for part in (values[at::parts] for at in range(parts))
        ]

        assert whole(cells).value == sum(values) / len(values)
        assert whole(cells).variance == pytest.approx(variance(values))

    @given(st.lists(st.sampled_from(["promoter", "passive", "detractor"]), min_size=1), st.integers(1, 7))
    def test_an_index_pools_its_counts(self, answers: list[str], parts: int) -> None:
        scores = {"promoter": 1.0, "passive": 0.0, "detractor": -1.0}
        cells = [
            Categories(counts={name: part.count(name) for name in scores})
            for part in (answers[at::parts] for at in range(parts))
        ]

        assert whole(cells).index(scores) == pytest.approx(np.mean([scores[answer] for answer in answers]))

    def test_products_give_the_covariance_of_all_rows(self) -> None:
        rows = np.random.default_rng(3).integers(0, 9, (40, 2))
        cells = [
            Products(
                names=("x", "y"),
                rows=len(part),
                totals=tuple(part.sum(axis=0).tolist()),
                products=tuple(map(tuple, (part.T @ part).tolist())),
            )
            for part in np.array_split(rows, 7)
        ]

        assert np.array(whole(cells).covariance()) == pytest.approx(np.cov(rows.T))

    def test_refuses_products_of_other_measures(self) -> None:
        one = Products(names=("x",), rows=0, totals=(0,), products=((0,),))
        other = Products(names=("y",), rows=0, totals=(0,), products=((0,),))

        with pytest.raises(ValueError, match="different measures"):
            one.combine(other)


class TestGauge:
    NINE = Gauge(last_at=3600, last=10, level_seconds=36_000, seconds=3600)
    TEN = Gauge(last_at=7200, last=20, level_seconds=54_000, seconds=3600)

    def test_over_time_is_the_last_or_the_time_weighted_mean(self) -> None:
        both = self.TEN.combine(self.NINE)

        assert (both.last, both.time_weighted_mean) == (20, 12.5)
        assert both == self.NINE.combine(self.TEN)

    def test_of_entities_adds_up(self) -> None:
        both = self.NINE.beside(self.NINE)

        assert (both.last, both.time_weighted_mean) == (20, 20)

    def test_refuses_to_mix_time_and_entities(self) -> None:
        with pytest.raises(ValueError, match="end at the same instant"):
            self.NINE.combine(self.NINE)
        with pytest.raises(ValueError, match="cover different periods"):
            self.NINE.beside(self.TEN)


def rank_distance(values: np.ndarray, read: float, share: float) -> float:
    """How many rows lie between the rank asked for and the ranks that the value read really holds."""
    low, high = np.sum(values < read), np.sum(values <= read)
    return float(max(0, low - share * len(values), share * len(values) - high))


class TestQuantiles:
    def test_few_values_are_read_exactly(self) -> None:
        waits = quantiles_of(range(1, 11))

        assert (waits.quantile(0), waits.quantile(0.5), waits.quantile(0.9), waits.quantile(1)) == (1, 5, 9, 10)
        assert waits.share_within(3) == 0.3
        assert waits.rank_error == 0

    def test_many_values_keep_within_the_error_they_state(self) -> None:
        values = np.random.default_rng(7).lognormal(4, 1, 100_000)
        days = [quantiles_of(day, capacity=500) for day in np.array_split(values, 30)]

        month = pooled_quantiles(days, capacity=500)

        assert len(month.values) == 500
        assert month.rows == 100_000
        assert (month.quantile(0), month.quantile(1)) == (values.min(), values.max())
        assert month.rank_error is not None
        assert month.rank_error < 0.004
        for share in np.linspace(0, 1, 101).tolist():
            read = month.quantile(share)
            assert read is not None
            assert rank_distance(values, read, share) <= month.rank_error_rows + 1e-6

    @given(st.lists(st.integers(0, 50), min_size=21, max_size=400), st.integers(1, 6))
    def test_any_merge_keeps_within_the_error_it_states(self, values: list[int], parts: int) -> None:
        merged = quantiles_of([], capacity=10)
        for at in range(parts):
            merged = pooled_quantiles([merged, quantiles_of(values[at::parts], capacity=10)], capacity=10)

        assert merged.rows == pytest.approx(len(values))
        for share in (0.1, 0.5, 0.9):
            read = merged.quantile(share)
            assert read is not None
            assert rank_distance(np.array(values), read, share) <= merged.rank_error_rows + 1e-6

    def test_does_not_mind_the_order_of_parts(self) -> None:
        parts = [quantiles_of(np.arange(at, 900, 7), capacity=20) for at in range(7)]

        assert pooled_quantiles(parts, capacity=20) == pooled_quantiles(parts[::-1], capacity=20)

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="Values must be finite; leave out what was not measured"):
            quantiles_of([1, float("nan")])
        with pytest.raises(ValueError, match="A quantile is read at a share from 0 to 1, not 90"):
            Quantiles(values=(1,), weights=(1,)).quantile(90)
        with pytest.raises(ValueError, match="room for at least 10 values"):
            quantiles_of([1], capacity=3)
