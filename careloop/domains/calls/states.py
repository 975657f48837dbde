"""Where a call stands, and how it ended."""

from django.db import models
from django.utils.translation import pgettext_lazy

__all__ = ["CallState", "Consent", "Ending", "Leaving", "PauseState", "TransferKind", "TransferState", "TransferWhy"]


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


class Leaving(models.TextChoices):
    """How a caller left a queue. OVERFLOW: into another, or again into the same. PASSED_ON: to a mailbox, a menu, or nobody.

    UNKNOWN: nobody heard it.
    """

    ANSWERED = "answered", pgettext_lazy("how a caller left a queue", "Answered")
    GIVEN_UP = "given_up", pgettext_lazy("how a caller left a queue", "Given up")
    OVERFLOW = "overflow", pgettext_lazy("how a caller left a queue", "Went on to another queue")
    PASSED_ON = "passed_on", pgettext_lazy("how a caller left a queue", "Let go by the queue")
    UNKNOWN = "unknown", pgettext_lazy("how a caller left a queue", "Not known")


class TransferKind(models.TextChoices):
    """BLIND: the sender is out of the call at once. ATTENDED: they speak to the receiver first."""

    BLIND = "blind", pgettext_lazy("how a call is passed on", "At once")
    ATTENDED = "attended", pgettext_lazy("how a call is passed on", "After announcing it")


class TransferState(models.TextChoices):
    """CAME_BACK: the sender has the caller again. LOST: the caller was gone before we heard that anybody took the call."""

    ASKED = "asked", pgettext_lazy("of a call that is passed on", "Asked")
    TAKEN = "taken", pgettext_lazy("of a call that is passed on", "Taken")
    CAME_BACK = "came_back", pgettext_lazy("of a call that is passed on", "Came back")
    REFUSED = "refused", pgettext_lazy("of a call that is passed on", "Not taken")
    LOST = "lost", pgettext_lazy("of a call that is passed on", "Caller gone")


class TransferWhy(models.TextChoices):
    """Why a call that was passed on was not taken. FAILED: the telephone system did not do it, or says no more."""

    BUSY = "busy", pgettext_lazy("why a call was not taken", "The phone was busy.")
    NO_ANSWER = "no_answer", pgettext_lazy("why a call was not taken", "Nobody picked up.")
    UNREACHABLE = "unreachable", pgettext_lazy("why a call was not taken", "The phone could not be reached.")
    FAILED = "failed", pgettext_lazy("why a call was not taken", "The telephone system did not pass it on.")


class Consent(models.TextChoices):
    """Whether a caller agrees to be recorded. UNKNOWN: nobody has said anything of it."""

    UNKNOWN = "unknown", pgettext_lazy("consent to a recording", "Not known")
    ASKED = "asked", pgettext_lazy("consent to a recording", "Asked")
    GIVEN = "given", pgettext_lazy("consent to a recording", "Given")
    REFUSED = "refused", pgettext_lazy("consent to a recording", "Refused")


class PauseState(models.TextChoices):
    """ASKED: the telephone system has not said yet that it leaves out what is said. FAILED: it did not."""

    ASKED = "asked", pgettext_lazy("of a pause in a recording", "Asked")
    ON = "on", pgettext_lazy("of a pause in a recording", "Paused")
    OVER = "over", pgettext_lazy("of a pause in a recording", "Over")
    FAILED = "failed", pgettext_lazy("of a pause in a recording", "Not paused")
