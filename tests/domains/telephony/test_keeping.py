"""Who connects a telephone system, what they may say of it, and that its secret stays where it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import MayNotKeepPhones, NameTaken, PbxNotFound, PbxUnclear
from careloop.domains.telephony.services import PbxSettings
from careloop.domains.telephony.types import PbxState
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

SETTINGS = PbxSettings(name="Main", host="pbx.north.example", user="careloop", secret="s3cret")


@pytest.fixture
def pbx_id(north: House) -> int:
    return telephony.add_pbx(settings=SETTINGS, actor=north.actor("mina"), at=NOW)


class TestAdding:
    def test_begins_on_trial_and_keeps_the_secret_sealed(self, north: House, pbx_id: int) -> None:
        row, server = queries.pbx(pbx_id), queries.pbx_server(pbx_id)

        assert row.state == PbxState.TRYING
        assert server.secret == "s3cret"
        assert "s3cret" not in repr(server) + repr(row) + repr(SETTINGS)
        assert queries.live_pbxes_everywhere() == []

    @pytest.mark.parametrize("name", ["grace", "ada", "anh", "cole", "vera"])
    def test_is_for_owners_and_managers(self, north: House, name: str) -> None:
        with pytest.raises(MayNotKeepPhones):
            telephony.add_pbx(settings=SETTINGS, actor=north.actor(name), at=NOW)
        assert queries.pbxes() == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": " "},
            {"host": ""},
            {"user": ""},
            {"secret": ""},
            {"port": 0},
            {"security": "starttls"},
            {"user_events": {"X": "maybe"}},
            {"inbound": ["x"] * 51},
            {"inbound": ["x" * 81]},
            {"user_events": {"x" * 81: "blocked"}},
            {"user": "careloop\r\nAction: Originate"},
            {"secret": "s3cret\nAction: Command"},
            {"host": "pbx\0.example"},
        ],
    )
    def test_refuses_what_cannot_be(self, north: House, wrong: dict[str, object]) -> None:
        with pytest.raises(PbxUnclear):
            telephony.add_pbx(settings=replace(SETTINGS, **wrong), actor=north.actor("mina"), at=NOW)  # type: ignore[arg-type]
        assert queries.pbxes() == []

    def test_refuses_a_name_twice(self, north: House, pbx_id: int) -> None:
        with pytest.raises(NameTaken):
            telephony.add_pbx(settings=SETTINGS, actor=north.actor("mina"), at=NOW)


class TestChanging:
    def test_keeps_the_secret_when_none_is_given(self, north: House, pbx_id: int) -> None:
        settings = replace(SETTINGS, secret="", inbound=[" from-carrier "], user_events={"CallbackRequest": "callback"})

        telephony.change_pbx(pbx_id=pbx_id, settings=settings, actor=north.actor("mina"), at=NOW)

        assert queries.pbx_server(pbx_id).secret == "s3cret"
        assert queries.pbx(pbx_id).inbound == ("from-carrier",)

    def test_asks_where_phones_dial_only_where_something_is_dialed(self, north: House, pbx_id: int) -> None:
        mina = north.actor("mina")
        telephony.change_pbx(pbx_id=pbx_id, settings=replace(SETTINGS, offers=["pause"]), actor=mina, at=NOW)
        with pytest.raises(PbxUnclear):
            telephony.change_pbx(pbx_id=pbx_id, settings=replace(SETTINGS, offers=["call"]), actor=mina, at=NOW)

        assert queries.pbx(pbx_id).offers == ("pause",)

    @pytest.mark.parametrize("elsewhere", [{"host": "thief.example"}, {"port": 5038}])
    def test_hands_the_stored_secret_to_no_other_server(
        self, north: House, pbx_id: int, elsewhere: dict[str, object]
    ) -> None:
        with pytest.raises(PbxUnclear):
            telephony.change_pbx(
                pbx_id=pbx_id,
                settings=replace(SETTINGS, secret="", **elsewhere),  # type: ignore[arg-type]
                actor=north.actor("mina"),
                at=NOW,
            )
        assert queries.pbx(pbx_id).host == "pbx.north.example"

    def test_is_live_only_when_somebody_says_so(self, north: House, pbx_id: int) -> None:
        with pytest.raises(MayNotKeepPhones):
            telephony.go_live(pbx_id=pbx_id, actor=north.actor("grace"), at=NOW)
        telephony.go_live(pbx_id=pbx_id, actor=north.actor("mina"), at=NOW)
        assert queries.live_pbxes_everywhere() == [(north.north, pbx_id)]

        telephony.pause_pbx(pbx_id=pbx_id, actor=north.actor("mina"), at=NOW)
        assert queries.live_pbxes_everywhere() == []


class TestSeats:
    def test_say_who_stands_behind_a_name(self, north: House, pbx_id: int) -> None:
        telephony.note_names(pbx_id=pbx_id, names=["Ben", "Anna", "Ben", " "], actor=HOUSE, at=NOW)
        telephony.note_names(pbx_id=pbx_id, names=["Ben"], actor=HOUSE, at=NOW)
        anna, _ben = queries.seats(pbx_id)

        telephony.seat_person(
            pbx_id=pbx_id, seat_id=anna.id, user_id=north.ids["ada"], actor=north.actor("mina"), at=NOW
        )

        assert queries.people_behind(pbx_id) == {"Anna": north.ids["ada"]}
        with pytest.raises(PbxUnclear):  # she works for another company
            telephony.seat_person(
                pbx_id=pbx_id, seat_id=anna.id, user_id=north.ids["ines"], actor=north.actor("mina"), at=NOW
            )
        with pytest.raises(MayNotKeepPhones):
            telephony.seat_person(pbx_id=pbx_id, seat_id=anna.id, user_id=None, actor=north.actor("ada"), at=NOW)


class TestPieces:
    def test_are_numbered_kept_whole_and_forgotten_in_time(self, north: House, pbx_id: int) -> None:
        for hour in range(3):
            body = f"Event: {hour}\n\n".encode()
            telephony.store_piece(pbx_id=pbx_id, body=body, actor=HOUSE, at=NOW + timedelta(hours=hour))

        assert queries.pieces_after(pbx_id, number=1, limit=5) == [(2, b"Event: 1\n\n"), (3, b"Event: 2\n\n")]
        gone = telephony.forget_pieces(before=NOW + timedelta(days=9), actor=HOUSE, at=NOW)
        # The last one stays: it says how far the numbers have come.
        assert (gone, queries.pieces_after(pbx_id, number=0, limit=5)) == (2, [(3, b"Event: 2\n\n")])


def test_nobody_elsewhere_sees_it(north_and_south: tuple[House, int]) -> None:
    house, pbx_id = north_and_south
    with workspace_scope(house.south):
        assert queries.pbxes() == []
        with pytest.raises(PbxNotFound):
            queries.pbx(pbx_id)
        with pytest.raises(PbxNotFound):
            telephony.pause_pbx(pbx_id=pbx_id, actor=house.actor("ines"), at=NOW)


@pytest.fixture
def north_and_south(house: House) -> tuple[House, int]:
    with workspace_scope(house.north):
        return house, telephony.add_pbx(settings=SETTINGS, actor=house.actor("mina"), at=NOW)
