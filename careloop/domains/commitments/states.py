"""What is promised, and what becomes of it, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Measure", "Outcome", "Whom", "Why"]


class Measure(models.TextChoices):
    """What is timed; the names are those of the facts (`sla_policy.measure`)."""

    FIRST_RESPONSE = "first_response", _("First answer")
    NEXT_RESPONSE = "next_response", _("Next answer")
    RESOLUTION = "resolution", _("Solution")


class Outcome(models.TextChoices):
    """How a clock ended. CALLED_OFF: what was promised was not needed any more, so it was neither kept nor missed."""

    RUNNING = "running", _("Running")
    KEPT = "kept", _("Kept")
    MISSED = "missed", _("Missed")
    CALLED_OFF = "called_off", _("Called off")


class Why(models.TextChoices):
    """Why a clock turned."""

    STARTED = "started", _("Somebody began to wait for us")
    PROMISED = "promised", _("This promise began to apply")
    PAUSED = "paused", _("The clock was stopped")
    RESUMED = "resumed", _("The clock went on")


class Whom(models.TextChoices):
    """Who is told that time runs out."""

    ASSIGNEE = "assignee", _("Whoever has the case")
    LEADS = "leads", _("The team's leads")
    MANAGERS = "managers", _("The managers")
