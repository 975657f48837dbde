"""A chat waits in the queue of its widget, is offered, and takes room of whoever has it until it is over."""

from dataclasses import replace
from typing import Any

import pytest

from careloop.domains.cases.queries import case_detail, statuses
from careloop.domains.cases.services import prioritize
from careloop.domains.chats.errors import (
    ChatEnded,
    ChatMoved,
    ChatTaken,
    MayNotMoveChats,
    NotYourChat,
    PersonOffWork,
    WidgetUnclear,
)
from careloop.domains.chats.queries import chat_row, place_of
from careloop.domains.chats.services import change_widget
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Outcome, Stage
from careloop.domains.queues.types import OfferRow, RuleSettings, WaitingRow
from careloop.domains.workforce.states import State as Doing
from careloop.faces.portal.chat.shapes import chat_shown
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.processes.chatting import (
    hand_over,
    hand_to_team,
    leave,
    move_chat,
    move_chat_back,
    pick,
    ring_answer_due,
    wrap_up,
)
from careloop.processes.routing import keeping
from careloop.processes.routing.answering import accept
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.chats import place_chat
from careloop.processes.routing.searching import route
from careloop.processes.routing.supervising import hand_to
from careloop.processes.working import drain
from tests.cast import NOW
from tests.chatting import begin, put_on_site
from tests.processes.test_two_at_once import at_once
from tests.routing import Floor, later

pytestmark = pytest.mark.database


def shop(floor: Floor, **said: Any) -> tuple[int, WidgetRow]:
    """Put a chat on a site whose visitors wait in a queue; return both."""
    queue = floor.queue(is_by_language=False, **said)
    with floor.scope():
        return queue, put_on_site(queue_id=queue)


def comes(floor: Floor, widget: WidgetRow, **said: Any) -> ChatRow:
    """Let a visitor begin, and the house do what follows."""
    with floor.scope():
        chat = begin(widget, **said)
    drain()
    return chat


def wait_of(floor: Floor, chat: ChatRow) -> WaitingRow | None:
    with floor.scope():
        return queues.waiting_of_subject(kind=Kind.CHAT, subject_id=chat.id)


def stage_of(floor: Floor, chat: ChatRow) -> Stage | None:
    row = wait_of(floor, chat)
    return None if row is None else row.stage


def offered(floor: Floor, name: str) -> OfferRow:
    route(clock.now())
    offer = floor.offer_to(name)
    assert offer is not None
    return offer


def takes(floor: Floor, name: str) -> OfferRow:
    """Let somebody take what they are offered."""
    offer = offered(floor, name)
    with floor.scope():
        accept(offer_id=offer.id, actor=floor.house.actor(name), at=clock.now())
    drain()
    return offer


def status(floor: Floor, category: str) -> int:
    with floor.scope():
        return next(row.id for row in statuses() if row.category == category and row.is_default)


