"""What may cross the threshold."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["ContactRow", "Outcome", "SegmentExit", "SegmentRow"]


class Outcome(models.TextChoices):
    """metrics.md section 1.1; mail and web know these."""

    OPEN = "open", _("Open")
    HANDLED = "handled", _("Handled")
    CONTAINED = "contained", _("Handled by machine")
    ABANDONED = "abandoned_queue", _("Given up")


class SegmentExit(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    ABANDONED = "abandoned", _("Given up")
    FLOW_OUT = "flow_out_queue", _("Handed on")


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One leg of a contact, with one team and at most one agent. exit: how it ended, or empty while it goes on."""

    sequence: int
    team_id: int | None
    agent_id: int | None
    queued_at: datetime
    answered_at: datetime | None
    left_at: datetime | None
    released_at: datetime | None
    exit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One interaction as the customer lived it, with its legs in order."""

    id: int
    conversation_id: int
    customer_id: int
    channel: str
    direction: str
    arrived_at: datetime
    ended_at: datetime | None
    outcome: str
    segments: tuple[SegmentRow, ...]
