"""Work is offered when it comes, when somebody gets room, and when an offer is over."""

from datetime import time

import pytest

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.types import CalendarSettings, DayRow
from careloop.domains.queues import queries as queues
from careloop.domains.queues.errors import BadReason, OfferNotFound, OfferOver
from careloop.domains.queues.states import Choice, Kind, Outcome, Stage
from careloop.domains.workforce.states import State
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.hours import Span
from careloop.kernel.timers import ring_due
from careloop.processes.routing.answering import accept, expire, finish, refuse
from careloop.processes.routing.searching import route
from careloop.processes.subscriptions import RINGS
from careloop.processes.working import drain
from tests.cast import NOW
from tests.routing import Floor, later

pytestmark = pytest.mark.database


class TestOffering:
    def test_what_comes_is_offered_to_whoever_is_free(self, floor: Floor) -> None:
        ada, queue = floor.works("ada"), floor.queue()
        waiting = floor.comes(queue, at=later(10))

        assert floor.route(50) == 1

        offer = floor.offer_to("ada")
        assert offer is not None
        assert (offer.waiting_id, offer.user_id, offer.why.waited_s) == (waiting, ada, 40)
        assert floor.waiting(waiting).stage is Stage.OFFERED
        assert floor.seat("ada").state is State.RINGING

    def test_whoever_gets_room_is_offered_what_has_waited_longest(self, floor: Floor) -> None:
        queue = floor.queue()
        first, _second = floor.comes(queue, at=later(0)), floor.comes(queue, at=later(1))
        assert floor.route(2) == 0
        floor.works("ada", at=later(3))

        assert floor.route(4) == 1

        offer = floor.offer_to("ada")
        assert offer is not None
        assert offer.waiting_id == first

    def test_nobody_without_the_language_or_the_skill_is_asked(self, floor: Floor) -> None:
        billing = floor.skill("Billing")
        queue = floor.queue(needs={billing: 2})
        floor.works("ada", languages=("ko",), levels={billing: 1})
        floor.works("grace", languages=("en",), levels={billing: 5})
        floor.comes(queue, language="ko")

        assert floor.route() == 0

        floor.works("olga", languages=("ko",), levels={billing: 2})
        assert floor.route(1) == 1
        offer = floor.offer_to("olga")
        assert offer is not None
        assert (offer.why.language, dict(offer.why.levels)) == ("ko", {billing: 2})

    def test_only_the_teams_of_a_queue_serve_it(self, floor: Floor) -> None:
        from careloop.domains.people.services import add_to_team, create_team

        with floor.scope():
            team = create_team(name="Chat", actor=HOUSE, at=later(0))
            add_to_team(team_id=team, user_id=floor.house.ids["grace"], actor=HOUSE, at=later(0))
        queue = floor.queue(team_ids=(team,))
        floor.works("ada")
        floor.works("grace", at=later(1))
        floor.comes(queue)

        assert floor.route(2) == 1
        assert floor.offer_to("grace") is not None

    def test_priority_is_a_head_start_and_no_more(self, floor: Floor) -> None:
        queue = floor.queue(step_s=60)
        old, urgent = floor.comes(queue, at=later(0)), floor.comes(queue, at=later(50), priority=1)
        late = floor.comes(queue, at=later(70), priority=1)
        floor.works("ada", at=later(80))

        order = []
        for second in range(3):
            floor.route(90 + second)
            offer = floor.offer_to("ada")
            assert offer is not None
            order.append(offer.waiting_id)
            with floor.scope():
                accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(90 + second))
                finish(kind=Kind.CHAT, subject_id=offer.subject_id, actor=HOUSE, at=later(90 + second))

        assert order == [urgent, old, late]

    def test_whoever_served_the_customer_last_comes_first(self, floor: Floor) -> None:
        queue = floor.queue(same_agent_s=300)
        ada = floor.works("ada", at=later(10))
        floor.works("grace", at=later(0))
        floor.comes(queue, last_user_id=ada)

        floor.route(20)

        offer = floor.offer_to("ada")
        assert offer is not None
        assert offer.why.is_same_agent
        assert offer.why.chosen_by is None

    def test_whoever_was_idle_longest_is_chosen_and_told_so(self, floor: Floor) -> None:
        queue = floor.queue(choice=Choice.LONGEST_IDLE)
        floor.works("ada", at=later(10))
        floor.works("grace", at=later(0))
        floor.comes(queue, at=later(20))

        floor.route(30)

        offer = floor.offer_to("grace")
        assert offer is not None
        assert (offer.why.chosen_by, offer.why.rivals, offer.why.idle_s) == (Choice.LONGEST_IDLE, 1, 30)

    def test_a_customer_of_a_tier_is_ahead(self, floor: Floor) -> None:
        queue = floor.queue(tiers={"gold": 2}, step_s=60)
        floor.comes(queue, at=later(0))
        gold = floor.comes(queue, at=later(100), customer_tags=("gold", "new"))
        floor.works("ada", at=later(110))

        floor.route(111)

        offer = floor.offer_to("ada")
        assert offer is not None
        assert (offer.waiting_id, offer.why.ahead_s) == (gold, 120)

    def test_nothing_is_offered_beyond_the_room(self, floor: Floor) -> None:
        queue = floor.queue(weight=6)
        floor.works("ada", most={"chat": 5}, room=10)
        for _number in range(2):
            floor.comes(queue)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None
        with floor.scope():
            accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(1))

        assert floor.route(2) == 0
        assert floor.seat("ada").load == 6

    def test_a_call_takes_the_whole_person(self, floor: Floor) -> None:
        queue = floor.queue(kinds=(Kind.CHAT, Kind.CALL))
        floor.works("ada", most={"chat": 3, "call": 1})
        floor.comes(queue, kind=Kind.CALL)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None
        with floor.scope():
            accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(1))
        floor.comes(queue)

        assert floor.route(2) == 0


