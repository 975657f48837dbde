"""What happens reaches whoever may see it, once, in order, and nobody else."""

import pytest
from django.db import connection
from django.test import Client

from careloop.domains.cases.queries import cases_by_id, find_cases
from careloop.domains.cases.services import add_note
from careloop.domains.people.services import end_membership
from careloop.kernel.actors import HOUSE
from careloop.kernel.readers import number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, PASSWORD, House
from tests.faces.web.live.conftest import Listen
from tests.mailing import receive, written
from tests.promising import follow, promise

pytestmark = pytest.mark.database


def mail_arrives(house: House, *, text: str, message_id: str) -> int:
    """Let a customer write, and return the id of the newest case."""
    with workspace_scope(house.north):
        receive(written(text=text, message_id=message_id, at=NOW), at=NOW)
        case_id = find_cases(text="parcel", viewer=HOUSE)[0].id
    number_events()
    return case_id


def note(house: House, case_id: int, *, text: str) -> None:
    """Let Grace write a note."""
    with workspace_scope(house.north):
        add_note(case_id=case_id, html=text, text=text, mentions=(), actor=house.actor("grace"), at=NOW)
    number_events()


def number_of(house: House, case_id: int) -> int:
    """Return the number of a case."""
    with workspace_scope(house.north):
        return cases_by_id([case_id], viewer=HOUSE)[case_id].number


class TestStream:
    def test_tells_of_words_with_the_position_of_the_log(self, house: House, listen: Listen) -> None:
        stream = listen("ada")
        stream_again = listen("ada")

        case_id = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")

        position, detail = stream.hear(f"case-{case_id}")
        assert int(position) > 0
        assert detail["case"] == case_id
        assert stream_again.hear("case-opened")[1]["case"] == case_id
        assert stream_again.hear("list")[1] == {"name": "list"}

    def test_goes_on_where_the_browser_stopped_listening(self, house: House, listen: Listen) -> None:
        stream = listen("ada")
        first = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        last_id, _detail = stream.hear("list")
        stream.close()
        note(house, first, text="Said while nobody listened")
        second = mail_arrives(house, text="Another one", message_id="<2@customer.example>")

        again = listen("ada", last_id=last_id)

        again.hear(f"case-{second}")
        names = [detail["name"] for _id, detail in again.heard]
        assert names.count(f"case-{first}") == 1
        assert all(int(event_id) > int(last_id) for event_id, _detail in again.heard)

    def test_says_nothing_to_another_workspace(self, house: House, listen: Listen) -> None:
        ines, ada = listen("ines", key="south"), listen("ada")
        mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        ada.hear("list")
        with workspace_scope(house.south):
            receive(
                written(text="A parcel", to="help@south.example", message_id="<9@customer.example>", at=NOW), at=NOW
            )
            own = find_cases(text="parcel", viewer=HOUSE)[0].id
        number_events()

        ines.hear("list")

        assert {detail.get("case") for _id, detail in ines.heard} == {own, None}

    def test_is_closed_to_strangers(self, listen: Listen) -> None:
        assert listen("ines").status == 404

    def test_tells_a_colleague_and_the_clients_reader_only_what_their_pages_show(
        self, house: House, listen: Listen
    ) -> None:
        cole, vera, ada = listen("cole"), listen("vera"), listen("ada")
        case_id = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        note(house, case_id, text="Between us")
        with workspace_scope(house.north):
            add_note(
                case_id=case_id, html="", text="Cole?", mentions=[house.ids["cole"]], actor=house.actor("grace"), at=NOW
            )
        number_events()
        ada.hear(f"case-{case_id}")

        cole.hear(f"case-{case_id}")
        last = mail_arrives(house, text="One more", message_id="<3@customer.example>")
        vera.hear(f"case-{last}")

        assert [d["name"] for _id, d in vera.heard].count(f"case-{case_id}") == 1
        assert last not in {d.get("case") for _id, d in cole.heard}

    def test_ends_when_the_membership_ends(self, house: House, listen: Listen) -> None:
        stream = listen("ada")
        with workspace_scope(house.north):
            end_membership(user_id=house.ids["ada"], actor=house.actor("olga"), at=NOW)
        number_events()

        assert stream.ends()

    def test_ends_when_the_session_ends(self, house: House, listen: Listen) -> None:
        stream = listen("ada")
        browser = Client()
        browser.post("/account/sign-in", {"login": "ada@example.com", "password": PASSWORD})
        browser.post("/account/sessions/others/end")
        mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")

        assert stream.ends()

    def test_ten_streams_share_one_listening_connection(self, house: House, listen: Listen) -> None:
        streams = [listen("ada") for _ in range(10)]
        case_id = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        for stream in streams:
            stream.hear(f"case-{case_id}")

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'careloop live'")
            assert cursor.fetchone() == (1,)

    def test_says_who_is_on_a_case_to_the_others(self, house: House, listen: Listen, port: int) -> None:
        case_id = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        grace, ada = listen("grace"), listen("ada")
        browser = Client()
        browser.post("/account/sign-in", {"login": "ada@example.com", "password": PASSWORD})

        answer = browser.post(f"/w/north/cases/{number_of(house, case_id)}/presence", {"kind": "typing"})

        assert answer.status_code == 204
        (person,) = grace.hear(f"presence-{case_id}")[1]["people"]
        assert (person["name"], person["is_writing"]) == ("Ada", True)
        assert ada.hear(f"presence-{case_id}")[1]["people"] == []


class TestPromises:
    def test_reach_those_who_see_the_case_once_their_clocks_have_turned(self, house: House, listen: Listen) -> None:
        promise(house, calendar_id=None)
        ada, vera, cole, ines = listen("ada"), listen("vera"), listen("cole"), listen("ines", key="south")
        case_id = mail_arrives(house, text="Where is it?", message_id="<1@customer.example>")
        follow()

        ada.hear(f"case-{case_id}-promises")
        vera.hear(f"case-{case_id}-promises")
        note(house, case_id, text="Between us")
        ada.hear("list")

        assert not any("promises" in detail["name"] for one in (cole, ines) for _id, detail in one.heard)
