"""What somebody wrote, before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The inside of a message of ours.

    html: sanitized by the face; text: the same as plain text. file_ids: uploaded files, still loose, of this writer.
    reply_ids: saved replies that were put into it.
    left_open: places such as {{ customer }} that the writer wants to be read as they stand.
    """

    text: str
    html: str
    file_ids: Sequence[int] = ()
    reply_ids: Sequence[int] = ()
    left_open: Sequence[str] = ()
