"""Messages one by one, the acts around them, and everything that happened with a customer or in the workspace."""

import json
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from careloop.domains.people.types import Scope
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.presence import PRESENCE
from tests.cast import House, open_house
from tests.faces.api.conftest import Machine, machine
from tests.faces.api.seeding import Seeded, let_go, seed
from tests.faces.api.test_error_shape import assert_refused
from tests.mailing import receive, written
from tests.processes.conftest import ready

pytestmark = pytest.mark.database

Machines = Callable[..., Machine]


@pytest.fixture
def seeded(house: House) -> Seeded:
    return seed(house)


class TestMessage:
    def test_a_message_is_got_by_its_id(self, seeded: Seeded, machine_of: Machines) -> None:
        ada = machine_of("ada")

        answer = ada.get(f"/messages/{seeded.message_id}")

        listed = ada.get(f"/cases/{seeded.number}/messages").json()["items"]
        assert answer.json() in listed
        assert answer.json()["text"].startswith("Soon.")

    def test_the_mail_it_came_from_comes_down_byte_by_byte(self, house: House, machine_of: Machines) -> None:
        at = clock.now() - timedelta(minutes=5)
        raw = written(text="Where is it?", at=at)
        with workspace_scope(house.north):
            message_id = receive(raw, at=at).message_id
        ada, reader = machine_of("ada"), machine_of("anh")

        answer = ada.get(f"/messages/{message_id}/source")
        refused = reader.get(f"/messages/{message_id}/source")

        assert b"".join(answer) == raw
        assert answer["Content-Disposition"] == f'attachment; filename="message-{message_id}.eml"'
        assert_refused(refused, status=404, code="message_not_found")
        assert reader.get(f"/messages/{message_id}").status_code == 200

    def test_a_message_that_never_was_a_mail_has_no_source(self, seeded: Seeded, machine_of: Machines) -> None:
        answer = machine_of("ada").get(f"/messages/{seeded.message_id}/source")

        assert_refused(answer, status=404, code="message_not_found")

    def test_words_with_a_third_party_are_not_for_the_clients_reader(
        self, seeded: Seeded, machine_of: Machines, house: House
    ) -> None:
        messages = machine_of("ada").get(f"/cases/{seeded.number}/messages").json()["items"]
        (aside,) = (row["id"] for row in messages if "shouts" in row["text"])
        machine_of("olga").post(f"/people/{house.ids['grace']}/role", {"role": "lead"})
        grace = machine_of("grace")
        machine_of("olga").post(f"/people/{house.ids['grace']}/role", {"role": "client_viewer"})

        hidden, shown = grace.get(f"/messages/{aside}"), grace.get(f"/messages/{seeded.message_id}")

        assert_refused(hidden, status=404, code="message_not_found")
        assert shown.status_code == 200


class TestWordsOfCustomers:
    def test_a_customers_word_is_handed_in(self, seeded: Seeded, machine_of: Machines) -> None:
        ada, path = machine_of("ada"), f"/cases/{seeded.number}/customer-messages"
        ada.post(f"/cases/{seeded.number}/status", {"status_id": _solved(ada)})

        first = ada.post(path, {"text": "Still nothing."}, Idempotency_Key="one")
        second = ada.post(path, {"text": "Still nothing."}, Idempotency_Key="one")

        assert first.status_code == 201
        assert second.json() == first.json()
        said = first.json()
        assert (said["author"], said["customer_id"], said["text"]) == ("customer", seeded.customer_id, "Still nothing.")
        assert ada.get(f"/cases/{seeded.number}").json()["case"]["category"] == "open"

    def test_only_of_who_takes_part(self, seeded: Seeded, machine_of: Machines) -> None:
        ada, path = machine_of("ada"), f"/cases/{seeded.number}/customer-messages"
        given = {"name": "Eve", "kind": "email", "value": "eve@elsewhere.example"}
        eve = ada.post("/customers", given).json()["id"]

        before = ada.post(path, {"text": "Me, too.", "customer_id": eve})
        ada.post(f"/cases/{seeded.number}/participants", {"customer_id": eve})
        after = ada.post(path, {"text": "Me, too.", "customer_id": eve})

        assert_refused(before, status=422, code="case_unclear")
        assert after.json()["customer_id"] == eve

    def test_not_by_who_does_not_work_on_cases(self, seeded: Seeded, machine_of: Machines) -> None:
        answer = machine_of("anh").post(f"/cases/{seeded.number}/customer-messages", {"text": "I am Omar."})

        assert_refused(answer, status=403, code="may_not_work_on_cases")

    def test_not_without_words(self, seeded: Seeded, machine_of: Machines) -> None:
        answer = machine_of("ada").post(f"/cases/{seeded.number}/customer-messages", {"text": " "})

        assert_refused(answer, status=422, code="message_empty")


