"""Queues and the hours of the service: what changes in a calendar opens and closes at once the queues that go by it."""

from collections.abc import Sequence

from careloop.domains.queues.queries import queues_in_hours
from careloop.domains.queues.services import HOURS
from careloop.kernel import clock
from careloop.kernel.events import Recorded
from careloop.kernel.timers import set_timer

__all__ = ["follow_calendars"]


def follow_calendars(recorded: Sequence[Recorded]) -> None:
    """Have the queues looked at whose hours have changed, each in a transaction of its own; done twice, nothing changes."""
    for queue in queues_in_hours({one.subject_id for one in recorded}):
        set_timer(kind=HOURS, subject_id=queue.id, due_at=clock.now())
