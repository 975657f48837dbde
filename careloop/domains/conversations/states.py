"""The way of a message out of the house, as data (docs/reasons/sending.md)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "WORRYING", "DeliveryState"]


class DeliveryState(models.TextChoices):
    SCHEDULED = "scheduled", _("Can still be taken back")
    QUEUED = "queued", _("On its way out")
    PAUSED = "paused", _("To be tried again")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    DELAYED = "delayed", _("Delayed on the way")
    BOUNCED = "bounced", _("Came back")
    FAILED = "failed", _("Could not be sent")
    UNCERTAIN = "uncertain", _("Unclear whether it was sent")
    RECALLED = "recalled", _("Taken back")
    NOT_SENT = "not_sent", _("Kept in the house (demo)")


D = DeliveryState

MOVES: Mapping[D, frozenset[D]] = {
    D.SCHEDULED: frozenset({D.QUEUED, D.RECALLED}),
    D.QUEUED: frozenset({D.SENDING, D.FAILED}),
    # `sending` is committed before the wire: whoever finds it after a crash cannot know, and says so.
    D.SENDING: frozenset({D.SENT, D.PAUSED, D.FAILED, D.UNCERTAIN}),
    D.PAUSED: frozenset({D.QUEUED, D.FAILED}),
    D.SENT: frozenset({D.DELIVERED, D.DELAYED, D.BOUNCED}),
    D.DELAYED: frozenset({D.DELIVERED, D.BOUNCED, D.DELAYED}),
    D.DELIVERED: frozenset({D.BOUNCED}),
    # Only a person sends again, or decides that it did arrive.
    D.UNCERTAIN: frozenset({D.QUEUED, D.SENT, D.DELIVERED, D.BOUNCED, D.DELAYED}),
    D.FAILED: frozenset({D.QUEUED}),
    D.BOUNCED: frozenset({D.QUEUED, D.NOT_SENT}),
    D.RECALLED: frozenset(),
    # Nothing leaves a demo; what comes back into it is told as anywhere.
    D.NOT_SENT: frozenset({D.DELIVERED, D.DELAYED, D.BOUNCED}),
}

WORRYING = frozenset({D.BOUNCED, D.FAILED, D.UNCERTAIN})
