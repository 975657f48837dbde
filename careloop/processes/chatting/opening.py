"""Whether a visitor can begin a chat now, or leaves a message that is answered by mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.chats.errors import ChatClosed, WidgetUnclear
from careloop.domains.chats.queries import is_full
from careloop.domains.chats.types import WidgetRow
from careloop.domains.people.attendance import attendance_of
from careloop.domains.queues.queries import house_queue, takes
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import QueueRow
from careloop.domains.workforce.serving import servers_of
from careloop.kernel.actors import HOUSE
from careloop.kernel.hours import is_open, next_opening

__all__ = ["Door", "Opening", "may_invite", "opening_of", "refuse_if_closed", "refuse_unless_agreed"]


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
    """Return how a widget stands to somebody who has not begun; it is open while its own hours and those of its queue last."""
    wanted = widget.settings
    queue = _queue_of(widget)
    calendar_ids = [wanted.calendar_id, queue.settings.calendar_id if queue is not None else None]
    known = hours_by_id(at=at) if any(calendar_ids) else {}
    for hours in (known[key] for key in calendar_ids if key is not None):
        if not is_open(hours, at):
            return Opening(door=Door.OUTSIDE, opens_at=next_opening(hours, at))
    if attendance_of(at=at, team_id=wanted.team_id).here == 0:
        return Opening(door=Door.AWAY)
    return Opening(door=Door.FULL if is_full(widget) else Door.OPEN)


def may_invite(widget: WidgetRow, *, at: datetime) -> bool:
    """Say whether a visitor who is asked to chat now would be answered soon: somebody is free for the queue, where there is one."""
    if opening_of(widget, at=at).door is not Door.OPEN:
        return False
    queue = _queue_of(widget)
    return queue is None or servers_of(HOUSE).free_count(queue.settings) > 0


def refuse_if_closed(widget: WidgetRow, *, at: datetime) -> None:
    """Let nobody wait outside the hours, or where too many wait. Whoever is away may be back in a moment, so that is no reason.

    Raises ChatClosed.
    """
    if opening_of(widget, at=at).door is Door.OUTSIDE:
        raise ChatClosed(_("We are closed. Leave us a message, and we answer by mail."))
    if is_full(widget):
        raise ChatClosed(_("Too many people wait at the moment. Leave us a message, and we answer by mail."))


def refuse_unless_agreed(widget: WidgetRow, *, is_agreed: bool) -> None:
    """Take nothing in from a visitor who has not agreed to the notice of a widget that has one. Raises WidgetUnclear."""
    if widget.settings.notice and not is_agreed:
        problem = _("Agree to this first. Without it we may not take your details.")
        raise WidgetUnclear(problem, fields={"agreed": problem})


def _queue_of(widget: WidgetRow) -> QueueRow | None:
    queue_id = widget.settings.queue_id
    return house_queue(queue_id) if queue_id is not None and takes(queue_id, Kind.CHAT) else None
