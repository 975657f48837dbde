"""What has to be written, and the finished letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.boards.types import BoardRow
from careloop.domains.reports.types import ReportContent
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.kernel.actors import Actor

__all__ = ["Attachment", "Errand", "Letter", "Picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A report for one reader. viewer: the reader, with their rights now. due_at: as of when periods are meant.

    language, time_zone: the reader's own.
    """

    report_id: int
    content: ReportContent
    board: BoardRow
    viewer: Actor
    workspace: WorkspaceFacts
    language: str
    time_zone: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in the letter. key: its place, as `cid:key` in the HTML. png: the bytes."""

    key: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: str
    media_type: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail, written."""

    subject: str
    text: str
    html: str
    pictures: Sequence[Picture] = ()
    attachments: Sequence[Attachment] = ()
