"""Tell every process that something is new in a chat: a NOTIFY, no row, no event; what it is, whoever hears it reads."""

import json
from typing import Final

from django.db import connection

from careloop.kernel.scope import current_workspace

__all__ = ["CHAT", "say_news", "say_typing"]

CHAT: Final = "careloop_chat"


def say_news(*, chat_id: int, is_place: bool = False) -> None:
    """Let everybody who watches a chat look again once this transaction is committed.

    is_place: the chats that wait may have another order now, too.
    """
    _say({"chat": chat_id, "place": is_place})


def say_typing(*, chat_id: int, who: str, name: str) -> None:
    """Say that somebody writes. who: "visitor", or "agent" with the name that visitors read."""
    _say({"chat": chat_id, "typing": who, "name": name})


def _say(told: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHAT, json.dumps({"workspace": current_workspace(), **told})])
