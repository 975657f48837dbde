"""A call instead of waiting or writing: offered where a queue takes callbacks, promised in the time that can be kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.queries import case_briefs, case_id_of_number
from careloop.domains.chats.models import Chat
from careloop.domains.chats.queries import chat_row
from careloop.domains.chats.states import State
from careloop.domains.commitments.queries import callbacks_owed
from careloop.domains.commitments.states import Way
from careloop.domains.customers.queries import customers_of_number
from careloop.domains.people.attendance import note_here
from careloop.domains.queues.states import Kind
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import receive_request
from careloop.processes.answering.types import Words
from careloop.processes.calling import callback_window
from careloop.processes.chatting import pick
from tests.cast import NOW, House
from tests.chatting import mark, put_on_site
from tests.faces.portal.conftest import INA, OMAR
from tests.faces.portal.test_chat import CHAT, SECRET, ask, begin
from tests.routing import Floor

pytestmark = pytest.mark.database

PHONE = "+82 10 1234 5678"


@pytest.fixture(autouse=True)
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def shop(house: House, *kinds: Kind) -> None:
    """Put a chat on the shop's site whose queue takes some kinds, with Ada there."""
    queue = Floor(house).queue(is_by_language=False, kinds=kinds)
    with workspace_scope(house.north):
        put_on_site(queue_id=queue)
        note_here(user_id=house.ids["ada"], at=NOW)


def owed(house: House, case_id: int) -> Any:
    with workspace_scope(house.north):
        return callbacks_owed([case_id], viewer=HOUSE).get(case_id)


def request_of(house: House, address: str) -> int:
    """Let a customer write in, and return the number of their request."""
    with workspace_scope(house.north):
        words = Words(text="Where is my parcel?", html="")
        case_id = receive_request(
            channel="web_form",
            address=address,
            name="Customer",
            language="en",
            subject_line="",
            words=words,
            actor=HOUSE,
            at=NOW,
        )
        return case_briefs([case_id])[case_id].number


class TestWhoeverWaitsInAChat:
    def test_is_promised_a_call_and_waits_no_more(self, house: House) -> None:
        shop(house, Kind.CHAT, Kind.CALLBACK)
        begin()
        with workspace_scope(house.north):
            window = callback_window(at=NOW)
            chat_id = Chat.objects.get().pk

        offered = ask(f"{CHAT}config", secret="").json()["callback"]
        wrong = ask(f"{CHAT}callback", {"phone": "call me"})
        answer = ask(f"{CHAT}callback", {"phone": PHONE})
        again = ask(f"{CHAT}callback", {"phone": PHONE})

        assert offered == {"from": None, "by": window.due_at.isoformat()}
        assert (wrong.status_code, answer.status_code, again.status_code) == (422, 201, 409)
        assert "phone number" in wrong.json()["error"]["fields"]["phone"]
        assert answer.json() == offered
        with workspace_scope(house.north):
            chat = chat_row(chat_id)
            assert customers_of_number(PHONE) == [chat.customer_id]
        assert chat.state == State.ENDED
        assert owed(house, chat.case_id) == (Way.CALL, window.due_at)

    def test_stays_with_whoever_has_just_come(self, house: House) -> None:
        shop(house, Kind.CHAT, Kind.CALLBACK)
        begin()
        with workspace_scope(house.north):
            chat = chat_row(Chat.objects.get().pk)
            pick(chat_id=chat.id, actor=house.actor("ada"), at=NOW)

        answer = ask(f"{CHAT}callback", {"phone": PHONE})

        assert (answer.status_code, owed(house, chat.case_id)) == (409, None)

    def test_is_offered_none_where_the_queue_takes_none(self, house: House) -> None:
        shop(house, Kind.CHAT)
        begin()
        said = {"mark": mark(), "address": OMAR, "name": "Omar", "text": "Call me.", "phone": PHONE}

        answers = [ask(f"{CHAT}callback", {"phone": PHONE}), ask(f"{CHAT}requests", said)]

        assert ask(f"{CHAT}config", secret="").json()["callback"] is None
        assert [answer.status_code for answer in answers] == [409, 409]
        with workspace_scope(house.north):
            assert chat_row(Chat.objects.get().pk).state == State.WAITING

    def test_is_nobody_elses_to_ask(self, house: House) -> None:
        shop(house, Kind.CHAT, Kind.CALLBACK)
        begin()

        assert ask(f"{CHAT}callback", {"phone": PHONE}, secret="b" * len(SECRET)).status_code == 404


class TestAMessageLeft:
    def test_may_ask_for_a_call(self, house: House) -> None:
        shop(house, Kind.CHAT, Kind.CALLBACK)
        said = {"mark": mark(), "address": OMAR, "name": "Omar", "text": "Where is my parcel?", "phone": PHONE}

        first, second = ask(f"{CHAT}requests", said), ask(f"{CHAT}requests", said)

        assert (first.status_code, second.json()) == (201, first.json())
        with workspace_scope(house.north):
            case_id = case_id_of_number(number=first.json()["number"], viewer=HOUSE)
        way, due_at = owed(house, case_id)
        assert (way, due_at.isoformat()) == (Way.CALL, first.json()["callback"]["by"])


class TestACustomerOfThePortal:
    def test_asks_for_a_call_about_their_request(self, house: House, customer_browser: Callable[..., Client]) -> None:
        Floor(house).queue(kinds=(Kind.CALLBACK,))
        number = request_of(house, OMAR)
        request_of(house, INA)
        browser, path = customer_browser(OMAR), f"/help/north/requests/{number}"

        page = browser.get(path).content.decode()
        wrong = browser.post(f"{path}/callback", {"phone": "?"})
        answer = browser.post(f"{path}/callback", {"phone": PHONE})
        after = browser.get(path).content.decode()
        stranger = customer_browser(INA).post(f"{path}/callback", {"phone": PHONE})

        assert "Shall we call you?" in page
        assert (wrong.status_code, answer.status_code, stranger.status_code) == (422, 302, 404)
        assert "This is not a phone number" in wrong.content.decode()
        assert "We will call you by" in after
        assert "Shall we call you?" not in after

    def test_is_offered_none_where_nobody_calls_back(
        self, house: House, customer_browser: Callable[..., Client]
    ) -> None:
        path = f"/help/north/requests/{request_of(house, OMAR)}"
        browser = customer_browser(OMAR)

        answer = browser.post(f"{path}/callback", {"phone": PHONE})

        assert "Shall we call you?" not in browser.get(path).content.decode()
        assert answer.status_code == 409
