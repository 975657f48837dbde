"""Queues open and close by their calendars: a timer says so at each change, so that nobody counts hours to find work."""

from datetime import datetime
from typing import Final

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.queues.models import Queue
from careloop.kernel.acts import act
from careloop.kernel.bells import ROUTING, ring_bell
from careloop.kernel.hours import is_open, next_closing, next_opening
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["HOURS", "set_hours", "turn_hours"]

HOURS: Final = "queue.hours"
"""The timer at which a queue opens or closes; its subject is the queue."""


def set_hours(queue: Queue, *, at: datetime) -> bool:
    """Work out whether a locked queue is open now, set the timer of the next change, and say whether it has just opened."""
    was = queue.is_open
    if queue.calendar_id is None or not queue.is_active:
        queue.is_open = queue.is_active
        clear_timer(HOURS, subject_id=queue.pk)
        return queue.is_open and not was
    hours = hours_by_id(at=at)[queue.calendar_id]
    queue.is_open = is_open(hours, at)
    change = next_closing(hours, at) if queue.is_open else next_opening(hours, at)
    if change is None:
        clear_timer(HOURS, subject_id=queue.pk)
    else:
        set_timer(kind=HOURS, subject_id=queue.pk, due_at=change)
    return queue.is_open and not was


@act
def turn_hours(*, queue_id: int, at: datetime) -> bool:
    """Open or close a queue by its calendar, and say whether it has just opened, so that whoever has room looks for work.

    Records nothing: calendars tell their own changes.
    """
    queue = Queue.objects.select_for_update().filter(pk=queue_id).first()
    if queue is None:
        return False
    has_opened = set_hours(queue, at=at)
    queue.save(update_fields=["is_open"])
    if has_opened:
        ring_bell(ROUTING)
    return has_opened
