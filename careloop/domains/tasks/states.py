"""The lifecycle of a task, in words that need no training, and what of its case is shown with it."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "OVER", "Share", "State", "Which", "Why"]


class State(models.TextChoices):
    ASKED = "asked", _("Not taken yet")
    ACCEPTED = "accepted", _("Somebody is on it")
    DONE = "done", _("Answered")
    REFUSED = "refused", _("Cannot be done")
    WITHDRAWN = "withdrawn", _("Not needed any more")


MOVES: Mapping[State, frozenset[State]] = {
    State.ASKED: frozenset({State.ACCEPTED, State.DONE, State.REFUSED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.DONE, State.REFUSED, State.WITHDRAWN}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
OVER: Final = frozenset(state for state, moves in MOVES.items() if not moves)


class Share(models.TextChoices):
    """A part of the case that is shown with a task to whoever does not see the case."""

    SUBJECT = "subject", _("What the case is about")
    CUSTOMER = "customer", _("The customer's name and how to reach them")
    WORDS = "words", _("What the customer and we wrote, with files")
    NOTES = "notes", _("Our notes among colleagues")


class Why(models.TextChoices):
    """Why a task is not needed any more."""

    PERSON = "person", _("Whoever asked took it back.")
    CUSTOMER = "customer", _("The customer says that the matter is solved.")
    SPAM = "spam", _("The case turned out to be spam.")


class Which(models.TextChoices):
    """Which tasks somebody looks at."""

    OURS = "ours", _("For us")
    MINE = "mine", _("Asked by me")
    PAST = "past", _("What we did")
