"""What a program writes for its maker is there on the page, and the other way round, until it is sent or thrown away."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from careloop.domains.people.types import Scope
from tests.cast import House
from tests.faces.api.conftest import Machine
from tests.faces.api.seeding import Seeded, seed
from tests.faces.api.test_error_shape import assert_refused
from tests.faces.api.test_files import upload

pytestmark = pytest.mark.database


@pytest.fixture
def seeded(house: House) -> Seeded:
    return seed(house)


class TestCaseDraft:
    def test_a_draft_is_kept_whole_and_read_again(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        file_id = upload(ada, "bill.txt", b"words").json()["id"]
        given = {
            "kind": "reply",
            "html": "<p>It is on its way.</p>",
            "conversation_id": 1,
            "status_id": seeded.status_id,
            "to": "omar@customer.example, om",
            "cc": "",
            "bcc": "boss@north.example",
            "forward_to": "",
            "forwarded_message_id": None,
            "saved_reply_ids": [seeded.reply_id],
            "shared_file_ids": [],
        }

        saved = ada.send("PUT", f"/cases/{seeded.number}/draft", {**given, "file_ids": [file_id]})
        found = ada.get(f"/cases/{seeded.number}/draft")

        assert saved.status_code == 200
        shown = found.json()
        assert shown == saved.json()
        assert [file["id"] for file in shown.pop("files")] == [file_id]
        assert datetime.fromisoformat(shown.pop("saved_at"))
        assert shown == given

    def test_one_text_is_an_answer_or_a_note_and_never_both(
        self, seeded: Seeded, machine_of: Callable[..., Machine]
    ) -> None:
        ada = machine_of("ada")
        ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello", "kind": "reply"})

        ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello", "kind": "note"})

        assert ada.get(f"/cases/{seeded.number}/draft").json()["kind"] == "note"

    def test_the_page_goes_on_with_it(
        self, seeded: Seeded, machine_of: Callable[..., Machine], signed_in: Callable[[str], Client]
    ) -> None:
        machine_of("ada").send("PUT", f"/cases/{seeded.number}/draft", {"text": "Typed by a program"})

        page = signed_in("ada").get(f"/w/north/cases/{seeded.number}").content.decode()

        assert "Typed by a program" in page

    def test_what_was_begun_on_the_page_is_read(
        self, seeded: Seeded, machine_of: Callable[..., Machine], signed_in: Callable[[str], Client]
    ) -> None:
        typed = {"kind": "forward", "body": "<p>Where is it?</p>", "forward_to": "carrier@else", "conversation_id": "x"}
        signed_in("ada").post(f"/w/north/cases/{seeded.number}/draft", {**typed, "forwarded_id": seeded.message_id})

        found = machine_of("ada").get(f"/cases/{seeded.number}/draft").json()

        assert (found["kind"], found["html"], found["forward_to"]) == ("forward", "<p>Where is it?</p>", "carrier@else")
        assert (found["forwarded_message_id"], found["conversation_id"], found["to"]) == (seeded.message_id, None, None)

    def test_it_is_nobody_elses(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        machine_of("ada").send("PUT", f"/cases/{seeded.number}/draft", {"text": "Mine"})

        answer = machine_of("grace").get(f"/cases/{seeded.number}/draft")

        assert_refused(answer, status=404, code="draft_not_found")

    def test_it_is_thrown_away_with_its_files(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        file_id = upload(ada, "bill.txt", b"words").json()["id"]
        ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello", "file_ids": [file_id]})

        thrown = ada.send("DELETE", f"/cases/{seeded.number}/draft")
        again = ada.send("DELETE", f"/cases/{seeded.number}/draft")
        named = ada.post(f"/cases/{seeded.number}/notes", {"text": "See", "file_ids": [file_id]})

        assert (thrown.status_code, again.status_code) == (204, 204)
        assert_refused(ada.get(f"/cases/{seeded.number}/draft"), status=404, code="draft_not_found")
        assert_refused(named, status=404, code="file_not_found")

    def test_nothing_to_keep_is_refused_and_leaves_what_was_there(
        self, seeded: Seeded, machine_of: Callable[..., Machine]
    ) -> None:
        ada = machine_of("ada")
        ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello"})

        answer = ada.send("PUT", f"/cases/{seeded.number}/draft", {"to": "omar@customer.example"})

        assert_refused(answer, status=422, code="draft_empty")
        assert "Hello" in ada.get(f"/cases/{seeded.number}/draft").json()["html"]

    def test_a_file_of_somebody_else_is_refused(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        file_id = upload(machine_of("grace"), "bill.txt", b"words").json()["id"]
        ada = machine_of("ada")

        answer = ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello", "file_ids": [file_id]})

        assert_refused(answer, status=404, code="file_not_found")
        assert_refused(ada.get(f"/cases/{seeded.number}/draft"), status=404, code="draft_not_found")

    def test_a_reader_keeps_none(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada", scopes=[Scope.CASES_READ])

        written = ada.send("PUT", f"/cases/{seeded.number}/draft", {"text": "Hello"})
        read = ada.get(f"/cases/{seeded.number}/draft")

        assert_refused(written, status=403, code="scope_missing")
        assert_refused(read, status=403, code="scope_missing")

    def test_what_is_wrong_is_said_in_the_language_asked_for(
        self, seeded: Seeded, machine_of: Callable[..., Machine]
    ) -> None:
        path = f"/cases/{seeded.number}/draft"

        empty = machine_of("ada").send("PUT", path, {"text": ""}, Accept_Language="ko")
        both = machine_of("ada").send("PUT", path, {"text": "a", "html": "b"}, Accept_Language="zh-hans")

        assert "초안" in assert_refused(empty, status=422, code="draft_empty")["message"]
        error = assert_refused(both, status=422, code="invalid_input")
        assert error["fields"] == {"body": "请只发送 text 或 html 其中之一。"}


class TestNewMail:
    def test_a_first_mail_is_kept_read_and_thrown_away(
        self, seeded: Seeded, machine_of: Callable[..., Machine]
    ) -> None:
        ada = machine_of("ada")
        given = {
            "mailbox_id": seeded.mailbox_id,
            "team_id": seeded.team_id,
            "to": "eve@elsewhere.example",
            "name": "Eve",
            "cc": None,
            "bcc": None,
            "subject": "Your order",
            "html": "<p>Hello</p>",
            "saved_reply_ids": [],
        }

        saved = ada.send("PUT", "/outbound-draft", given)
        found = ada.get("/outbound-draft").json()
        thrown = ada.send("DELETE", "/outbound-draft")

        assert saved.status_code == 200
        assert {name: found[name] for name in given} == given
        assert thrown.status_code == 204
        assert_refused(ada.get("/outbound-draft"), status=404, code="draft_not_found")

    @pytest.mark.parametrize("name", ["anh"])
    def test_who_does_not_work_on_cases_begins_none(self, machine_of: Callable[..., Machine], name: str) -> None:
        answer = machine_of(name).send("PUT", "/outbound-draft", {"text": "Hello"})

        assert_refused(answer, status=403, code="may_not_work_on_cases")

    def test_programs_find_the_mailboxes_it_can_leave_through(
        self, seeded: Seeded, machine_of: Callable[..., Machine]
    ) -> None:
        found = machine_of("ada").get("/outbound-mailboxes")
        refused = machine_of("anh").get("/outbound-mailboxes")

        assert found.json()["items"] == [
            {"id": seeded.mailbox_id, "name": "Help", "address": "help@north.example", "sender_name": "North Help"}
        ]
        assert_refused(refused, status=403, code="may_not_work_on_cases")


class TestWritingAids:
    def test_recipients_are_suggested(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        found = machine_of("ada").get(f"/cases/{seeded.number}/recipients")
        nowhere = machine_of("ada").get(f"/cases/{seeded.number}/recipients?conversation_id=999999")
        refused = machine_of("anh").get(f"/cases/{seeded.number}/recipients")

        assert found.json()["to"] == ["omar@customer.example"]
        assert found.json()["mailbox"] == "help@north.example"
        assert_refused(nowhere, status=404, code="message_not_found")
        assert_refused(refused, status=403, code="may_not_work_on_cases")

    def test_saved_replies_come_filled_in(self, seeded: Seeded, machine_of: Callable[..., Machine]) -> None:
        ada = machine_of("ada")
        ada.post("/saved-replies", {"name": "Greeting", "html": "<p>Dear {{ customer }}, {{ nobody }}</p>"})

        (found,) = ada.get(f"/cases/{seeded.number}/saved-replies?query=Greet").json()["items"]

        assert (found["name"], found["html"]) == ("Greeting", "<p>Dear Omar, {{ nobody }}</p>")
