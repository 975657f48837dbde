"""Kinds of abuse, and what may follow, as data."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["AT_ONCE", "REST_MINUTES", "AbuseKind"]


class AbuseKind(models.TextChoices):
    """What a customer did (`abuse_event.kind`, metrics.md 1.2)."""

    INSULT = "insult", _("Insults")
    THREAT = "threat", _("Threats")
    SEXUAL = "sexual", _("Sexual harassment")
    HATE = "hate", _("Contempt for origin, belief, sex or disability")
    OTHER = "other", _("Other abuse")


AT_ONCE: Final = frozenset({AbuseKind.THREAT, AbuseKind.SEXUAL})
"""What nobody has to bear twice: the contact may be ended without a warning."""

REST_MINUTES: Final = (10, 20, 30)
"""How long a rest lasts."""
