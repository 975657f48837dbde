"""Drafts hold everything that stands in the composer, are their writer's alone, and take their files along when they go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careloop.domains.channels.queries import mailboxes
from careloop.domains.files.models import File
from careloop.kernel.scope import workspace_scope
from tests.faces.web.casepage.conftest import Browsers, Opened
from tests.faces.web.casepage.test_writing import said, solved_status

pytestmark = pytest.mark.database
NEW_MAIL = "/w/north/mails/new"


def uploaded(browser: Client, name: str = "plan.txt") -> int:
    """Upload a file and return it."""
    file_id: int = browser.post("/w/north/files", {"file": SimpleUploadedFile(name, b"the plan")}).json()["id"]
    return file_id


def files_left(opened: Opened) -> set[int]:
    """Return the files the workspace keeps."""
    with workspace_scope(opened.house.north):
        return set(File.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["answer", "note", "forward"])
def test_a_reload_shows_all_of_it_and_a_colleague_none(signed_in: Browsers, opened: Opened, kind: str) -> None:
    ada, question = signed_in("ada"), said(opened)[0].id
    file_id = uploaded(ada)
    draft = {
        "kind": kind,
        "body": "<p>Half a thought</p>",
        "to": "mai@customer.example, not yet an addr",
        "cc": "",
        "bcc": "boss@north.example",
        "forward_to": "driver@parcels.example",
        "forwarded_id": str(question),
        "file_ids": [str(file_id)],
        "reply_ids": ["7"],
    }

    kept = ada.post(f"{opened.address}/draft", draft).status_code
    page, others = (browser.get(opened.address).content.decode() for browser in (ada, signed_in("grace")))

    assert kept == 204
    assert f'value="{kind}" checked' in page
    for shown in ("Half a thought", "mai@customer.example, not yet an addr", "boss@north.example", "plan.txt"):
        assert shown in page
        assert shown not in others
    assert 'value="driver@parcels.example"' in page
    assert f'name="forwarded_id" value="{question}"' in page
    assert f'name="file_ids" value="{file_id}" checked' in page
    assert 'name="reply_ids" value="7"' in page
    assert "driver@parcels.example" not in others


def test_recipients_that_were_left_alone_follow_the_conversation(signed_in: Browsers, opened: Opened) -> None:
    ada = signed_in("ada")

    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "<p>Hello</p>"})

    assert (
        'value="omar@customer.example" autocomplete="off" data-usual="omar@customer.example"'
        in ada.get(opened.address).content.decode()
    )


def test_the_status_it_is_to_be_sent_with_is_kept_until_it_is_sent(signed_in: Browsers, opened: Opened) -> None:
    ada, solved = signed_in("ada"), solved_status(opened)
    chosen = f'<option value="{solved}" selected>'

    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "<p>Hello</p>", "status_id": str(solved)})
    draft, others = (browser.get(opened.address).content.decode() for browser in (ada, signed_in("grace")))
    ada.post(
        f"{opened.address}/words",
        {"kind": "answer", "body": "<p>Hello</p>", "body_text": "Hello", "status_id": str(solved)},
    )
    afterwards = ada.get(opened.address).content.decode()

    assert chosen in draft
    assert chosen not in others
    assert chosen not in composer_of(afterwards)


@pytest.mark.parametrize("is_solved", [True, False])
def test_an_answer_taken_back_keeps_the_status_it_was_sent_with(
    signed_in: Browsers, opened: Opened, is_solved: bool
) -> None:
    ada, solved = signed_in("ada"), solved_status(opened)
    status = {"status_id": str(solved)} if is_solved else {}
    ada.post(f"{opened.address}/words", {"kind": "answer", "body": "<p>Hello</p>", "body_text": "Hello", **status})

    ada.post(f"/w/north/messages/{said(opened)[-1].id}/recall")

    chosen = f'<option value="{solved}" selected>' in composer_of(ada.get(opened.address).content.decode())
    assert chosen is is_solved


def composer_of(page: str) -> str:
    """Return the part of a case's page where answers are written."""
    return page[page.index('id="composer"') : page.index("</form>", page.index('id="composer"'))]


def test_discarding_drops_the_files_that_were_uploaded_for_it(signed_in: Browsers, opened: Opened) -> None:
    ada = signed_in("ada")
    file_id, others = uploaded(ada), uploaded(signed_in("grace"), "hers.txt")
    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "<p>Hello</p>", "file_ids": [file_id, others]})

    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": ""})

    assert files_left(opened) == {others}
    assert "plan.txt" not in ada.get(opened.address).content.decode()


def test_a_file_alone_is_a_draft_and_is_sent_with_its_answer(signed_in: Browsers, opened: Opened) -> None:
    ada = signed_in("ada")
    file_id = uploaded(ada)
    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "", "file_ids": [file_id]})
    page = ada.get(opened.address).content.decode()

    ada.post(
        f"{opened.address}/words", {"kind": "answer", "body": "<p>See</p>", "body_text": "x", "file_ids": [file_id]}
    )

    assert f'name="file_ids" value="{file_id}" checked' in page
    assert [file.file_id for file in said(opened)[-1].files] == [file_id]
    assert files_left(opened) == {file_id}
    assert f'name="file_ids" value="{file_id}"' not in ada.get(opened.address).content.decode()


