"""Who asks for help and who comes, and what is told to teams."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from careloop.domains.cases.queries import case_briefs
from careloop.domains.supervision.types import HandRow, MessageRow, SentRow
from careloop.faces.api.shapes.common import Given, Id, Shown

__all__ = [
    "HelpGiven",
    "OwnMessageList",
    "RaisedHandList",
    "RaisedHandShown",
    "SentMessageList",
    "TeamMessageGiven",
    "hand_shown",
    "message_shown",
    "sent_shown",
]


class HelpGiven(Given):
    """about: a word on what one needs help with, or empty. case_number: what one has before one."""

    about: Annotated[str, Field(max_length=200)] = ""
    case_number: Id | None = None


class RaisedHandShown(Shown):
    """Somebody who asks for help. helper_id: who is on the way. lowered_at: null while it is not over."""

    id: int
    user_id: int
    about: str
    case_number: int | None
    chat_id: int | None
    raised_at: datetime
    helper_id: int | None
    taken_at: datetime | None
    lowered_at: datetime | None


class RaisedHandList(Shown):
    """At most 100."""

    items: list[RaisedHandShown]


def hand_shown(row: HandRow) -> dict[str, Any]:
    """Return a raised hand as machines read it."""
    case = case_briefs([row.case_id]).get(row.case_id) if row.case_id is not None else None
    return {
        "id": row.id,
        "user_id": row.user_id,
        "about": row.about,
        "case_number": case.number if case is not None else None,
        "chat_id": row.chat_id,
        "raised_at": row.raised_at,
        "helper_id": row.helper_id,
        "taken_at": row.taken_at,
        "lowered_at": row.lowered_at,
    }


class TeamMessageGiven(Given):
    """team_id: null for everybody at work."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    team_id: Id | None = None


class OwnMessageShown(Shown):
    """A message to one's team."""

    id: int
    sender_id: int
    text: str
    sent_at: datetime


class OwnMessageList(Shown):
    """The oldest first, at most 20."""

    items: list[OwnMessageShown]


class SentMessageShown(Shown):
    """A message to a team. team_id: null for everybody at work. reader_ids, other_ids: who has read it, and who has not."""

    id: int
    sender_id: int
    text: str
    sent_at: datetime
    team_id: int | None
    reader_ids: list[int]
    other_ids: list[int]


class SentMessageList(Shown):
    """The newest first, at most 50."""

    items: list[SentMessageShown]


def message_shown(row: MessageRow) -> dict[str, Any]:
    """Return a message to a team as machines read it."""
    return {"id": row.id, "sender_id": row.sender_id, "text": row.text, "sent_at": row.sent_at}


def sent_shown(row: SentRow) -> dict[str, Any]:
    """Return a message to a team with who has read it as machines read it."""
    own = {"team_id": row.team_id, "reader_ids": list(row.readers), "other_ids": list(row.others)}
    return {**message_shown(row.message), **own}
