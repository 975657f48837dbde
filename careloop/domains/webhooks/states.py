"""How a webhook stands, how a message to it fares, and what can come between."""

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["GONE", "PAUSES", "DeliveryState", "State", "Trouble", "Why", "is_taken"]

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
)
"""How long to wait before each further try; after the last one the message has failed until a person sends it again."""
GONE: Final = 410
"""The answer of a system that wants to hear nothing more."""


class State(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    RETIRED = "retired", _("Out of use")


class Why(models.TextChoices):
    """Why a webhook is paused."""

    NONE = "", ""
    PEOPLE = "people", _("Paused by a person.")
    GONE = "gone", _("Paused because the system answered that it wants to hear nothing more (410).")


class DeliveryState(models.TextChoices):
    """How a message fares: it goes from waiting to delivered or failed, and back when a person sends it again."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Trouble(models.TextChoices):
    """Why a try did not deliver."""

    NONE = "", ""
    UNKNOWN = "unknown", _("It was interrupted; whether it arrived is not known.")
    NOT_FOUND = "not_found", _("The name of the server leads nowhere.")
    INSIDE = "inside", _("The address lies inside this installation's own network, where nothing is sent.")
    UNREACHABLE = "unreachable", _("The server could not be reached.")
    UNTRUSTED = "untrusted", _("The server's certificate is not trusted.")
    TIMEOUT = "timeout", _("The server did not answer in time.")
    NO_ANSWER = "no_answer", _("The server gave no answer that could be understood.")
    REDIRECT = "redirect", _("The server pointed elsewhere, and redirects are not followed.")
    REFUSED = "refused", _("The server refused it.")
    PAUSED = "paused", _("The webhook was paused.")
    SEALED = "sealed", _("The secret cannot be read any more. Make a new one.")
    DEMO = "demo", _("A demo workspace sends nothing to the outside.")


def is_taken(code: int | None) -> bool:
    """Say whether an answer means that the message was taken: any of 200 to 299."""
    return code is not None and 200 <= code < 300
