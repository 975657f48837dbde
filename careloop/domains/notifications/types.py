from dataclasses import dataclass
from datetime import datetime

__all__ = ["NoticeRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice in a person's list. actor: who did it, as the log names them."""

    id: int
    kind: str
    case_id: int
    case_number: int
    actor: str
    at: datetime
    is_read: bool
