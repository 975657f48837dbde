"""Nobody waits longer in a chat than was promised: the clock of each wait, who hears of it, and what it would have been."""

from typing import Any

import pytest

from careloop.domains.cases.queries import case_briefs, case_detail
from careloop.domains.cases.services import mark_spam
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.commitments.errors import BadPolicy
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.queries import (
    clocks_of_cases,
    due_counts,
    due_of_waits,
    policies_of,
    standings_of_cases,
)
from careloop.domains.commitments.services import follow_chats, make_policy
from careloop.domains.commitments.services import ring as ring_clock
from careloop.domains.commitments.states import Measure, Outcome, Whom
from careloop.domains.commitments.trying import what_would_change
from careloop.domains.commitments.types import Escalation, PolicySettings
from careloop.domains.commitments.waits import OF_WAITS
from careloop.domains.notifications.queries import notices_of
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import events_between, head_position
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import hand_over, hand_to_team, leave, pick
from careloop.processes.notifying import promises_told
from tests.cast import NOW, House
from tests.chatting import begin, later, put_on_site
from tests.promising import follow, promise, ring
from tests.routing import Floor

pytestmark = pytest.mark.database

EVERY = range(1, 5)
MINUTE = {Measure.WAIT: dict.fromkeys(EVERY, 60)}


def promised(house: House, **said: Any) -> WidgetRow:
    """Promise a minute, and put a chat on a site."""
    promise(house, **{"targets": MINUTE, "calendar_id": None, **said})
    with workspace_scope(house.north):
        return put_on_site()


def comes(house: House, widget: WidgetRow, **said: Any) -> ChatRow:
    """Let a visitor begin, and the clocks follow."""
    with workspace_scope(house.north):
        chat = begin(widget, **said)
    follow()
    return chat


def clocks(house: House, chat: ChatRow) -> list[Clock]:
    follow()
    with workspace_scope(house.north):
        return list(Clock.objects.filter(chat_id=chat.id).order_by("pk"))


def outcomes(house: House, chat: ChatRow) -> list[str]:
    return [clock.outcome for clock in clocks(house, chat)]


def taken(house: House, chat: ChatRow, *, at: float) -> None:
    with workspace_scope(house.north):
        pick(chat_id=chat.id, actor=house.actor("ada"), at=later(at))


def left(house: House, chat: ChatRow, *, at: float) -> None:
    with workspace_scope(house.north):
        leave(chat=chat, wants_transcript=False, at=later(at))


class TestWait:
    def test_is_timed_to_the_second_until_somebody_joins_and_is_no_matter_of_the_case(self, house: House) -> None:
        chat = comes(house, promised(house))

        (clock,) = clocks(house, chat)
        assert (clock.measure, clock.started_at, clock.due_at) == (Measure.WAIT, NOW, later(60))
        with workspace_scope(house.north):
            assert case_detail(case_id=chat.case_id, viewer=HOUSE).row.due_at is None
            assert standings_of_cases([chat.case_id], viewer=house.actor("ada")) == {}
            assert due_counts(at=later(90)).overdue == 0  # type: ignore[union-attr]
            # It stands among those who wait instead.
            assert due_of_waits([chat.id]) == {chat.id: later(60)}
        taken(house, chat, at=45)
        assert outcomes(house, chat) == [Outcome.KEPT]
        with workspace_scope(house.north):
            (shown,) = clocks_of_cases([chat.case_id], viewer=house.actor("ada"), at=later(50))[chat.case_id]
            assert due_of_waits([chat.id]) == {}
        assert (shown.chat_id, shown.spent_s, shown.target_s) == (chat.id, 45.0, 60)
        with workspace_scope(house.south):
            assert clocks_of_cases([chat.case_id], viewer=HOUSE, at=later(50)) == {}

    def test_is_missed_once_its_time_is_over_whoever_comes_later(self, house: House) -> None:
        chat = comes(house, promised(house))
        ring(later(61))
        (clock,) = clocks(house, chat)
        assert (clock.outcome, clock.missed_at) == (Outcome.RUNNING, later(60))

        taken(house, chat, at=90)

        assert outcomes(house, chat) == [Outcome.MISSED]

    @pytest.mark.parametrize(("seconds", "outcome"), [(59, Outcome.CALLED_OFF), (61, Outcome.MISSED)])
    def test_of_whoever_leaves_counts_only_after_its_time(self, house: House, seconds: int, outcome: Outcome) -> None:
        chat = comes(house, promised(house))

        left(house, chat, at=seconds)

        assert outcomes(house, chat) == [outcome]

    def test_begins_anew_for_whoever_stands_in_line_again_and_not_between_two_of_ours(self, house: House) -> None:
        chat = comes(house, promised(house))
        taken(house, chat, at=30)
        with workspace_scope(house.north):
            ada, grace = house.actor("ada"), house.ids["grace"]
            hand_over(chat_id=chat.id, user_id=grace, about="A refund.", actor=ada, at=later(100))
        assert outcomes(house, chat) == [Outcome.KEPT]
        with workspace_scope(house.north):
            actor = house.actor("grace")
            hand_to_team(chat_id=chat.id, team_id=None, about="They ask in Korean.", actor=actor, at=later(200))
        assert outcomes(house, chat) == [Outcome.KEPT, Outcome.RUNNING]
        assert clocks(house, chat)[-1].due_at == later(260)

        left(house, chat, at=300)

        assert outcomes(house, chat) == [Outcome.KEPT, Outcome.MISSED]

    def test_keeps_what_was_promised_when_the_case_becomes_urgent_and_ends_in_the_spam(self, house: House) -> None:
        steps = (Escalation(share=0.5, tell=(), priority=4),)
        chat = comes(house, promised(house, targets={Measure.WAIT: {1: 60, 2: 60, 3: 60, 4: 10}}, steps=steps))

        ring(later(31))

        with workspace_scope(house.north):
            assert case_briefs([chat.case_id])[chat.case_id].priority == 4
        (clock,) = clocks(house, chat)
        assert (clock.due_at, clock.missed_at) == (later(60), None)
        with workspace_scope(house.north):
            mark_spam(case_id=chat.case_id, actor=house.actor("ada"), at=later(40))
        assert outcomes(house, chat) == [Outcome.CALLED_OFF]

    def test_is_the_same_when_the_news_is_told_again_late_and_one_by_one(self, house: House) -> None:
        chat = comes(house, promised(house))
        taken(house, chat, at=30)
        with workspace_scope(house.north):
            hand_to_team(chat_id=chat.id, team_id=None, about="Busy.", actor=house.actor("ada"), at=later(40))
        left(house, chat, at=70)
        before = [(one.pk, one.outcome, one.started_at, one.ended_at) for one in clocks(house, chat)]

        with workspace_scope(house.north):
            news = [one for one in events_between(0, head_position(), limit=10_000) if one.name in OF_WAITS]
            follow_chats(news)
            for one in reversed(news):
                follow_chats([one])

        assert [(one.pk, one.outcome, one.started_at, one.ended_at) for one in clocks(house, chat)] == before
        assert [outcome for _pk, outcome, _start, _end in before] == [Outcome.KEPT, Outcome.CALLED_OFF]

    def test_that_nobody_promised_has_no_clock(self, house: House) -> None:
        chat = comes(house, promised(house, targets={Measure.FIRST_RESPONSE: dict.fromkeys(EVERY, 3600)}))

        assert clocks(house, chat) == []


