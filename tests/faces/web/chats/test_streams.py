"""Streams of chats reach whoever may hear them, and nobody of another house or without the secret."""

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from careloop.domains.chats.news import say_typing
from careloop.domains.chats.types import ChatRow
from careloop.domains.people.services import end_membership
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.chatting import SHOP, begin, put_on_site, say
from tests.serving import PATIENCE_SECONDS

pytestmark = pytest.mark.database

Open = Callable[..., http.client.HTTPResponse]
SECRET = "a" * 64


@pytest.fixture
def opened(port: int) -> Iterator[Open]:
    """Ask for a stream over a wire."""
    lines: list[http.client.HTTPConnection] = []

    def open_stream(path: str, **headers: str) -> http.client.HTTPResponse:
        lines.append(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines[-1].request("GET", path, headers=named)
        return lines[-1].getresponse()

    yield open_stream
    for line in lines:
        line.close()


@pytest.fixture
def chat(house: House) -> ChatRow:
    with workspace_scope(house.south):
        put_on_site()
    with workspace_scope(house.north):
        return begin(put_on_site(), secret=SECRET, at=clock.now())


def cookies(browser: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def heard_until(answer: http.client.HTTPResponse, name: str) -> list[dict[str, Any]]:
    """Read a stream up to the first news of this name."""
    heard: list[dict[str, Any]] = []
    while not heard or heard[-1]["name"] != name:
        line = answer.readline()
        assert line, heard
        if line.startswith(b"data: "):
            heard.append(json.loads(line[6:]))
    return heard


class TestAVisitorsStream:
    def test_needs_the_secret_and_the_site(self, house: House, chat: ChatRow, opened: Open) -> None:
        path = "/help/north/chat/shop/stream"
        bearer = f"Bearer {SECRET}"

        refused = [
            opened(path, Origin=SHOP).status,
            opened(path, Origin=SHOP, Authorization=f"Bearer {'b' * 64}").status,
            opened(path.replace("north", "south"), Origin=SHOP, Authorization=bearer).status,
            opened(path, Origin="https://thief.example", Authorization=bearer).status,
        ]
        own = opened(path, Origin=SHOP, Authorization=bearer)

        assert refused == [404, 404, 404, 403]
        assert own.status == 200
        assert own.headers["Access-Control-Allow-Origin"] == SHOP
        assert heard_until(own, "word")[-1]["text"] == "Where is my parcel?"


class TestAnAgentsStream:
    @pytest.mark.parametrize("who", ["cole", "vera", "ines"])
    def test_is_not_for_others(
        self, house: House, chat: ChatRow, opened: Open, signed_in: Callable[[str], Client], who: str
    ) -> None:
        answer = opened(f"/w/north/chats/live?chat={chat.id}", Cookie=cookies(signed_in(who)))

        assert answer.status in {403, 404}

    def test_says_nothing_of_another_house(
        self, house: House, chat: ChatRow, opened: Open, signed_in: Callable[[str], Client]
    ) -> None:
        ines = opened(f"/w/south/chats/live?chat={chat.id}", Cookie=cookies(signed_in("ines")))
        ada = opened(f"/w/north/chats/live?chat={chat.id}", Cookie=cookies(signed_in("ada")))
        heard_until(ada, "word")

        with workspace_scope(house.north):
            say(chat, "A secret of the north", at=clock.now())
            say_typing(chat_id=chat.id, who="visitor", name="Omar")
        heard_until(ada, "typing")
        # Ada has heard it, so that the other stream would have, too, before it hears of a chat of its own house.
        with workspace_scope(house.south):
            begin(put_on_site("bazaar"), at=clock.now())
        read_by_ines = [*heard_until(ines, "rows"), *heard_until(ines, "rows")]

        assert {told["name"] for told in read_by_ines} == {"rows"}

    def test_ends_for_whoever_has_left_also_while_words_come(
        self, house: House, chat: ChatRow, opened: Open, signed_in: Callable[[str], Client]
    ) -> None:
        ada = opened(f"/w/north/chats/live?chat={chat.id}", Cookie=cookies(signed_in("ada")))
        heard_until(ada, "word")

        with workspace_scope(house.north):
            end_membership(user_id=house.ids["ada"], actor=house.actor("mina"), at=clock.now())
        caches["near"].clear()  # a quarter of a minute later
        with workspace_scope(house.north):
            say(chat, "Nothing for her any more", at=clock.now())

        assert b"Nothing for her" not in ada.read()
