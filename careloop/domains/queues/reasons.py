"""Why people refuse what they are offered, and why an offer was taken back."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["REFUSALS", "WITHDRAWALS", "reason_label"]

REFUSALS: Final[Mapping[str, str | Promise]] = {
    "busy": _("I am in the middle of something"),
    "not_mine": _("Somebody else knows more about it"),
    "language": _("I do not speak the language well enough"),
    "conflict": _("I know the customer privately"),
    "technical": _("Something does not work here"),
}

WITHDRAWALS: Final[Mapping[str, str | Promise]] = {
    "dropped_off": _("The connection was lost"),
    "away": _("The person went away"),
    "moved": _("A supervisor moved it"),
    "gone": _("It does not wait any more"),
}


def reason_label(code: str) -> str | Promise:
    """Return the words for a reason; an unknown code is shown as it is."""
    return REFUSALS.get(code) or WITHDRAWALS.get(code) or code