class TestTelling:
    def test_calls_the_lead_on_duty_while_the_visitor_waits(self, house: House) -> None:
        widget = promised(house)
        Floor(house).works("grace")
        chat = comes(house, widget)

        ring(later(46))
        assert (told(house, "grace"), told(house, "mina")) == (["promise_due"], [])
        ring(later(61))

        assert (told(house, "grace"), told(house, "mina")) == (["promise_due", "promise_missed"], [])
        with workspace_scope(house.north):
            sentences = set(promises_told(notices_of(viewer=house.actor("grace")).items).values())
        assert sentences == {
            "Wait in line: 75 % of the time is used up",
            "Wait in line: 100 % of the time is used up",
        }
        left(house, chat, at=62)

    def test_calls_those_who_manage_where_nobody_who_leads_is_there(self, house: House) -> None:
        steps = (Escalation(share=0.5, tell=(Whom.LEADS,)),)
        comes(house, promised(house, steps=steps))

        ring(later(31))

        assert (told(house, "grace"), told(house, "mina")) == ([], ["promise_due"])

    def test_calls_nobody_to_a_visitor_whom_somebody_has(self, house: House) -> None:
        chat = comes(house, promised(house))
        (clock,) = clocks(house, chat)
        # The clock rings, and before anybody reads that, somebody joins.
        with workspace_scope(house.north):
            ring_clock(clock_id=clock.pk, at=later(46))
            pick(chat_id=chat.id, actor=house.actor("ada"), at=later(47))
        follow()

        assert (told(house, "grace"), told(house, "mina")) == ([], [])


class TestPolicy:
    @pytest.mark.parametrize(("measure", "seconds"), [(Measure.WAIT, 4), (Measure.FIRST_RESPONSE, 59)])
    def test_promises_no_time_that_nobody_can_keep(self, house: House, measure: Measure, seconds: int) -> None:
        short = PolicySettings(name="Too short", targets={measure: {2: seconds}})

        with workspace_scope(house.north), pytest.raises(BadPolicy):
            make_policy(settings=short, actor=house.actor("mina"), at=NOW)

    def test_is_tried_on_the_waits_that_were(self, house: House) -> None:
        widget = promised(house)
        slow, quick = comes(house, widget), comes(house, widget, address="ina@customer.example")
        taken(house, quick, at=10)
        left(house, slow, at=50)
        follow()
        with workspace_scope(house.north):
            mina = house.actor("mina")
            (policy,) = policies_of(mina)

            same, shorter = (
                what_would_change(
                    policy_id=policy.id,
                    settings=PolicySettings(
                        name="Shorter", targets={Measure.WAIT: dict.fromkeys(EVERY, seconds)}, calendar_id=None
                    ),
                    viewer=mina,
                    at=later(3600),
                )
                for seconds in (60, 20)
            )

        assert same.changes == ()
        assert [(one.case_id, one.measure, one.was, one.now) for one in shorter.changes] == [
            (slow.case_id, Measure.WAIT, Outcome.CALLED_OFF, Outcome.MISSED)
        ]
        assert shorter.after(Measure.WAIT, Outcome.KEPT) == 1


def told(house: House, name: str) -> list[str]:
    """Return what somebody has heard of promises, the oldest first."""
    with workspace_scope(house.north):
        rows = notices_of(viewer=house.actor(name)).items
    return [row.kind for row in reversed(rows) if row.kind.startswith("promise")]
