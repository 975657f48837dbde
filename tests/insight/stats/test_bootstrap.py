"""The cluster bootstrap: repeatable, honest about clusters, and of the method it says."""

import numpy as np
import pytest
from scipy import stats

from careloop.insight.stats.arrays import Floats
from careloop.insight.stats.bootstrap import BootstrapMethod, cluster_bootstrap, cluster_bootstrap_sums


def ratio(sums: Floats) -> Floats:
    numerator, denominator = sums[:, 0], sums[:, 1]
    return np.where(denominator > 0, numerator / np.maximum(denominator, 1), np.nan)


SUMS = np.column_stack([np.arange(80) % 7, np.full(80, 7)])


class TestClusterBootstrap:
    def test_gives_the_same_again_from_the_seed_it_states(self) -> None:
        first = cluster_bootstrap_sums(sums=SUMS, statistic=ratio, seed=11)
        assert first is not None

        again = cluster_bootstrap_sums(sums=SUMS, statistic=ratio, seed=first.seed)

        assert first == again
        assert (first.replicates, first.clusters, first.method) == (2_000, 80, BootstrapMethod.PERCENTILE)
        assert first != cluster_bootstrap_sums(sums=SUMS, statistic=ratio, seed=12)

    def test_bca_agrees_with_scipy_where_each_cluster_is_a_row(self) -> None:
        values = np.random.default_rng(4).exponential(size=120)

        ours = cluster_bootstrap_sums(
            sums=np.column_stack([values, np.ones(120)]),
            statistic=ratio,
            seed=1,
            method=BootstrapMethod.BCA,
            replicates=20_000,
        )

        theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, rng=np.random.default_rng(2))
        assert ours is not None
        assert ours.method is BootstrapMethod.BCA
        assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.01)

    def test_falls_back_to_percentiles_with_few_clusters_and_says_so(self) -> None:
        few = cluster_bootstrap_sums(sums=SUMS[:49], statistic=ratio, seed=1, method=BootstrapMethod.BCA)

        assert few is not None
        assert few.method is BootstrapMethod.PERCENTILE

    def test_counts_replicates_in_which_nothing_could_be_said(self) -> None:
        interval = cluster_bootstrap_sums(sums=[[1, 2], [0, 0], [0, 0]], statistic=ratio, seed=3)

        assert interval is not None
        assert 0.2 < interval.undefined_replicates / 2_000 < 0.4
        assert interval.estimate == 0.5

    @pytest.mark.parametrize("sums", [np.zeros((0, 2)), [[1, 2]], [[0, 0], [0, 0]]])
    def test_says_nothing_of_too_little(self, sums: Floats) -> None:
        assert cluster_bootstrap_sums(sums=sums, statistic=ratio, seed=1) is None

    def test_reads_quantiles_from_weights(self) -> None:
        waits = np.sort(np.random.default_rng(5).exponential(60, size=200))

        def median(weights: Floats) -> Floats:
            ranks = np.cumsum(weights, axis=1)
            return np.asarray(waits[(ranks >= ranks[:, -1:] / 2).argmax(axis=1)])

        interval = cluster_bootstrap(clusters=200, statistic=median, seed=8)

        assert interval is not None
        assert interval.low < 60 * np.log(2) < interval.high

    def test_clusters_that_answer_as_one_widen_it(self) -> None:
        rows = np.column_stack([np.tile([0, 1], 100), np.ones(200)])

        by_row = cluster_bootstrap_sums(sums=rows, statistic=ratio, seed=6)
        in_tens = cluster_bootstrap_sums(sums=np.array([[0, 10], [10, 10]] * 10), statistic=ratio, seed=6)

        assert by_row is not None
        assert in_tens is not None
        assert in_tens.high - in_tens.low > 2.5 * (by_row.high - by_row.low)

    def test_covers(self) -> None:
        generator = np.random.default_rng(1979)
        covered = []
        for world in range(400):
            shares = generator.beta(4, 4, 60)
            trials = generator.integers(1, 10, 60)
            interval = cluster_bootstrap_sums(
                sums=np.column_stack([generator.binomial(trials, shares), trials]),
                statistic=ratio,
                seed=world,
                replicates=500,
            )
            assert interval is not None
            covered.append(interval.low <= 0.5 <= interval.high)

        assert 0.92 <= np.mean(covered) <= 0.97

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="one row per cluster"):
            cluster_bootstrap_sums(sums=[[1.0, np.nan]], statistic=ratio, seed=1)
        with pytest.raises(ValueError, match="at least 100 replicates"):
            cluster_bootstrap_sums(sums=SUMS, statistic=ratio, seed=1, replicates=10)
