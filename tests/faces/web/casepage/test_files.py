"""Files and mails go to whoever may read what they hang on, and do nothing in the browser that shows them."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.kernel.scope import workspace_scope
from careloop.processes.jobs import preview_file
from careloop.processes.working import follow_log
from tests.cast import NOW, House
from tests.faces.web.casepage.conftest import Browsers, Opened, opened_by
from tests.mailing import written

pytestmark = pytest.mark.database


def drawn() -> bytes:
    """Draw a small picture."""
    file = BytesIO()
    Image.new("RGB", (4, 4), "teal").save(file, "PNG")
    return file.getvalue()


READERS = {"olga", "mina", "anh", "grace", "ada"}
EVERYBODY = (*sorted(READERS), "cole", "vera", "ines")


def with_files() -> bytes:
    """A mail with a picture in its text, a page that would run, and a name that would break a header."""
    mail = message_from_bytes(written(text="My parcel", at=NOW), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    mail.add_alternative('<p>Look: <img src="cid:dot"></p><img src="https://spy.example/x.gif">', subtype="html")
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    body.add_related(drawn(), maintype="image", subtype="png", cid="<dot>", filename="dot.png")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename='a"b\u202egpj.html')
    return mail.as_bytes()


@pytest.fixture
def posted(house: House) -> Opened:
    """A case that came with files."""
    return opened_by(house, with_files())


def first_message(opened: Opened) -> MessageRow:
    """Return the customer's mail."""
    with workspace_scope(opened.house.north):
        ranges = [(c.conversation_id, None, None) for c in opened.detail_in_scope().conversations]
        return messages(ranges, limit=9, for_customer=False)[0]


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_customers_file_is_for_those_who_see_the_case(signed_in: Browsers, posted: Opened, who: str) -> None:
    file_ids = [f.file_id for f in first_message(posted).files]
    browser = signed_in(who)

    statuses = {browser.get(f"/w/north/files/{file_id}").status_code for file_id in file_ids}

    assert statuses == {200 if who in READERS | {"vera"} else 404}


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_notes_file_is_for_those_who_read_notes(signed_in: Browsers, opened: Opened, who: str) -> None:
    uploaded = signed_in("ada").post("/w/north/files", {"file": SimpleUploadedFile("plan.txt", b"secret plan")}).json()
    signed_in("ada").post(
        f"{opened.address}/words", {"kind": "note", "body": "see", "body_text": "see", "file_ids": uploaded["id"]}
    )

    answer = signed_in(who).get(f"/w/north/files/{uploaded['id']}")

    assert answer.status_code == (200 if who in READERS else 404)
    assert (b"secret plan" in answer.getvalue()) is (who in READERS)
    assert answer.streaming is (who in READERS)


def test_a_file_of_another_workspace_is_not_there(signed_in: Browsers, posted: Opened) -> None:
    (file_id, *_more) = [f.file_id for f in first_message(posted).files]

    assert signed_in("ines").get(f"/w/south/files/{file_id}").status_code == 404


def test_a_risky_file_is_only_ever_downloaded(signed_in: Browsers, posted: Opened) -> None:
    browser = signed_in("ada")
    risky = first_message(posted).files[-1].file_id

    answer = browser.get(f"/w/north/files/{risky}")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\u202e" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser.get(f"/w/north/files/{risky}/picture").status_code == 404
    assert browser.get(f"/w/north/files/{risky}/preview").status_code == 404


def test_a_picture_in_a_mail_comes_from_us_and_one_from_outside_only_when_asked(
    signed_in: Browsers, posted: Opened
) -> None:
    browser, message = signed_in("ada"), first_message(posted)

    page = browser.get(posted.address)
    asked = browser.get(f"{posted.address}?images={message.id}")

    assert f'src="/w/north/files/{message.files[0].file_id}/picture"' in page.content.decode()
    assert ' src="https://spy.example' not in page.content.decode()
    assert "https:" not in page["Content-Security-Policy"]
    assert ' src="https://spy.example/x.gif"' in asked.content.decode()
    assert "img-src 'self' data: blob: https: http:" in asked["Content-Security-Policy"]
    picture = browser.get(f"/w/north/files/{message.files[0].file_id}/picture")
    assert picture["Content-Type"] == "image/png"


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_original_and_the_raw_mail(signed_in: Browsers, posted: Opened, who: str) -> None:
    browser, message = signed_in(who), first_message(posted)

    original = browser.get(f"/w/north/messages/{message.id}/original")
    source = browser.get(f"/w/north/messages/{message.id}/source")

    assert original.status_code == (200 if who in READERS | {"vera"} else 404)
    assert source.status_code == (200 if who in READERS - {"anh"} else 404)
    if original.status_code == 200:
        assert "script-src" not in original["Content-Security-Policy"]
        assert "default-src 'none'" in original["Content-Security-Policy"]
        assert "sandbox" in original["Content-Security-Policy"]
        assert original["X-Frame-Options"] == "SAMEORIGIN"
        assert b"data:image/png;base64," in original.content
    if source.status_code == 200:
        assert source["Content-Disposition"].startswith("attachment;")
        assert source.streaming
        assert b"Message-ID" in source.getvalue()


def test_a_picture_is_drawn_small_by_a_worker_and_shown_on_its_tile(signed_in: Browsers, posted: Opened) -> None:
    picture = first_message(posted).files[0].file_id
    browser = signed_in("ada")
    assert browser.get(f"/w/north/files/{picture}/preview").status_code == 404
    while follow_log():
        pass

    (job,) = ProcrastinateJob.objects.filter(task_name="preview_file")
    preview_file(**job.args)

    assert browser.get(f"/w/north/files/{picture}/preview")["Content-Type"] == "image/webp"


def test_readers_without_a_pen_upload_nothing(signed_in: Browsers, house: House) -> None:
    answer = signed_in("vera").post("/w/north/files", {"file": SimpleUploadedFile("a.txt", b"x")})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "may_not_work_on_cases"


def test_a_file_that_is_too_large_is_refused_in_words(signed_in: Browsers, house: House) -> None:
    with override_settings(ATTACHMENT_BYTES_LIMIT=10):
        answer = signed_in("ada").post("/w/north/files", {"file": SimpleUploadedFile("a.txt", b"x" * 11)})

    assert answer.status_code == 413
    assert "too large" in answer.json()["error"]["message"]


def test_somebody_elses_upload_hangs_on_nothing(signed_in: Browsers, opened: Opened) -> None:
    theirs = signed_in("grace").post("/w/north/files", {"file": SimpleUploadedFile("a.txt", b"mine")}).json()["id"]

    answer = signed_in("ada").post(f"{opened.address}/words", {"kind": "note", "body": "x", "file_ids": theirs})

    assert answer.status_code == 404
    assert signed_in("ada").get(f"/w/north/files/{theirs}").status_code == 404


def test_a_loose_file_is_nobodys_to_read(signed_in: Browsers, house: House) -> None:
    loose = signed_in("ada").post("/w/north/files", {"file": SimpleUploadedFile("a.txt", b"mine")}).json()["id"]

    assert signed_in("grace").get(f"/w/north/files/{loose}").status_code == 404
