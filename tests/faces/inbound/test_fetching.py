"""Mail comes in from real servers and from their fake twin, once, in order, whatever happens on the way."""

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.db import connections

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.channels.queries import mailbox
from careloop.domains.channels.services import MailboxSettings, change_mailbox, go_live
from careloop.domains.conversations.queries import message_row
from careloop.faces.inbound.fetching import fetch_once, watch
from careloop.gateways import imap
from careloop.gateways.imap.fake import FakeMailbox
from careloop.gateways.mime import Limits, parse
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.intake import settle_waiting
from careloop.processes.mailbox_trial import check_connection, rehearse
from careloop.processes.sending import send
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.faces.inbound.conftest import connected
from tests.mailing import written
from tests.servers.dovecot import Dovecot, closing_imap, free_port

pytestmark = pytest.mark.database


def letter(number: int = 1, **more: Any) -> bytes:
    return written(
        text=f"Question {number}",
        subject=f"Question {number}",
        message_id=f"<q{number}@customer.example>",
        sender=f"c{number}@customer.example",
        at=NOW,
        **more,
    )


def subjects(house: House) -> list[str]:
    while settle_waiting(at=NOW):
        pass
    with workspace_scope(house.north):
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW, limit=500)
        return sorted(row.subject for row in page.items)


def live(house: House, *, user: str = "help", **servers: Any) -> int:
    mailbox_id = connected(house, user=user, **{"imap_host": "imap.north.example", **servers})
    with workspace_scope(house.north):
        go_live(mailbox_id=mailbox_id, accepts_since=NOW - timedelta(days=1), actor=HOUSE, at=NOW)
    return mailbox_id


def at_dovecot(house: House, dovecot: Dovecot, user: str) -> int:
    return live(
        house,
        user=user,
        imap_host=dovecot.host,
        imap_port=dovecot.port,
        imap_security="plain",
        imap_password=dovecot.password,
    )


class TestFetchOnce:
    def test_takes_each_mail_once_and_goes_on_behind_it(self, house: House) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(letter(1), at=NOW)
        folder.arrive(letter(2), at=NOW)

        for _round in range(2):
            fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 1", "Question 2"]
        assert not any(mail.is_seen for mail in folder.messages)

    def test_leaves_mail_from_before_it_went_live(self, house: House) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(letter(1), at=NOW - timedelta(days=9))
        folder.arrive(letter(2), at=NOW)

        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 2"]

    def test_a_server_that_numbers_anew_brings_nothing_twice(self, house: House) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(letter(1), at=NOW)
        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)
        folder.renumber()
        folder.arrive(letter(2), at=NOW)

        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 1", "Question 2"]

    def test_one_bad_mail_stops_no_other(self, house: House) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(b"", at=NOW)
        folder.arrive(letter(2), at=NOW).is_broken = True
        folder.arrive(letter(3), at=NOW)

        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 3"]

    def test_a_full_disk_leaves_the_mail_on_its_server(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(letter(1), at=NOW)

        def full(_content: bytes) -> tuple[str, int]:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("careloop.domains.channels.services.raw.store_blob", full)
            with pytest.raises(OSError, match="No space left"):
                fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)
        assert subjects(house) == []

        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 1"]

    def test_goes_on_where_a_lost_connection_left_it(self, house: House) -> None:
        mailbox_id, folder = live(house), FakeMailbox()
        folder.arrive(letter(1), at=NOW)
        folder.trouble = imap.MailboxTrouble("reset by peer")
        with pytest.raises(imap.MailboxTrouble):
            fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == ["Question 1"]


@contextmanager
def watching(house: House, mailbox_id: int, *, wake: Callable[[], None]) -> Iterator[None]:
    """Watch a mailbox for the length of a block. wake: lets a mail arrive, which ends the last wait at once."""
    stopping = Event()

    def run() -> None:
        try:
            watch(
                workspace_id=house.north,
                mailbox_id=mailbox_id,
                stopping=stopping,
                pause_after_trouble=timedelta(milliseconds=50),
            )
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        wake()
        thread.join()


