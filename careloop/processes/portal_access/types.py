"""A request as its customer lives it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Author", "Enclosure", "SignedIn", "Story", "Upload", "Word"]


class Author(StrEnum):
    """Who wrote a word, from the reader's side."""

    YOU = "you"
    OTHER_CUSTOMER = "other_customer"
    TEAM = "team"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a browser sent it. declared_type: the browser's word on what it is. read: gives all its bytes."""

    name: str
    declared_type: str
    byte_count: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file of a word. content_id: what the HTML calls it, or empty. is_previewed: whether there is a small picture."""

    file_id: int
    name: str
    content_type: str
    byte_count: int
    content_id: str
    is_inline: bool
    is_risky: bool
    is_previewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One message. html: of our own people only and not yet sanitized; empty when the plain text is to be shown."""

    id: int
    author: Author
    name: str
    at: datetime
    text: str
    html: str
    enclosures: tuple[Enclosure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A request with its words, oldest first: no note, no third party, no assignee, nothing inner.

    case_id: for acts on it. category: which the portal puts into the customer's words.
    earlier_before_id: where to read on for what was said before; None when this is the beginning.
    we_call_by, we_write_by: what we gave our word for and have not done yet.
    """

    case_id: int
    number: int
    subject: str
    category: str
    opened_at: datetime
    words: tuple[Word, ...]
    earlier_before_id: int | None
    we_call_by: datetime | None = None
    we_write_by: datetime | None = None

    @property
    def mark(self) -> str:
        """Changes whenever a reader has something new to see."""
        owed_by = self.we_call_by or self.we_write_by
        owed = "" if owed_by is None else f"-{int(owed_by.timestamp())}"
        return f"{self.words[-1].id if self.words else 0}-{self.category}{owed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """session_token: the secret for the customer's browser. next_path: where they wanted to go, or empty."""

    session_token: str
    customer_id: int
    next_path: str
