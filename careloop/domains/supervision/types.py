"""What may cross the threshold of the supervision domain."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["AbuseRow", "HandRow", "MessageRow", "SentRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRow:
    """Somebody needs help. about: their word about it, or empty. case_id, chat_id: what they had before them.

    helper_id: who is on the way, since taken_at. lowered_at: None while it is not over.
    """

    id: int
    user_id: int
    about: str
    case_id: int | None
    chat_id: int | None
    raised_at: datetime
    helper_id: int | None
    taken_at: datetime | None
    lowered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message to a team, as somebody reads it to whom it went."""

    id: int
    sender_id: int
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A message to a team, as whoever leads sees it. team_id: None for everybody at work. readers, others: user ids."""

    message: MessageRow
    team_id: int | None
    readers: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseRow:
    """A customer abused user_id. kind: of states.AbuseKind. warned_at, ended_at: of the contact by user_id; None when not.

    rest_s: how long they rested from rested_at on.
    """

    id: int
    user_id: int
    case_id: int
    chat_id: int | None
    contact_id: int
    kind: str
    noted_at: datetime
    warned_at: datetime | None
    ended_at: datetime | None
    rested_at: datetime | None
    rest_s: int | None