@pytest.mark.parametrize("kind", ["answer", "note", "forward"])
def test_somebody_elses_file_cannot_be_sent_by_way_of_a_draft(signed_in: Browsers, opened: Opened, kind: str) -> None:
    ada, theirs = signed_in("ada"), uploaded(signed_in("grace"), "secret.txt")
    words = {"kind": kind, "body": "<p>x</p>", "body_text": "x", "file_ids": [theirs], "forward_to": "eve@x.example"}

    ada.post(f"{opened.address}/draft", words)
    page = ada.get(opened.address).content.decode()
    sent = ada.post(f"{opened.address}/words", words)

    assert "secret.txt" not in page
    assert sent.status_code == 404
    assert "secret.txt" not in sent.content.decode()
    assert [message.text for message in said(opened)] == ["Where is my parcel?"]


def test_a_refused_answer_keeps_its_files(signed_in: Browsers, opened: Opened) -> None:
    ada = signed_in("ada")
    file_id = uploaded(ada)

    refused = ada.post(
        f"{opened.address}/words",
        {"kind": "answer", "body": "<p>x</p>", "body_text": "x", "to": "omar at home", "file_ids": [file_id]},
    )

    assert refused.status_code == 422
    assert f'name="file_ids" value="{file_id}" checked' in refused.content.decode()


def test_what_is_taken_back_goes_to_whom_it_was_going_above_what_was_begun_since(
    signed_in: Browsers, opened: Opened
) -> None:
    ada = signed_in("ada")
    file_id = uploaded(ada)
    ada.post(
        f"{opened.address}/words",
        {
            "kind": "forward",
            "body": "Our customer shouts",
            "forward_to": "driver@parcels.example",
            "file_ids": [file_id],
        },
    )
    sent = said(opened)[-1]
    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "<p>Dear Omar</p>"})

    ada.post(f"/w/north/messages/{sent.id}/recall")
    page = ada.get(opened.address).content.decode()
    ada.post(
        f"{opened.address}/words",
        {
            "kind": "answer",
            "body": "<p>Where is it?</p>",
            "body_text": "x",
            "to": "driver@parcels.example",
            "conversation_id": str(sent.conversation_id),
            "file_ids": [file_id],
        },
    )

    again = said(opened)[-1]
    assert page.index("Our customer shouts", page.index("composer")) < page.index("Dear Omar")
    assert f'name="conversation_id" value="{sent.conversation_id}"' in page
    assert 'name="to" value="driver@parcels.example"' in page
    assert again.mail is not None
    assert (again.mail.to, again.mail.subject) == (("driver@parcels.example",), "Fwd: My parcel")
    assert again.conversation_id == sent.conversation_id
    assert [file.file_id for file in again.files] == [file_id]


def test_a_conversation_that_is_none_of_the_case_does_not_shut_the_page(signed_in: Browsers, opened: Opened) -> None:
    ada = signed_in("ada")

    ada.post(f"{opened.address}/draft", {"kind": "answer", "body": "<p>Hi</p>", "conversation_id": "999999", "to": "x"})
    page = ada.get(opened.address)

    assert page.status_code == 200
    assert 'name="conversation_id"' not in page.content.decode()


class TestNewMail:
    def draft(self, opened: Opened, file_id: int) -> dict[str, object]:
        with workspace_scope(opened.house.north):
            (box,) = mailboxes()
        return {
            "mailbox": str(box.id),
            "to": "lan@custom",
            "name": "Lan",
            "cc": "boss@customer.example",
            "subject_line": "Your card",
            "body": "<p>It is ready</p>",
            "body_text": "It is ready",
            "file_ids": [file_id],
            "reply_ids": ["7"],
        }

    def test_a_reload_shows_all_of_it_and_a_colleague_none(self, signed_in: Browsers, opened: Opened) -> None:
        ada = signed_in("ada")
        file_id = uploaded(ada)

        kept = ada.post(f"{NEW_MAIL}/draft", self.draft(opened, file_id)).status_code
        page, others = (browser.get(NEW_MAIL).content.decode() for browser in (ada, signed_in("grace")))

        assert kept == 204
        for shown in ("lan@custom", 'value="Lan"', "boss@customer.example", "Your card", "It is ready", "plan.txt"):
            assert shown in page
            assert shown not in others
        assert f'name="file_ids" value="{file_id}" checked' in page
        assert 'name="reply_ids" value="7"' in page

    def test_is_gone_when_the_mail_is_written(self, signed_in: Browsers, opened: Opened) -> None:
        ada = signed_in("ada")
        mail = {**self.draft(opened, uploaded(ada)), "to": "lan@customer.example"}
        ada.post(f"{NEW_MAIL}/draft", mail)

        written = ada.post(NEW_MAIL, mail)

        assert written.status_code == 302
        assert "Your card" not in ada.get(NEW_MAIL).content.decode()

    def test_is_gone_with_its_file_when_discarded(self, signed_in: Browsers, opened: Opened) -> None:
        ada = signed_in("ada")
        ada.post(f"{NEW_MAIL}/draft", self.draft(opened, uploaded(ada)))

        ada.post(f"{NEW_MAIL}/draft", {"to": "lan@custom", "body": "", "body_text": ""})

        assert files_left(opened) == set()
        assert "lan@custom" not in ada.get(NEW_MAIL).content.decode()

    @pytest.mark.parametrize(("who", "status"), [("anh", 403), ("cole", 403), ("vera", 403), ("ines", 404)])
    def test_readers_and_strangers_keep_none(self, signed_in: Browsers, opened: Opened, who: str, status: int) -> None:
        answer = signed_in(who).post(f"{NEW_MAIL}/draft", {"body": "<p>Hello</p>", "body_text": "Hello"})

        assert answer.status_code == status
