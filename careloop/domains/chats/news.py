"""Tell every process that something is new in a chat: a NOTIFY, no row, no event; what it is, whoever hears it reads."""

import json
from typing import Final

from django.db import connection

from careloop.kernel.scope import current_workspace
from careloop.kernel.statements import ask

__all__ = ["CHAT", "say_news", "say_typing"]

CHAT: Final = "careloop_chat"


_NEWS: Final = """
SELECT pg_notify(%s, jsonb_build_object(
    'workspace', %s::bigint, 'chat', told.chat, 'place', %s::boolean, 'people', to_jsonb(array(
        SELECT agent_id FROM chats_chat WHERE id = told.chat AND agent_id IS NOT NULL
        UNION SELECT user_id FROM chats_helper WHERE chat_id = told.chat
    ))
)::text) FROM unnest(%s::bigint[]) AS told (chat)
"""


def say_news(*chat_ids: int, is_place: bool = False) -> None:
    """Let everybody who watches a chat look again once this transaction is committed, and those who have it know.

    is_place: the chats that wait may have another order now, too.
    """
    ask(_NEWS, [CHAT, current_workspace(), is_place, list(chat_ids)])


def say_typing(*, chat_id: int, who: str, name: str) -> None:
    """Say that somebody writes. who: "visitor", or "agent" with the name that visitors read."""
    told = {"workspace": current_workspace(), "chat": chat_id, "typing": who, "name": name}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHAT, json.dumps(told)])
