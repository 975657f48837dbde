"""Cases."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from pydantic import Field, model_validator

from careloop.faces.api.shapes.common import Address, Given, Id, Language, PageAsked, Shown, Text

__all__ = [
    "AssignmentGiven",
    "CaseAsked",
    "CaseDetailShown",
    "CaseEventPage",
    "CaseGiven",
    "CasePage",
    "CaseShown",
    "CustomerWordsGiven",
    "FollowerGiven",
    "ForwardGiven",
    "NoteGiven",
    "NotePage",
    "NoteShown",
    "OurWordsGiven",
    "OutboundGiven",
    "OutboundTextGiven",
    "ParticipantGiven",
    "PresenceGiven",
    "PriorityGiven",
    "ReasonGiven",
    "ReplyGiven",
    "StatusGiven",
    "SubjectGiven",
    "TagsGiven",
    "TypeGiven",
    "WordsGiven",
]

Order = Literal["-activity_at", "activity_at", "-opened_at", "opened_at", "due_at"]
Category = Literal["new", "open", "waiting", "solved", "closed"]
TagName = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
Files = Annotated[list[Id], Field(max_length=50, description="Ids of files uploaded with this token's maker's name.")]
Revision = Annotated[
    int, Field(ge=1, le=2**31 - 1, description="What the case's revision was when it was read; a newer one refuses.")
]


class CaseAsked(PageAsked):
    """Which cases. view and conditions narrow each other; without both, all cases but spam."""

    view: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9]+$", description="The key of a view.")] | None = None
    conditions: (
        Annotated[str, Field(max_length=8000, description="A condition tree as JSON (docs/reference/conditions.md).")]
        | None
    ) = None
    order: Order | None = None


class CaseShown(Shown):
    """due_at: when the next thing that was promised is due, or was; null while nothing is due."""

    number: int
    subject: str
    status: str
    category: Category
    priority: Annotated[int, Field(ge=1, le=4)]
    type: str
    channel: str
    requester_id: int
    requester: str
    assignee_id: int | None
    assignee: str
    team_id: int | None
    team: str
    is_spam: bool
    opened_at: datetime
    activity_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    solved_at: datetime | None
    tags: list[str]


class CasePage(Shown):
    items: list[CaseShown]
    next_cursor: str | None


class CycleShown(Shown):
    sequence: int
    opened_at: datetime
    first_response_at: datetime | None
    solved_at: datetime | None


class CaseDetailShown(Shown):
    """Everything about one case except its words."""

    case: CaseShown
    status_id: int
    type_id: int
    reason_id: int | None
    reason: str
    revision: int
    reopen_count: int
    first_response_at: datetime | None
    closed_at: datetime | None
    participant_ids: list[int]
    follower_ids: list[int]
    conversation_ids: list[int]
    cycles: list[CycleShown]


class NoteShown(Shown):
    id: int
    author_id: int | None
    at: datetime
    html: str
    text: str
    file_ids: list[int]


class NotePage(Shown):
    items: list[NoteShown]
    next_cursor: str | None


class CaseEventShown(Shown):
    id: int
    name: str
    actor: str
    at: datetime
    facts: dict[str, Any]


class CaseEventPage(Shown):
    items: list[CaseEventShown]
    next_cursor: str | None


class CaseEventsAsked(PageAsked):
    """Which part of a case's history, the newest first."""


class WordsGiven(Given):
    """What is said, as plain text or as HTML, not both."""

    text: Text | None = None
    html: Text | None = None
    file_ids: Files = []

    @model_validator(mode="after")
    def _one_of_both(self) -> "WordsGiven":
        if self.text is not None and self.html is not None:
            raise ValueError(gettext("Send text or html, not both."))
        return self


class OurWordsGiven(WordsGiven):
    """Words of ours. saved_reply_ids: the saved replies that were put into them, counted as used. left_open: places such as
    {{ customer }} that are to be sent as they stand; any other refuses the words."""

    saved_reply_ids: Annotated[list[Id], Field(max_length=50)] = []
    left_open: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)] = []


class CaseGiven(WordsGiven):
    """A request of a customer's. requester_id, or requester_address for one who may be new.

    assignee_id, status_id: whose it is and what it becomes at once, for a case that is taken down; not through channel “api”.
    """

    channel: Literal["api", "voice", "letter", "in_person"] = "api"
    requester_id: Id | None = None
    requester_address: Address | None = None
    requester_name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    language: Language = ""
    subject: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    team_id: Id | None = None
    assignee_id: Id | None = None
    status_id: Id | None = None


class CustomerWordsGiven(WordsGiven):
    """What a customer wrote to you. customer_id: the requester unless given; one who takes part in the case."""

    customer_id: Id | None = None


class OutboundGiven(OurWordsGiven):
    """A first mail of ours to a customer."""

    mailbox_id: Id
    to: Address
    name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    cc: Annotated[list[Address], Field(max_length=50)] = []
    bcc: Annotated[list[Address], Field(max_length=50)] = []
    subject: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    team_id: Id | None = None


class OutboundTextGiven(Given):
    """A first text message of ours. number: one of the customer's. messenger_id: the number of ours from which it leaves."""

    messenger_id: Id
    customer_id: Id
    number: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
    text: Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]*$")]
    team_id: Id | None = None


class ReplyGiven(OurWordsGiven):
    """An answer. to, cc: whoever the newest mail suggests when left out. seen_message_id: a newer message refuses it."""

    conversation_id: Id | None = None
    to: Annotated[list[Address], Field(min_length=1, max_length=50)] | None = None
    cc: Annotated[list[Address], Field(max_length=50)] | None = None
    bcc: Annotated[list[Address], Field(max_length=50)] = []
    status_id: Id | None = None
    seen_message_id: Id | None = None


class NoteGiven(OurWordsGiven):
    """A word among colleagues. mentions: people to be drawn in."""

    mentions: Annotated[list[Id], Field(max_length=50)] = []


class ForwardGiven(OurWordsGiven):
    """A question to a third party. shared_file_ids: files of the case that go along."""

    to: Address
    cc: Annotated[list[Address], Field(max_length=50)] = []
    shared_file_ids: Annotated[list[Id], Field(max_length=50)] = []


class AssignmentGiven(Given):
    """Both are set; null means nobody."""

    assignee_id: Id | None
    team_id: Id | None
    revision: Revision | None = None


class StatusGiven(Given):
    status_id: Id
    revision: Revision | None = None


class PriorityGiven(Given):
    """1 is low, 4 is urgent."""

    priority: Annotated[int, Field(ge=1, le=4)]
    revision: Revision | None = None


class TypeGiven(Given):
    type_id: Id
    revision: Revision | None = None


class ReasonGiven(Given):
    """null takes the reason away."""

    reason_id: Id | None
    revision: Revision | None = None


class SubjectGiven(Given):
    subject: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    revision: Revision | None = None


class TagsGiven(Given):
    add: Annotated[list[TagName], Field(max_length=50)] = []
    remove: Annotated[list[TagName], Field(max_length=50)] = []


class PresenceGiven(Given):
    """viewing lasts 45 seconds, typing 8, unless it is said again; at most once a second counts."""

    kind: Literal["viewing", "typing", "left"]


class FollowerGiven(Given):
    user_id: Id


class ParticipantGiven(Given):
    customer_id: Id
