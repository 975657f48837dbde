"""What is shown of chats: to the visitor their own, to our people what they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careloop.domains.chats.queries import chat_rows, marked_messages
from careloop.domains.chats.types import ChatRow
from careloop.domains.conversations.queries import messages_by_id
from careloop.domains.conversations.types import Author, MessageRow
from careloop.domains.files.queries import files_by_id
from careloop.domains.files.types import FileRow

__all__ = ["MOST_WORDS", "Line", "Look", "look_at", "words_of"]

MOST_WORDS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A word of a chat. is_ours: an agent's. user_id: whose; None for the visitor's. name: what the writer is called."""

    id: int
    is_ours: bool
    user_id: int | None
    name: str
    at: datetime
    text: str
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A chat as it stands, and what was said behind what is known."""

    row: ChatRow
    lines: Sequence[Line]


def look_at(after: Mapping[int, int]) -> dict[int, Look]:
    """Return some chats with what was said in each behind a message that is known, in at most five queries, however many.

    after: the last known message by chat, 0 for all. Who may look is settled before. Chats that are gone are left out.
    """
    rows = chat_rows(after.keys())
    said = marked_messages({chat_id: after[chat_id] for chat_id in rows}, limit=MOST_WORDS)
    found = messages_by_id([message_id for ids in said.values() for message_id in ids])
    files = files_by_id(file.file_id for message in found.values() for file in message.files)
    return {
        chat_id: Look(
            row=row, lines=[_line(found[message_id], files) for message_id in said[chat_id] if message_id in found]
        )
        for chat_id, row in rows.items()
    }


def words_of(chat_id: int) -> Sequence[Line]:
    """Return what was said in a chat so far, its first 1000 words at most."""
    looks = look_at({chat_id: 0})
    return looks[chat_id].lines if chat_id in looks else ()


def _line(message: MessageRow, files: Mapping[int, FileRow]) -> Line:
    return Line(
        id=message.id,
        is_ours=message.author == Author.AGENT,
        user_id=message.user_id,
        name=message.writer,
        at=message.at,
        text=message.text,
        files=tuple(files[file.file_id] for file in message.files if file.file_id in files),
    )
