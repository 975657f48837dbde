"""EWMA, CUSUM and run rules: by hand, by Markov chain, and by simulation of a steady process."""

import numpy as np
import pytest

from careloop.insight.stats.sequential import (
    DEFAULT_RULES,
    RunRule,
    cusum,
    cusum_run_length,
    ewma,
    ewma_run_length,
    false_alarms_per_point,
    run_signals,
    shewhart_run_length,
)


class TestRunLength:
    def test_of_three_sigmas(self) -> None:
        assert shewhart_run_length() == pytest.approx(370.4, abs=0.05)

    @pytest.mark.parametrize(
        ("weight", "width", "shift", "expected"),
        [(0.2, 2.86, 0, 371), (0.2, 2.86, 1, 9.8), (0.2, 2.962, 0, 500), (0.1, 2.703, 0, 372)],
    )
    def test_of_ewma(self, weight: float, width: float, shift: float, expected: float) -> None:
        assert ewma_run_length(weight=weight, width=width, shift=shift) == pytest.approx(expected, rel=0.005)

    @pytest.mark.parametrize(
        ("decision", "shift", "expected"), [(4, 0, 168), (4.77, 0, 369), (4.77, 1, 9.9), (5, 0, 465), (5, 1, 10.4)]
    )
    def test_of_cusum(self, decision: float, shift: float, expected: float) -> None:
        assert cusum_run_length(allowance=0.5, decision=decision, shift=shift) == pytest.approx(expected, rel=0.005)

    @pytest.mark.parametrize(
        ("rules", "expected"),
        # Champ and Woodall 1987, table 1.
        [
            ({RunRule.BEYOND_3_SIGMA}, 370.4),
            ({RunRule.BEYOND_3_SIGMA, RunRule.TWO_OF_THREE_BEYOND_2_SIGMA}, 225.44),
            ({RunRule.BEYOND_3_SIGMA, RunRule.EIGHT_ON_ONE_SIDE}, 152.73),
            (DEFAULT_RULES - {RunRule.SIX_RISING_OR_FALLING}, 122.05),
        ],
    )
    def test_of_rules_together(self, rules: set[RunRule], expected: float) -> None:
        assert 1 / false_alarms_per_point(rules=rules) == pytest.approx(expected, rel=0.04)

    def test_each_rule_costs_false_alarms(self) -> None:
        without = false_alarms_per_point(rules=DEFAULT_RULES - {RunRule.SIX_RISING_OR_FALLING})

        assert false_alarms_per_point(rules=DEFAULT_RULES) > without
        assert false_alarms_per_point(rules=[]) == 0

    def test_a_steady_process_alarms_as_rarely_as_the_chains_say(self) -> None:
        scores = np.random.default_rng(1954).standard_normal((1_000, 1_500))

        for signals, expected in ((ewma(scores).signals, 371), (cusum(scores).signals, 369)):
            first = np.where(signals.any(axis=1), signals.argmax(axis=1) + 1, 1_500)
            assert first.sum() / signals.any(axis=1).sum() == pytest.approx(expected, rel=0.08)


class TestCharts:
    def test_ewma_by_hand(self) -> None:
        moved = ewma([1, 2], weight=0.5, width=3)

        assert moved.values.tolist() == [0.5, 1.25]
        assert moved.high == pytest.approx([3 * np.sqrt(1 / 3 * 0.75), 3 * np.sqrt(1 / 3 * 0.9375)])

    def test_cusum_by_hand(self) -> None:
        sums = cusum([1, 2, -3], allowance=0.5, decision=1.5)

        assert sums.above.tolist() == [0.5, 2, 0]
        assert sums.below.tolist() == [0, 0, 2.5]
        assert sums.signals.tolist() == [False, True, True]

    def test_a_point_not_measured_changes_nothing(self) -> None:
        gap, plain = ewma([1, np.nan, 2]), ewma([1, 2])

        assert gap.values[[0, 2]].tolist() == plain.values.tolist()
        assert gap.high[2] == plain.high[1]
        assert cusum([9, np.nan]).signals.tolist() == [True, False]

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="An EWMA needs a weight above 0 and up to 1"):
            ewma([1], weight=0)
        with pytest.raises(ValueError, match="A CUSUM needs an allowance of 0 or more"):
            cusum([1], decision=0)
        with pytest.raises(ValueError, match="Scores must be one row of finite numbers"):
            ewma([np.inf])


class TestRunSignals:
    @pytest.mark.parametrize(
        ("rule", "scores", "last"),
        [
            (RunRule.BEYOND_3_SIGMA, [0, 3, 3.01], 2),
            (RunRule.EIGHT_ON_ONE_SIDE, [-1, *[1] * 8], 8),
            (RunRule.SIX_RISING_OR_FALLING, [0, 0, 0.1, 0.2, 0.3, 0.4, 0.5], 6),
            (RunRule.SIX_RISING_OR_FALLING, [0.5, 0.4, 0.3, 0.2, 0.1, 0], 5),
            (RunRule.TWO_OF_THREE_BEYOND_2_SIGMA, [2.1, 0, 2.1], 2),
            (RunRule.TWO_OF_THREE_BEYOND_2_SIGMA, [-2.1, -2.1], 1),
            (RunRule.TWO_OF_THREE_BEYOND_2_SIGMA, [-2.1, 2.1, 0], None),
        ],
    )
    def test_each_rule_signals_at_the_end_of_its_pattern(
        self, rule: RunRule, scores: list[float], last: int | None
    ) -> None:
        signals = run_signals(scores, rules={rule})[rule]

        assert np.flatnonzero(signals).tolist() == ([] if last is None else [last])

    def test_a_gap_breaks_a_run(self) -> None:
        scores = [*[1.0] * 4, np.nan, *[1.0] * 4]

        assert not any(found.any() for found in run_signals(scores).values())

    @pytest.mark.parametrize("points", [0, 1, 2])
    def test_short_series_give_no_runs(self, points: int) -> None:
        assert all(found.shape == (points,) and not found.any() for found in run_signals([0.5] * points).values())
