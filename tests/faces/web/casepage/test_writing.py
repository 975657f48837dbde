"""Answers, notes and forwarded messages, their drafts, and the seconds in which an answer can be taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careloop.domains.cases.queries import statuses
from careloop.domains.channels.queries import mailboxes
from careloop.domains.conversations.queries import message_row, messages, replies_known_to
from careloop.domains.conversations.services import move_delivery, save_reply
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.conversations.types import MessageRow
from careloop.domains.people.services import change_personal_settings
from careloop.domains.people.types import PersonalSettings
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW
from tests.faces.web.casepage.conftest import Browsers, Opened
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def said(opened: Opened) -> list[MessageRow]:
    """Return every message of the case, oldest first."""
    with workspace_scope(opened.house.north):
        ranges = [(c.conversation_id, None, None) for c in opened.detail_in_scope().conversations]
        return messages(ranges, limit=50, for_customer=False)


def test_an_answer_goes_to_whom_its_writer_says_and_sets_the_status(signed_in: Browsers, opened: Opened) -> None:
    signed_in("ada").post(
        f"{opened.address}/words",
        {
            "kind": "answer",
            "body": "<p>It is <strong>here</strong>.</p><script>alert(1)</script>",
            "body_text": "It is here.",
            "to": "omar@customer.example, wife@customer.example",
            "cc": "",
            "bcc": "boss@north.example",
        },
    )

    sent = said(opened)[-1]
    assert sent.mail is not None
    assert sent.mail.to == ("omar@customer.example", "wife@customer.example")
    assert sent.mail.bcc == ("boss@north.example",)
    assert sent.html == "<p>It is <strong>here</strong>.</p>"


def test_a_new_message_refuses_the_answer_and_keeps_its_words(signed_in: Browsers, opened: Opened) -> None:
    browser, seen = signed_in("ada"), said(opened)[-1].id
    with workspace_scope(opened.house.north):
        receive(
            written(text="Never mind!", message_id="<2@customer.example>", answers="one@customer.example", at=NOW),
            at=NOW,
        )

    answer = browser.post(
        f"{opened.address}/words",
        {"kind": "answer", "body": "<p>Long considered words</p>", "body_text": "x", "seen_message_id": str(seen)},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A new message came in while you were writing." in page
    assert "Long considered words" in page
    assert "Never mind!" in page
    assert [m.text for m in said(opened)] == ["Where is my parcel?", "Never mind!"]


def test_a_wrong_address_refuses_the_answer_and_keeps_its_words(signed_in: Browsers, opened: Opened) -> None:
    answer = signed_in("ada").post(
        f"{opened.address}/words",
        {"kind": "answer", "body": "<p>My words</p>", "body_text": "x", "to": "omar at home"},
    )

    assert answer.status_code == 422
    assert "My words" in answer.content.decode()
    assert "omar at home" in answer.content.decode()


def test_an_answer_taken_back_is_a_draft_again_with_its_file(signed_in: Browsers, opened: Opened) -> None:
    browser = signed_in("ada")
    file = SimpleUploadedFile("plan.txt", b"the plan", content_type="text/plain")
    file_id = browser.post("/w/north/files", {"file": file}).json()["id"]
    words = {"kind": "answer", "body": "<p>Too early</p>", "body_text": "x", "file_ids": str(file_id)}
    browser.post(f"{opened.address}/words", words)
    sent = said(opened)[-1]

    back = browser.post(f"/w/north/messages/{sent.id}/recall")
    page = browser.get(opened.address).content.decode()
    browser.post(f"{opened.address}/words", words)

    assert back.status_code == 302
    assert "Taken back before it left" in page
    assert f'name="file_ids" value="{file_id}" checked' in page
    assert [f.file_id for f in said(opened)[-1].files] == [file_id]


@pytest.mark.parametrize(("who", "status"), [("grace", 404), ("vera", 404), ("ines", 404)])
def test_only_its_writer_takes_an_answer_back(signed_in: Browsers, opened: Opened, who: str, status: int) -> None:
    signed_in("ada").post(f"{opened.address}/words", {"kind": "answer", "body": "Sent"})
    sent = said(opened)[-1]

    assert signed_in(who).post(f"/w/north/messages/{sent.id}/recall").status_code == status
    with workspace_scope(opened.house.north):
        row = message_row(sent.id)
    assert row is not None
    assert row.delivery is not None
    assert row.delivery.state == "scheduled"


def test_a_draft_is_kept_as_it_is_typed_and_ends_with_the_words(signed_in: Browsers, opened: Opened) -> None:
    browser = signed_in("ada")
    draft = {"kind": "note", "body": "<p>Half a thou</p><img src=x onerror=alert(1)>", "body_text": "x"}

    assert browser.post(f"{opened.address}/draft", draft).status_code == 204
    page = browser.get(opened.address).content.decode()
    assert "Half a thou" in page
    assert "onerror" not in page
    assert "Half a thou" not in signed_in("grace").get(opened.address).content.decode()

    browser.post(f"{opened.address}/words", {"kind": "note", "body": "<p>A whole one</p>", "body_text": "x"})
    assert "Half a thou" not in browser.get(opened.address).content.decode()


def test_a_note_draws_the_mentioned_in(signed_in: Browsers, opened: Opened) -> None:
    cole = opened.house.ids["cole"]
    body = f'<p>Ask <span class="mention" data-mention="{cole}">@Cole</span></p>'

    signed_in("ada").post(f"{opened.address}/words", {"kind": "note", "body": body, "body_text": "Ask @Cole"})

    assert cole in opened.detail().follower_ids
    assert signed_in("cole").get(opened.address).status_code == 200


def test_a_third_party_is_asked_and_the_customer_never_sees_it(signed_in: Browsers, opened: Opened) -> None:
    signed_in("ada").post(
        f"{opened.address}/words",
        {"kind": "forward", "body": "Where is it?", "forward_to": "driver@parcels.example", "to": "ignored"},
    )

    assert said(opened)[-1].mail is not None
    assert "driver@parcels.example" in signed_in("ada").get(opened.address).content.decode()
    assert "driver@parcels.example" not in signed_in("vera").get(opened.address).content.decode()


def test_saved_replies_speak_of_this_case_and_cannot_be_tricked(signed_in: Browsers, opened: Opened) -> None:
    with workspace_scope(opened.house.north):
        save_reply(
            reply_id=None,
            name="Greeting",
            language="",
            html="<p>Hello {{ customer }}, this is {{agent}} on {{ subject }} {{ unheard_of }}</p>",
            is_shared=True,
            actor=opened.house.actor("grace"),
            at=NOW,
        )
    browser = signed_in("ada")
    browser.post(f"{opened.address}/subject", {"subject": "<b>parcel</b>"})

    (found,) = browser.get(f"{opened.address}/phrases", {"q": "greet"}).json()

    assert found["html"] == "<p>Hello Omar Customer, this is Ada on &lt;b&gt;parcel&lt;/b&gt; {{ unheard_of }}</p>"
    assert signed_in("ines").get(f"{opened.address}/phrases").status_code == 404


def test_the_signature_stands_under_an_answer_once(signed_in: Browsers, opened: Opened) -> None:
    with workspace_scope(opened.house.north):
        change_personal_settings(
            settings=PersonalSettings(
                name="Ada",
                language="en",
                time_zone="UTC",
                theme="auto",
                signature="Ada\nNorth Help",
                mails_notifications=True,
            ),
            actor=opened.house.actor("ada"),
            at=NOW,
        )
    browser = signed_in("ada")
    browser.post(f"{opened.address}/words", {"kind": "answer", "body": "<p>Hello</p>", "body_text": "Hello"})
    first = said(opened)[-1]
    browser.post(f"{opened.address}/words", {"kind": "answer", "body": first.html, "body_text": first.text})

    assert first.text == "Hello\n\nAda\nNorth Help"
    assert said(opened)[-1].text.count("North Help") == 1


def test_what_did_not_get_through_says_why_and_is_sent_again_by_a_person_only(
    signed_in: Browsers, opened: Opened
) -> None:
    signed_in("ada").post(f"{opened.address}/words", {"kind": "answer", "body": "Sent"})
    sent = said(opened)[-1]
    with workspace_scope(opened.house.north):
        for state in (DeliveryState.QUEUED, DeliveryState.FAILED):
            move_delivery(message_id=sent.id, to=state, detail="550 no such box", actor=HOUSE, at=NOW)

    page = signed_in("grace").get(opened.address).content.decode()
    refused = {who: signed_in(who).post(f"/w/north/messages/{sent.id}/sending").status_code for who in ("anh", "ines")}
    answer = signed_in("grace").post(f"/w/north/messages/{sent.id}/sending")
    again = signed_in("grace").post(f"/w/north/messages/{sent.id}/sending")

    assert "Could not be sent" in page
    assert "550 no such box" in page
    assert refused == {"anh": 403, "ines": 404}
    assert answer.status_code == 302
    assert again.status_code == 409


def test_the_saved_replies_used_most_are_offered_first(signed_in: Browsers, opened: Opened) -> None:
    with workspace_scope(opened.house.north):
        first, second, others = (
            save_reply(
                reply_id=None,
                name=name,
                language="",
                html=f"<p>{name}</p>",
                is_shared=is_shared,
                actor=opened.house.actor("grace"),
                at=NOW,
            )
            for name, is_shared in (("A greeting", True), ("B goodbye", True), ("Grace's own", False))
        )
    browser = signed_in("ada")
    words = {"body": "<p>B goodbye</p>", "body_text": "x", "forward_to": "driver@parcels.example"}

    refused = browser.post(f"{opened.address}/words", {**words, "kind": "answer", "body": "", "reply_ids": str(second)})
    before = [found["label"] for found in browser.get(f"{opened.address}/phrases").json()]
    for kind in ("answer", "note", "forward"):
        used = [str(second), str(second), str(others), "99999999", "x"]
        browser.post(f"{opened.address}/words", {**words, "kind": kind, "reply_ids": used})
    after = [found["label"] for found in browser.get(f"{opened.address}/phrases").json()]
    with workspace_scope(opened.house.north):
        counts = {row.id: row.used_count for row in replies_known_to(viewer=opened.house.actor("grace"))}

    assert refused.status_code == 422
    assert before == ["A greeting", "B goodbye"]
    assert after == ["B goodbye", "A greeting"]
    assert counts == {first: 0, second: 3, others: 0}


class TestUnfilledPlaces:
    words = {
        "kind": "answer",
        "body": "<p>Dear {{ customer.name }}, {{ number }}</p>",
        "body_text": "x",
        "to": "omar@customer.example, lan@customer.example",
    }

    def test_keep_the_answer_in_the_house_with_everything_typed(self, signed_in: Browsers, opened: Opened) -> None:
        ada, solved = signed_in("ada"), solved_status(opened)

        answer = ada.post(f"{opened.address}/words", {**self.words, "status_id": str(solved)})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "This text still has unfilled places: {{ customer.name }}, {{ number }}." in page
        assert "Dear {{ customer.name }}, {{ number }}" in page
        assert "lan@customer.example" in page
        assert f'<option value="{solved}" selected>' in page
        for place in ("{{ customer.name }}", "{{ number }}"):
            assert f'name="left_open" value="{place}"' in page
        assert len(said(opened)) == 1

    def test_are_sent_when_each_is_confirmed(self, signed_in: Browsers, opened: Opened) -> None:
        ada = signed_in("ada")

        half = ada.post(f"{opened.address}/words", {**self.words, "left_open": "{{ number }}"})
        whole = ada.post(
            f"{opened.address}/words", {**self.words, "left_open": ["{{ number }}", "{{ customer.name }}"]}
        )

        assert half.status_code == 422
        assert "This text still has an unfilled place: {{ customer.name }}." in half.content.decode()
        assert whole.status_code == 302
        assert said(opened)[-1].text == "Dear {{ customer.name }}, {{ number }}"

    def test_hold_a_forwarded_message_and_no_note(self, signed_in: Browsers, opened: Opened) -> None:
        ada, third = signed_in("ada"), {"forward_to": "driver@parcels.example"}

        forwarded = ada.post(f"{opened.address}/words", {**self.words, **third, "kind": "forward"})
        noted = ada.post(f"{opened.address}/words", {**self.words, "kind": "note"})

        assert (forwarded.status_code, noted.status_code) == (422, 302)

    def test_hold_a_new_mail(self, signed_in: Browsers, opened: Opened) -> None:
        with workspace_scope(opened.house.north):
            (box,) = mailboxes()
        mail = {
            "mailbox": str(box.id),
            "to": "lan@customer.example",
            "subject_line": "Your card",
            "body": "<p>Hi {{ name }}</p>",
            "body_text": "x",
        }

        held = signed_in("ada").post("/w/north/mails/new", mail)
        sent = signed_in("ada").post("/w/north/mails/new", {**mail, "left_open": "{{ name }}"})

        assert held.status_code == 422
        assert "This text still has an unfilled place: {{ name }}." in held.content.decode()
        assert 'name="left_open" value="{{ name }}"' in held.content.decode()
        assert sent.status_code == 302


def solved_status(opened: Opened) -> int:
    with workspace_scope(opened.house.north):
        return next(status.id for status in statuses() if status.category == "solved")
