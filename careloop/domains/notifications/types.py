from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Kind", "Notice", "NoticeRow"]


class Kind(models.TextChoices):
    ASSIGNED = "assigned", _("A case was given to you")
    MENTIONED = "mentioned", _("You were mentioned")
    MADE_FOLLOWER = "made_follower", _("You were made a follower of a case")
    CUSTOMER_WROTE = "customer_wrote", _("A customer wrote in a case of yours")
    FOLLOWED_CHANGED = "followed_changed", _("Something happened in a case you follow")
    DELIVERY_FAILED = "delivery_failed", _("An answer of yours did not arrive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What somebody is to hear. user_id: who. actor: who did it, as the log names them. event_id: what happened."""

    user_id: int
    kind: Kind
    case_id: int
    case_number: int
    actor: str
    event_id: int
    at: datetime


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
