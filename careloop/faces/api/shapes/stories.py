"""The story of a case, and of a customer."""

from datetime import datetime
from typing import Literal

from careloop.faces.api.shapes.cases import CaseEventShown, CaseShown, NoteShown
from careloop.faces.api.shapes.common import Shown
from careloop.faces.api.shapes.conversations import MessageShown
from careloop.faces.api.shapes.customers import CustomerNoteShown

__all__ = ["CustomerStoryPage", "StoryPage"]


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


class CustomerMomentShown(Shown):
    """One thing that happened with a customer. case: the one opened, or the one a message stands in. who: our writer."""

    kind: Literal["case", "message", "note"]
    at: datetime
    who: str
    case: CaseShown | None
    message: MessageShown | None
    note: CustomerNoteShown | None


class CustomerStoryPage(Shown):
    """The newest first."""

    items: list[CustomerMomentShown]
    next_cursor: str | None
