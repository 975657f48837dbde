"""The burnout signal: two inputs two weeks running, red with exhaustion, and nothing about few people."""

from dataclasses import replace

import pytest

from careloop.insight.stats.burnout import BurnoutInput, BurnoutLevel, BurnoutSignal, TeamWeek, burnout_signal

CALM = TeamWeek(
    persons=12,
    occupancy_by_day=(0.75, 0.78, 0.8, 0.82, 0.77),
    short_pause_share=0.1,
    overtime_seconds_p90=3600,
    abusive_per_1000=3,
    short_notice_absence_share=0.02,
    missed_break_share=0,
    adherence_sd=0.03,
    exhausted_share=0.2,
    exhausted_answers=9,
    voluntary_leavers=0,
)
BUSY = replace(CALM, occupancy_by_day=(0.86, 0.85, 0.7, 0.87, 0.7), short_pause_share=0.3)


def judged(*last: TeamWeek) -> BurnoutSignal:
    signal = burnout_signal([*[CALM] * 8, *last])
    assert signal is not None
    return signal


class TestBurnoutSignal:
    def test_is_green_in_calm_weeks(self) -> None:
        signal = judged(CALM, CALM)

        assert (signal.level, signal.adverse, signal.not_measured) == (
            BurnoutLevel.GREEN,
            (frozenset(), frozenset()),
            frozenset(),
        )

    def test_needs_two_inputs_two_weeks_running(self) -> None:
        assert judged(CALM, BUSY).level is BurnoutLevel.GREEN
        assert judged(BUSY, CALM).level is BurnoutLevel.GREEN
        assert judged(BUSY, replace(BUSY, short_pause_share=0.24)).level is BurnoutLevel.GREEN
        assert judged(BUSY, BUSY).level is BurnoutLevel.AMBER
        assert judged(BUSY, BUSY).adverse[1] == {BurnoutInput.OCCUPANCY, BurnoutInput.SHORT_PAUSES}

    def test_is_red_with_an_exhausted_team_that_answered(self) -> None:
        tired = replace(BUSY, exhausted_share=0.4, exhausted_answers=5)

        assert judged(BUSY, tired).level is BurnoutLevel.RED
        assert judged(BUSY, replace(tired, exhausted_answers=4)).level is BurnoutLevel.AMBER
        assert judged(CALM, replace(CALM, exhausted_share=0.9)).level is BurnoutLevel.GREEN

    def test_is_red_with_four_inputs(self) -> None:
        worse = replace(BUSY, missed_break_share=0.3, overtime_seconds_p90=14_400)

        assert judged(BUSY, worse).level is BurnoutLevel.RED
        assert judged(BUSY, worse).adverse[1] >= {BurnoutInput.MISSED_BREAKS, BurnoutInput.OVERTIME}

    def test_one_leaver_in_a_team_that_lost_nobody_is_no_alarm(self) -> None:
        assert judged(CALM, replace(CALM, voluntary_leavers=1)).adverse[1] == frozenset()
        assert judged(CALM, replace(CALM, voluntary_leavers=4)).adverse[1] == {BurnoutInput.LEAVERS}

    def test_marks_strong_occupancy(self) -> None:
        strong = replace(CALM, occupancy_by_day=(0.9, 0.95, 0.91, 0.5, 0.5))

        assert judged(CALM, strong).strong_occupancy
        assert not judged(CALM, BUSY).strong_occupancy

    def test_says_what_was_not_measured(self) -> None:
        unmeasured = replace(CALM, occupancy_by_day=None, abusive_per_1000=None, exhausted_answers=2)

        assert judged(CALM, unmeasured).not_measured == {
            BurnoutInput.OCCUPANCY,
            BurnoutInput.ABUSE,
            BurnoutInput.EXHAUSTION,
        }

    def test_is_unknown_and_never_green_where_people_stopped_answering(self) -> None:
        asked = replace(CALM, participation_share=0.8)
        few = replace(CALM, participation_share=0.5)

        def level(*weeks: TeamWeek) -> BurnoutLevel:
            signal = burnout_signal(weeks)
            assert signal is not None
            return signal.level

        assert level(asked, *[CALM] * 4, asked, *[CALM] * 4, asked) is BurnoutLevel.GREEN
        assert level(asked, *[CALM] * 4, asked, *[CALM] * 4, few) is BurnoutLevel.UNKNOWN
        # Silence hides no alarm, and the first pulses have nothing to be held against.
        assert level(asked, asked, few, *[CALM] * 6, BUSY, BUSY) is BurnoutLevel.AMBER
        assert level(asked, *[CALM] * 8, few) is BurnoutLevel.GREEN

    def test_says_nothing_of_short_histories_and_few_people(self) -> None:
        assert burnout_signal([CALM] * 9) is None
        assert burnout_signal([*[CALM] * 9, replace(CALM, persons=4)]) is None

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"short_pause_share": 25}, "Shares of a team's week must lie between 0 and 1"),
            ({"occupancy_by_day": (0.8, 1.2)}, "Shares of a team's week must lie between 0 and 1"),
            ({"overtime_seconds_p90": float("nan")}, "None says that one was not measured"),
            ({"persons": -1}, "A team cannot have fewer than 0 persons"),
        ],
    )
    def test_refuses_in_a_sentence(self, change: dict[str, float], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            judged(CALM, replace(CALM, **change))  # type: ignore[arg-type]