class TestAnswers:
    def test_what_is_accepted_is_in_hand(self, floor: Floor) -> None:
        ada, queue = floor.works("ada"), floor.queue()
        waiting = floor.comes(queue)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None

        with floor.scope():
            for _twice in range(2):
                accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(5))

        row, seat = floor.waiting(waiting), floor.seat("ada")
        assert (row.stage, row.taken_by_id) == (Stage.TAKEN, ada)
        assert (seat.state, dict(seat.held), seat.load, seat.open_kinds) == (State.CONTACT, {"chat": 1}, 1, frozenset())

    def test_what_is_refused_goes_to_somebody_else(self, floor: Floor) -> None:
        queue = floor.queue()
        floor.works("grace", at=later(0))
        floor.works("ada", at=later(1))
        waiting = floor.comes(queue, at=later(2))
        floor.route(3)
        offer = floor.offer_to("grace")
        assert offer is not None

        with floor.scope():
            with pytest.raises(BadReason):
                refuse(offer_id=offer.id, reason="no_idea", actor=floor.house.actor("grace"), at=later(4))
            refuse(offer_id=offer.id, reason="busy", actor=floor.house.actor("grace"), at=later(4))
        floor.route(5)

        again = floor.offer_to("ada")
        assert again is not None
        assert again.waiting_id == waiting
        with floor.scope():
            told = queues.offers_of(HOUSE, waiting_ids=[waiting])[waiting]
        assert [(one.outcome, one.reason) for one in told] == [(Outcome.REFUSED, "busy"), (Outcome.OPEN, "")]
        assert floor.seat("grace").state is State.AVAILABLE

    def test_whoever_refused_alone_is_asked_again_after_a_while(self, floor: Floor) -> None:
        queue = floor.queue()
        floor.works("ada")
        floor.comes(queue)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None
        with floor.scope():
            refuse(offer_id=offer.id, reason="busy", actor=floor.house.actor("ada"), at=later(1))
        assert floor.route(100) == 0

        from careloop.domains.workforce.services import look_everywhere

        look_everywhere(at=later(130))
        assert floor.route(130) == 1

    def test_an_offer_nobody_answers_runs_out(self, floor: Floor) -> None:
        queue = floor.queue(offer_s=20)
        floor.works("grace", at=later(0))
        floor.works("ada", at=later(1))
        waiting = floor.comes(queue, at=later(2))
        floor.route(3)
        offer = floor.offer_to("grace")
        assert offer is not None

        ring_due(floor.house.north, rings=RINGS, at=later(22))
        assert floor.offer_to("grace") is not None
        ring_due(floor.house.north, rings=RINGS, at=later(23))

        seat = floor.seat("grace")
        assert (seat.state, seat.reason) == (State.OFFLINE, "no_answer")
        assert floor.waiting(waiting).stage is Stage.WAITING
        with floor.scope(), pytest.raises(OfferOver):
            accept(offer_id=offer.id, actor=floor.house.actor("grace"), at=later(24))
        floor.route(24)
        assert floor.offer_to("ada") is not None

    def test_an_answer_in_time_is_not_undone_by_the_timer(self, floor: Floor) -> None:
        queue = floor.queue(offer_s=20)
        floor.works("ada")
        waiting = floor.comes(queue)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None
        with floor.scope():
            accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(19))
            expire(offer_id=offer.id, at=later(21))

        assert floor.waiting(waiting).stage is Stage.TAKEN
        assert floor.seat("ada").chosen is State.AVAILABLE

    def test_only_who_was_asked_may_answer(self, floor: Floor) -> None:
        queue = floor.queue()
        floor.works("ada")
        floor.comes(queue)
        floor.route()
        offer = floor.offer_to("ada")
        assert offer is not None

        with floor.scope():
            for stranger in ("grace", "mina"):
                with pytest.raises(OfferNotFound):
                    accept(offer_id=offer.id, actor=floor.house.actor(stranger), at=later(1))
                with pytest.raises(OfferNotFound):
                    refuse(offer_id=offer.id, reason="busy", actor=floor.house.actor(stranger), at=later(1))
        with floor.scope(south=True), pytest.raises(OfferNotFound):
            accept(offer_id=offer.id, actor=floor.house.actor("ines"), at=later(1))
        assert floor.offer_to("ada") == offer

    def test_who_is_done_writes_up_before_the_next(self, floor: Floor) -> None:
        queue = floor.queue(wrap_s=60)
        floor.works("ada")
        floor.comes(queue)
        floor.comes(queue, at=later(1))
        floor.route(1)
        offer = floor.offer_to("ada")
        assert offer is not None
        with floor.scope():
            accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=later(2))
            finish(kind=Kind.CHAT, subject_id=offer.subject_id, actor=HOUSE, at=later(100))

        assert floor.seat("ada").state is State.WRAP
        assert floor.route(101) == 0
        ring_due(floor.house.north, rings=RINGS, at=later(160))
        assert floor.seat("ada").state is State.AVAILABLE
        assert floor.route(161) == 1


