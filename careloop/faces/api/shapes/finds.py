"""What a search finds."""

from careloop.faces.api.shapes.cases import CaseShown
from careloop.faces.api.shapes.common import Shown
from careloop.faces.api.shapes.customers import CustomerShown

__all__ = ["FindsShown", "MessageFindShown", "NoteFindShown"]


class MessageFindShown(Shown):
    message_id: int
    case_number: int


class NoteFindShown(Shown):
    note_id: int
    case_number: int


class FindsShown(Shown):
    """The newest of each kind first."""

    cases: list[CaseShown]
    messages: list[MessageFindShown]
    notes: list[NoteFindShown]
    customers: list[CustomerShown]
