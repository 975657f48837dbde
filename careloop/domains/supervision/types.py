"""What may cross the threshold of the supervision domain."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["HandRow"]


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
