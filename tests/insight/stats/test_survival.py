"""Time to event: the vector of metrics.md §3.12, SciPy as a witness, delayed entry, and coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from careloop.insight.stats.retention import retention_triangle
from careloop.insight.stats.survival import kaplan_meier, log_rank

TIMES, EVENTS = [1, 2, 2, 3, 4, 5, 6, 7], [1, 1, 1, 0, 1, 0, 1, 0]
ROWS = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40)


class TestKaplanMeier:
    def test_gives_the_vector(self) -> None:
        curve = kaplan_meier(durations=TIMES, happened=EVENTS)

        assert curve.times.tolist() == [1, 2, 4, 6]
        assert curve.survival == pytest.approx([0.875, 0.625, 0.46875, 0.234375])
        assert curve.se == pytest.approx([0.116927, 0.171163, 0.186521, 0.190167], abs=5e-7)
        assert curve.low[1:] == pytest.approx([0.229333, 0.119929, 0.013015], abs=5e-7)
        assert curve.high[1:] == pytest.approx([0.860698, 0.762856, 0.615806], abs=5e-7)

    @given(ROWS)
    def test_agrees_with_scipy(self, rows: list[tuple[int, bool]]) -> None:
        times, events = np.array([t for t, _ in rows], dtype=float), np.array([e for _, e in rows])

        curve = kaplan_meier(durations=times, happened=events)

        witness = stats.ecdf(stats.CensoredData(uncensored=times[events], right=times[~events])).sf
        assert [point[0] for t in range(13) if (point := curve.at(t))] == pytest.approx(witness.evaluate(np.arange(13)))

    @given(ROWS)
    def test_twice_the_rows_keep_the_curve_and_shrink_its_interval(self, rows: list[tuple[int, bool]]) -> None:
        times, events = [t for t, _ in rows], [e for _, e in rows]

        once = kaplan_meier(durations=times, happened=events)
        twice = kaplan_meier(durations=times[::-1] * 2, happened=events[::-1] * 2)

        known = once.survival > 0
        assert twice.survival == pytest.approx(once.survival)
        assert (twice.se[known] < once.se[known]).all()

    @given(ROWS, st.integers(1, 11))
    def test_a_subject_cut_in_two_spans_changes_nothing(self, rows: list[tuple[int, bool]], cut: int) -> None:
        whole = kaplan_meier(durations=[t for t, _ in rows], happened=[e for _, e in rows])
        spans = [span for t, e in rows for span in ([(0, cut, False), (cut, t, e)] if t > cut else [(0, t, e)])]

        cut_up = kaplan_meier(
            durations=[t for _, t, _ in spans], happened=[e for *_, e in spans], entries=[a for a, *_ in spans]
        )

        assert cut_up.at_risk.tolist() == whole.at_risk.tolist()
        assert cut_up.survival == pytest.approx(whole.survival)

    def test_counts_late_comers_only_from_their_entry(self) -> None:
        curve = kaplan_meier(durations=[2, 4, 6], happened=[True, True, True], entries=[0, 0, 3])

        assert curve.at_risk.tolist() == [2, 2, 1]
        assert curve.survival == pytest.approx([0.5, 0.25, 0])

    def test_says_when_it_ran_out_of_subjects_early(self) -> None:
        early = kaplan_meier(durations=[2, 6, 7], happened=[True, True, False], entries=[0, 3, 3])

        assert early.emptied_early
        assert not kaplan_meier(durations=[1, 2], happened=[True, True]).emptied_early

    def test_reads_times_and_says_what_is_not_known(self) -> None:
        curve = kaplan_meier(durations=TIMES, happened=EVENTS)
        all_gone = kaplan_meier(durations=[1, 2], happened=[True, True])
        last = all_gone.at(2)

        assert curve.at(0.5) == (1, 1, 1)
        assert curve.time_until(0.5) == 4
        assert curve.time_until(0.9) is None
        assert last is not None
        assert (last[0], np.isnan(last[1]), np.isnan(last[2])) == (0, True, True)

    def test_takes_no_subjects_and_no_events(self) -> None:
        assert kaplan_meier(durations=[], happened=[]).at(3) is None
        assert kaplan_meier(durations=[5, 6], happened=[False, False]).at(3) == (1, 1, 1)

    @pytest.mark.parametrize(
        ("durations", "happened", "entries", "sentence"),
        [
            ([1, 2], [True], None, "These must have the same length"),
            ([-1], [True], None, "Durations must be 0 or more; the smallest is -1"),
            ([1], [2], None, "Whether the event happened must be said"),
            ([1], [True], [1], "its entry lies before its exit"),
            ([np.inf], [True], None, "Durations must be finite"),
        ],
    )
    def test_refuses_in_a_sentence(
        self, durations: list[float], happened: list[bool], entries: list[float] | None, sentence: str
    ) -> None:
        with pytest.raises(ValueError, match=sentence):
            kaplan_meier(durations=durations, happened=happened, entries=entries)

    def test_covers(self) -> None:
        generator = np.random.default_rng(1958)
        covered = []
        for _ in range(2_000):
            event, censored = generator.exponential(1, 120), generator.exponential(2, 120)
            entered = generator.uniform(0, 0.3, 120)
            seen = np.minimum(event, censored) > entered
            point = kaplan_meier(
                durations=np.minimum(event, censored)[seen],
                happened=(event <= censored)[seen],
                entries=entered[seen],
            ).at(1)
            assert point is not None
            covered.append(point[1] <= np.exp(-1) <= point[2])

        assert 0.93 <= np.mean(covered) <= 0.97


class TestLogRank:
    @given(ROWS, ROWS)
    def test_agrees_with_scipy(self, ours: list[tuple[int, bool]], theirs: list[tuple[int, bool]]) -> None:
        rows = [(t, e, 0) for t, e in ours] + [(t, e, 1) for t, e in theirs]

        test = log_rank(durations=[t for t, *_ in rows], happened=[e for _, e, _ in rows], groups=[g for *_, g in rows])

        if test is not None:
            sides = [
                stats.CensoredData(uncensored=[t for t, e in side if e], right=[t for t, e in side if not e])
                for side in (ours, theirs)
            ]
            witness = stats.logrank(*sides)
            assert test.p_value == pytest.approx(witness.pvalue, abs=1e-9)
            assert sum(test.observed) == pytest.approx(sum(test.expected))

    def test_of_three_groups_has_two_degrees(self) -> None:
        test = log_rank(durations=[*TIMES, *TIMES, *TIMES], happened=EVENTS * 3, groups=[0] * 8 + [1] * 8 + [2] * 8)

        assert test is not None
        assert test.degrees == 2
        assert test.statistic == pytest.approx(0, abs=1e-12)

    def test_says_nothing_of_one_group_or_no_event(self) -> None:
        assert log_rank(durations=[1, 2], happened=[True, True], groups=[0, 0]) is None
        assert log_rank(durations=[1, 2], happened=[False, False], groups=[0, 1]) is None


class TestRetentionTriangle:
    def test_lays_out_survivors_and_revenue_and_leaves_the_future_empty(self) -> None:
        triangle = retention_triangle(
            started=[10, 10, 11, 13],
            left=[11, np.nan, 11, np.nan],
            complete_through=12,
            payer=[0, 1, 1, 1, 2],
            paid_in=[10, 10, 12, 13, 11],
            paid=[500, 700, 700, 700, 300],
        )

        assert triangle.cohorts.tolist() == [10, 11, 12]
        assert np.array_equal(
            triangle.survivors, np.array([[2, 2, 1], [1, 0, np.nan], [0, np.nan, np.nan]]), equal_nan=True
        )
        assert np.array_equal(
            triangle.revenue, np.array([[1200, 0, 700], [300, 0, np.nan], [0, np.nan, np.nan]]), equal_nan=True
        )
        # Nobody began in month 12: nothing to take a share of.
        assert np.array_equal(
            triangle.retained_share, np.array([[1, 1, 0.5], [1, 0, np.nan], [np.nan] * 3]), equal_nan=True
        )

    def test_a_later_month_changes_no_cell_that_was_known(self) -> None:
        generator = np.random.default_rng(8)
        started = generator.integers(0, 10, 200)
        left = np.where(generator.random(200) < 0.6, started + generator.integers(0, 9, 200), np.nan)

        early = retention_triangle(started=started, left=left, complete_through=9).survivors
        later = retention_triangle(started=started, left=left, complete_through=11).survivors[:10, :10]

        known = ~np.isnan(early)
        assert np.array_equal(early[known], later[known])

    def test_is_empty_before_anybody_began(self) -> None:
        assert retention_triangle(started=[5], left=[np.nan], complete_through=4).survivors.shape == (0, 0)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"left": [4]}, "A customer left before starting"),
            ({"payer": [1], "paid_in": [5], "paid": [1]}, "A payment names a customer that is not there"),
            ({"payer": [0], "paid_in": [4], "paid": [1]}, "A payment was made before its customer started"),
            ({"complete_through": 10**9}, "A triangle holds at most 1200 months"),
        ],
    )
    def test_refuses_in_a_sentence(self, change: dict[str, object], sentence: str) -> None:
        arguments: dict[str, object] = {"started": [5], "left": [np.nan], "complete_through": 9}
        with pytest.raises(ValueError, match=sentence):
            retention_triangle(**(arguments | change))  # type: ignore[arg-type]
