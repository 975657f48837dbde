"""What becomes of a flag: opened by the house, answered by a person, gone with what it was about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["MOVES", "Reason", "Said", "State", "Step"]


class State(models.TextChoices):
    OPEN = "open", _("To be answered")
    ANSWERED = "answered", pgettext_lazy("doubt", "Answered")
    GONE = "gone", _("Over")


MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.OPEN: frozenset({State.ANSWERED, State.GONE}),
        State.ANSWERED: frozenset({State.OPEN, State.GONE}),
        State.GONE: frozenset({State.OPEN, State.ANSWERED}),
    }
)


class Said(models.TextChoices):
    """What a person says to a flag. After GAMING the number stays doubted: that somebody knows makes it no truer."""

    EXPLAINED = "explained", _("There is a good reason")
    CORRECTED = "corrected", _("The data were wrong and are corrected")
    GAMING = "gaming", _("The number was made to look better; handed on")


class Reason(models.TextChoices):
    """Why a flag is open again."""

    GROWN = "grown", _("More of the same was found since")
    STILL_THERE = "still_there", _("The data still show it")
    BACK = "back", _("It was over and was found again")
    DOUBTED = "doubted", _("Somebody doubts the answer")


class Step(models.TextChoices):
    """What happened to a flag, for its history."""

    OPENED = "opened", _("Found")
    ANSWERED = "answered", pgettext_lazy("doubt", "Answered")
    REOPENED = "reopened", _("Open again")
    GONE = "gone", _("Over")
    RESTORED = "restored", _("Found again; the answer still holds")
