from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Kind", "Notice", "NoticeRow", "Waiting"]


class Kind(models.TextChoices):
    ASSIGNED = "assigned", _("A case was given to you")
    MENTIONED = "mentioned", _("You were mentioned")
    MADE_FOLLOWER = "made_follower", _("You were made a follower of a case")
    CUSTOMER_WROTE = "customer_wrote", _("A customer wrote in a case of yours")
    FOLLOWED_CHANGED = "followed_changed", _("Something happened in a case you follow")
    DELIVERY_FAILED = "delivery_failed", _("An answer of yours did not arrive")
    PROMISE_DUE = "promise_due", _("Time runs out for something we promised")
    PROMISE_MISSED = "promise_missed", _("Something we promised was not done in time")
    RULE_TOLD = "rule_told", _("A rule points you to a case")
    RULE_PAUSED = "rule_paused", _("A rule was paused because it failed several times")
    APPROVAL_ASKED = "approval_asked", _("Your approval is asked for")
    APPROVAL_GIVEN = "approval_given", _("What you asked for was approved")
    APPROVAL_REFUSED = "approval_refused", _("What you asked for was refused")
    ABUSE_NOTED = "abuse_noted", _("A customer abused a colleague")
    ABUSE_ENDED = "abuse_ended", _("A contact was ended to protect a colleague")
    HELP_ASKED = "help_asked", _("A colleague asks for help")
    TASK_ASKED = "task_asked", _("You or your team are asked to do something")
    TASK_DONE = "task_done", _("What you asked for was answered")
    TASK_REFUSED = "task_refused", _("What you asked for cannot be done")
    TASK_WITHDRAWN = "task_withdrawn", _("What you were asked to do is not needed any more")
    NUMBER_DOUBTED = "number_doubted", _("A number is doubted and waits for an answer")


class Waiting(models.TextChoices):
    """What may wait for somebody, beside the cases and contacts that are offered to them."""

    APPROVAL = "approval", _("Approvals")
    TASK = "task", _("Tasks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What somebody is to hear, of a case, of a flag on numbers, of a raised hand, of a call, or of a rule (its actor).

    task_id: of a task of the case. user_id: who. actor: who did it, as the log names them. event_id: what happened.
    """

    user_id: int
    kind: Kind
    case_id: int | None = None
    case_number: int | None = None
    flag_id: int | None = None
    hand_id: int | None = None
    call_id: int | None = None
    task_id: int | None = None
    actor: str
    event_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice in a person's list, of a case, of a flag on numbers, of a raised hand, or of a call.

    task_id: of a task of the case. actor, event_id: who did what, as the log names them.
    """

    id: int
    kind: str
    case_id: int | None
    case_number: int | None
    flag_id: int | None
    hand_id: int | None
    call_id: int | None
    task_id: int | None
    actor: str
    event_id: int
    at: datetime
    is_read: bool
