"""Chats for tests: a widget on a shop's site, and visitors who write in it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from careloop.domains.chats.queries import chat_row, widget_in_use
from careloop.domains.chats.services import add_widget
from careloop.domains.chats.types import ChatRow, WidgetRow, WidgetSettings
from careloop.kernel.actors import HOUSE
from careloop.processes.answering.types import Words
from careloop.processes.chatting import Beginning, Proved, agent_says, start_chat, visitor_says
from tests.cast import NOW, House

__all__ = ["OMAR", "SHOP", "answer", "begin", "later", "mark", "put_on_site", "say", "words"]

SHOP = "https://www.shop.example"
OMAR = "omar@customer.example"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def mark() -> str:
    return str(uuid.uuid4())


def words(text: str, **more: Any) -> Words:
    return Words(text=text, html="", **more)


def put_on_site(key: str = "shop", **said: Any) -> WidgetRow:
    """Make a widget for the shop's site in the workspace in scope; its visitors wait for ever, unless something else is said."""
    settings = {"name": "Shop chat", "language": "en", "allowed_origins": (SHOP,), "most_wait_s": 0, **said}
    add_widget(key=key, settings=WidgetSettings(**settings), actor=HOUSE, at=NOW)
    return widget_in_use(key)


def begin(
    widget: WidgetRow,
    text: str = "Where is my parcel?",
    *,
    secret: str = "",
    first: str = "",
    address: str = OMAR,
    proved: Proved | None = None,
    at: datetime = NOW,
) -> ChatRow:
    beginning = Beginning(
        secret=secret or mark(),
        mark=first or mark(),
        address=address,
        name="Omar",
        proved=proved,
        language="en",
        page=f"{SHOP}/parcels",
        text=text,
    )
    return start_chat(beginning, widget=widget, at=at)


def say(chat: ChatRow, text: str, *, by: str = "", previous: str = "", at: datetime = NOW) -> int:
    """Let the visitor say something."""
    return visitor_says(chat=chat_row(chat.id), mark=by or mark(), previous=previous, text=text, at=at)


def answer(
    house: House, chat: ChatRow, text: str, *, who: str = "ada", by: str = "", previous: str = "", at: datetime = NOW
) -> int:
    """Let somebody of ours answer."""
    return agent_says(
        chat_id=chat.id, mark=by or mark(), previous=previous, words=words(text), actor=house.actor(who), at=at
    )
