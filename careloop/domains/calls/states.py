"""Where a call stands, and how it ended."""

from django.db import models
from django.utils.translation import pgettext_lazy

__all__ = ["CallState", "Ending"]


class CallState(models.TextChoices):
    """HANDED_ON: our part is over, the caller is still on the line somewhere. CALLING: we call them, nobody has answered yet."""

    WAITING = "waiting", pgettext_lazy("of a call", "Waiting")
    CALLING = "calling", pgettext_lazy("of a call", "Calling")
    RINGING = "ringing", pgettext_lazy("of a call", "Ringing")
    TALKING = "talking", pgettext_lazy("of a call", "Talking")
    HANDED_ON = "handed_on", pgettext_lazy("of a call", "Handed on")
    ENDED = "ended", pgettext_lazy("of a call", "Ended")


class Ending(models.TextChoices):
    """LEFT: the queue let the caller go, to a mailbox or a menu. UNKNOWN: it was over when the line was back.

    Of calls of ours: UNREACHED: nobody picked up. FAILED: the telephone system could not make it.
    """

    HANDLED = "handled", pgettext_lazy("how a call ended", "Answered")
    GIVEN_UP = "given_up", pgettext_lazy("how a call ended", "Given up")
    LEFT = "left", pgettext_lazy("how a call ended", "Left the queue")
    UNREACHED = "unreached", pgettext_lazy("how a call ended", "Not reached")
    FAILED = "failed", pgettext_lazy("how a call ended", "Could not be made")
    UNKNOWN = "unknown", pgettext_lazy("how a call ended", "Not known")
