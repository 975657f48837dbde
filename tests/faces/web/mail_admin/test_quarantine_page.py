"""What could not be read waits where a person sees it, with the reason and the ways out."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.channels.queries import raw_mail
from careloop.domains.channels.services import MailboxSettings, add_mailbox
from careloop.domains.channels.types import RawRow
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database

Browsers = Callable[[str], Client]
PAGE = "/w/north/quarantine/"


@pytest.fixture
def waiting(house: House) -> RawRow:
    """A machine's answer to nothing of ours, with markup where names stand."""
    with workspace_scope(house.north):
        equip_workspace(actor=HOUSE, at=NOW)
        add_mailbox(
            settings=MailboxSettings(name="Help", address="help@north.example", sender_name="North"),
            actor=HOUSE,
            at=NOW,
        )
        return receive(
            written(text="Away", subject="<script>alert(1)</script>", at=NOW, Auto_Submitted="auto-replied"), at=NOW
        )


def state_of(house: House, row: RawRow) -> str:
    with workspace_scope(house.north):
        return raw_mail(raw_id=row.id, viewer=HOUSE).state


class TestPage:
    def test_teaches_when_nothing_waits(self, signed_in: Browsers) -> None:
        assert "Nothing waits here" in signed_in("grace").get(PAGE).content.decode()

    def test_says_who_wrote_what_and_why_it_waits(self, signed_in: Browsers, waiting: RawRow) -> None:
        page = signed_in("grace").get(PAGE).content.decode()

        assert "A machine answered something that we never wrote." in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page
        assert "omar@customer.example" in page

    @pytest.mark.parametrize("name", ["anh", "ada", "cole", "vera"])
    def test_is_for_leads_and_above(self, signed_in: Browsers, waiting: RawRow, name: str) -> None:
        browser = signed_in(name)

        assert browser.get(PAGE).status_code == 403
        assert browser.get(f"{PAGE}{waiting.id}/source").status_code == 404
        assert browser.post(f"{PAGE}{waiting.id}/retry").status_code == 403

    def test_shows_nothing_to_another_workspace(self, signed_in: Browsers, waiting: RawRow) -> None:
        browser = signed_in("ines")

        assert browser.get(PAGE).status_code == 404
        assert browser.get(f"/w/south/quarantine/{waiting.id}/source").status_code == 404
        assert browser.post(f"/w/south/quarantine/{waiting.id}/discard").status_code == 404


class TestActs:
    def test_gives_the_source_out_as_a_harmless_file(self, signed_in: Browsers, waiting: RawRow) -> None:
        answer = signed_in("grace").get(f"{PAGE}{waiting.id}/source")

        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"Away" in answer.getvalue()

    def test_tries_again(self, signed_in: Browsers, house: House, waiting: RawRow) -> None:
        answer = signed_in("grace").post(f"{PAGE}{waiting.id}/retry", follow=True)

        assert "It could still not be read." in answer.content.decode()
        assert state_of(house, waiting) == "quarantined"

    def test_tries_the_ticked_again(
        self, signed_in: Browsers, house: House, waiting: RawRow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "careloop.processes.intake.reading.place", lambda mails, **_facts: {mail.row.id: 1 for mail in mails}
        )

        answer = signed_in("grace").post(f"{PAGE}retries", {"raw_id": [waiting.id]}, follow=True)

        assert "1 mail is read now." in answer.content.decode()
        assert state_of(house, waiting) == "accepted"

    def test_asks_to_tick_something(self, signed_in: Browsers, waiting: RawRow) -> None:
        assert signed_in("grace").post(f"{PAGE}retries", {"raw_id": ["x"]}).status_code == 409

    def test_discards_once(self, signed_in: Browsers, house: House, waiting: RawRow) -> None:
        browser = signed_in("grace")

        browser.post(f"{PAGE}{waiting.id}/discard")

        assert state_of(house, waiting) == "discarded"
        assert browser.post(f"{PAGE}{waiting.id}/discard").status_code == 409
