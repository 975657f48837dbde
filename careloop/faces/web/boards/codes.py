"""Codes of facts in the words of people, where there are words for them."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["CODES"]

CODES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "channel": {
        "voice": _("Phone"),
        "chat": _("Chat"),
        "messaging": _("Messenger"),
        "email": _("Mail"),
        "web_form": _("Web form"),
        "video": _("Video"),
        "social": _("Social media"),
        "in_person": _("Counter"),
        "bot": _("Bot"),
        "ivr": _("Voice menu"),
    },
    "direction": {"inbound": _("From customers"), "outbound": _("To customers"), "internal": _("Internal")},
    "outcome": {
        "handled": _("Handled"),
        "abandoned_ivr": _("Given up in the voice menu"),
        "abandoned_queue": _("Given up while waiting"),
        "contained": _("Handled by machine"),
        "blocked": _("Blocked"),
        "out_of_hours": _("Out of hours"),
        "flow_out": _("Handed on"),
        "voicemail": _("Voicemail"),
        "callback_booked": _("Callback booked"),
        "system_failure": _("System failure"),
        "open": _("Open"),
    },
    "language": {"en": _("English"), "ko": _("Korean"), "zh": _("Chinese"), "vi": _("Vietnamese")},
    "priority": {"1": _("Low"), "2": _("Normal"), "3": _("High"), "4": _("Urgent")},
}
"""Dimension to code to word."""
