"""Cases by hand and mails that we write first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import case_detail, cases, statuses
from careloop.domains.channels.queries import mailboxes
from careloop.domains.conversations.queries import messages
from careloop.domains.customers.queries import customers
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.web.desk.matters import known_customer

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
CALL = {"channel": "voice", "text": "She waits for her parcel.\nPlease call back.", "kind": "email"}


def newest(house: House) -> tuple[Any, list[Any]]:
    """Return the newest case of north's with its messages."""
    with workspace_scope(house.north):
        ada = house.actor("ada")
        page = cases(viewer=ada, condition=as_tree({}), order="-opened_at", now=NOW)
        if not page.items:
            return None, []
        detail = case_detail(case_id=page.items[0].id, viewer=ada)
        ranges = [(c.conversation_id, None, None) for c in detail.conversations]
        return detail, messages(ranges, limit=10, for_customer=False)


class TestByHand:
    def test_opens_a_case_for_a_known_customer(self, house: House, signed_in: Browsers) -> None:
        omar = known_customer(house)
        with workspace_scope(house.north):
            solved = next(row.id for row in statuses() if row.category == "solved")

        answer = signed_in("ada").post(
            "/w/north/cases/new", {**CALL, "customer": omar, "assignee": house.ids["ada"], "status": solved}
        )

        detail, said = newest(house)
        assert answer["Location"] == f"/w/north/cases/{detail.row.number}"
        assert detail.row.subject == "She waits for her parcel."
        assert (detail.row.requester_id, detail.row.assignee, detail.row.category) == (omar, "Ada", "solved")
        assert said[0].text == CALL["text"]

    def test_makes_the_customer_along_the_way(self, house: House, signed_in: Browsers) -> None:
        signed_in("ada").post(
            "/w/north/cases/new", {**CALL, "name": "Mina Park", "kind": "phone", "value": "+82 10-1234-5678"}
        )

        detail, _said = newest(house)
        assert detail.row.requester == "Mina Park"

    def test_keeps_what_was_typed_and_attached_when_refused(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        note = SimpleUploadedFile("note.txt", b"seen", content_type="text/plain")

        refused = browser.post("/w/north/cases/new", {**CALL, "subject_line": "Her parcel", "files": [note]})
        shown = refused.content.decode()
        kept = shown.partition('name="file_ids" value="')[2].partition('"')[0]
        browser.post("/w/north/cases/new", {**CALL, "customer": known_customer(house), "file_ids": [kept]})

        assert refused.status_code == 422
        assert "She waits for her parcel." in shown
        assert 'value="Her parcel"' in shown
        assert "Choose a customer" in shown
        _detail, said = newest(house)
        assert [file.file_id for file in said[0].files] == [int(kept)]

    def test_leaves_no_customer_behind_when_the_case_is_refused(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").post(
            "/w/north/cases/new",
            {**CALL, "name": "Nobody", "value": "nobody@customer.example", "file_ids": ["999999"]},
        )

        assert answer.status_code in {404, 422}
        with workspace_scope(house.north):
            assert list(customers(viewer=house.actor("ada")).items) == []

    @pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x", str(2**63 - 1)])
    def test_refuses_a_customer_who_is_none(self, house: House, signed_in: Browsers, number: str) -> None:
        answer = signed_in("ada").post("/w/north/cases/new", {**CALL, "customer": number})

        assert answer.status_code in {403, 422}
        assert newest(house) == (None, [])

    def test_those_who_only_read_open_nothing(self, house: House, signed_in: Browsers) -> None:
        for name in ("anh", "cole", "vera"):
            answer = signed_in(name).post(
                "/w/north/cases/new", {**CALL, "customer": known_customer(house, address=f"{name}@x.example")}
            )
            assert answer.status_code == 403
        assert newest(house) == (None, [])


class TestNewMail:
    def mail(self, house: House, **fields: Any) -> dict[str, Any]:
        with workspace_scope(house.north):
            (box,) = mailboxes()
        return {
            "mailbox": box.id,
            "to": "lan@customer.example",
            "name": "Lan",
            "subject_line": "Your card",
            "body": "<p>It is <strong>ready</strong>.<script>x</script></p>",
            "body_text": "It is ready.",
            **fields,
        }

    def test_writes_first_and_cleans_the_text(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ada").post("/w/north/mails/new", self.mail(house, cc="boss@customer.example"))

        detail, said = newest(house)
        assert answer["Location"] == f"/w/north/cases/{detail.row.number}"
        assert (detail.row.requester, detail.row.category) == ("Lan", "waiting")
        assert "<strong>ready</strong>" in said[0].html
        assert "script" not in said[0].html
        assert said[0].mail.cc == ("boss@customer.example",)

    @pytest.mark.parametrize(
        "fields",
        [{"to": "nobody"}, {"cc": "a@b.example, wrong"}, {"subject_line": ""}, {"mailbox": "99"}, {"body": ""}],
    )
    def test_keeps_what_was_typed_when_refused(self, house: House, signed_in: Browsers, fields: dict[str, str]) -> None:
        answer = signed_in("ada").post("/w/north/mails/new", self.mail(house, **fields))

        assert answer.status_code == 422
        assert 'value="Lan"' in answer.content.decode()
        assert newest(house) == (None, [])

    @pytest.mark.parametrize("line", ["Hello\nBcc: victim@example.com", "Hello\r\n\r\nBody"])
    def test_a_subject_cannot_become_a_header(self, house: House, signed_in: Browsers, line: str) -> None:
        signed_in("ada").post("/w/north/mails/new", self.mail(house, subject_line=line))

        _detail, said = newest(house)
        assert all("\n" not in message.mail.subject and "\r" not in message.mail.subject for message in said)
