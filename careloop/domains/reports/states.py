"""What becomes of one mail of a report, as a table of allowed moves (docs/reasons/sending.md tells the same of answers)."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "SETTLED", "RunState", "Why"]


class RunState(models.TextChoices):
    """WAITING: to be made and sent. SENDING: on the wire; who dies there leaves it behind. UNCERTAIN: it may have arrived."""

    WAITING = "waiting", _("On its way")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Not certain")


class Why(models.TextChoices):
    """Why a mail did not go, or is late."""

    NOTHING = "", ""
    DEMO = "demo", _("This workspace is a demo, and its mail never leaves the house.")
    LEFT = "left", _("No longer a member of this workspace.")
    WANTS_NO_MAIL = "wants_no_mail", _("Has switched off mails in the personal settings.")
    NO_BOARD = "no_board", _("The board is gone, or this person may not see it any more.")
    PAUSED = "paused", _("The report was paused or deleted before the mail went.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    REFUSED = "refused", _("The mail server refused the mail.")
    BROKEN = "broken", _("The report could not be made. The log of the installation says why.")
    UNMEASURED = "unmeasured", _("Nothing could be measured.")
    CUT_OFF = (
        "cut_off",
        _("The connection broke before the mail server answered. The mail may have arrived, so it is not sent again."),
    )


MOVES: Final[Mapping[RunState, frozenset[RunState]]] = {
    RunState.WAITING: frozenset({RunState.WAITING, RunState.SENDING, RunState.SKIPPED, RunState.FAILED}),
    RunState.SENDING: frozenset({RunState.SENT, RunState.WAITING, RunState.FAILED, RunState.UNCERTAIN}),
    # Somebody slow was taken for dead and came back with the truth.
    RunState.UNCERTAIN: frozenset({RunState.SENT, RunState.FAILED}),
    RunState.SENT: frozenset(),
    RunState.SKIPPED: frozenset(),
    RunState.FAILED: frozenset(),
}

SETTLED: Final = frozenset({RunState.SENT, RunState.SKIPPED, RunState.FAILED, RunState.UNCERTAIN})
