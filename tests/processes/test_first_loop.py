"""A customer writes, an agent answers, the customer receives it in the right thread."""

from datetime import timedelta

import pytest

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases, count_of, view
from careloop.domains.conversations.queries import message_row, messages
from careloop.gateways.mime import Limits, parse
from careloop.gateways.smtp.fake import Outbox
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.sending import send
from careloop.processes.working import follow_log, work_off_due
from tests.cast import NOW, House
from tests.mailing import receive, written

pytestmark = pytest.mark.database


def follow_all() -> None:
    while follow_log():
        pass


def all_cases(house: House) -> list[int]:
    ada = house.actor("ada")
    page = cases(viewer=ada, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW)
    return [row.id for row in page.items]


class TestFirstLoop:
    def test_a_mail_becomes_a_case_and_its_answer_goes_out_threaded(self, house: House) -> None:
        with workspace_scope(house.north):
            raw = receive(written(text="Where is my parcel?", at=NOW), at=NOW)
            (case_id,) = all_cases(house)
        follow_all()
        with workspace_scope(house.north):
            answer_id = reply(
                case_id=case_id,
                words=Words(text="It is on its way.", html="<p>It is on its way.</p>"),
                actor=house.actor("ada"),
                at=NOW + timedelta(minutes=20),
            )
        follow_all()
        work_off_due(NOW + timedelta(minutes=21))
        follow_all()
        outbox = Outbox()
        send(workspace_id=house.north, message_id=answer_id, wire=outbox)

        (sent,) = outbox.sent
        mail = parse(sent.raw, limits=Limits())
        assert raw.state == "accepted"
        assert sent.recipients == ("omar@customer.example",)
        assert mail.in_reply_to == ("one@customer.example",)
        assert mail.subject == "Re: My parcel"
        with workspace_scope(house.north):
            detail = case_detail(case_id=case_id, viewer=house.actor("ada"))
            row = message_row(answer_id)
        assert detail.row.category == "waiting"
        assert detail.row.assignee == "Ada"
        assert row is not None
        assert row.delivery is not None
        assert row.delivery.state == "sent"

    def test_the_customers_answer_comes_back_into_the_same_case(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
            (case_id,) = all_cases(house)
            answer_id = reply(
                case_id=case_id,
                words=Words(text="On its way.", html=""),
                actor=house.actor("ada"),
                at=NOW + timedelta(hours=1),
            )
            row = message_row(answer_id)
            assert row is not None
            assert row.mail is not None
            later = NOW + timedelta(hours=2)
            receive(
                written(
                    text="Still nothing!",
                    message_id="<two@customer.example>",
                    answers=row.mail.rfc_message_id,
                    at=later,
                ),
                at=later,
            )

            detail = case_detail(case_id=case_id, viewer=house.actor("ada"))
            said = messages(
                [(c.conversation_id, None, None) for c in detail.conversations], limit=10, for_customer=True
            )
        assert [m.text for m in said] == ["Where is my parcel?", "On its way.", "Still nothing!"]
        assert detail.row.category == "open"

    def test_a_stranger_who_quotes_our_message_id_opens_a_case_of_his_own(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
            receive(
                written(
                    text="Send it to me instead.",
                    sender="eve@elsewhere.example",
                    message_id="<evil@elsewhere.example>",
                    answers="one@customer.example",
                    at=NOW,
                ),
                at=NOW + timedelta(minutes=1),
            )
            found = all_cases(house)
            detail = case_detail(case_id=found[0], viewer=HOUSE)
            said = messages([(c.conversation_id, None, None) for c in detail.conversations], limit=9, for_customer=True)
        assert len(found) == 2
        assert said[0].warnings == ("stranger_quotes_us",)

    def test_counters_follow_the_log(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        follow_all()
        with workspace_scope(house.north):
            ada = house.actor("ada")
            count = count_of(view(key="unassigned", viewer=ada), viewer=ada, now=NOW)
        assert count.number == 1

    def test_the_other_workspace_sees_nothing_of_it(self, house: House) -> None:
        with workspace_scope(house.north):
            receive(written(text="Where is my parcel?", at=NOW), at=NOW)
        with workspace_scope(house.south):
            page = cases(
                viewer=house.actor("ines"), condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=NOW
            )
        assert page.items == []