class TestHoursAndOverflow:
    def test_a_closed_queue_offers_nothing_until_it_opens(self, floor: Floor) -> None:
        # NOW is six in the evening in Seoul, on a Monday.
        day = (Span(opens=time(9), closes=time(17)),)
        week = CalendarSettings(name="Office", zone="Asia/Seoul", weekly=(day,) * 5 + ((), ()))
        with floor.scope():
            calendar = calendars.create_calendar(settings=week, actor=floor.house.actor("mina"), at=later(0))
        queue = floor.queue(calendar_id=calendar)
        floor.works("ada")
        floor.comes(queue)
        assert floor.route(1) == 0

        morning = 15 * 3600
        ring_due(floor.house.north, rings=RINGS, at=later(morning - 1))
        assert floor.route(morning - 1) == 0
        ring_due(floor.house.north, rings=RINGS, at=later(morning))
        assert floor.route(morning) == 1

    def test_a_day_off_added_today_closes_it_and_taken_away_opens_it_at_once(
        self, floor: Floor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW)
        always = (Span(opens=time(0), closes=time(0)),)
        week = CalendarSettings(name="Always", zone="UTC", weekly=(always,) * 7)
        today = NOW.date()
        with floor.scope():
            mina = floor.house.actor("mina")
            calendar = calendars.create_calendar(settings=week, actor=mina, at=NOW)
        queue = floor.queue(calendar_id=calendar)
        floor.works("ada")
        floor.comes(queue)

        with floor.scope():
            calendars.set_day(calendar_id=calendar, day=DayRow(date=today, name="Flood"), actor=mina, at=NOW)
        drain()
        floor.route(1)
        assert floor.offer_to("ada") is None

        with floor.scope():
            calendars.clear_day(calendar_id=calendar, day=today, actor=mina, at=NOW)
        drain()
        floor.route(2)
        assert floor.offer_to("ada") is not None

    def test_what_nobody_took_goes_into_the_next_queue(self, floor: Floor) -> None:
        billing = floor.skill("Billing")
        everybody = floor.queue()
        experts = floor.queue(needs={billing: 3}, overflow_id=everybody, overflow_after_s=60)
        floor.works("ada")
        waiting = floor.comes(experts)
        assert floor.route(59) == 0

        ring_due(floor.house.north, rings=RINGS, at=later(60))
        assert floor.route(61) == 1

        row, offer = floor.waiting(waiting), floor.offer_to("ada")
        assert (row.queue_id, row.overflow_count, row.entered_at) == (everybody, 1, later(0))
        assert offer is not None
        assert offer.why.overflow_count == 1


def test_routing_nothing_is_nothing(floor: Floor) -> None:
    drain()

    assert route(later(0)) == 0
