"""The story of a case."""

from datetime import datetime
from typing import Literal

from careloop.faces.api.shapes.cases import CaseEventShown, NoteShown
from careloop.faces.api.shapes.common import Shown
from careloop.faces.api.shapes.conversations import MessageShown

__all__ = ["StoryPage"]


class MomentShown(Shown):
    """One thing that happened; of message, note and event, the one named by kind is set."""

    kind: Literal["message", "note", "event"]
    at: datetime
    message: MessageShown | None
    note: NoteShown | None
    event: CaseEventShown | None


class StoryPage(Shown):
    """The newest first."""

    items: list[MomentShown]
    next_cursor: str | None
