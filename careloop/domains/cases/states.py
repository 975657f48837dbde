"""The lifecycle of a case, as data."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["DONE", "MOVES", "Category"]


class Category(models.TextChoices):
    """What every status, under whatever name, comes down to."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for the customer")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


DONE = frozenset({Category.SOLVED, Category.CLOSED})

# A case never becomes new again, and what is closed can only be reopened.
MOVES: Mapping[Category, frozenset[Category]] = {
    Category.NEW: frozenset({Category.NEW, Category.OPEN, Category.WAITING, Category.SOLVED, Category.CLOSED}),
    Category.OPEN: frozenset({Category.OPEN, Category.WAITING, Category.SOLVED, Category.CLOSED}),
    Category.WAITING: frozenset({Category.OPEN, Category.WAITING, Category.SOLVED, Category.CLOSED}),
    Category.SOLVED: frozenset({Category.OPEN, Category.SOLVED, Category.CLOSED}),
    Category.CLOSED: frozenset({Category.OPEN}),
}
