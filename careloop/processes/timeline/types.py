"""What a timeline is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from careloop.domains.cases.types import NoteRow
from careloop.domains.conversations.types import MessageRow
from careloop.kernel.events import Recorded

__all__ = ["Mark", "Moment", "Story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened in a case: somebody's words, a note, or an act from the log."""

    what: MessageRow | NoteRow | Recorded

    @property
    def at(self) -> datetime:
        """When it happened; for a message, by its provider's clock."""
        return self.what.event.at if isinstance(self.what, Recorded) else self.what.at

    @property
    def kind(self) -> str:
        """`message`, `note` or `event`."""
        match self.what:
            case MessageRow():
                return "message"
            case NoteRow():
                return "note"
            case Recorded():
                return "event"
            case _:
                assert_never(self.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in a story, between what was read and what is older: the smallest ids read so far, one of each kind."""

    message_id: int
    note_id: int
    event_id: int

    def __str__(self) -> str:
        return f"{self.message_id}.{self.note_id}.{self.event_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A part of a case's story, oldest first.

    begins_at: hand it back to read on behind the oldest moment, or to read everything since. has_older: whether there is more.
    newest_message_id: of the last words up to its end, even where later acts crowd them out; None when there are none.
    """

    moments: Sequence[Moment]
    begins_at: Mark
    has_older: bool
    newest_message_id: int | None
