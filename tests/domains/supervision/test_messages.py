"""A message to a team stays until it is read, and its sender sees who has."""

import pytest

from careloop.domains.people.services import add_to_team, create_team
from careloop.domains.supervision import queries, services
from careloop.domains.supervision.errors import MayNotTellTeams, MessageNotFound, MessageUnclear
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.floor import tell_everybody, tell_team
from tests.cast import NOW, House
from tests.routing import later

pytestmark = pytest.mark.database


def texts(house: House, name: str) -> list[str]:
    return [row.text for row in queries.unread_messages(house.actor(name))]


@pytest.fixture
def team(north: House) -> int:
    """A team of Ada and of Vera, who serves nobody."""
    team = create_team(name="Billing", actor=HOUSE, at=NOW)
    for name in ("ada", "vera"):
        add_to_team(team_id=team, user_id=north.ids[name], actor=HOUSE, at=NOW)
    return team


class TestTelling:
    def test_a_team_reaches_its_people_who_serve(self, north: House, team: int) -> None:
        tell_team(team_id=team, text=" The line is down. ", actor=north.actor("grace"), at=NOW)

        assert texts(north, "ada") == ["The line is down."]
        assert texts(north, "vera") == texts(north, "olga") == texts(north, "grace") == []

    def test_everybody_at_work_reaches_no_one_else(self, north: House) -> None:
        for name in ("ada", "grace"):
            actor = north.actor(name)
            workforce.set_state(user_id=actor.id, state=State.AVAILABLE, actor=actor, at=NOW)

        tell_everybody(text="Meeting at four.", actor=north.actor("grace"), at=NOW)

        assert texts(north, "ada") == ["Meeting at four."]
        assert texts(north, "grace") == texts(north, "olga") == []

    def test_nobody_is_refused(self, north: House) -> None:
        with pytest.raises(MessageUnclear, match="Nobody would get"):
            tell_everybody(text="Hello?", actor=north.actor("grace"), at=NOW)

        assert queries.messages_sent(north.actor("grace")) == []

    @pytest.mark.parametrize("text", ["", "  ", "x" * 301])
    def test_nothing_or_too_much_is_refused(self, north: House, team: int, text: str) -> None:
        with pytest.raises(MessageUnclear, match="300 letters"):
            tell_team(team_id=team, text=text, actor=north.actor("grace"), at=NOW)

    def test_is_for_who_leads(self, north: House, team: int) -> None:
        for name in ("ada", "anh"):
            with pytest.raises(MayNotTellTeams):
                services.send_message(
                    text="Hi", team_id=team, user_ids=[north.ids["grace"]], actor=north.actor(name), at=NOW
                )

    def test_an_unknown_team_is_refused(self, north: House) -> None:
        with pytest.raises(MessageUnclear, match="does not exist any more"):
            tell_team(team_id=999_999, text="Hi", actor=north.actor("grace"), at=NOW)


class TestReading:
    def test_takes_it_away_and_tells_who_leads(self, north: House, team: int) -> None:
        message = tell_team(team_id=team, text="The line is down.", actor=north.actor("grace"), at=NOW)
        (before,) = queries.messages_sent(north.actor("olga"))

        for second in (5, 9):
            services.read_message(message_id=message, actor=north.actor("ada"), at=later(second))

        (after,) = queries.messages_sent(north.actor("olga"))
        ada = north.ids["ada"]
        assert ((before.readers, before.others), (after.readers, after.others)) == (((), (ada,)), ((ada,), ()))
        assert texts(north, "ada") == []
        told = [one.name for one in history([subject("team_message", message)], limit=10)]
        assert sorted(told) == ["team_message.read", "team_message.sent"]

    def test_is_for_whom_it_was(self, north: House, team: int) -> None:
        message = tell_team(team_id=team, text="The line is down.", actor=north.actor("grace"), at=NOW)

        with pytest.raises(MessageNotFound):
            services.read_message(message_id=message, actor=north.actor("olga"), at=NOW)

        assert queries.messages_sent(north.actor("ada")) == []


def test_a_stranger_reads_nothing(house: House) -> None:
    with workspace_scope(house.north):
        message = services.send_message(
            text="Hi", team_id=None, user_ids=[house.ids["ada"]], actor=house.actor("grace"), at=NOW
        )

    with workspace_scope(house.south):
        assert queries.messages_sent(house.actor("ines")) == []
        with pytest.raises(MessageNotFound):
            services.read_message(message_id=message, actor=house.actor("ines"), at=NOW)
