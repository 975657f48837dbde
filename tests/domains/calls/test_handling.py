"""Who may see a call, say who called, and write it up; and that one who may not changes nothing."""

from datetime import timedelta

import pytest

from careloop.domains.calls import queries
from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import CallGoesOn, CallNotFound, CallUnclear, MayNotHandleCalls, NotYourCall
from careloop.domains.customers.queries import customers_of_number
from careloop.domains.customers.services import create_customer, link_identity
from careloop.domains.people.services import add_to_team, create_team
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from tests.calling import SEAT, connect, ringing, rows, steps, talked, talking, waiting
from tests.cast import NOW, House

NUMBER = "+82 10 1234 5678"


@pytest.fixture
def people(north: House) -> dict[str, int]:
    return {SEAT: north.ids["ada"]}


@pytest.fixture
def pbx_id(north: House) -> int:
    return connect(user_id=north.ids["ada"], at=NOW)


def customer(name: str, number: str = NUMBER) -> int:
    return create_customer(name=name, kind="phone", value=number, language="", source="by_hand", actor=HOUSE, at=NOW)


class TestFollowing:
    def test_keeps_a_call_and_tells_what_happened(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        call_id = talked(pbx_id, people=people, at=NOW)

        (row,) = rows()
        assert (row.number, row.queue, row.state, row.ending) == ("01012345678", "billing", "ended", "handled")
        assert (row.agent_id, row.seat, row.talk_seconds) == (north.ids["ada"], SEAT, 187)
        assert row.contact_key == f"phone-{pbx_id}:1795296936.7"
        assert [one.name for one in reversed(history([subject("call", call_id)], limit=20))] == [
            "call.began",
            "call.queued",
            "call.rang",
            "call.missed",
            "call.rang",
            "call.answered",
            "call.left_queue",
            "call.handed_on",
            "call.ended",
        ]

    def test_takes_a_piece_once(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        told = {"pbx_id": pbx_id, "steps": steps(at=NOW)[:3], "people": people, "actor": HOUSE, "at": NOW}
        late = {**told, "steps": steps(at=NOW, key="2.2")}
        calls.follow_calls(piece=9_000_007, present=None, standing_at=None, **told)  # type: ignore[arg-type]

        calls.follow_calls(piece=9_000_007, present=None, standing_at=None, **late)  # type: ignore[arg-type]

        assert [row.state for row in rows()] == ["ringing"]

    def test_ends_what_is_not_there_any_more(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        waiting(pbx_id, people=people, at=NOW)
        talking(pbx_id, people=people, at=NOW, key="2.2")
        waiting(pbx_id, people=people, at=NOW, key="3.3")
        later = NOW + timedelta(minutes=5)

        calls.follow_calls(
            pbx_id=pbx_id,
            piece=9_000_008,
            steps=[],
            present=frozenset({"3.3"}),
            standing_at=later,
            people=people,
            actor=HOUSE,
            at=later,
        )

        assert [(row.state, row.ending) for row in rows()] == [
            ("ended", "unknown"),
            ("ended", "handled"),
            ("waiting", ""),
        ]

    def test_knows_the_one_customer_with_the_number(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        minseo = customer("Minseo")
        customer("Somebody else", "+82 10 1234 5679")

        waiting(pbx_id, people=people, at=NOW)

        assert [(row.customer_id, row.customer) for row in rows()] == [(minseo, "Minseo")]

    def test_guesses_nobody_among_several(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        customer("Minseo")
        customer("Jiho", "+8410 1234 5678")

        waiting(pbx_id, people=people, at=NOW)

        assert [row.customer_id for row in rows()] == [None]

    def test_knows_nobody_behind_a_withheld_number(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        customer("Minseo")

        waiting(pbx_id, people=people, at=NOW, number="")

        assert [row.customer_id for row in rows()] == [None]


class TestSeeing:
    def test_is_for_the_agent_their_team_and_who_leads(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        call_id = talked(pbx_id, people=people, at=NOW)

        seen = {name: _sees(north, name, call_id) for name in ("olga", "mina", "grace", "anh", "ada", "cole", "vera")}

        assert seen == dict.fromkeys(seen, True) | {"cole": False, "vera": False}

    def test_is_for_colleagues_of_the_team_only(self, north: House, pbx_id: int) -> None:
        call_id = talked(pbx_id, people={SEAT: north.ids["mina"]}, at=NOW)
        missed_id = waiting(pbx_id, people={}, at=NOW, key="2.2")
        assert (_sees(north, "ada", call_id), _sees(north, "ada", missed_id)) == (False, True)

        team_id = create_team(name="Phones", actor=HOUSE, at=NOW)
        for name in ("ada", "mina"):
            add_to_team(team_id=team_id, user_id=north.ids[name], actor=HOUSE, at=NOW)

        assert _sees(north, "ada", call_id)

    def test_is_not_for_another_workspace(self, house: House) -> None:
        with workspace_scope(house.north):
            call_id = talked(connect(user_id=None, at=NOW), people={}, at=NOW)

        with workspace_scope(house.south), pytest.raises(CallNotFound):
            queries.call_seen_by(house.actor("ines"), call_id=call_id)


class TestAtHand:
    def test_is_what_rings_then_whom_one_talks_to_then_what_is_to_be_written_up(
        self, north: House, pbx_id: int, people: dict[str, int]
    ) -> None:
        ada = north.actor("ada")
        assert queries.call_at_hand(ada, at=NOW) is None

        ringing(pbx_id, people=people, at=NOW)
        assert _at_hand(north, "ada") == "ringing"
        assert _at_hand(north, "mina") is None

        talking(pbx_id, people=people, at=NOW)
        assert _at_hand(north, "ada") == "talking"

        call_id = talked(pbx_id, people=people, at=NOW)
        assert _at_hand(north, "ada") == "ended"

        calls.write_up_call(call_id=call_id, reason_id=None, note="", actor=ada, at=NOW)
        assert _at_hand(north, "ada") is None


class TestIdentifying:
    def test_says_who_called(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        call_id, minseo = waiting(pbx_id, people=people, at=NOW), customer("Minseo", "+1 555 000 1111")

        calls.identify_caller(call_id=call_id, customer_id=minseo, actor=north.actor("ada"), at=NOW)

        assert rows()[0].customer == "Minseo"
        assert history([subject("call", call_id)], limit=1)[0].name == "call.identified"

    def test_refuses_who_is_gone_and_who_only_reads(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        call_id, minseo = waiting(pbx_id, people=people, at=NOW), customer("Minseo", "+1 555 000 1111")

        with pytest.raises(CallUnclear):
            calls.identify_caller(call_id=call_id, customer_id=2**40, actor=north.actor("ada"), at=NOW)
        with pytest.raises(MayNotHandleCalls):
            calls.identify_caller(call_id=call_id, customer_id=minseo, actor=north.actor("anh"), at=NOW)
        with pytest.raises(CallNotFound):
            calls.identify_caller(call_id=call_id, customer_id=minseo, actor=north.actor("vera"), at=NOW)
        assert rows()[0].customer_id is None


class TestWritingUp:
    def test_waits_for_the_end(self, north: House, pbx_id: int, people: dict[str, int]) -> None:
        call_id = talking(pbx_id, people=people, at=NOW)

        with pytest.raises(CallGoesOn):
            calls.write_up_call(call_id=call_id, reason_id=None, note="x", actor=north.actor("ada"), at=NOW)
        assert rows()[0].written_up_at is None

    def test_is_for_who_answered_or_leads(self, north: House, pbx_id: int) -> None:
        call_id = talked(pbx_id, people={SEAT: north.ids["mina"]}, at=NOW)
        team_id = create_team(name="Phones", actor=HOUSE, at=NOW)
        for name in ("ada", "mina"):
            add_to_team(team_id=team_id, user_id=north.ids[name], actor=HOUSE, at=NOW)

        with pytest.raises(NotYourCall):
            calls.write_up_call(call_id=call_id, reason_id=None, note="x", actor=north.actor("ada"), at=NOW)
        calls.write_up_call(call_id=call_id, reason_id=None, note=" Late parcel ", actor=north.actor("grace"), at=NOW)

        assert (rows()[0].note, rows()[0].written_up_at) == ("Late parcel", NOW)


class TestNumbers:
    def test_belong_to_one_customer_however_they_are_written(self, north: House) -> None:
        minseo = customer("Minseo")
        link_identity(customer_id=minseo, kind="phone", value="+82 10 1234 5679", confidence=0.9, actor=HOUSE, at=NOW)

        for written in ("01012345678", "+821012345678", "00821012345678", "010-1234-5678", "01012345679"):
            assert customers_of_number(written) == [minseo], written
        for other in ("+841012345678", "12345678901234567", "5678", "", "anonymous", "02012345678"):
            assert customers_of_number(other) == [], other


def _sees(house: House, name: str, call_id: int) -> bool:
    try:
        queries.call_seen_by(house.actor(name), call_id=call_id)
    except CallNotFound:
        return False
    return True


def _at_hand(house: House, name: str) -> str | None:
    row = queries.call_at_hand(house.actor(name), at=NOW)
    return None if row is None else row.state
