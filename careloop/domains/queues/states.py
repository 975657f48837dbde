"""What waits, what becomes of it and of each offer, as data."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "Choice", "Kind", "Outcome", "Stage"]


class Kind(models.TextChoices):
    """What may wait in one queue with everything else."""

    CASE = "case", _("Case")
    CHAT = "chat", _("Chat")
    CALL = "call", _("Call")
    CALLBACK = "callback", _("Callback")


class Stage(models.TextChoices):
    """Where something that waits is. LEFT: it is gone, and nobody took it."""

    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Taken")
    LEFT = "left", _("Left")


MOVES: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.WAITING: frozenset({Stage.OFFERED, Stage.TAKEN, Stage.LEFT}),
    Stage.OFFERED: frozenset({Stage.WAITING, Stage.TAKEN, Stage.LEFT}),
    Stage.TAKEN: frozenset({Stage.WAITING, Stage.LEFT}),
    Stage.LEFT: frozenset(),
}


class Outcome(models.TextChoices):
    """What became of an offer. WITHDRAWN: nobody answered, and it was not theirs to answer any more."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Taken")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Choice(models.TextChoices):
    """Who is asked first when several could take it."""

    LONGEST_IDLE = "longest_idle", _("Who has had nothing to do for longest")
    ROUND_ROBIN = "round_robin", _("Who was offered something longest ago")
    LEAST_BUSY = "least_busy", _("Who has the most room left")
    BEST_SKILLED = "best_skilled", _("Who knows most about it")
