"""What a workspace calls things, how it is set up, and what was done."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.faces.api.shapes.cases import Category, Order
from careloop.faces.api.shapes.common import Asked, Given, Id, Language, Moment, PageAsked, Shown, Text

Column = Literal[
    "number", "subject", "requester", "status", "priority", "assignee", "team", "type", "channel", "tags", "opened",
    "activity", "waiting",
]  # fmt: skip
Short = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]


class StatusShown(Shown):
    id: int
    name: str
    category: Category
    is_default: bool


class StatusList(Shown):
    items: list[StatusShown]


class StatusMade(Given):
    name: Short
    category: Category


class NameGiven(Given):
    name: Short


class TypeShown(Shown):
    id: int
    name: str
    is_default: bool


class TypeList(Shown):
    items: list[TypeShown]


class ReasonShown(Shown):
    """path: the names from the root of the tree to it."""

    id: int
    code: str
    path: list[str]


class ReasonList(Shown):
    items: list[ReasonShown]


class BranchGiven(Given):
    """A reason and what it divides into. code: the same across versions; made from the name when empty."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    code: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]*$")] = ""
    branches: Annotated[list["BranchGiven"], Field(max_length=100)] = []


class ReasonsGiven(Given):
    branches: Annotated[list[BranchGiven], Field(max_length=100)]


class ViewShown(Shown):
    key: str
    name: str
    conditions: dict[str, Any]
    columns: list[str]
    order: Order
    is_own: bool
    is_system: bool


class ViewList(Shown):
    items: list[ViewShown]


class ViewGiven(Given):
    """conditions: a tree (docs/reference/conditions.md); an empty one holds for every case."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
    conditions: dict[str, Any]
    columns: Annotated[list[Column], Field(min_length=1, max_length=13)]
    order: Order = "-activity_at"
    is_shared: bool = False


class PlaceGiven(Given):
    """place: 0 for the first; beyond the end, the last."""

    place: Annotated[int, Field(ge=0, le=10_000)]


class ViewCountShown(Shown):
    """is_bounded: there are at least this many."""

    count: int
    is_bounded: bool


class SavedReplyShown(Shown):
    id: int
    name: str
    language: str
    html: str
    is_own: bool
    used_count: int


class SavedReplyList(Shown):
    items: list[SavedReplyShown]


class SavedReplyAsked(Asked):
    query: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class PhraseShown(Shown):
    """A saved reply for one case: its variables are filled in."""

    id: int
    name: str
    html: str
    is_own: bool


class PhraseList(Shown):
    items: list[PhraseShown]


class SavedReplyGiven(Given):
    """html may hold variables such as {{ customer }}."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    html: Text
    language: Language = ""
    is_shared: bool = False


class NoticeShown(Shown):
    """Of a case, of a flag on numbers, of somebody who asks for help, or of a call whose caller waits.

    Of case_number, flag_id, hand_id and call_id one is not null.

    All are null where a rule was paused that failed on calls before they had a case; the actor names it. task_id: of a task of the
    case, if it is about one.
    """

    id: int
    kind: str
    case_number: int | None
    flag_id: int | None
    hand_id: int | None
    call_id: int | None
    task_id: int | None
    actor: str
    at: datetime
    is_read: bool


class NoticePage(Shown):
    """unread_count: of all one's notices, up to 100."""

    items: list[NoticeShown]
    next_cursor: str | None
    unread_count: int


class WorkspaceShown(Shown):
    """undo_send_seconds: how long an answer can be taken back. contact_quiet_hours: of silence, until a contact ends.

    day_begins: when a day of operation begins, in the time zone of the workspace.
    """

    key: str
    may_send: bool
    name: str
    language: str
    time_zone: str
    accent_color: str
    undo_send_seconds: int
    contact_quiet_hours: int
    day_begins: str
    hosts: list[str]


class WorkspaceChange(Given):
    """What is left out stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")] | None = None
    language: Literal["en", "ko", "zh-hans", "vi"] | None = None
    time_zone: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] | None = None
    accent_color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", max_length=7)] | None = None
    undo_send_seconds: Annotated[int, Field(ge=0, le=120)] | None = None
    contact_quiet_hours: Annotated[int, Field(ge=1, le=2160)] | None = None
    day_begins: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[03]0$")] | None = None


class HostGiven(Given):
    host: Annotated[str, Field(min_length=4, max_length=253, pattern=r"^[A-Za-z0-9.-]+$")]


class EventShown(Shown):
    """One act. position: its place in the log for ever. facts: what the act has to say beside who, when and what."""

    id: int
    position: int
    name: str
    subject: str
    actor: str
    at: datetime
    recorded_at: datetime
    facts: dict[str, Any]


class EventPage(Shown):
    """The oldest first. next_cursor is the position of the last event, and null at the end of the log."""

    items: list[EventShown]
    next_cursor: str | None


class EventAsked(Asked):
    """cursor: a position; events behind it are shown."""

    cursor: Annotated[str, Field(max_length=19, pattern=r"^[0-9]+$")] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class TrailAsked(PageAsked):
    """Which acts. person_id: only theirs. name: only acts of this kind. since, until: from a moment on, and before one."""

    person_id: Id | None = None
    name: Annotated[str, Field(max_length=80, pattern=r"^[a-z_.]+$")] | None = None
    since: Moment | None = None
    until: Moment | None = None


class TrailPage(Shown):
    """The newest first, by when they happened."""

    items: list[EventShown]
    next_cursor: str | None
