"""What people do, as data; the names are those of the facts (`agent_state.state`, metrics.md 1.2)."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["CHOSEN", "LIVE", "PROTECTION", "REASONS", "State"]


class State(models.TextChoices):
    """What somebody does at a moment."""

    AVAILABLE = "available", _("Available")
    RINGING = "ringing", _("Being offered work")
    CONTACT = "contact", _("With a customer")
    HOLD = "hold", _("Customer on hold")
    WRAP = "wrap", _("Writing up")
    AUX_PRODUCTIVE = "aux_productive", _("Other work")
    TRAINING = "training", _("Training")
    COACHING = "coaching", _("Coaching")
    MEETING = "meeting", _("Meeting")
    BREAK = "break", _("Break")
    SYSTEM_ISSUE = "system_issue", _("Technical problem")
    OFFLINE = "offline", _("Off work")


CHOSEN: Final = frozenset(State) - {State.RINGING, State.CONTACT, State.HOLD, State.WRAP}
"""What people choose, or have chosen for them; the rest follows from offers and contacts."""

LIVE: Final = frozenset({"chat", "call", "callback"})
"""Kinds of work in which a customer is there at this moment; who has one is with a customer."""

PROTECTION: Final = "protection"
"""The reason of a rest after an abusive contact: given, never chosen, and counted as work (docs/how-to/abusive-contacts.md)."""

REASONS: Final[Mapping[State, Mapping[str, str | Promise]]] = {
    State.AUX_PRODUCTIVE: {
        "back_office": _("Cases in depth"),
        "outbound": _("Calling customers"),
        "support": _("Helping a colleague"),
    },
    State.BREAK: {
        "meal": _("Meal"),
        "rest": _("Rest"),
        "personal": _("Personal"),
        PROTECTION: _("Rest after abuse"),
    },
    State.SYSTEM_ISSUE: {"computer": _("Computer"), "network": _("Network"), "telephone": _("Telephone")},
    State.OFFLINE: {
        "end_of_shift": _("End of the shift"),
        "dropped_off": _("The connection was lost"),
        "no_answer": _("An offer was not answered"),
    },
}
"""Reasons that may be given with a state; a state without any takes none."""
