"""Somebody gives a customer their word: to come back by a time, which is kept, moved, taken back, or missed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.states import Category
from careloop.domains.commitments import queries, services
from careloop.domains.commitments.callbacks import is_kept_by_words, steps_of
from careloop.domains.commitments.errors import (
    BadCallback,
    BadPolicy,
    CallbackNotFound,
    CallbackOver,
    CallbackOwed,
    CallbackUnchanged,
    MayNotCallBack,
)
from careloop.domains.commitments.models import Callback, Clock
from careloop.domains.commitments.states import Measure, NotReached, Outcome, Reason, Way
from careloop.domains.commitments.types import ClockRow
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.events import trail
from careloop.kernel.models import Timer
from tests.domains.commitments.conftest import MONDAY, Desk, later

pytestmark = pytest.mark.database
DUE = later(4)
SUNDAY = datetime(2026, 11, 8, 3, tzinfo=UTC)
"""Noon in Seoul, when nobody works."""


@pytest.fixture
def case(desk: Desk) -> int:
    return desk.opens()


def promised(desk: Desk, case: int, *, due_at: datetime = DUE, way: Way = Way.CALL, at: datetime = MONDAY) -> None:
    services.promise_callback(case_id=case, due_at=due_at, way=way, note="  The refund ", actor=desk.ada, at=at)


def _give(desk: Desk, case: int, actor: Actor) -> None:
    services.promise_callback(case_id=case, due_at=later(1), way=Way.CALL, note="", actor=actor, at=MONDAY)


def clock_of(desk: Desk, case: int, *, at: datetime = MONDAY) -> ClockRow:
    return desk.clock(case, Measure.CALLBACK, at=at)


def events(prefix: str) -> list[str]:
    """Return what happened, the oldest first."""
    return [one.name for one in reversed(trail(limit=200)) if one.name.startswith(prefix)]


class TestPromise:
    def test_is_due_at_its_moment_whatever_the_hours(self, desk: Desk, case: int) -> None:
        promised(desk, case, due_at=SUNDAY, at=MONDAY + timedelta(microseconds=7))

        clock = clock_of(desk, case)
        assert (clock.outcome, clock.due_at, clock.policy, clock.runs) == (Outcome.RUNNING, SUNDAY, "", True)
        assert clock.callback is not None
        assert (clock.callback.way, clock.callback.note) == (Way.CALL, "The refund")
        assert clock.callback.promised_by == str(desk.ada)
        assert events("callback.") == ["callback.promised"]
        assert events("commitment.") == ["commitment.made", "commitment.due_moved"]

    def test_is_what_is_due_next_where_it_comes_first(self, desk: Desk, case: int) -> None:
        desk.promise()
        promised(desk, case, due_at=later(1))
        desk.follow()
        assert case_detail(case_id=case, viewer=desk.ada).row.due_at == later(1)

        services.finish_callback(case_id=case, actor=desk.ada, at=later(0.5))
        assert case_detail(case_id=case, viewer=desk.ada).row.due_at == later(4)

    def test_is_one_at_a_time(self, desk: Desk, case: int) -> None:
        promised(desk, case)

        with pytest.raises(CallbackOwed):
            promised(desk, case, due_at=later(9))
        assert Callback.objects.count() == Clock.objects.filter(measure=Measure.CALLBACK).count() == 1
        assert events("callback.") == ["callback.promised"]

        services.finish_callback(case_id=case, actor=desk.ada, at=later(1))
        promised(desk, case, due_at=later(9), at=later(1))
        assert len(desk.clocks(case, at=later(1))[Measure.CALLBACK]) == 2

    @pytest.mark.parametrize(
        ("due_at", "note", "field"),
        [
            (MONDAY, "", "due_at"),
            (MONDAY + timedelta(seconds=59), "", "due_at"),
            (MONDAY + timedelta(days=367), "", "due_at"),
            (later(1), "x" * 501, "note"),
            (later(1), "a\0b", "note"),
        ],
    )
    def test_refuses_what_cannot_be_kept(self, desk: Desk, case: int, due_at: datetime, note: str, field: str) -> None:
        with pytest.raises(BadCallback) as refusal:
            services.promise_callback(case_id=case, due_at=due_at, way=Way.CALL, note=note, actor=desk.ada, at=MONDAY)

        assert set(refusal.value.fields) == {field}
        assert not Callback.objects.exists()

    def test_refuses_the_spam(self, desk: Desk, case: int) -> None:
        cases.mark_spam(case_id=case, actor=desk.ada, at=MONDAY)

        with pytest.raises(BadCallback):
            promised(desk, case)

    def test_is_given_by_those_who_answer_and_nobody_else(self, desk: Desk, case: int) -> None:
        for name in ("anh", "vera"):
            with pytest.raises(MayNotCallBack):
                _give(desk, case, desk.house.actor(name))
        with pytest.raises(CallbackNotFound):
            _give(desk, case, desk.house.actor("cole"))  # nobody let a colleague see it
        with pytest.raises(CallbackNotFound):
            _give(desk, case + 999, desk.ada)
        assert not Callback.objects.exists()

    def test_cannot_be_made_by_a_policy(self, desk: Desk) -> None:
        with pytest.raises(BadPolicy):
            desk.promise(targets={Measure.CALLBACK: {2: 3600}})


class TestEnd:
    def test_in_time_keeps_it(self, desk: Desk, case: int) -> None:
        promised(desk, case)

        services.finish_callback(case_id=case, actor=desk.ada, at=later(4))

        assert clock_of(desk, case).outcome is Outcome.KEPT
        assert events("callback.") == ["callback.promised", "callback.done"]
        assert not Timer.objects.filter(kind=services.COMMITMENT).exists()
        with pytest.raises(CallbackNotFound):
            services.finish_callback(case_id=case, actor=desk.ada, at=later(4))

    def test_late_misses_it_and_says_so_once(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        services.ring(clock_id=clock_of(desk, case).id, at=later(5))
        services.ring(clock_id=clock_of(desk, case).id, at=later(5))

        services.finish_callback(case_id=case, actor=desk.ada, at=later(6))

        clock = clock_of(desk, case)
        assert (clock.outcome, clock.due_at) == (Outcome.MISSED, later(4))
        assert events("commitment.").count("commitment.missed") == 1

    def test_taken_back_in_time_is_called_off_and_late_stays_missed(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        services.cancel_callback(case_id=case, reason=Reason.NOT_NEEDED, actor=desk.ada, at=later(1))
        assert clock_of(desk, case).outcome is Outcome.CALLED_OFF

        promised(desk, case, due_at=later(3), at=later(2))
        services.cancel_callback(case_id=case, reason=Reason.NOT_REACHED, actor=desk.ada, at=later(4))
        assert clock_of(desk, case).outcome is Outcome.MISSED
        assert events("callback.").count("callback.cancelled") == 2

    def test_a_solved_case_does_not_take_a_word_back(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        desk.becomes(case, Category.SOLVED, at=later(1))

        assert clock_of(desk, case).outcome is Outcome.RUNNING
        assert case_detail(case_id=case, viewer=desk.ada).row.due_at == later(4)

    def test_the_spam_does(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        cases.mark_spam(case_id=case, actor=desk.ada, at=later(1))

        assert clock_of(desk, case).outcome is Outcome.CALLED_OFF
        assert events("callback.")[-1] == "callback.cancelled"

    def test_news_from_before_it_was_promised_do_not_end_it(self, desk: Desk, case: int) -> None:
        cases.mark_spam(case_id=case, actor=desk.ada, at=MONDAY)
        cases.unmark_spam(case_id=case, actor=desk.ada, at=later(0.1))
        promised(desk, case, at=later(0.2))

        assert clock_of(desk, case).outcome is Outcome.RUNNING


class TestAnswer:
    def test_keeps_what_was_promised_in_writing(self, desk: Desk, case: int) -> None:
        promised(desk, case, way=Way.WRITE)
        desk.answers(case, at=later(1))

        assert clock_of(desk, case).outcome is Outcome.KEPT
        assert events("callback.")[-1] == "callback.done"

    def test_that_tells_of_the_promise_does_not_keep_it(self, desk: Desk, case: int) -> None:
        promised(desk, case, way=Way.WRITE)
        desk.answers(case, at=MONDAY + timedelta(minutes=3))

        assert clock_of(desk, case).outcome is Outcome.RUNNING

    def test_does_not_keep_a_call(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        desk.answers(case, at=later(1))

        assert clock_of(desk, case).outcome is Outcome.RUNNING

    def test_is_looked_at_from_the_last_move_on(self) -> None:
        assert is_kept_by_words(Way.WRITE, promised_at=MONDAY, at=MONDAY + timedelta(minutes=10))
        assert not is_kept_by_words(Way.WRITE, promised_at=MONDAY, at=MONDAY - timedelta(hours=1))
        assert not is_kept_by_words(Way.CALL, promised_at=MONDAY, at=later(1))


class TestMove:
    def test_lets_another_time_hold(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        services.move_callback(case_id=case, due_at=SUNDAY, reason=Reason.CUSTOMER_ASKED, actor=desk.ada, at=later(1))

        assert clock_of(desk, case).due_at == SUNDAY
        services.move_callback(
            case_id=case, due_at=later(2), reason=Reason.CUSTOMER_ASKED, actor=desk.ada, at=later(1.5)
        )
        assert clock_of(desk, case).due_at == later(2)
        assert events("callback.") == ["callback.promised", "callback.moved", "callback.moved"]

    def test_comes_too_late_once_the_time_is_over(self, desk: Desk, case: int) -> None:
        promised(desk, case)

        with pytest.raises(CallbackOver):
            services.move_callback(case_id=case, due_at=later(9), reason=Reason.MORE_TIME, actor=desk.ada, at=later(4))
        assert clock_of(desk, case).due_at == later(4)

    def test_refuses_the_same_time_and_the_past(self, desk: Desk, case: int) -> None:
        promised(desk, case)

        with pytest.raises(CallbackUnchanged):
            services.move_callback(case_id=case, due_at=later(4), reason=Reason.MORE_TIME, actor=desk.ada, at=later(1))
        with pytest.raises(BadCallback):
            services.move_callback(
                case_id=case, due_at=later(0.5), reason=Reason.MORE_TIME, actor=desk.ada, at=later(1)
            )
        assert events("callback.") == ["callback.promised"]


class TestWarning:
    def test_comes_a_quarter_of_an_hour_ahead_or_at_half_the_time(self) -> None:
        assert [step.share for step in steps_of(4 * 3600)] == [1 - 900 / (4 * 3600), 1.0]
        assert [step.share for step in steps_of(600)] == [0.5, 1.0]

    def test_rings_before_it_is_over_and_then_once_more(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        clock_id = clock_of(desk, case).id
        assert Timer.objects.get(kind=services.COMMITMENT).due_at == later(3.75)

        services.ring(clock_id=clock_id, at=later(3.75))
        assert events("commitment.escalated") == ["commitment.escalated"]
        assert Timer.objects.get(kind=services.COMMITMENT).due_at == later(4)

        services.ring(clock_id=clock_id, at=later(4))
        assert events("commitment.escalated") == ["commitment.escalated"] * 2
        assert events("commitment.missed") == ["commitment.missed"]

    def test_comes_again_for_another_time(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        services.ring(clock_id=clock_of(desk, case).id, at=later(3.75))
        services.move_callback(
            case_id=case, due_at=later(8), reason=Reason.CUSTOMER_ASKED, actor=desk.ada, at=later(3.9)
        )

        assert Timer.objects.get(kind=services.COMMITMENT).due_at == later(7.75)


class TestTry:
    def test_is_counted_and_told_until_the_last(self, desk: Desk, case: int) -> None:
        promised(desk, case)
        for hours in (0.5, 1, 1.5):
            services.try_callback(case_id=case, outcome=NotReached.BUSY, ring_s=4, actor=desk.ada, at=later(hours))

        told = clock_of(desk, case).callback
        assert told is not None
        assert (told.tries, told.tried_at, told.again_at) == (3, later(1.5), None)
        assert events("callback.tried") == ["callback.tried"] * 3
        (owed,) = queries.calls_owed().values()
        assert (owed.case_id, owed.due_at, owed.ready_at) == (case, DUE, None)

    def test_is_for_calls_that_are_owed_and_for_those_who_answer(self, desk: Desk, case: int) -> None:
        promised(desk, desk.opens(), way=Way.CALL)
        promised(desk, case, way=Way.WRITE)

        for actor, error in ((desk.ada, BadCallback), (desk.house.actor("anh"), MayNotCallBack)):
            with pytest.raises(error):
                services.try_callback(case_id=case, outcome=NotReached.BUSY, actor=actor, at=later(1))
        services.finish_callback(case_id=case, actor=desk.ada, at=later(1))
        with pytest.raises(CallbackNotFound):
            services.try_callback(case_id=case, outcome=NotReached.BUSY, actor=desk.ada, at=later(1))
        assert events("callback.tried") == []


class TestVisibility:
    def test_the_customer_sees_by_when_and_how_and_no_stranger_does(self, desk: Desk, case: int) -> None:
        promised(desk, case, due_at=later(4))
        omar = Actor(kind=ActorKind.CUSTOMER, id=desk.omar)
        stranger = Actor(kind=ActorKind.CUSTOMER, id=desk.omar + 999)

        assert queries.callbacks_owed([case], viewer=omar) == {case: (Way.CALL, later(4))}
        assert queries.callbacks_owed([case], viewer=stranger) == {}
        assert queries.clocks_of_cases([case], viewer=omar, at=MONDAY) == {}

    def test_counts_as_what_is_due(self, desk: Desk, case: int) -> None:
        assert queries.due_counts(at=MONDAY) is None
        promised(desk, case)

        counts = queries.due_counts(at=later(3.5))
        assert counts is not None
        assert (counts.overdue, counts.due_soon) == (0, 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(["move", "ring", "wait"]), st.integers(1, 240), st.integers(1, 600)), max_size=6
    ),
    end=st.tuples(st.sampled_from(["finish", "cancel"]), st.integers(0, 600)),
)
def test_what_becomes_of_a_word_depends_on_the_time_that_held_last(
    desk: Desk, acts: list[tuple[str, int, int]], end: tuple[str, int]
) -> None:
    case, now, due_at = desk.opens(), MONDAY, MONDAY + timedelta(minutes=120)
    promised(desk, case, due_at=due_at)
    clock_id = clock_of(desk, case).id
    for what, pause, ahead in acts:
        now += timedelta(minutes=pause)
        if what == "ring":
            services.ring(clock_id=clock_id, at=now)
        elif what == "move" and now < due_at and now + timedelta(minutes=ahead) != due_at:
            due_at = now + timedelta(minutes=ahead)
            services.move_callback(case_id=case, due_at=due_at, reason=Reason.CUSTOMER_ASKED, actor=desk.ada, at=now)
    now += timedelta(minutes=end[1])
    if end[0] == "finish":
        services.finish_callback(case_id=case, actor=desk.ada, at=now)
    else:
        services.cancel_callback(case_id=case, reason=Reason.NOT_NEEDED, actor=HOUSE, at=now)

    in_time = Outcome.KEPT if end[0] == "finish" else Outcome.CALLED_OFF
    clock = clock_of(desk, case, at=now)
    assert (clock.outcome, clock.due_at) == (in_time if now <= due_at else Outcome.MISSED, due_at)
    assert clock.spent_s == (now - MONDAY).total_seconds()