def eventually(holds: Callable[[], bool], *, seconds: float = 20.0) -> float:
    """Wait until something holds and return how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "It never came to hold."
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.dovecot
class TestDovecot:
    def test_news_arrives_while_idling(self, house: House, dovecot: Dovecot) -> None:
        mailbox_id = at_dovecot(house, dovecot, "idle")
        dovecot.deliver("idle", letter(1))

        # The watcher itself looks only every 25 seconds; what is here sooner came by IDLE.
        with watching(house, mailbox_id, wake=lambda: dovecot.deliver("idle", letter(3))):
            eventually(lambda: subjects(house) == ["Question 1"])
            dovecot.deliver("idle", letter(2))
            eventually(lambda: subjects(house) == ["Question 1", "Question 2"])

        with closing_imap(dovecot, "idle") as client:
            client.select(readonly=True)
            assert client.search(None, "UNSEEN")[1] == [b"1 2 3"]

    def test_comes_back_after_the_server_was_out_of_reach(self, house: House, dovecot: Dovecot) -> None:
        mailbox_id = live(house, user="back", imap_host="127.0.0.1", imap_port=1, imap_security="plain")
        dovecot.deliver("back", letter(1))

        def is_failing() -> bool:
            with workspace_scope(house.north):
                return mailbox(mailbox_id).last_error.startswith("cannot_connect")

        with watching(house, mailbox_id, wake=lambda: dovecot.deliver("back", letter(2))):
            eventually(is_failing)
            with workspace_scope(house.north):
                change_mailbox(
                    mailbox_id=mailbox_id,
                    settings=MailboxSettings(
                        name="Help",
                        address="help@north.example",
                        sender_name="North Help",
                        imap_host=dovecot.host,
                        imap_port=dovecot.port,
                        imap_security="plain",
                        imap_user="back",
                        imap_password=dovecot.password,
                    ),
                    actor=HOUSE,
                    at=NOW,
                )
            eventually(lambda: subjects(house) == ["Question 1"])

        assert not is_failing()

    def test_takes_two_hundred_mails(self, house: House, dovecot: Dovecot) -> None:
        mailbox_id = at_dovecot(house, dovecot, "many")
        with closing_imap(dovecot, "many") as client:
            for number in range(200):
                client.append("INBOX", "", "", letter(number))

        with workspace_scope(house.north):
            row = mailbox(mailbox_id)
        account = imap.Account(
            host=dovecot.host,
            port=dovecot.port,
            security=imap.Security.PLAIN,
            username="many",
            password=dovecot.password,
        )
        with imap.connect(account, folder=row.imap_folder) as folder:
            fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)

        assert subjects(house) == sorted(f"Question {number}" for number in range(200))

    def test_a_rehearsal_shows_what_would_happen_and_changes_nothing(self, house: House, dovecot: Dovecot) -> None:
        mailbox_id = at_dovecot(house, dovecot, "rehearsal")
        dovecot.deliver("rehearsal", letter(1))
        dovecot.deliver("rehearsal", letter(2, Auto_Submitted="auto-replied"))
        dovecot.deliver("rehearsal", b"")
        with workspace_scope(house.north):
            actor = house.actor("olga")

        seen = rehearse(workspace_id=house.north, mailbox_id=mailbox_id, actor=actor, at=clock.now())

        assert [mail.foreseen and (mail.foreseen.fate, mail.foreseen.reason) for mail in seen.mails][-2:] == [
            ("quarantine", "machine_reply"),
            ("new_case", ""),
        ]
        assert seen.mails[-1].foreseen is not None
        assert seen.mails[-1].foreseen.receipt == "yes"
        assert subjects(house) == []
        with closing_imap(dovecot, "rehearsal") as client:
            client.select(readonly=True)
            assert len(client.search(None, "UNSEEN")[1][0].split()) == seen.total_count

    def test_checks_say_whether_the_password_is_right(self, house: House, dovecot: Dovecot) -> None:
        mailbox_id = live(
            house,
            user="check",
            imap_host=dovecot.host,
            imap_port=dovecot.port,
            imap_security="plain",
            imap_password="wrong",
        )
        with workspace_scope(house.north):
            actor = house.actor("olga")

        reading, sending = check_connection(workspace_id=house.north, mailbox_id=mailbox_id, actor=actor)

        assert (reading.trouble, sending.trouble) == ("wrong_password", "no_server")


class Inbox:
    """What a real SMTP server took, for aiosmtpd."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope)
        return "250 taken"


@pytest.mark.dovecot
def test_first_milestone_from_imap_to_an_answer_in_the_thread(house: House, dovecot: Dovecot) -> None:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailbox_id = live(
            house,
            user="milestone",
            imap_host=dovecot.host,
            imap_port=dovecot.port,
            imap_security="plain",
            imap_password=dovecot.password,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="plain",
            sends_receipts=False,
        )
        dovecot.deliver("milestone", letter(1))
        account = imap.Account(
            host=dovecot.host,
            port=dovecot.port,
            security=imap.Security.PLAIN,
            username="milestone",
            password=dovecot.password,
        )
        with imap.connect(account) as folder:
            fetch_once(workspace_id=house.north, mailbox_id=mailbox_id, folder=folder)
        settle_waiting(at=NOW)
        with workspace_scope(house.north):
            page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
            answer_id = reply(
                case_id=page.items[0].id,
                words=Words(text="Here is your answer.", html="<p>Here is your answer.</p>"),
                actor=house.actor("ada"),
                at=datetime.now(UTC) - timedelta(minutes=1),
            )
        drain()
        send(workspace_id=house.north, message_id=answer_id)
    finally:
        controller.stop()

    (envelope,) = inbox.taken
    raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
    mail = parse(raw, limits=Limits())
    assert envelope.rcpt_tos == ["c1@customer.example"]
    assert mail.in_reply_to == ("q1@customer.example",)
    assert mail.subject == "Re: Question 1"
    with workspace_scope(house.north):
        row = message_row(answer_id)
        assert row is not None
        assert row.delivery is not None
        assert row.delivery.state == "sent"
        assert case_detail(case_id=page.items[0].id, viewer=HOUSE).row.category == "waiting"
