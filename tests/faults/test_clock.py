"""The clock jumps: nothing leaves early or twice, nothing is refused, nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.conversations.queries import message_row
from careloop.gateways.smtp.fake import Outbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.replying import take_back
from careloop.processes.answering.types import Words
from careloop.processes.hands import close
from careloop.processes.sending import send
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW, House
from tests.fixtures import quick_passwords
from tests.mailing import receive, written
from tests.processes.conftest import bare_house, house

__all__ = ["bare_house", "house", "quick_passwords"]

pytestmark = pytest.mark.database

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HOLD = 10 * SECOND  # how long an answer can be taken back, unless a workspace says otherwise
CLOCKS_GO_BACK = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # in Europe; 02:00 to 03:00 on the wall comes twice


def asked(house: House, at: datetime, *, number: int = 1, answers: str = "") -> int:
    """Let Omar write, and return his case."""
    with workspace_scope(house.north):
        receive(written(text=f"Question {number}", message_id=f"<{number}@c.example>", answers=answers, at=at), at=at)
        page = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=at)
        return page.items[0].id


def answered(house: House, case_id: int, at: datetime) -> int:
    with workspace_scope(house.north):
        return reply(case_id=case_id, words=Words(text="Yes.", html=""), actor=house.actor("ada"), at=at)


def works(at: datetime) -> None:
    """Do what a worker does when its clock shows this time."""
    while work_off_due(at) or follow_log():
        pass


def state(house: House, message_id: int) -> str:
    with workspace_scope(house.north):
        row = message_row(message_id)
    assert row is not None
    assert row.delivery is not None
    return row.delivery.state


def sent_once(house: House, message_id: int) -> bool:
    outbox = Outbox()
    for _try in range(2):
        send(workspace_id=house.north, message_id=message_id, wire=outbox)
    return len(outbox.sent) == 1


class TestHeldAnswers:
    def test_a_clock_set_back_lets_nothing_leave_early_and_everything_leave_once(self, house: House) -> None:
        answer_id = answered(house, asked(house, NOW), NOW)

        works(NOW - HOUR)
        works(NOW + HOLD - SECOND)
        before = state(house, answer_id)
        works(NOW + HOLD)
        works(NOW - HOUR)
        works(NOW + HOLD)

        assert before == "scheduled"
        assert state(house, answer_id) == "queued"
        assert sent_once(house, answer_id)

    def test_a_clock_set_forward_lets_it_leave_once(self, house: House) -> None:
        answer_id = answered(house, asked(house, NOW), NOW)

        works(NOW + HOUR)
        works(NOW + HOLD)

        assert sent_once(house, answer_id)

    def test_it_can_be_taken_back_while_it_is_held_whatever_the_clock_says(self, house: House) -> None:
        answer_id = answered(house, asked(house, NOW), NOW)

        with workspace_scope(house.north):
            take_back(message_id=answer_id, actor=house.actor("ada"), at=NOW - HOUR)
        works(NOW + HOUR)

        outbox = Outbox()
        send(workspace_id=house.north, message_id=answer_id, wire=outbox)
        assert outbox.sent == []

    @pytest.mark.parametrize("at", [CLOCKS_GO_BACK - SECOND, CLOCKS_GO_BACK + HOUR - SECOND])
    def test_the_hour_that_comes_twice_holds_an_answer_no_longer(self, house: House, at: datetime) -> None:
        with workspace_scope(house.north), connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone = 'Europe/Berlin'")
        answer_id = answered(house, asked(house, at), at)

        works(at + HOLD - SECOND)
        before = state(house, answer_id)
        works(at + HOLD)

        assert (before, state(house, answer_id)) == ("scheduled", "queued")


class TestActs:
    def test_whatever_people_do_is_possible_after_the_clock_was_set_back(self, house: House) -> None:
        case_id = asked(house, NOW)
        earlier = NOW - HOUR

        answer_id = answered(house, case_id, earlier)
        works(earlier + HOLD)
        with workspace_scope(house.north):
            row = message_row(answer_id)
            assert row is not None
            assert row.mail is not None
        again = asked(house, earlier + 60 * SECOND, number=2, answers=row.mail.rfc_message_id)
        with workspace_scope(house.north):
            close(case_id=case_id, actor=house.actor("ada"), at=earlier + 90 * SECOND)
            detail = case_detail(case_id=case_id, viewer=HOUSE)
        works(NOW + timedelta(days=30))

        assert again == case_id
        assert detail.row.category in {"solved", "closed"}
        with workspace_scope(house.north), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM contacts_contact WHERE ended_at IS NULL")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM kernel_timer WHERE error <> ''")
            assert cursor.fetchone() == (0,)

    def test_a_mail_server_whose_clock_is_ahead_keeps_nobody_from_answering(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="From tomorrow", at=NOW + 24 * HOUR), at=NOW + 24 * HOUR)
            (row,) = cases(viewer=HOUSE, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW).items

        answer_id = answered(house, row.id, NOW)
        works(NOW + HOLD)

        assert sent_once(house, answer_id)
