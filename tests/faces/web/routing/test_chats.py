"""Chats on the floor and among the offers."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from careloop.domains.chats.queries import chat_row
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import QueueSettings
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import pick
from careloop.processes.routing import keeping
from careloop.processes.routing.chats import place_chat
from careloop.processes.routing.searching import route
from tests.cast import NOW, House
from tests.chatting import begin, put_on_site
from tests.flooring import offer_of, put_into

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


@dataclass(frozen=True)
class Shop:
    house: House
    chat_id: int

    @property
    def agent(self) -> str:
        with workspace_scope(self.house.north):
            return chat_row(self.chat_id).agent


@pytest.fixture
def shop(house: House) -> Shop:
    """A visitor who waits in a queue for chats."""
    with workspace_scope(house.north):
        settings = QueueSettings(name="Chats", kinds=(Kind.CHAT,), is_by_language=False)
        queue = keeping.make_queue(settings=settings, actor=HOUSE, at=NOW)
        chat = begin(put_on_site(queue_id=queue))
        place_chat(chat_id=chat.id, at=NOW)
    return Shop(house, chat.id)


def test_an_offer_of_a_chat_says_whose_it_is_and_leads_to_it(house: House, shop: Shop, signed_in: SignedIn) -> None:
    put_into(house, "ada", State.AVAILABLE, at=NOW)
    route(NOW)
    ada = signed_in("ada")

    page = ada.get("/w/north/offers/").content.decode()
    answer = ada.post(f"/w/north/offers/{offer_of(house, 'ada').id}/acceptance")

    assert "Where is my parcel?" in page
    assert "Omar" in page
    assert (answer.status_code, answer["Location"]) == (302, f"/w/north/chats/{shop.chat_id}")
    assert shop.agent == "Ada"


def test_a_chat_that_waits_is_named_on_the_floor(house: House, shop: Shop, signed_in: SignedIn) -> None:
    page = signed_in("grace").get("/w/north/floor/").content.decode()

    assert "Where is my parcel?" in page
    assert "Omar" in page


class TestTakingOver:
    @pytest.fixture
    def taken(self, house: House, shop: Shop) -> Shop:
        with workspace_scope(house.north):
            pick(chat_id=shop.chat_id, actor=house.actor("ada"), at=NOW)
        return shop

    def test_leads_to_the_chat(self, house: House, taken: Shop, signed_in: SignedIn) -> None:
        grace = signed_in("grace")
        assert "With Ada" in grace.get("/w/north/floor/").content.decode()

        answer = grace.post(
            f"/w/north/floor/chats/{taken.chat_id}/person",
            {"user_id": house.ids["grace"], "seen_agent_id": house.ids["ada"]},
        )

        assert (answer.status_code, answer["Location"]) == (302, f"/w/north/chats/{taken.chat_id}")
        assert taken.agent == "Grace"
        assert "With Grace" in grace.get(f"/w/north/floor/chats/{taken.chat_id}").content.decode()

    def test_of_what_moved_meanwhile_is_told(self, house: House, taken: Shop, signed_in: SignedIn) -> None:
        said = {"user_id": house.ids["olga"], "seen_agent_id": house.ids["ada"]}
        signed_in("grace").post(f"/w/north/floor/chats/{taken.chat_id}/person", said)

        answer = signed_in("mina").post(
            f"/w/north/floor/chats/{taken.chat_id}/person", {**said, "user_id": house.ids["grace"]}
        )

        assert answer.status_code == 409
        assert "Olga has this chat now." in answer.content.decode()
        assert taken.agent == "Olga"

    def test_lets_it_wait_again(self, house: House, taken: Shop, signed_in: SignedIn) -> None:
        answer = signed_in("grace").post(
            f"/w/north/floor/chats/{taken.chat_id}/waiting", {"seen_agent_id": house.ids["ada"]}
        )

        assert (answer.status_code, answer["Location"]) == (302, "/w/north/floor/")
        assert taken.agent == ""

    @pytest.mark.parametrize(("name", "status"), [("ada", 403), ("anh", 403), ("vera", 403)])
    def test_is_for_who_leads(self, house: House, taken: Shop, signed_in: SignedIn, name: str, status: int) -> None:
        said = {"user_id": house.ids["grace"], "seen_agent_id": house.ids["ada"]}

        assert signed_in(name).post(f"/w/north/floor/chats/{taken.chat_id}/person", said).status_code == status
        assert taken.agent == "Ada"

    def test_is_closed_to_strangers(self, house: House, taken: Shop, signed_in: SignedIn) -> None:
        said = {"user_id": house.ids["ines"], "seen_agent_id": house.ids["ada"]}

        ines = signed_in("ines")

        assert ines.post(f"/w/south/floor/chats/{taken.chat_id}/person", said).status_code == 404
        assert ines.get(f"/w/south/floor/chats/{taken.chat_id}").status_code == 404
