"""Control charts: the vectors of metrics.md §3.10, and how often each cries wolf."""

import numpy as np
import pytest

from careloop.insight.stats.charts import (
    Baseline,
    baseline_standing,
    g_chart,
    p_chart,
    same_weekday_residuals,
    t_chart,
    u_chart,
    xmr_chart,
)

TRIALS = [52000, 49000, 51000, 50500, 49800, 51500, 50200, 48900]
SUCCESSES = [4160, 3675, 4330, 3888, 4084, 3863, 4167, 3766]


class TestBaseline:
    def test_takes_twenty_points_and_twelve_for_the_time_being(self) -> None:
        standings = [baseline_standing(points) for points in (11, 12, 19, 20)]

        assert standings == [Baseline.TOO_SHORT, Baseline.PROVISIONAL, Baseline.PROVISIONAL, Baseline.ESTABLISHED]


class TestPChart:
    def test_gives_the_plain_vector(self) -> None:
        chart = p_chart(successes=[20, 20], trials=[400, 400])

        assert (chart.low[0], chart.high[0]) == pytest.approx((0.017308, 0.082692), abs=5e-7)

    def test_gives_the_vector_of_laney(self) -> None:
        chart = p_chart(successes=SUCCESSES, trials=TRIALS)

        assert chart.center == pytest.approx(0.079258, abs=5e-7)
        assert chart.spread == pytest.approx(5.135825, abs=5e-7)
        assert (chart.low[0], chart.high[0]) == pytest.approx((0.061005, 0.097510), abs=5e-7)
        assert chart.beyond.sum() == 0

    def test_the_plain_chart_cries_wolf_where_trials_are_many(self) -> None:
        assert p_chart(successes=SUCCESSES, trials=TRIALS, spread=1).beyond.sum() == 4

    def test_few_trials_that_vary_by_chance_stay_plain(self) -> None:
        assert p_chart(successes=[20, 21, 19, 20], trials=[400] * 4).spread == 1

    def test_a_period_without_trials_has_no_value(self) -> None:
        chart = p_chart(successes=[20, 0, 21], trials=[400, 0, 400])

        assert np.isnan(chart.values[1])
        assert np.isnan(chart.scores[1])
        assert not chart.beyond[1]

    def test_a_baseline_is_not_moved_by_what_follows(self) -> None:
        short = p_chart(successes=[20, 22, 18], trials=[400] * 3, baseline=3)
        longer = p_chart(successes=[20, 22, 18, 200], trials=[400] * 4, baseline=3)

        assert longer.center == short.center
        assert longer.beyond.tolist() == [False, False, False, True]

    def test_a_steady_process_alarms_as_rarely_as_three_sigmas_do(self) -> None:
        generator = np.random.default_rng(370)

        alarms = [
            p_chart(successes=generator.binomial(500, 0.3, 200), trials=[500] * 200).beyond.mean() for _ in range(200)
        ]

        assert 0.0015 < np.mean(alarms) < 0.0045

    @pytest.mark.parametrize(
        ("successes", "trials", "sentence"),
        [
            ([3, 1], [2, 2], "A period has more successes than trials"),
            ([1], [2], "A baseline needs 2 or more of the 1 points"),
            ([0, 0], [0, 0], "The baseline is empty"),
            ([1, 1.5], [2, 2], "Successes must be whole numbers"),
            ([1, 1], [2], "These must have the same length: successes has 2, trials has 1"),
            (["a", "b"], [2, 2], "Successes must be numbers"),
        ],
    )
    def test_refuses_in_a_sentence(self, successes: list[float], trials: list[float], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            p_chart(successes=successes, trials=trials)


class TestOtherCharts:
    def test_u_limits_follow_the_exposure(self) -> None:
        chart = u_chart(events=[10, 12, 8], exposure=[100, 120, 80])

        assert chart.center == pytest.approx(0.1)
        assert chart.high == pytest.approx(0.1 + 3 * np.sqrt(0.1 / np.array([100, 120, 80])))

    def test_xmr_gives_the_vector(self) -> None:
        chart, ranges = xmr_chart(values=[312, 298, 305, 331, 320, 309, 315, 302, 326, 318])

        assert (chart.center, ranges.center) == pytest.approx((313.6, 13.333333))
        assert (chart.low[0], chart.high[0]) == pytest.approx((278.133333, 349.066667))
        assert ranges.high[0] == pytest.approx(43.56)

    def test_g_and_t_follow_rare_events(self) -> None:
        g = g_chart(contacts_between=[90, 110, 100])
        t = t_chart(seconds_between=np.random.default_rng(1).exponential(86_400, 60))

        assert (g.center, g.low[0], g.high[0]) == pytest.approx((100, 0, 100 + 3 * np.sqrt(100 * 101)))
        assert t.beyond.sum() <= 1
        with pytest.raises(ValueError, match="Seconds between events must be above 0"):
            t_chart(seconds_between=[1, 0])

    def test_takes_the_weekly_pattern_out(self) -> None:
        monday_is_heavy = [200, 100, 100, 100, 100, 100, 100] * 4

        left = same_weekday_residuals(values=[*monday_is_heavy, 200], weekdays=[*list(range(7)) * 4, 0], baseline=28)

        assert left.tolist() == [100] * 29

    def test_a_kind_of_day_without_baseline_has_no_residual(self) -> None:
        left = same_weekday_residuals(values=[1, 2, 3], weekdays=[0, 0, 9], baseline=2)

        assert np.isnan(left[2])
