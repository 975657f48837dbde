"""Somebody is abused: one warning, the end of the contact, a rest, all of it written down and nothing of it undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from careloop.domains.cases import queries as cases_queries
from careloop.domains.cases.errors import CaseNotFound, MayNotWorkOnCases
from careloop.domains.chats.errors import NotYourChat
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.types import ChatRow
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations.queries import messages
from careloop.domains.notifications.queries import notices_of
from careloop.domains.supervision.errors import (
    AbuseNotFound,
    AlreadyEnded,
    AlreadyRested,
    AlreadyWarned,
    MayNotGiveRest,
    NotWarned,
)
from careloop.domains.supervision.queries import abuse_in
from careloop.domains.supervision.states import AbuseKind
from careloop.domains.workforce import states
from careloop.domains.workforce.errors import BadPresence, PersonRests
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.insight.kpis.catalogue.schedules import PROTECTION
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import call_in, hand_over, move_chat, pick, words_of
from careloop.processes.lake.following import lake_of
from careloop.processes.protecting import end_contact, give_rest, note_abuse, warn, warning_words
from careloop.processes.routing import presence
from tests.cast import NOW, House, open_house
from tests.chatting import begin, later, put_on_site
from tests.mailing import receive, written
from tests.processes.conftest import bare_house, house, ready
from tests.processes.lake.test_following import LATER, facts_in, follow_all, settle
from tests.processes.test_two_at_once import at_once

__all__ = ["bare_house", "house"]

pytestmark = pytest.mark.database
INSULT, THREAT = AbuseKind.INSULT, AbuseKind.THREAT


def shouting(house: House) -> ChatRow:
    """A chat of Omar's that Ada has; the scope is open."""
    chat = begin(put_on_site(), "You idiots.")
    presence.change_state(user_id=house.ids["ada"], state=State.AVAILABLE, actor=house.actor("ada"), at=NOW)
    pick(chat_id=chat.id, actor=house.actor("ada"), at=later(5))
    return chat_row(chat.id)


def told(case_id: int) -> list[str]:
    found = history([subject("case", case_id)], limit=50)
    return [one.name for one in reversed(found) if one.name.startswith("abuse.")]


@pytest.fixture
def north(house: House) -> Iterator[House]:
    with workspace_scope(house.north):
        yield house


@pytest.fixture
def chat(north: House) -> ChatRow:
    return shouting(north)


@pytest.fixture
def case_id(north: House) -> int:
    """A case of Omar's that came by mail; he reads Korean."""
    receive(written(text="You idiots.", subject="My parcel", at=NOW), at=NOW)
    (row,) = cases_queries.find_cases(text="parcel", viewer=HOUSE)
    return row.id


class TestInAChat:
    def test_the_customer_is_warned_once_whoever_does_it(self, north: House, chat: ChatRow) -> None:
        warn(case_id=chat.case_id, kind=INSULT, actor=north.actor("ada"), at=later(10))

        assert [line.text for line in words_of(chat.id) if line.is_ours] == [warning_words("en")]
        for name in ("ada", "grace"):
            with pytest.raises((AlreadyWarned, NotYourChat)) as refused:
                warn(case_id=chat.case_id, kind=INSULT, actor=north.actor(name), at=later(20))
        assert "Ada warned this customer at" in str(refused.value)
        assert told(chat.case_id) == ["abuse.noted", "abuse.warned"]
        assert len(words_of(chat.id)) == 2

    def test_it_ends_after_a_warning_and_the_case_is_nobodys(self, north: House, chat: ChatRow) -> None:
        ada = north.actor("ada")
        with pytest.raises(NotWarned):
            end_contact(case_id=chat.case_id, kind=INSULT, actor=ada, at=later(9))
        assert (chat_row(chat.id).state, told(chat.case_id)) == ("active", [])
        warn(case_id=chat.case_id, kind=INSULT, actor=ada, at=later(10))

        end_contact(case_id=chat.case_id, kind=INSULT, rest_minutes=10, actor=ada, at=later(20))

        assert (chat_row(chat.id).state, chat_row(chat.id).ended_by) == ("ended", "agent")
        case = cases_queries.case_detail(case_id=chat.case_id, viewer=HOUSE).row
        assert (case.assignee_id, case.category) == (None, "waiting")
        assert contacts_of_conversations([chat.conversation_id])[-1].ended_at == later(20)
        assert told(chat.case_id) == ["abuse.noted", "abuse.warned", "abuse.contact_ended", "abuse.rest_given"]
        with pytest.raises(AlreadyEnded):
            end_contact(case_id=chat.case_id, kind=INSULT, actor=ada, at=later(30))

    def test_threats_end_it_at_once_also_when_they_came_after_insults(self, north: House, chat: ChatRow) -> None:
        ada = north.actor("ada")
        note_abuse(case_id=chat.case_id, kind=INSULT, actor=ada, at=later(9))

        end_contact(case_id=chat.case_id, kind=THREAT, actor=ada, at=later(10))

        (row,) = abuse_in(ada, case_id=chat.case_id)
        assert (row.kind, row.noted_at, row.warned_at, row.ended_at) == ("threat", later(9), None, later(10))

    def test_it_is_the_chat_of_whoever_has_it(self, north: House, chat: ChatRow) -> None:
        with pytest.raises(NotYourChat):
            warn(case_id=chat.case_id, kind=INSULT, actor=north.actor("olga"), at=later(10))
        with pytest.raises(MayNotWorkOnCases):
            note_abuse(case_id=chat.case_id, kind=INSULT, actor=north.actor("anh"), at=later(10))

        assert told(chat.case_id) == []


