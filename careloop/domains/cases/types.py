"""What may cross the threshold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from careloop.kernel.actors import Actor

__all__ = [
    "CaseBrief",
    "CaseDetail",
    "CaseRow",
    "ConversationRange",
    "CustomerWord",
    "CycleRow",
    "DraftRow",
    "HeldCase",
    "NewCase",
    "NoteRow",
    "Priority",
    "ReasonRow",
    "RequestRow",
    "StatusRow",
    "TypeRow",
    "ViewRow",
]


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWord:
    """A customer's word in a case. is_quiet: of long ago, told to nobody."""

    case_id: int
    message_id: int
    customer_id: int
    is_quiet: bool = False
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case that is to be opened.

    conversation_id: the conversation it arose in, if any; first_message_id: from which message on, None for all of it.
    participant_ids: customers who take part beside the requester.
    waits: whether the customer is waiting for an answer from this moment.
    is_quiet: nobody is to be told.
    """

    subject_line: str
    requester_id: int
    requester_name: str
    channel: str
    conversation_id: int | None
    first_message_id: int | None = None
    participant_ids: Collection[int] = ()
    team_id: int | None
    assignee_id: int | None = None
    priority: int = Priority.NORMAL
    is_spam: bool = False
    waits: bool = True
    is_quiet: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list of the staff's. due_at: when the next thing we promised is due, if anything is."""

    id: int
    number: int
    subject: str
    status: str
    category: str
    priority: int
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
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRange:
    """Which messages of a conversation belong to a case; None leaves that end open."""

    conversation_id: int
    first_message_id: int | None
    last_message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBrief:
    """The least that is needed to write or tell about a case."""

    id: int
    number: int
    subject: str
    requester_id: int
    assignee_id: int | None
    team_id: int | None
    priority: int
    is_spam: bool
    conversations: tuple[ConversationRange, ...]
    follower_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCase:
    """What is known of a case that is locked for a part of the work on it."""

    number: int
    team_id: int | None
    category: str
    is_spam: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleRow:
    sequence: int
    opened_at: datetime
    first_response_at: datetime | None
    solved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTitle:
    """A case as it is mentioned beside another."""

    number: int
    subject: str
    status: str
    activity_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """Everything about one case except its words.

    revision: grows with every change; hand it back with a change that depends on what was seen.
    """

    row: CaseRow
    status_id: int
    type_id: int
    reason_id: int | None
    reason: str
    revision: int
    reopen_count: int
    first_response_at: datetime | None
    closed_at: datetime | None
    participant_ids: tuple[int, ...]
    follower_ids: tuple[int, ...]
    conversations: tuple[ConversationRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note on a case. author: what its writer is called. author_id: None where a rule of the house wrote it."""

    id: int
    author_id: int | None
    author: str
    at: datetime
    html: str
    text: str
    file_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A case as its customer sees it: no assignee, no team, no inner words."""

    id: int
    number: int
    subject: str
    category: str
    opened_at: datetime
    activity_at: datetime
    is_waiting_for_us: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    id: int
    name: str
    category: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRow:
    id: int
    name: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason of the newest tree. path: names from the root to it."""

    id: int
    code: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRow:
    """A named list. key: its number, or the word of a system view."""

    key: str
    name: str
    conditions: Mapping[str, Any]
    columns: tuple[str, ...]
    order: str
    is_own: bool
    is_system: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    kind: str
    html: str
    fields: Mapping[str, Any]
    saved_at: datetime