class TestActs:
    def test_a_case_is_closed(self, house: House, seeded: Seeded, machine_of: Machines) -> None:
        ada = machine_of("ada")
        held = ada.post(f"/cases/{seeded.number}/closing")
        let_go(house, seeded)

        answer = ada.post(f"/cases/{seeded.number}/closing")
        late = ada.post(f"/cases/{seeded.number}/customer-messages", {"text": "Still nothing."})

        assert_refused(held, status=409, code="case_held")
        assert answer.json()["case"]["category"] == "closed"
        assert_refused(late, status=409, code="case_closed_already")

    def test_a_case_taken_down_is_solved_at_once(self, seeded: Seeded, machine_of: Machines) -> None:
        ada = machine_of("ada")
        given = {"requester_id": seeded.customer_id, "text": "Where is it?", "status_id": _solved(ada)}

        solved = ada.post("/cases", {**given, "channel": "voice"})
        refused = ada.post("/cases", given)

        assert solved.json()["case"]["category"] == "solved"
        assert_refused(refused, status=422, code="case_unclear")

    def test_colleagues_are_told_who_is_on_a_case(self, committed: None) -> None:
        house = open_house()
        ready(house)
        seeded, ada = seed(house), machine(house, "ada")
        parameters = {
            k: v for k, v in connection.get_connection_params().items() if k not in ("cursor_factory", "context")
        }
        with psycopg.connect(**parameters, autocommit=True) as ear:
            ear.execute(f"LISTEN {PRESENCE}")

            answer = ada.post(f"/cases/{seeded.number}/presence", {"kind": "typing"})

            (told,) = [json.loads(notice.payload) for notice in ear.notifies(timeout=5, stop_after=1)]
        assert answer.status_code == 204
        assert (told["case"], told["name"], told["kind"]) == (seeded.case_id, "Ada", "typing")
        assert (told["workspace"], told["user"]) == (house.north, house.ids["ada"])

    def test_nobody_is_on_a_case_in_a_way_there_is_not(self, seeded: Seeded, machine_of: Machines) -> None:
        answer = machine_of("ada").post(f"/cases/{seeded.number}/presence", {"kind": "sleeping"}, Accept_Language="ko")

        error = assert_refused(answer, status=422, code="invalid_input")
        assert "viewing, typing, left" in error["fields"]["kind"]

    def test_the_clients_reader_is_on_no_case(self, seeded: Seeded, house: House, machine_of: Machines) -> None:
        grace = machine_of("grace")
        machine_of("olga").post(f"/people/{house.ids['grace']}/role", {"role": "client_viewer"})

        answer = grace.post(f"/cases/{seeded.number}/presence", {"kind": "viewing"})

        assert_refused(answer, status=403, code="may_not_work_on_cases")


class TestWhatHappened:
    def test_a_customers_story_is_read_page_by_page(self, seeded: Seeded, machine_of: Machines) -> None:
        ada, path = machine_of("ada"), f"/customers/{seeded.customer_id}/timeline"
        ada.post(f"/customers/{seeded.customer_id}/notes", {"text": "Prefers the phone."})

        whole = ada.get(path).json()["items"]
        first = ada.get(f"{path}?limit=2").json()
        rest = ada.get(f"{path}?limit=200&cursor={first['next_cursor']}").json()

        assert whole[0]["note"]["text"] == "Prefers the phone."
        assert {moment["kind"] for moment in whole} == {"note", "message", "case"}
        assert [*first["items"], *rest["items"]] == whole
        assert_refused(ada.get(f"{path}?cursor=nonsense"), status=400, code="bad_cursor")

    def test_who_did_what_is_read_by_person_act_and_period(
        self, seeded: Seeded, house: House, machine_of: Machines
    ) -> None:
        olga, ada = machine_of("olga"), house.ids["ada"]

        everything = olga.get("/audit?limit=200").json()["items"]
        hers = olga.get(f"/audit?person_id={ada}&limit=200").json()["items"]
        notes = olga.get("/audit?name=case.noted").json()["items"]
        future = olga.get("/audit?since=2990-01-01T00:00:00Z").json()["items"]

        assert [row["at"] for row in everything] == sorted((row["at"] for row in everything), reverse=True)
        assert hers == [row for row in everything if row["actor"] == f"user:{ada}"] != []
        assert notes == [row for row in everything if row["name"] == "case.noted"] != []
        assert olga.get("/audit?until=1990-01-01T00:00:00Z").json()["items"] == future == []

    def test_the_pages_of_it_leave_nothing_out(self, seeded: Seeded, machine_of: Machines) -> None:
        olga = machine_of("olga")
        whole = [row["id"] for row in olga.get("/audit?limit=200").json()["items"]]

        read, cursor = list[int](), ""
        while True:
            page = olga.get(f"/audit?limit=3{cursor}").json()
            read += [row["id"] for row in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"

        assert read == whole

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("cursor=nonsense", 400),
            ("cursor=MjAyNg", 400),
            ("since=yesterday", 422),
            ("since=0001-01-01T00:00:00Z", 422),
            ("name=case.dreamt", 422),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, machine_of: Machines, query: str, status: int) -> None:
        assert machine_of("olga").get(f"/audit?{query}").status_code == status

    @pytest.mark.parametrize("name", ["grace", "ada", "anh"])
    def test_it_is_for_owners_and_managers(self, machine_of: Machines, name: str) -> None:
        assert_refused(machine_of(name).get("/audit"), status=403, code="may_not_administer_people")

    def test_a_token_needs_the_scope_for_it(self, machine_of: Machines) -> None:
        answer = machine_of("olga", scopes=[Scope.CASES_READ]).get("/audit")

        assert_refused(answer, status=403, code="scope_missing")

    def test_notices_say_how_many_are_unread(self, machine_of: Machines) -> None:
        assert machine_of("ada").get("/notices").json() == {"items": [], "next_cursor": None, "unread_count": 0}


def _solved(machine: Machine) -> int:
    (found,) = (row["id"] for row in machine.get("/statuses").json()["items"] if row["category"] == "solved")
    return int(found)
