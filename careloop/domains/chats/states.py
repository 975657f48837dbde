"""Where a chat stands, and how it may move."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["MOVES", "EndedBy", "Invited", "State"]


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACTIVE = "active", _("In conversation")
    ENDED = "ended", _("Ended")


class EndedBy(models.TextChoices):
    """VISITOR: said so. AGENT: wrapped it up. SILENCE: nobody wrote for as long as the widget allows. NOBODY: nobody took it."""

    VISITOR = "visitor", _("The visitor")
    AGENT = "agent", _("The agent")
    SILENCE = "silence", _("Silence")
    NOBODY = "nobody", _("Nobody came")


class Invited(models.TextChoices):
    """Whom a widget invites. NAMED: the site has said who they are; UNNAMED: it has not."""

    EVERYBODY = "everybody", _("Everybody")
    NEW = "new", _("Who is on the site for the first time")
    RETURNING = "returning", _("Who has been there before")
    NAMED = "named", _("Whom your site has named")
    UNNAMED = "unnamed", _("Whom your site has not named")


MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.WAITING: frozenset({State.ACTIVE, State.ENDED}),
    State.ACTIVE: frozenset({State.WAITING, State.ENDED}),
    State.ENDED: frozenset(),
}