class TestWaiting:
    def test_is_in_the_queue_of_the_widget_since_the_visitor_began(self, floor: Floor) -> None:
        queue, widget = shop(floor)

        row = wait_of(floor, comes(floor, widget))

        assert row is not None
        assert (row.queue_id, row.stage, row.entered_at) == (queue, Stage.WAITING, NOW)

    def test_is_by_hand_where_the_widget_has_no_queue(self, floor: Floor) -> None:
        floor.queue()
        with floor.scope():
            widget = put_on_site()

        assert wait_of(floor, comes(floor, widget)) is None

    def test_is_where_the_priority_of_its_case_puts_it(self, floor: Floor) -> None:
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        before = wait_of(floor, chat)

        with floor.scope():
            prioritize(case_id=chat.case_id, priority=4, actor=floor.house.actor("ada"), at=clock.now())
        drain()

        after = wait_of(floor, chat)
        assert before is not None
        assert after is not None
        assert (before.priority, after.priority) == (1, 3)
        assert after.rank_at < before.rank_at
        assert after.entered_at == before.entered_at
        with floor.scope():
            names = [one.name for one in history([subject("chat", chat.id)], limit=50)]
        assert names.count("waiting.prioritized") == 1

    def test_is_not_doubled_by_its_case(self, floor: Floor) -> None:
        _queue, widget = shop(floor)
        rest = floor.queue(kinds=(Kind.CASE,), is_by_language=False)
        with floor.scope():
            keeping.make_rule(settings=RuleSettings(queue_id=rest), actor=HOUSE, at=NOW)

        chat = comes(floor, widget)

        with floor.scope():
            assert queues.waiting_of_subject(kind=Kind.CASE, subject_id=chat.case_id) is None
            leave(chat=chat, wants_transcript=False, at=clock.now())
        drain()
        with floor.scope():
            row = queues.waiting_of_subject(kind=Kind.CASE, subject_id=chat.case_id)
        assert row is not None
        assert row.stage is Stage.WAITING

    def test_tells_the_visitor_the_place_in_the_queue(self, floor: Floor) -> None:
        queue, widget = shop(floor)
        first = comes(floor, widget)
        second = comes(floor, widget, address="ben@customer.example", at=later(60))

        with floor.scope():
            places = [place_of(one, at=later(120)) for one in (first, second)]

        assert [(one.ahead, one.wait) for one in places] == [(0, None), (1, None)]
        for number in range(8):
            waiting = floor.comes(queue, at=later(0), subject_id=900_000 + number)
            with floor.scope():
                queue_acts.take(
                    waiting_id=waiting,
                    user_id=floor.house.ids["ada"],
                    revision=None,
                    actor=HOUSE,
                    at=later(60 * (number + 1)),
                )
        with floor.scope():
            wait = place_of(second, at=later(600)).wait
            fresh = place_of(comes_now(floor, widget), at=later(601)).wait
        assert wait is None  # none of the eight waited longer than this one has
        assert fresh is not None
        assert (round(fresh.middle), round(fresh.least), round(fresh.most)) == (269, 59, 479)

    def test_ends_when_the_visitor_leaves(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        offer = offered(floor, "ada")

        with floor.scope():
            leave(chat=chat, wants_transcript=False, at=clock.now())
        drain()

        assert stage_of(floor, chat) is Stage.LEFT
        with floor.scope():
            ended = queues.offer_of(offer.id)
        assert ended is not None
        assert ended.outcome is Outcome.WITHDRAWN
        assert floor.seat("ada").state is Doing.AVAILABLE

    def test_refuses_a_queue_that_takes_no_chats(self, floor: Floor) -> None:
        cases = floor.queue(kinds=(Kind.CASE,))
        with floor.scope(), pytest.raises(WidgetUnclear, match="takes no chats"):
            put_on_site(queue_id=cases)


def comes_now(floor: Floor, widget: WidgetRow) -> ChatRow:
    """Let a visitor begin ten minutes later, and wait in the queue; a scope is open already."""
    chat = begin(widget, address="new@customer.example", at=later(600))
    place_chat(chat_id=chat.id, at=later(600))
    return chat


class TestTaking:
    def test_opens_the_chat_and_gives_its_case(self, floor: Floor) -> None:
        ada = floor.works("ada", most={"chat": 2})
        _queue, widget = shop(floor, weight=3)
        chat = comes(floor, widget)

        offer = takes(floor, "ada")

        assert (offer.kind, offer.subject_id) == (Kind.CHAT, chat.id)
        with floor.scope():
            row = chat_row(chat.id)
            assert (row.state, row.agent_id) == (State.ACTIVE, ada)
            assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.assignee_id == ada
        seat = floor.seat("ada")
        assert (seat.state, seat.held, seat.load) == (Doing.CONTACT, {"chat": 1}, 3)

    def test_by_hand_takes_it_out_of_the_queue(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        offered(floor, "ada")

        with floor.scope():
            pick(chat_id=chat.id, actor=floor.house.actor("grace"), at=clock.now())
        drain()

        assert stage_of(floor, chat) is Stage.LEFT
        assert floor.offer_to("ada") is None
        assert floor.seat("ada").state is Doing.AVAILABLE
        assert floor.seat("grace").held == {"chat": 1}

    def test_what_somebody_took_by_hand_meanwhile_is_told(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        offer = offered(floor, "ada")
        with floor.scope():
            pick(chat_id=chat.id, actor=floor.house.actor("grace"), at=clock.now())

            with pytest.raises(ChatTaken, match="A colleague was quicker"):
                accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=clock.now())

            assert chat_row(chat.id).agent == "Grace"
        assert floor.seat("ada").held == {}

    def test_of_what_is_over_is_told(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        offer = offered(floor, "ada")
        with floor.scope():
            leave(chat=chat, wants_transcript=False, at=clock.now())

            with pytest.raises(ChatEnded):
                accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=clock.now())

    def test_by_a_supervisor_gives_it_to_a_colleague(self, floor: Floor) -> None:
        ada = floor.works("ada", most={})
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        row = wait_of(floor, chat)
        assert row is not None

        with floor.scope():
            hand_to(
                waiting_id=row.id, user_id=ada, revision=row.revision, actor=floor.house.actor("grace"), at=clock.now()
            )
            assert chat_row(chat.id).agent_id == ada
        drain()
        assert floor.seat("ada").held == {"chat": 1}

    def test_at_once_by_hand_and_by_offer_is_for_one(self, floor_for_real: Floor) -> None:
        floor = floor_for_real
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        offer = offered(floor, "ada")

        def by_hand() -> None:
            with floor.scope():
                pick(chat_id=chat.id, actor=floor.house.actor("grace"), at=clock.now())

        def by_offer() -> None:
            with floor.scope():
                accept(offer_id=offer.id, actor=floor.house.actor("ada"), at=clock.now())

        told = at_once(by_hand, by_offer)
        drain()

        assert sum(isinstance(one, ChatTaken) for one in told) == 1
        with floor.scope():
            agent_id = chat_row(chat.id).agent_id
        held = {floor.house.ids[name]: floor.seat(name).held for name in ("ada", "grace")}
        assert [user_id for user_id, kinds in held.items() if kinds] == [agent_id]


class TestAfterwards:
    def test_the_end_gives_room_again_after_writing_up(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor, wrap_s=120)
        chat = comes(floor, widget)
        takes(floor, "ada")
        solved = status(floor, "solved")

        with floor.scope():
            ada = floor.house.actor("ada")
            wrap_up(chat_id=chat.id, reason_id=None, status_id=solved, actor=ada, at=clock.now())
        drain()

        seat = floor.seat("ada")
        assert (seat.state, seat.held, seat.load) == (Doing.WRAP, {}, 0)

    def test_handing_it_over_moves_the_load(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")
        floor.works("grace")

        with floor.scope():
            ada, grace = floor.house.actor("ada"), floor.house.ids["grace"]
            hand_over(chat_id=chat.id, user_id=grace, about="About a parcel.", actor=ada, at=clock.now())
        drain()

        assert (floor.seat("ada").held, floor.seat("grace").held) == ({}, {"chat": 1})

    def test_is_not_handed_to_somebody_off_work_while_others_are_here(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")
        with floor.scope():
            ada, grace = floor.house.actor("ada"), floor.house.ids["grace"]

        def given() -> bool:
            return hand_over(chat_id=chat.id, user_id=grace, about="About a parcel.", actor=ada, at=clock.now())

        with floor.scope():
            is_given = given()
            asked = chat_row(chat.id)
        floor.works("mina")
        with floor.scope():
            with pytest.raises(PersonOffWork, match="Grace is off work"):
                given()
            kept = chat_row(chat.id)
            with pytest.raises(PersonOffWork):
                move_chat(
                    chat_id=chat.id,
                    user_id=grace,
                    seen_agent_id=None,
                    actor=floor.house.actor("mina"),
                    at=clock.now(),
                )

        assert (is_given, asked.agent_id, asked.helper_ids) == (False, ada.user_id, (grace,))
        assert kept.agent_id == ada.user_id

    def test_handing_it_to_a_team_lets_it_wait_in_the_queue_of_the_team(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        with floor.scope():
            team = create_team(name="Billing", actor=HOUSE, at=NOW)
            other = create_team(name="Nobody's queue", actor=HOUSE, at=NOW)
            add_to_team(team_id=team, user_id=floor.house.ids["grace"], actor=HOUSE, at=NOW)
        of_team = floor.queue(team_ids=(team,))
        chat = comes(floor, widget)
        takes(floor, "ada")

        with floor.scope():
            ada = floor.house.actor("ada")
            hand_to_team(chat_id=chat.id, team_id=team, about="About an invoice.", actor=ada, at=clock.now())
        drain()

        row = wait_of(floor, chat)
        assert row is not None
        assert (row.queue_id, row.stage) == (of_team, Stage.WAITING)
        assert floor.seat("ada").held == {}
        with floor.scope():
            pick(chat_id=chat.id, actor=ada, at=clock.now())
            hand_to_team(chat_id=chat.id, team_id=other, about="About an invoice.", actor=ada, at=clock.now())
        drain()
        assert stage_of(floor, chat) is Stage.LEFT

    def test_silence_of_the_agent_lets_it_wait_again(self, floor: Floor) -> None:
        floor.works("ada")
        queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")

        with floor.scope():
            ring_answer_due(chat.id, clock.now())
        drain()

        row = wait_of(floor, chat)
        assert row is not None
        assert (row.queue_id, row.stage) == (queue, Stage.WAITING)
        assert floor.seat("ada").held == {}

    def test_a_sleeping_laptop_gives_it_back_where_it_stood(self, floor: Floor) -> None:
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")
        before = wait_of(floor, chat)
        assert before is not None

        take_care(Care(), at=clock.now())
        drain()

        after = wait_of(floor, chat)
        assert after is not None
        assert (after.id, after.stage, after.entered_at) == (before.id, Stage.WAITING, before.entered_at)
        with floor.scope():
            row = chat_row(chat.id)
            assert (row.state, row.agent_id) == (State.WAITING, None)
            assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.assignee_id is None
        assert floor.seat("ada").state is Doing.OFFLINE

    def test_a_sleeping_laptop_gives_back_what_was_taken_by_hand(self, floor: Floor) -> None:
        floor.works("ada")
        queue, widget = shop(floor)
        chat = comes(floor, widget)
        with floor.scope():
            pick(chat_id=chat.id, actor=floor.house.actor("ada"), at=clock.now())
        drain()
        assert (stage_of(floor, chat), floor.seat("ada").held) == (Stage.LEFT, {"chat": 1})

        take_care(Care(), at=clock.now())
        drain()

        row = wait_of(floor, chat)
        assert row is not None
        assert (row.queue_id, row.stage, floor.seat("ada").held) == (queue, Stage.WAITING, {})
        with floor.scope():
            told = chat_shown(chat_row(chat.id), place_of(chat_row(chat.id), at=clock.now()))
        assert (told["state"], told["who"], told["was_with"], told["place"]["ahead"]) == ("waiting", "", True, 0)

    def test_a_widget_that_gets_a_queue_lets_those_wait_there_who_wait(self, floor: Floor) -> None:
        queue = floor.queue(is_by_language=False)
        with floor.scope():
            widget = put_on_site()
        chat = comes(floor, widget)
        assert wait_of(floor, chat) is None

        with floor.scope():
            change_widget(
                widget_id=widget.id, settings=replace(widget.settings, queue_id=queue), actor=HOUSE, at=clock.now()
            )

        take_care(Care(), at=clock.now())

        assert stage_of(floor, chat) is Stage.WAITING


class TestMoving:
    """What whoever leads does with a chat that somebody has."""

    @pytest.fixture
    def chat(self, floor: Floor) -> ChatRow:
        """A chat that Ada has."""
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")
        return chat

    def test_takes_it_over_with_its_case_and_its_load(self, floor: Floor, chat: ChatRow) -> None:
        ids = floor.house.ids

        with floor.scope():
            grace = floor.house.actor("grace")
            move_chat(chat_id=chat.id, user_id=grace.id, seen_agent_id=ids["ada"], actor=grace, at=clock.now())
            assert chat_row(chat.id).agent_id == ids["grace"]
            assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.assignee_id == ids["grace"]
            told = next(one.event for one in history([subject("chat", chat.id)], limit=1))
        drain()

        assert (getattr(told, "why", ""), told.actor) == ("moved", f"user:{ids['grace']}")
        assert (floor.seat("ada").held, floor.seat("grace").held) == ({}, {"chat": 1})

    def test_lets_it_wait_again_in_its_queue(self, floor: Floor, chat: ChatRow) -> None:
        with floor.scope():
            move_chat_back(chat_id=chat.id, seen_agent_id=None, actor=floor.house.actor("grace"), at=clock.now())
        drain()

        assert stage_of(floor, chat) is Stage.WAITING
        assert floor.seat("ada").held == {}

    def test_is_refused_to_agents(self, floor: Floor, chat: ChatRow) -> None:
        with floor.scope():
            ada = floor.house.actor("ada")
            with pytest.raises(MayNotMoveChats):
                move_chat(
                    chat_id=chat.id, user_id=floor.house.ids["grace"], seen_agent_id=None, actor=ada, at=clock.now()
                )
            assert chat_row(chat.id).agent == "Ada"

    def test_to_somebody_who_talks_to_nobody_is_refused(self, floor: Floor, chat: ChatRow) -> None:
        with floor.scope(), pytest.raises(NotYourChat, match="does not talk to visitors"):
            move_chat(
                chat_id=chat.id,
                user_id=floor.house.ids["vera"],
                seen_agent_id=None,
                actor=floor.house.actor("grace"),
                at=clock.now(),
            )

    def test_by_two_at_once_is_for_one_and_the_other_reads_what_happened(self, floor_for_real: Floor) -> None:
        floor = floor_for_real
        floor.works("ada")
        _queue, widget = shop(floor)
        chat = comes(floor, widget)
        takes(floor, "ada")

        def moves(name: str) -> None:
            with floor.scope():
                actor = floor.house.actor(name)
                seen = floor.house.ids["ada"]
                move_chat(chat_id=chat.id, user_id=actor.id, seen_agent_id=seen, actor=actor, at=clock.now())

        outcomes = at_once(lambda: moves("grace"), lambda: moves("olga"))

        (refusal,) = [one for one in outcomes if isinstance(one, ChatMoved)]
        with floor.scope():
            winner = chat_row(chat.id).agent
        assert str(refusal) == f"{winner} has this chat now. Look again, then decide."

    def test_of_what_is_over_is_told(self, floor: Floor, chat: ChatRow) -> None:
        with floor.scope():
            leave(chat=chat, wants_transcript=False, at=clock.now())
            with pytest.raises(ChatEnded):
                move_chat_back(chat_id=chat.id, seen_agent_id=None, actor=floor.house.actor("grace"), at=clock.now())
