"""What may cross the threshold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Outcome", "SegmentExit"]


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
