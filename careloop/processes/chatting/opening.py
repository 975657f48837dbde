"""Whether a visitor can begin a chat now, or leaves a message that is answered by mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.chats.errors import ChatClosed
from careloop.domains.chats.queries import is_full
from careloop.domains.chats.types import WidgetRow
from careloop.domains.people.attendance import attendance_of
from careloop.kernel.hours import is_open, next_opening

__all__ = ["Door", "Opening", "opening_of", "refuse_if_closed"]


class Door(StrEnum):
    """OUTSIDE: of the hours. AWAY: nobody of the team is here. FULL: as many wait as may."""

    OPEN = "open"
    OUTSIDE = "outside"
    AWAY = "away"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """opens_at: when the hours begin again; None while they last, and where there are none to come."""

    door: Door
    opens_at: datetime | None = None


def opening_of(widget: WidgetRow, *, at: datetime) -> Opening:
    """Return how a widget stands to somebody who has not begun."""
    wanted = widget.settings
    hours = hours_by_id(at=at).get(wanted.calendar_id) if wanted.calendar_id else None
    if hours is not None and not is_open(hours, at):
        return Opening(door=Door.OUTSIDE, opens_at=next_opening(hours, at))
    if attendance_of(at=at, team_id=wanted.team_id).here == 0:
        return Opening(door=Door.AWAY)
    return Opening(door=Door.FULL if is_full(widget) else Door.OPEN)


def refuse_if_closed(widget: WidgetRow, *, at: datetime) -> None:
    """Let nobody wait outside the hours, or where too many wait. Whoever is away may be back in a moment, so that is no reason.

    Raises ChatClosed.
    """
    if opening_of(widget, at=at).door is Door.OUTSIDE:
        raise ChatClosed(_("We are closed. Leave us a message, and we answer by mail."))
    if is_full(widget):
        raise ChatClosed(_("Too many people wait at the moment. Leave us a message, and we answer by mail."))
