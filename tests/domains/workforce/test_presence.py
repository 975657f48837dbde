"""What people do is chosen, forced or follows from their work, and every change is recorded with what it ended."""

from datetime import timedelta

import pytest

from careloop.domains.workforce import queries, services
from careloop.domains.workforce.errors import (
    BadCapacity,
    BadPresence,
    BadSkill,
    MayNotForce,
    MayNotKeepSkills,
    PersonNotHere,
    SkillNameTaken,
)
from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.states import State
from careloop.domains.workforce.types import Capacity
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from tests.cast import NOW, House

pytestmark = pytest.mark.database


def changes(user_id: int) -> list[tuple[str, str, str, str]]:
    told = history([subject("seat", user_id)], limit=20)
    events = [one.event for one in reversed(told) if isinstance(one.event, PresenceChanged)]
    return [(event.was, event.state, event.reason, event.forced_by) for event in events]


class TestState:
    def test_one_chooses_for_oneself(self, north: House) -> None:
        ada = north.ids["ada"]
        for minutes, state, reason in ((0, State.AVAILABLE, ""), (5, State.BREAK, "meal")):
            at = NOW + timedelta(minutes=minutes)
            services.set_state(user_id=ada, state=state, reason=reason, actor=north.actor("ada"), at=at)

        assert changes(ada) == [("offline", "available", "", ""), ("available", "break", "meal", "")]
        seat = queries.seat_of(north.actor("ada"), user_id=ada, at=NOW)
        assert (seat.state, seat.reason, seat.since) == (State.BREAK, "meal", NOW + timedelta(minutes=5))

    def test_a_lead_puts_a_colleague_into_one_and_it_shows(self, north: House) -> None:
        ada, grace = north.ids["ada"], north.actor("grace")
        services.set_state(user_id=ada, state=State.MEETING, actor=grace, at=NOW)

        assert changes(ada) == [("offline", "meeting", "", str(grace))]

    def test_what_nobody_chooses_is_refused(self, north: House) -> None:
        ada = north.ids["ada"]
        for state, reason in ((State.CONTACT, ""), (State.BREAK, "network"), (State.MEETING, "meal")):
            with pytest.raises(BadPresence):
                services.set_state(user_id=ada, state=state, reason=reason, actor=north.actor("ada"), at=NOW)

        assert changes(ada) == []

    def test_nobody_else_may(self, north: House) -> None:
        ada = north.ids["ada"]
        for name in ("anh", "cole", "vera"):
            with pytest.raises(MayNotForce):
                services.set_state(user_id=ada, state=State.BREAK, actor=north.actor(name), at=NOW)
        with pytest.raises(PersonNotHere):
            services.set_state(user_id=north.ids["ines"], state=State.BREAK, actor=north.actor("mina"), at=NOW)

        assert changes(ada) == []

    def test_writing_up_ends_by_itself_or_early(self, north: House) -> None:
        ada, actor = north.ids["ada"], north.actor("ada")
        services.set_state(user_id=ada, state=State.AVAILABLE, actor=actor, at=NOW)
        services.wrap_up(user_id=ada, seconds=60, actor=actor, at=NOW)
        services.end_wrap(user_id=ada, actor=HOUSE, at=NOW + timedelta(seconds=59))
        assert queries.seat_of(actor, user_id=ada, at=NOW).state is State.WRAP

        services.end_wrap(user_id=ada, actor=HOUSE, at=NOW + timedelta(seconds=60))
        assert queries.seat_of(actor, user_id=ada, at=NOW).state is State.AVAILABLE

        services.wrap_up(user_id=ada, seconds=60, actor=actor, at=NOW + timedelta(seconds=70))
        services.resume(user_id=ada, actor=actor, at=NOW + timedelta(seconds=80))
        assert queries.seat_of(actor, user_id=ada, at=NOW).state is State.AVAILABLE

    def test_a_call_shows_and_its_hold_too(self, north: House) -> None:
        ada, actor = north.ids["ada"], north.actor("ada")
        services.set_state(user_id=ada, state=State.AVAILABLE, actor=actor, at=NOW)
        services.hold(user_id=ada, kind="call", subject_id=1, weight=1, actor=HOUSE, at=NOW + timedelta(seconds=1))
        services.set_on_hold(user_id=ada, is_on_hold=True, actor=HOUSE, at=NOW + timedelta(seconds=2))
        services.let_go(kind="call", subject_id=1, wrap_s=30, actor=HOUSE, at=NOW + timedelta(seconds=3))

        assert [now for _was, now, _reason, _by in changes(ada)] == ["available", "contact", "hold", "wrap"]


class TestWhatPeopleCan:
    def test_skills_languages_and_room_are_kept(self, north: House) -> None:
        ada, mina = north.ids["ada"], north.actor("mina")
        billing = services.make_skill(name=" Billing ", actor=mina, at=NOW)
        services.set_skills(user_id=ada, levels={billing: 3}, actor=mina, at=NOW)
        services.set_languages(user_id=ada, languages=("KO", "en"), actor=mina, at=NOW)
        services.set_capacity(user_id=ada, capacity=Capacity(room=4, most={"chat": 2, "call": 0}), actor=mina, at=NOW)

        profile = next(one for one in queries.profiles_of(mina) if one.user_id == ada)
        assert (dict(profile.levels), profile.languages) == ({billing: 3}, frozenset({"ko", "en"}))
        assert profile.capacity == Capacity(room=4, most={"chat": 2})
        assert [(one.name, one.people_count) for one in queries.skills_of(mina)] == [("Billing", 1)]

    def test_what_cannot_be_is_refused(self, north: House) -> None:
        ada, mina = north.ids["ada"], north.actor("mina")
        billing = services.make_skill(name="Billing", actor=mina, at=NOW)
        with pytest.raises(SkillNameTaken):
            services.make_skill(name="Billing", actor=mina, at=NOW)
        for levels in ({billing: 6}, {billing + 1: 2}):
            with pytest.raises(BadSkill):
                services.set_skills(user_id=ada, levels=levels, actor=mina, at=NOW)
        with pytest.raises(BadSkill):
            services.set_languages(user_id=ada, languages=("?",), actor=mina, at=NOW)
        with pytest.raises(BadCapacity):
            services.set_capacity(user_id=ada, capacity=Capacity(room=-1, most={}), actor=mina, at=NOW)
        with pytest.raises(MayNotKeepSkills):
            services.set_skills(user_id=ada, levels={}, actor=north.actor("grace"), at=NOW)

        assert queries.languages_in_use() == []

    def test_a_retired_skill_stays_with_people_and_frees_its_name(self, north: House) -> None:
        mina = north.actor("mina")
        billing = services.make_skill(name="Billing", actor=mina, at=NOW)
        services.retire_skill(skill_id=billing, actor=mina, at=NOW)
        again = services.make_skill(name="Billing", actor=mina, at=NOW)

        assert queries.skill_names([billing, again]) == {billing: "Billing", again: "Billing"}
        assert [row.id for row in queries.skills_of(mina)] == [again]


def test_what_a_program_got_fades(north: House) -> None:
    services.set_share(agreed=3.0, actor=north.actor("mina"), at=NOW)
    services.note_given(weight=8, at=NOW)
    services.note_given(weight=-2, at=NOW + timedelta(minutes=30))

    (agreed, given) = queries.shares_at(NOW + timedelta(minutes=60))[north.north]

    assert (agreed, round(given, 6)) == (3.0, 1.0)
