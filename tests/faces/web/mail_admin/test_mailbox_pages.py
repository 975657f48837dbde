"""Mailboxes are tried before they are trusted, and only by those who keep them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.channels.queries import mailboxes
from careloop.domains.channels.services import MailboxSettings, add_mailbox, go_live, note_fetch
from careloop.domains.channels.types import MailboxRow
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.founding import equip_workspace
from tests.cast import NOW, House

pytestmark = pytest.mark.database

Browsers = Callable[[str], Client]
FORM = {
    "name": "Help",
    "address": "help@gmail.com",
    "sender_name": "North Help",
    "team_id": "",
    "imap_host": "imap.gmail.com",
    "imap_port": "993",
    "imap_security": "tls",
    "imap_user": "help@gmail.com",
    "imap_password": "very secret words",
    "imap_folder": "INBOX",
    "smtp_host": "smtp.gmail.com",
    "smtp_port": "587",
    "smtp_security": "starttls",
    "smtp_user": "help@gmail.com",
    "smtp_password": "very secret words",
    "trusted_host": "mx.google.com",
}


def boxes(house: House) -> list[MailboxRow]:
    with workspace_scope(house.north):
        return mailboxes()


@pytest.fixture
def box(house: House) -> MailboxRow:
    with workspace_scope(house.north):
        add_mailbox(
            settings=MailboxSettings(
                name="Help",
                address="help@north.example",
                sender_name="North",
                imap_host="127.0.0.1",
                imap_port=1,
                imap_user="help",
                imap_password="very secret words",
                smtp_host="127.0.0.1",
                smtp_port=1,
            ),
            actor=HOUSE,
            at=NOW,
        )
    return boxes(house)[0]


class TestAdding:
    def test_suggests_the_servers_of_a_known_provider(self, signed_in: Browsers) -> None:
        page = signed_in("mina").get("/w/north/admin/mailboxes/new?address=help@naver.com").content.decode()

        assert 'value="imap.naver.com"' in page
        assert 'value="smtp.naver.com"' in page

    def test_keeps_passwords_to_itself(self, signed_in: Browsers, house: House) -> None:
        browser = signed_in("mina")

        answer = browser.post("/w/north/admin/mailboxes/new", FORM)

        (made,) = boxes(house)
        assert answer.status_code == 302
        assert (made.state, made.address) == ("trying", "help@gmail.com")
        page = browser.get(f"/w/north/admin/mailboxes/{made.id}/settings").content.decode()
        assert "very secret words" not in page

    def test_says_what_is_wrong_and_makes_nothing(self, signed_in: Browsers, house: House) -> None:
        answer = signed_in("mina").post("/w/north/admin/mailboxes/new", {**FORM, "imap_port": "99999"})

        assert answer.status_code == 422
        assert boxes(house) == []

    @pytest.mark.parametrize("name", ["anh", "grace", "ada", "cole", "vera"])
    def test_is_not_for_everybody(self, signed_in: Browsers, box: MailboxRow, name: str) -> None:
        browser = signed_in(name)

        for path in ("", "new", f"{box.id}/", f"{box.id}/settings"):
            assert browser.get(f"/w/north/admin/mailboxes/{path}").status_code == 403, path
        for act in ("checks", "rehearsals", "test-mails", "opening", "pause"):
            assert browser.post(f"/w/north/admin/mailboxes/{box.id}/{act}").status_code == 403, act

    def test_shows_nothing_to_another_workspace(self, signed_in: Browsers, box: MailboxRow) -> None:
        browser = signed_in("ines")

        assert browser.get(f"/w/south/admin/mailboxes/{box.id}/").status_code == 404
        assert browser.post(f"/w/south/admin/mailboxes/{box.id}/checks").status_code == 404
        assert browser.get("/w/north/admin/mailboxes/").status_code == 404


class TestChanging:
    def test_a_stored_password_is_never_handed_to_another_server(
        self, signed_in: Browsers, house: House, box: MailboxRow
    ) -> None:
        browser, address = signed_in("mina"), f"/w/north/admin/mailboxes/{box.id}/settings"
        there = {
            **FORM,
            "address": box.address,
            "imap_host": "127.0.0.1",
            "smtp_host": "127.0.0.1",
            "imap_password": "",
        }

        kept = browser.post(address, {**there, "imap_host": "127.0.0.1"})
        refused = browser.post(address, {**there, "imap_host": "eve.example"})

        assert (kept.status_code, refused.status_code) == (302, 422)
        assert "The stored password was given for another server." in refused.content.decode()
        assert boxes(house)[0].imap_host == "127.0.0.1"


class TestTrying:
    def test_tells_what_is_wrong_with_both_connections(self, signed_in: Browsers, box: MailboxRow) -> None:
        answer = signed_in("olga").post(f"/w/north/admin/mailboxes/{box.id}/checks")

        page = answer.content.decode()
        assert "Reading does not work" in page
        assert "Sending does not work" in page
        assert page.count("The server does not answer.") == 2

    def test_gives_htmx_the_result_alone(self, signed_in: Browsers, box: MailboxRow) -> None:
        answer = signed_in("olga").post(f"/w/north/admin/mailboxes/{box.id}/rehearsals", headers={"HX-Request": "true"})

        page = answer.content.decode()
        assert "The mailbox cannot be read" in page
        assert "<html" not in page

    def test_speaks_the_readers_language_of_a_test_mail_that_failed(self, signed_in: Browsers, box: MailboxRow) -> None:
        answer = signed_in("olga").post(f"/w/north/admin/mailboxes/{box.id}/test-mails")

        assert "The mail was not sent" in answer.content.decode()


class TestGoingLive:
    def test_takes_mail_in_from_now_on(self, signed_in: Browsers, house: House, box: MailboxRow) -> None:
        before = clock.now()

        signed_in("olga").post(f"/w/north/admin/mailboxes/{box.id}/opening")

        (live,) = boxes(house)
        assert live.state == "live"
        assert live.accepts_since is not None
        assert live.accepts_since >= before

    def test_takes_mail_in_from_a_day_on(self, signed_in: Browsers, house: House, box: MailboxRow) -> None:
        signed_in("olga").post(f"/w/north/admin/mailboxes/{box.id}/opening", {"since": "2026-11-01"})

        (live,) = boxes(house)
        assert live.accepts_since is not None
        assert live.accepts_since.isoformat() == "2026-11-01T00:00:00+00:00"

    def test_pauses(self, signed_in: Browsers, house: House, box: MailboxRow) -> None:
        browser = signed_in("olga")
        browser.post(f"/w/north/admin/mailboxes/{box.id}/opening")

        browser.post(f"/w/north/admin/mailboxes/{box.id}/pause")

        assert boxes(house)[0].state == "paused"

    def test_raises_the_alarm_when_a_live_mailbox_is_not_read(
        self, signed_in: Browsers, house: House, box: MailboxRow
    ) -> None:
        long_ago = clock.now() - timedelta(minutes=11)
        with workspace_scope(house.north):
            go_live(mailbox_id=box.id, accepts_since=long_ago, actor=HOUSE, at=long_ago)
        browser = signed_in("olga")

        late = browser.get("/w/north/admin/mailboxes/").content.decode()
        with workspace_scope(house.north):
            note_fetch(mailbox_id=box.id, uid_validity=1, last_uid=1, actor=HOUSE, at=clock.now())
        well = browser.get("/w/north/admin/mailboxes/").content.decode()

        assert "help@north.example is not being read" in late
        assert "is not being read" not in well

    def test_the_alarm_stands_where_managers_begin_and_tells_nobody_else(
        self, signed_in: Browsers, house: House, box: MailboxRow
    ) -> None:
        long_ago = clock.now() - timedelta(minutes=11)
        with workspace_scope(house.north):
            equip_workspace(actor=HOUSE, at=NOW)
            go_live(mailbox_id=box.id, accepts_since=long_ago, actor=HOUSE, at=long_ago)

        seen = {
            name: "is not being read" in signed_in(name).get("/w/north/", follow=True).content.decode()
            for name in ("olga", "mina", "grace", "ada")
        }

        assert seen == {"olga": True, "mina": True, "grace": False, "ada": False}


def test_the_log_tells_who_paused_which_mailbox(signed_in: Browsers, house: House, box: MailboxRow) -> None:
    browser = signed_in("olga")
    browser.post(f"/w/north/admin/mailboxes/{box.id}/pause")

    page = browser.get("/w/north/admin/audit").content.decode()

    assert "Olga paused the mailbox help@north.example." in page
