"""Who may be asked now: each rule of metrics.md §3.13, its reason, and the draw that stays."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careloop.insight.stats.fatigue import (
    Decision,
    Invitation,
    Program,
    Refused,
    Respondent,
    is_straight_lined,
    may_invite,
    next_probability,
)

NOON = datetime(2026, 6, 1, 3, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def days_ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def decided(
    *earlier: Invitation,
    program: Program = Program.TRANSACTIONAL,
    at: datetime = NOON,
    draw: float = 0.1,
    **person: bool,
) -> Decision:
    return may_invite(
        Respondent(invitations=earlier, zone=SEOUL, **person), program=program, draw=draw, probability=0.5, at=at
    )


def sent(days: float, *, answered: float | None = None, is_open: bool = False) -> Invitation:
    return Invitation(
        sent_at=days_ago(days), is_open=is_open, answered_at=None if answered is None else days_ago(answered)
    )


class TestMayInvite:
    def test_allows_a_person_whom_nobody_asked(self) -> None:
        decision = decided()

        assert decision.is_allowed
        assert (decision.was_drawn, decision.refused, decision.not_before) == (True, None, None)

    def test_the_draw_decides_first_and_stays(self) -> None:
        missed = decided(draw=0.5, has_opted_out=True)
        held_back = decided(draw=0.49, has_opted_out=True)

        assert (missed.was_drawn, missed.refused) == (False, Refused.NOT_DRAWN)
        assert (held_back.was_drawn, held_back.refused) == (True, Refused.OPTED_OUT)
        assert (held_back.draw, held_back.probability) == (0.49, 0.5)

    @pytest.mark.parametrize(
        ("earlier", "refused", "days"),
        [
            ([sent(29.9)], Refused.RECENT_INVITATION, 0.1),
            ([sent(30)], None, None),
            ([sent(100, answered=89)], Refused.RECENT_ANSWER, 1),
            ([sent(100, answered=90)], None, None),
            ([sent(40, is_open=True)], Refused.OPEN_INVITATION, None),
            ([sent(364), sent(300), sent(200), sent(100)], Refused.YEARLY_LIMIT, 1),
            ([sent(365), sent(300), sent(200), sent(100)], None, None),
            ([sent(364), sent(300), sent(200), sent(100), sent(50)], Refused.YEARLY_LIMIT, 65),
        ],
    )
    def test_leaves_people_alone_for_as_long_as_the_rules_say(
        self, earlier: list[Invitation], refused: Refused | None, days: float | None
    ) -> None:
        decision = decided(*earlier)

        assert decision.refused is refused
        assert decision.not_before == (None if days is None else NOON + timedelta(days=days))

    def test_never_asks_during_a_complaint_or_after_an_opt_out(self) -> None:
        assert decided(has_open_complaint=True).refused is Refused.OPEN_COMPLAINT
        assert decided(has_open_complaint=True, has_opted_out=True).refused is Refused.OPTED_OUT

    def test_a_relationship_survey_goes_before_a_transactional_one(self) -> None:
        assert decided(relationship_due=True).refused is Refused.RELATIONSHIP_FIRST
        assert decided(relationship_due=True, program=Program.RELATIONSHIP).is_allowed
        assert decided(sent(10), program=Program.RELATIONSHIP).is_allowed
        assert decided(sent(10, answered=9), program=Program.RELATIONSHIP).refused is Refused.RECENT_ANSWER

    @pytest.mark.parametrize(
        ("local_hour", "until"),
        [
            (8, datetime(2026, 6, 1, 9, tzinfo=SEOUL)),
            (9, None),
            (19, None),
            (20, datetime(2026, 6, 2, 9, tzinfo=SEOUL)),
            (0, datetime(2026, 6, 1, 9, tzinfo=SEOUL)),
        ],
    )
    def test_keeps_quiet_at_night_where_the_person_lives(self, local_hour: int, until: datetime | None) -> None:
        decision = decided(at=datetime(2026, 6, 1, local_hour, tzinfo=SEOUL).astimezone(UTC))

        assert decision.refused is (Refused.QUIET_HOURS if until else None)
        assert decision.not_before == until

    @given(st.lists(st.integers(0, 500), max_size=6), st.integers(0, 120))
    def test_lets_go_when_it_says(self, days: list[int], answered: int) -> None:
        earlier = [sent(day, answered=min(day, answered) if day % 2 else None) for day in days]
        now = NOON
        for _ in range(12):
            decision = decided(*earlier, at=now)
            if decision.not_before is None:
                break
            assert decision.not_before > now
            now = decision.not_before

        assert decision.is_allowed

    def test_refuses_in_a_sentence(self) -> None:
        with pytest.raises(ValueError, match="A draw lies from 0 to below 1"):
            decided(draw=1)
        with pytest.raises(ValueError, match="Times must carry their time zone"):
            decided(at=NOON.replace(tzinfo=None))
        with pytest.raises(ValueError, match="lies in the future"):
            decided(sent(-1))


class TestMonitoring:
    def test_straight_lines_need_five_equal_answers(self) -> None:
        assert is_straight_lined([4, 4, 4, 4, 4])
        assert not is_straight_lined([4, 4, 4, 4])
        assert not is_straight_lined([4, 4, 4, 4, 5])

    def test_halves_after_two_falls_and_not_after_one(self) -> None:
        steady = [300, 305, 298, 302, 301, 297, 303, 300, 299, 304, 296, 300]

        def after(*last: int) -> float:
            answered = [*steady, *last]
            return next_probability(probability=0.4, invited=[1000] * len(answered), answered=answered)

        assert after(200, 200) == 0.2
        assert after(300, 200) == 0.4
        assert after(400, 400) == 0.4
        assert next_probability(probability=0.4, invited=[1000] * 3, answered=[300, 100, 100]) == 0.4

    def test_refuses_a_probability_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="A probability lies above 0 and up to 1"):
            next_probability(probability=0, invited=[], answered=[])
