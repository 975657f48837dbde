"""kill -9 between any two steps of intake and of sending: nothing is lost, nothing is doubled, what is unclear is shown."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.channels.queries import mailboxes
from careloop.domains.channels.services import MailboxSettings, change_mailbox
from careloop.domains.conversations.queries import message_row, messages
from careloop.gateways.smtp.fake import Outbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.sending import send
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.faces.cli.conftest import home
from tests.faults.mortal import fetch, letters, open_mail_house, prepare, put_on_wire, summary
from tests.fixtures import quick_passwords
from tests.mailing import receive
from tests.servers.smtp import ScriptedSmtp, scripted_smtp

__all__ = ["home", "quick_passwords"]

pytestmark = pytest.mark.database

RAW = "careloop.domains.channels.services"
EVERYTHING = {
    "said": [["customer", "house"], ["customer", "house"]],
    "subjects": ["Question 1", "Question 2"],
    "waiting": [],
}

INTAKE_DEATHS = [
    f"{RAW}.raw:store_blob:before",
    f"{RAW}.raw:store_blob:after",
    f"{RAW}:note_fetch:before",
    f"{RAW}:note_fetch:after",
    f"{RAW}:count_attempts:after",
    "careloop.processes.intake.reading:settle:before",
    f"{RAW}:begin_reading:after",
    "careloop.processes.intake.reading:place:before",
    "careloop.domains.conversations.services:receive:after",
    "careloop.domains.cases.services:open_cases:after",
    "careloop.processes.intake.reading:place:after",
    f"{RAW}:accept_raw:after",
    "careloop.processes.intake.reading:settle:after",
]
# The web process dies under an agent who presses Send.
ANSWER_DEATHS = [
    "careloop.domains.cases.services:hold_for_answer:after",
    "careloop.domains.conversations.services:write:before",
    "careloop.domains.conversations.services:write:after",
    "careloop.domains.cases.services:answered:after",
    "careloop.domains.contacts.services:human_answered:after",
    "careloop.domains.cases.services:discard_draft:after",
    "careloop.kernel.acts:write_collected:after",
]
# Before `sending` is committed nothing has left, and the message goes out later.
EARLY_DEATHS = [
    "careloop.domains.conversations.services:begin_sending:before",
    "careloop.domains.conversations.services:begin_sending:after",
]
# From then on nobody can know, and nothing goes again by itself.
LATE_DEATHS = [
    "careloop.processes.sending:outgoing:before",
    "smtplib:SMTP.ehlo:after",
    "smtplib:SMTP.mail:before",
    "smtplib:SMTP.mail:after",
    "smtplib:SMTP.rcpt:after",
    "smtplib:SMTP.docmd:before",
    "smtplib:SMTP.docmd:after",
    "careloop.gateways.smtp.sending:final_dot:before",
    "careloop.gateways.smtp.sending:final_dot:after",
    "careloop.processes.sending:_conclude:before",
    "careloop.processes.sending:_conclude:after",
]


def dies(death: str, act: Callable[..., None], *arguments: Any) -> bool:
    """Run an act in a process that kills itself, and say whether it did."""
    # A connection that two processes share would belong to neither.
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            prepare(death)
            act(*arguments)
        finally:
            os._exit(os.EX_SOFTWARE)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def place(committed: Any) -> tuple[House, int]:
    """The house, and its live mailbox."""
    return open_mail_house()


@pytest.fixture
def house(place: tuple[House, int]) -> House:
    return place[0]


@pytest.fixture
def live_mailbox(place: tuple[House, int]) -> int:
    return place[1]


class TestIntake:
    @pytest.mark.parametrize("death", INTAKE_DEATHS)
    def test_every_mail_is_taken_in_once(self, house: House, live_mailbox: int, death: str) -> None:
        assert dies(death, fetch, str(house.north), str(live_mailbox))

        fetch(str(house.north), str(live_mailbox))
        drain()

        assert summary(house.north) == EVERYTHING


class TestAnswering:
    @pytest.mark.parametrize("death", ANSWER_DEATHS)
    def test_an_answer_is_there_whole_or_not_at_all(self, house: House, death: str) -> None:
        with workspace_scope(house.north):
            receive(letters()[0], at=NOW)
            page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
        before = rows_of_everything()

        assert dies(death, press_send, house, page.items[0].id)
        after = rows_of_everything()
        press_send(house, page.items[0].id)

        assert after == before
        with workspace_scope(house.north):
            (range_,) = case_detail(case_id=page.items[0].id, viewer=HOUSE).conversations
            said = messages([(range_.conversation_id, None, None)], limit=9, for_customer=False)
        assert [word.author for word in said] == ["customer", "agent"]


def press_send(house: House, case_id: int) -> None:
    """Do what the page's view does when Ada sends her answer."""
    with workspace_scope(house.north):
        reply(case_id=case_id, words=Words(text="Yes.", html=""), actor=house.actor("ada"), at=NOW)


def rows_of_everything() -> dict[str, int]:
    """Count the rows of every table that an answer writes to."""
    tables = ("kernel_event", "kernel_timer", "conversations_message", "conversations_mail", "conversations_delivery")
    with connections["owner"].cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


class TestSending:
    @pytest.mark.parametrize("death", EARLY_DEATHS)
    def test_what_did_not_leave_goes_out_once(self, house: House, death: str) -> None:
        with scripted_smtp() as server:
            message_id = queued_answer(house, server)
            assert dies(death, put_on_wire, str(house.north), str(message_id))

            send(workspace_id=house.north, message_id=message_id)
            send(workspace_id=house.north, message_id=message_id)

        assert len(server.received) == 1
        assert state_of(house, message_id) == "sent"

    @pytest.mark.parametrize("death", LATE_DEATHS)
    def test_what_may_have_left_is_shown_and_not_sent_again(self, house: House, death: str) -> None:
        again = Outbox()
        with scripted_smtp() as server:
            message_id = queued_answer(house, server)
            assert dies(death, put_on_wire, str(house.north), str(message_id))

            send(workspace_id=house.north, message_id=message_id, wire=again)
            send(workspace_id=house.north, message_id=message_id, wire=again)

        assert again.sent == []
        assert len(server.received) == (1 if death in LATE_DEATHS[-3:] else 0)
        assert state_of(house, message_id) == "uncertain"


def queued_answer(house: House, server: ScriptedSmtp, batch: str = "") -> int:
    """Let Ada answer a letter, up to the moment before a worker sends it. batch: tells it from others."""
    with workspace_scope(house.north):
        (box,) = mailboxes()
        change_mailbox(
            mailbox_id=box.id,
            settings=MailboxSettings(
                name="Help",
                address="help@north.example",
                sender_name="North",
                smtp_host=server.host,
                smtp_port=server.port,
                smtp_security="plain",
                sends_receipts=False,
            ),
            actor=HOUSE,
            at=NOW,
        )
        receive(letters(batch)[0], at=NOW)
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-opened_at", now=NOW)
        message_id = reply(
            case_id=page.items[0].id, words=Words(text="Yes.", html=""), actor=house.actor("ada"), at=NOW
        )
    drain()
    return message_id


def state_of(house: House, message_id: int) -> str:
    with workspace_scope(house.north):
        row = message_row(message_id)
    assert row is not None
    assert row.delivery is not None
    return row.delivery.state
