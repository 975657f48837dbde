"""Somebody of ours plays a customer: the same way in, nothing out."""

import pytest

from careloop.domains.cases.queries import cases_of_customer
from careloop.domains.channels.errors import MayNotKeepMailboxes
from careloop.domains.channels.queries import mailboxes
from careloop.domains.contacts.queries import contacts_of_conversations
from careloop.domains.conversations.errors import MessageEmpty
from careloop.domains.conversations.queries import conversation_rows
from careloop.domains.customers.queries import customer_of_address, customers_of_number
from careloop.kernel.clock import now
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.types import Words
from careloop.processes.playing import play_mail, play_text, played, player_address, player_number
from careloop.processes.working import drain
from tests.cast import House
from tests.servers.provider import provider
from tests.texting import connected_number

pytestmark = pytest.mark.database

SOON = Words(text="Soon.", html="<p>Soon.</p>")


class TestPlay:
    @pytest.mark.parametrize("live", [True, False])
    def test_by_text_message_is_answered_on_the_page_alone(self, house: House, live: bool) -> None:
        with provider() as desk:
            with workspace_scope(house.north):
                row = connected_number(api_base=desk.base, live=live)
                mina = house.actor("mina")
                play_text(messenger_id=row.id, text="Where is it?", actor=mina, at=now())
            drain()
            with workspace_scope(house.north):
                (customer_id,) = customers_of_number(player_number(mina))
                (case,) = cases_of_customer(customer_id=customer_id, viewer=mina)
                reply(case_id=case.id, words=SOON, actor=house.actor("ada"), at=now())
            drain()
            with workspace_scope(house.north):
                said = played(viewer=mina)
                found = conversation_rows(one.conversation_id for one in said)

                assert [one.text for one in said] == ["Where is it?", "Soon."]
                assert said[-1].delivery is not None
                assert said[-1].delivery.state == "not_sent"
                assert [one.is_test for one in found.values()] == [True]
                assert contacts_of_conversations(list(found)) == []
                assert played(viewer=house.actor("olga")) == []
            assert desk.sent == []

    def test_by_mail_is_threaded_and_answered_on_the_page_alone(self, house: House) -> None:
        with workspace_scope(house.north):
            (box,) = mailboxes()
            mina = house.actor("mina")
            play_mail(mailbox_id=box.id, subject_line="My parcel", text="Where is it?", actor=mina, at=now())
        drain()
        with workspace_scope(house.north):
            customer_id = customer_of_address(player_address(mina))
            assert customer_id is not None
            (case,) = cases_of_customer(customer_id=customer_id, viewer=mina)
            reply(case_id=case.id, words=SOON, actor=house.actor("ada"), at=now())
            play_mail(mailbox_id=box.id, subject_line="", text="Thank you", actor=mina, at=now())
        drain()
        with workspace_scope(house.north):
            said = played(viewer=mina)

            assert {one.conversation_id for one in said} == {said[0].conversation_id}
            assert [one.text.strip() for one in said if not one.is_auto] == ["Where is it?", "Soon.", "Thank you"]
            assert {one.delivery.state for one in said if one.delivery is not None} == {"not_sent"}
            assert len(cases_of_customer(customer_id=customer_id, viewer=mina)) == 1

    def test_is_for_owners_and_managers_with_something_to_say(self, house: House) -> None:
        with workspace_scope(house.north):
            row = connected_number()
            with pytest.raises(MayNotKeepMailboxes):
                play_text(messenger_id=row.id, text="Hello", actor=house.actor("grace"), at=now())
            with pytest.raises(MessageEmpty):
                play_text(messenger_id=row.id, text=" ", actor=house.actor("mina"), at=now())
