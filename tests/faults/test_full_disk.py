"""A full disk is nobody's fault: what cannot be kept now stays stored, the rest goes on, and nothing is counted against it."""

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, cases
from careloop.domains.channels.queries import mailboxes
from careloop.domains.channels.services import MOST_ATTEMPTS, store_raw
from careloop.domains.channels.types import Arrived
from careloop.kernel.actors import HOUSE
from careloop.kernel.blobs import store_blob
from careloop.kernel.scope import workspace_scope
from careloop.processes.intake import settle_waiting
from tests.cast import NOW, House, open_house
from tests.fixtures import quick_passwords
from tests.mailing import written
from tests.processes.conftest import ready

__all__ = ["quick_passwords"]

pytestmark = pytest.mark.database

FILE = b"%PDF-1.4 a file that finds no room"
KEEP_FILE = "careloop.domains.files.services.store_blob"


@pytest.fixture
def house(committed: None) -> House:
    opened = open_house()
    ready(opened)
    return opened


def arrives(house: House, number: int, *, file: bytes = b"") -> None:
    """Let a mail come, as fetching stores it."""
    mail = message_from_bytes(
        written(text=f"Question {number}", subject=f"Question {number}", message_id=f"<{number}@c.example>",
                sender=f"c{number}@c.example", at=NOW), policy=policy.default,
    )  # fmt: skip
    assert isinstance(mail, EmailMessage)
    if file:
        mail.add_attachment(file, maintype="application", subtype="pdf", filename="bill.pdf")
    with workspace_scope(house.north):
        (box,) = mailboxes()
        arrived = Arrived(mailbox_id=box.id, provider_id=f"1:{number}", raw=mail.as_bytes(), received_at=NOW)
        store_raw([arrived], is_silent=False, actor=HOUSE, at=NOW)


def full_for(*refused: bytes) -> Callable[[bytes], tuple[str, int]]:
    """Let the disk have no room for some contents."""

    def store(content: bytes) -> tuple[str, int]:
        if content in refused:
            raise OSError(errno.ENOSPC, "No space left on device")
        return store_blob(content)

    return store


def subjects(house: House) -> list[str]:
    with workspace_scope(house.north):
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
    return sorted(row.subject for row in page.items)


def settle_all(at: datetime) -> None:
    for _turn in range(5):
        settle_waiting(at=at)


class TestFullDisk:
    def test_what_needs_no_room_is_taken_in_all_the_same(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        arrives(house, 1)
        arrives(house, 2, file=FILE)
        arrives(house, 3)
        monkeypatch.setattr(KEEP_FILE, full_for(FILE))

        settle_all(NOW)

        assert subjects(house) == ["Question 1", "Question 3"]

    def test_the_rest_comes_once_there_is_room_however_often_it_was_tried(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arrives(house, 1, file=FILE)
        with monkeypatch.context() as patched:
            patched.setattr(KEEP_FILE, full_for(FILE))
            for turn in range(MOST_ATTEMPTS + 2):
                settle_waiting(at=NOW + timedelta(minutes=turn))
        assert subjects(house) == []

        settle_all(NOW + timedelta(hours=1))

        assert subjects(house) == ["Question 1"]
