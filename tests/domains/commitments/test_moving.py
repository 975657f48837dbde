"""Which open promises other hours would move: told before they change, and just what the clocks do afterwards."""

from datetime import date, timedelta

import pytest

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.changing import with_day, without_day
from careloop.domains.calendars.queries import calendar_of
from careloop.domains.calendars.types import DayRow
from careloop.domains.cases.states import Category
from careloop.domains.commitments import services
from careloop.domains.commitments.errors import MayNotPromise
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.moving import what_would_move
from careloop.domains.commitments.states import Measure
from careloop.domains.commitments.types import Moves
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import trail
from tests.domains.commitments.conftest import MONDAY, Desk, later

pytestmark = pytest.mark.database
TODAY = DayRow(date=date(2026, 11, 2), name="Closed")
NEXT_MORNING = later(23 + 4)
"""One in the afternoon of Tuesday: four hours after nine."""


def moves_by(desk: Desk, day: DayRow, *, most: int = 100) -> Moves:
    row = with_day(calendar_of(HOUSE, calendar_id=desk.calendar), day)
    return what_would_move(row, viewer=desk.house.actor("mina"), at=later(1), most=most)


class TestADayOff:
    def test_added_today_moves_what_is_open_and_says_how(self, desk: Desk) -> None:
        desk.promise(targets={Measure.FIRST_RESPONSE: {2: 4 * 3600}})
        case = desk.opens()
        desk.follow()

        moves = moves_by(desk, TODAY)

        assert [(one.case_id, one.was, one.now) for one in moves.moved] == [(case, later(4), NEXT_MORNING)]
        assert (moves.clock_count, moves.is_cut) == (1, False)
        assert Clock.objects.get(measure=Measure.FIRST_RESPONSE).due_at == later(4)

    def test_does_to_the_clocks_what_was_said(self, desk: Desk) -> None:
        desk.promise()
        for minutes in range(0, 300, 45):
            desk.opens(at=MONDAY + timedelta(minutes=minutes))
        desk.follow()
        said = {(one.case_id, one.measure): one.now for one in moves_by(desk, TODAY).moved}

        calendars.set_day(calendar_id=desk.calendar, day=TODAY, actor=desk.house.actor("mina"), at=later(1))
        services.recount(calendar_id=desk.calendar, at=later(1))

        rows = Clock.objects.values_list("case_id", "measure", "due_at")
        assert said == {(case, Measure(measure)): due_at for case, measure, due_at in rows}

    def test_elsewhere_moves_nothing(self, desk: Desk) -> None:
        desk.promise()
        desk.opens()
        desk.follow()

        assert moves_by(desk, DayRow(date=date(2026, 11, 20), name="Far away")).moved == ()

    def test_taken_away_moves_them_back(self, desk: Desk) -> None:
        calendars.set_day(calendar_id=desk.calendar, day=TODAY, actor=desk.house.actor("mina"), at=MONDAY)
        desk.promise(targets={Measure.FIRST_RESPONSE: {2: 4 * 3600}})
        desk.opens()
        desk.follow()
        row = without_day(calendar_of(HOUSE, calendar_id=desk.calendar), TODAY.date)

        (moved,) = what_would_move(row, viewer=desk.house.actor("mina"), at=later(1)).moved

        assert (moved.was, moved.now) == (NEXT_MORNING, later(4))


class TestWhatStays:
    def test_is_missed_over_or_stands_still(self, desk: Desk) -> None:
        desk.promise(targets={Measure.FIRST_RESPONSE: {2: 1800}, Measure.RESOLUTION: {2: 4 * 3600}})
        missed, answered = desk.opens(), desk.opens()
        desk.answers(answered, at=later(0.2), status=Category.WAITING)
        desk.follow()
        services.ring(clock_id=Clock.objects.get(case=missed, measure=Measure.FIRST_RESPONSE).pk, at=later(0.5))

        moves = moves_by(desk, TODAY)

        assert [(one.case_id, one.measure) for one in moves.moved] == [(missed, Measure.RESOLUTION)]

    def test_counts_around_the_clock(self, desk: Desk) -> None:
        desk.promise(calendar_id=None)
        desk.opens()
        desk.follow()

        assert moves_by(desk, TODAY) == Moves(clock_count=0, is_cut=False, moved=())


def test_says_when_not_all_were_looked_at(desk: Desk) -> None:
    desk.promise()
    desk.opens()
    desk.follow()

    moves = moves_by(desk, TODAY, most=1)

    assert (moves.clock_count, moves.is_cut, len(moves.moved)) == (1, True, 1)


def test_is_for_those_who_may_promise_and_writes_nothing(desk: Desk) -> None:
    row = calendar_of(HOUSE, calendar_id=desk.calendar)
    before = len(trail(limit=200))

    with pytest.raises(MayNotPromise):
        what_would_move(row, viewer=desk.ada, at=MONDAY)
    what_would_move(with_day(row, TODAY), viewer=HOUSE, at=MONDAY)

    assert len(trail(limit=200)) == before