class TestInACase:
    def test_the_warning_leaves_at_once_and_cannot_be_taken_back(self, north: House, case_id: int) -> None:
        ada = north.actor("ada")
        warn(case_id=case_id, kind=INSULT, actor=ada, at=later(60))
        with pytest.raises(AlreadyWarned):
            warn(case_id=case_id, kind=INSULT, actor=north.actor("grace"), at=later(90))

        end_contact(case_id=case_id, kind=INSULT, actor=ada, at=later(120))

        detail = cases_queries.case_detail(case_id=case_id, viewer=HOUSE)
        (link,) = detail.conversations
        said = [
            row
            for row in messages([(link.conversation_id, None, None)], limit=9, for_customer=False)
            if row.author == "agent"
        ]
        assert len(said) == 2
        assert all(row.delivery is not None and row.delivery.state != "held" for row in said)
        assert (detail.row.assignee_id, detail.row.category) == (None, "waiting")
        assert contacts_of_conversations([link.conversation_id])[-1].outcome == "handled"

    def test_of_two_who_warn_at_once_one_is_told(self, committed: None) -> None:
        house = open_house()
        ready(house)
        with workspace_scope(house.north):
            receive(written(text="You idiots.", at=NOW), at=NOW)
            (row,) = cases_queries.find_cases(text="parcel", viewer=HOUSE)

        def warns(name: str) -> None:
            with workspace_scope(house.north):
                warn(case_id=row.id, kind=INSULT, actor=house.actor(name), at=later(1))

        outcomes = at_once(lambda: warns("ada"), lambda: warns("grace"))

        assert [type(one) for one in outcomes if one is not None] == [AlreadyWarned]

    def test_whoever_leads_hears_of_it_and_colleagues_do_not(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="You idiots.", at=NOW), at=NOW)
            (row,) = cases_queries.find_cases(text="parcel", viewer=HOUSE)
            note_abuse(case_id=row.id, kind=INSULT, actor=house.actor("ada"), at=later(1))
        settle(later(2))

        with workspace_scope(house.north):
            kinds = {
                name: [one.kind for one in notices_of(viewer=house.actor(name)).items]
                for name in ("ada", "grace", "olga", "mina")
            }
        assert kinds == {"ada": [], "grace": ["abuse_noted"], "olga": [], "mina": []}


