"""A customer texts, an agent answers, the provider tells what became of it: once each, in any order, and nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils.html import linebreaks

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, case_detail, cases
from careloop.domains.cases.types import CaseDetail
from careloop.domains.channels import services as channels
from careloop.domains.channels.queries import hooks_in_quarantine, messenger, waiting_hooks
from careloop.domains.channels.types import MessengerRow
from careloop.domains.conversations import services as conversations
from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.domains.customers.services import create_customer
from careloop.domains.files.queries import files_by_id
from careloop.gateways.texting import MediaTrouble, Outcome, Receipt
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import reply
from careloop.processes.answering.errors import WordsUnfit
from careloop.processes.answering.types import Words
from careloop.processes.sending import SENDING, send
from careloop.processes.texting import fetch_files, put_on_wire
from careloop.processes.working import drain
from tests.cast import NOW, House
from tests.servers.provider import Provider, provider
from tests.texting import OMARS, OURS, connected_number, post_hook, told

pytestmark = pytest.mark.database


@contextmanager
def number(house: House, *, live: bool = True) -> Iterator[tuple[MessengerRow, Provider]]:
    with provider() as desk:
        with workspace_scope(house.north):
            row = connected_number(api_base=desk.base, live=live)
        drain()
        yield row, desk


def matters(house: House) -> list[CaseDetail]:
    """The cases that stand in lists, the newest first."""
    with workspace_scope(house.north):
        grace = house.actor("grace")
        found = cases(viewer=grace, condition=as_tree(SYSTEM_VIEWS["all"][1]), order="-activity_at", now=clock.now())
        return [case_detail(case_id=one.id, viewer=grace) for one in found.items]


def said(case: CaseDetail) -> list[MessageRow]:
    return messages([(c.conversation_id, None, None) for c in case.conversations], limit=50, for_customer=False)


def answered(house: House, case: CaseDetail, text: str = "It is on its way.") -> int:
    with workspace_scope(house.north):
        words = Words(text=text, html=linebreaks(text))
        return reply(case_id=case.row.id, words=words, actor=house.actor("ada"), at=clock.now())


def let_go(house: House, message_id: int) -> None:
    with workspace_scope(house.north):
        conversations.release(message_id=message_id, actor=SENDING, at=clock.now())


def state_of(house: House, case: CaseDetail) -> str:
    with workspace_scope(house.north):
        delivery = said(case)[-1].delivery
        return "" if delivery is None else delivery.state


class TestIn:
    def test_the_same_webhook_five_times_and_late_is_one_message_of_one_case(self, house: House) -> None:
        with workspace_scope(house.north):
            omar = create_customer(
                name="Omar", kind="phone", value="555-867-5310", language="en", source="hand", actor=HOUSE, at=NOW
            )
        with number(house) as (row, _desk):
            for _time in range(5):
                assert post_hook(row, told("Where is my parcel?")) == 200
            drain()
            assert post_hook(row, told("Where is my parcel?")) == 200
            drain()
            assert post_hook(row, told("It is urgent", sid="SM" + "2" * 32)) == 200
            drain()

        (case,) = matters(house)
        assert (case.row.subject, case.row.requester_id) == ("Where is my parcel?", omar)
        with workspace_scope(house.north):
            assert [one.text for one in said(case)] == ["Where is my parcel?", "It is urgent"]
            assert {(one.channel, one.peer) for one in said(case)} == {("sms", OMARS)}

    @pytest.mark.parametrize("wrong", ["x", "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
    def test_what_is_not_signed_is_refused_and_not_kept(self, house: House, wrong: str) -> None:
        with number(house) as (row, _desk):
            assert post_hook(row, told("Hello"), signature=wrong) == 403
            assert post_hook(row, told("Hello"), end="statuses/1", signature=wrong) == 403
            assert post_hook(row, told("Hello"), program="south") == 404
            drain()

            with workspace_scope(house.north):
                assert messenger(row.id).heard_at is None
                assert waiting_hooks(row.id, limit=9) == []
        assert matters(house) == []

    def test_what_comes_on_trial_waits_until_the_number_is_live(self, house: House) -> None:
        with number(house, live=False) as (row, _desk):
            post_hook(row, told("Hello"))
            drain()
            assert matters(house) == []

            with workspace_scope(house.north):
                channels.open_messenger(messenger_id=row.id, actor=HOUSE, at=clock.now())
            drain()

        assert [case.row.subject for case in matters(house)] == ["Hello"]

    def test_what_cannot_be_answered_waits_for_a_person(self, house: House) -> None:
        with number(house) as (row, _desk):
            post_hook(row, told("Win a prize", sender="PRIZES"))
            post_hook(row, told("Hello", sid="SM2", AccountSid="AC999"))
            drain()

            with workspace_scope(house.north):
                waiting = hooks_in_quarantine(row.id, viewer=house.actor("grace"))
                assert [one.reason for one in waiting] == ["other_account", "no_sender"]
                assert hooks_in_quarantine(row.id, viewer=house.actor("ada")) == []
                channels.retry_hook(hook_id=waiting[0].id, actor=HOUSE, at=clock.now())
                channels.discard_hook(hook_id=waiting[1].id, actor=HOUSE, at=clock.now())
            drain()
            with workspace_scope(house.north):
                assert [one.reason for one in hooks_in_quarantine(row.id, viewer=HOUSE)] == ["other_account"]
        assert matters(house) == []

    def test_a_picture_is_fetched_by_a_job_and_comes_with_its_message(self, house: House) -> None:
        with number(house) as (row, desk):
            desk.files["/media/1"] = (404, {}, b"")
            post_hook(row, told("Look", media=f"{desk.base}/media/1"))
            drain()
            assert matters(house) == []
            with workspace_scope(house.north):
                (hook_id,) = waiting_hooks(row.id, limit=9)
            with pytest.raises(MediaTrouble):
                fetch_files(workspace_id=house.north, hook_id=hook_id)

            desk.files["/media/1"] = (200, {"Content-Type": "image/png"}, b"\x89PNG not really")
            fetch_files(workspace_id=house.north, hook_id=hook_id)
            fetch_files(workspace_id=house.north, hook_id=hook_id)

        (case,) = matters(house)
        with workspace_scope(house.north):
            (message,) = said(case)
            (file,) = files_by_id([one.file_id for one in message.files]).values()
        assert (message.text, file.byte_count, message.warnings) == ("Look", 15, ())

    def test_a_picture_that_nobody_gives_out_holds_its_message_up_no_longer_than_three_tries(
        self, house: House
    ) -> None:
        with number(house) as (row, desk):
            desk.files["/media/1"] = (404, {}, b"")
            post_hook(row, told("Look", media=f"{desk.base}/media/1"))
            drain()
            with workspace_scope(house.north):
                (hook_id,) = waiting_hooks(row.id, limit=9)
            for _time in range(2):
                with pytest.raises(MediaTrouble):
                    fetch_files(workspace_id=house.north, hook_id=hook_id)
            fetch_files(workspace_id=house.north, hook_id=hook_id)

        (case,) = matters(house)
        with workspace_scope(house.north):
            assert said(case)[0].warnings == ("file_missing",)


class TestOut:
    def test_an_answer_goes_out_plain_by_the_api_and_is_not_sent_twice(self, house: House) -> None:
        with number(house) as (row, desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)
            message_id = answered(house, case)
            let_go(house, message_id)
            send(workspace_id=house.north, message_id=message_id)
            send(workspace_id=house.north, message_id=message_id)

            (sent,) = desk.sent
            assert (sent["From"], sent["To"], sent["Body"]) == (OURS, OMARS, "It is on its way.")
            assert sent["StatusCallback"].endswith(f"/in/north/texts/{row.key}/statuses/{message_id}")
            assert state_of(house, case) == "sent"
            with workspace_scope(house.north):
                assert said(case)[-1].segment_count == 1

    def test_states_come_in_any_order_and_never_go_back(self, house: House) -> None:
        with number(house) as (row, _desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)
            message_id = answered(house, case)
            let_go(house, message_id)

            def wire(*_words: object, **_more: object) -> Receipt:
                # The provider tells of it before its answer has reached us.
                post_hook(row, {"MessageSid": "SM9", "MessageStatus": "delivered"}, end=f"statuses/{message_id}")
                drain()
                return Receipt(outcome=Outcome.ACCEPTED, provider_id="SM9")

            with workspace_scope(house.north):
                conversations.begin_sending(message_id=message_id, actor=SENDING, at=clock.now())
            put_on_wire(workspace_id=house.north, message_id=message_id, wire=wire)
            assert state_of(house, case) == "delivered"
            for _time in range(2):
                post_hook(row, {"MessageSid": "SM9", "MessageStatus": "sent"}, end=f"statuses/{message_id}")
                drain()

            assert state_of(house, case) == "delivered"
            post_hook(row, {"MessageSid": "SM9", "MessageStatus": "sent"}, end="statuses/999999")
            drain()
            with workspace_scope(house.north):
                assert [one.reason for one in hooks_in_quarantine(row.id, viewer=HOUSE)] == ["unknown_message"]

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            ((400, {"code": 21211, "message": "Invalid 'To' Phone Number"}), "failed"),
            ((429, {"code": 20429, "message": "Too Many Requests"}), "paused"),
            ((500, {}), "uncertain"),
            (None, "uncertain"),
        ],
    )
    def test_what_is_not_known_is_said_to_be_unknown(
        self, house: House, answer: tuple[int, dict[str, object]] | None, state: str
    ) -> None:
        with number(house) as (row, desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)
            message_id = answered(house, case)
            let_go(house, message_id)
            desk.answers, desk.drops = [answer] if answer else [], answer is None

            send(workspace_id=house.north, message_id=message_id)

            assert state_of(house, case) == state
            assert len(desk.sent) == 1

    def test_a_provider_that_does_not_let_us_in_is_shown_on_its_page(self, house: House) -> None:
        with number(house) as (row, desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)
            message_id = answered(house, case)
            let_go(house, message_id)
            desk.answers = [(401, {"code": 20003, "message": "Authenticate"})]

            send(workspace_id=house.north, message_id=message_id)

            with workspace_scope(house.north):
                assert messenger(row.id).last_error.startswith("wrong_token")

    def test_what_a_text_message_cannot_carry_is_refused_before_it_is_written(self, house: House) -> None:
        with number(house) as (row, desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)

            with pytest.raises(WordsUnfit, match="1600"):
                answered(house, case, "a" * 1601)
            with workspace_scope(house.north):
                channels.pause_messenger(messenger_id=row.id, actor=HOUSE, at=clock.now())
            with pytest.raises(WordsUnfit, match="not live"):
                answered(house, case)
            with workspace_scope(house.north):
                assert len(said(case)) == 1
            assert desk.sent == []


class TestConsent:
    def test_stop_is_heeded_until_start(self, house: House) -> None:
        with number(house) as (row, desk):
            post_hook(row, told("Where is it?"))
            drain()
            (case,) = matters(house)
            message_id = answered(house, case)
            post_hook(row, told("STOP", sid="SM2"))
            drain()

            with pytest.raises(WordsUnfit, match="no more text messages"):
                answered(house, case)
            let_go(house, message_id)
            send(workspace_id=house.north, message_id=message_id)
            assert desk.sent == []

            post_hook(row, told("Start", sid="SM3"))
            drain()
            answered(house, case)

        assert len(matters(house)) == 1

    def test_a_stop_out_of_the_blue_opens_no_case(self, house: House) -> None:
        with number(house) as (row, _desk):
            post_hook(row, told("STOP"))
            drain()

        assert matters(house) == []

    def test_yes_is_an_answer_to_whoever_never_said_stop(self, house: House) -> None:
        with number(house) as (row, _desk):
            post_hook(row, told("Yes"))
            drain()

        assert [case.row.subject for case in matters(house)] == ["Yes"]
