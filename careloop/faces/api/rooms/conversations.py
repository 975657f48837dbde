"""Reading what was said."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from careloop.domains.conversations.queries import messages
from careloop.domains.conversations.types import MessageRow
from careloop.domains.people.types import Scope
from careloop.faces.api.histories import position_of
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import detail_of, is_outsider, ranges_of
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.conversations import MessagePage
from careloop.faces.api.visits import visit_of
from careloop.gateways.mime import sanitize

__all__ = ["message_shown", "room"]

room = Room()


@room.opens("GET", "/cases/{number}/messages", Scope.CASES_READ, MessagePage)
def list_messages(request: HttpRequest, number: PathId, asked: Query[PageAsked]) -> Any:
    """List the messages of a case, the newest first."""
    found = messages(
        ranges_of(detail_of(request, number).conversations),
        limit=asked.limit + 1,
        before_id=position_of(asked.cursor) if asked.cursor else None,
        for_customer=is_outsider(visit_of(request).actor),
    )
    # Pages follow ids; within a page the provider's time decides.
    is_more = len(found) > asked.limit
    if is_more:
        found.remove(min(found, key=lambda row: row.id))
    return {
        "items": [message_shown(row) for row in reversed(found)],
        "next_cursor": str(min(row.id for row in found)) if is_more else None,
    }


def message_shown(row: MessageRow) -> dict[str, Any]:
    """Return a message in the shape of the API, its HTML without anything that could harm a reader."""
    return {
        "id": row.id,
        "conversation_id": row.conversation_id,
        "author": row.author,
        "customer_id": row.customer_id,
        "user_id": row.user_id,
        "at": row.at,
        "is_auto": row.is_auto,
        "warnings": row.warnings,
        "text": row.text,
        "quoted": row.quoted,
        "html": sanitize(row.html, allow_remote_images=False, inline={}),
        "mail": row.mail,
        "delivery": row.delivery,
        "segment_count": row.segment_count,
        "files": row.files,
    }