class TestRest:
    def test_nobody_gives_work_to_them_or_cuts_it_short(self, north: House, chat: ChatRow) -> None:
        ada, grace = north.actor("ada"), north.actor("grace")
        other = begin(put_on_site("other"), address="ina@customer.example")
        pick(chat_id=other.id, actor=grace, at=later(6))
        abuse = note_abuse(case_id=chat.case_id, kind=INSULT, actor=ada, at=later(10))
        with pytest.raises(BadPresence):
            presence.change_state(user_id=ada.id, state=State.BREAK, reason=PROTECTION, actor=ada, at=later(11))

        give_rest(abuse_id=abuse, minutes=10, actor=ada, at=later(20))

        seat = seat_of(grace, user_id=ada.id, at=later(21))
        assert (seat.state, seat.reason, seat.open_kinds) == (State.BREAK, PROTECTION, frozenset())
        for actor in (ada, grace):
            with pytest.raises(PersonRests, match="Nobody ends this rest earlier"):
                presence.change_state(user_id=ada.id, state=State.AVAILABLE, actor=actor, at=later(619))
        with pytest.raises(PersonRests):
            move_chat(chat_id=other.id, user_id=ada.id, seen_agent_id=None, actor=grace, at=later(30))
        with pytest.raises(PersonRests):
            hand_over(chat_id=other.id, user_id=ada.id, about="Yours.", actor=grace, at=later(30))
        with pytest.raises(PersonRests):
            call_in(chat_id=other.id, user_id=ada.id, actor=grace, at=later(30))
        with pytest.raises(AlreadyRested):
            give_rest(abuse_id=abuse, minutes=10, actor=ada, at=later(40))
        presence.change_state(user_id=ada.id, state=State.AVAILABLE, actor=ada, at=later(620))
        assert seat_of(grace, user_id=ada.id, at=later(621)).state is State.AVAILABLE

    def test_going_home_ends_it_and_whoever_leads_gives_it(self, north: House, case_id: int) -> None:
        ada, grace = north.actor("ada"), north.actor("grace")
        abuse = note_abuse(case_id=case_id, kind=INSULT, actor=ada, at=later(10))
        with pytest.raises(MayNotGiveRest):
            give_rest(abuse_id=abuse, minutes=10, actor=north.actor("anh"), at=later(20))

        give_rest(abuse_id=abuse, minutes=30, actor=grace, at=later(20))

        seat = seat_of(grace, user_id=ada.id, at=later(21))
        assert (seat.reason, seat.forced_by) == (PROTECTION, str(grace))
        presence.change_state(user_id=ada.id, state=State.OFFLINE, actor=ada, at=later(30))
        assert seat_of(grace, user_id=ada.id, at=later(31)).state is State.OFFLINE

    def test_late_is_too_late(self, north: House, case_id: int) -> None:
        abuse = note_abuse(case_id=case_id, kind=INSULT, actor=north.actor("ada"), at=NOW)

        with pytest.raises(AlreadyRested, match="long over"):
            give_rest(abuse_id=abuse, minutes=10, actor=north.actor("ada"), at=later(13 * 3600))

    def test_is_the_reason_that_the_metrics_know(self) -> None:
        assert states.PROTECTION == PROTECTION


def test_a_stranger_finds_nothing(house: House) -> None:
    with workspace_scope(house.north):
        receive(written(text="You idiots.", at=NOW), at=NOW)
        (row,) = cases_queries.find_cases(text="parcel", viewer=HOUSE)
        abuse = note_abuse(case_id=row.id, kind=INSULT, actor=house.actor("ada"), at=NOW)

    with workspace_scope(house.south):
        ines = house.actor("ines")
        assert abuse_in(ines, case_id=row.id) == []
        with pytest.raises(CaseNotFound):
            warn(case_id=row.id, kind=INSULT, actor=ines, at=NOW)
        with pytest.raises(AbuseNotFound):
            give_rest(abuse_id=abuse, minutes=10, actor=ines, at=NOW)


def test_becomes_facts(house: House, tmp_path: Path) -> None:
    with workspace_scope(house.north):
        chat = shouting(house)
        warn(case_id=chat.case_id, kind=INSULT, actor=house.actor("ada"), at=later(10))
        end_contact(case_id=chat.case_id, kind=INSULT, rest_minutes=10, actor=house.actor("ada"), at=later(20))
    settle(later(30))
    follow_all(tmp_path)

    facts = facts_in(tmp_path, house.north)
    (row,) = facts["abuse_event"]
    assert (row["kind"], row["at"], row["protective_action"]) == ("insult", later(10), "end_contact")
    assert row["contact_id"] == facts["contact"][0]["contact_id"]
    assert row["agent_id"] == facts["contact_segment"][0]["agent_id"]
    assert [one["reason"] for one in facts["agent_state"] if one["state"] == "break"] == [PROTECTION]
    assert lake_of(tmp_path, house.north).quarantined() == {}
    assert lake_of(tmp_path, house.north).check(at=LATER).findings == ()
