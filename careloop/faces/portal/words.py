"""A request's state in its customer's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.cases.states import Category

__all__ = ["STATES", "State"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """words: for a list. sentence: what happens next, for the request's page."""

    words: str | Promise
    sentence: str | Promise


STATES: Final[Mapping[str, State]] = {
    Category.NEW: State(
        words=_("We have it"),
        sentence=_("Your request is with us. A person reads it and answers you here and by mail."),
    ),
    Category.OPEN: State(
        words=_("We are working on it"), sentence=_("We are working on it. We answer you here and by mail.")
    ),
    Category.WAITING: State(
        words=_("We wait for your answer"),
        sentence=_("We answered. Is something still open? Write to us below. If not, tell us that it is solved."),
    ),
    Category.SOLVED: State(
        words=_("Solved"), sentence=_("This request is solved. If something is still open, just write below.")
    ),
    Category.CLOSED: State(words=_("Closed"), sentence=_("This request is closed. You can read it any time.")),
}
