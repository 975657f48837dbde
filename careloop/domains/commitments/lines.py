"""What events of a call say of the times its caller stood in a queue, as pure values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from careloop.domains.calls.events import CallLeftQueue, CallQueued
from careloop.domains.calls.states import Leaving
from careloop.kernel.events import Event

__all__ = ["InLine", "waits_in_call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """A caller stands in a queue. until: None while they do; where nobody heard how they left, until when we heard of them."""

    queue: str
    since: datetime
    until: datetime | None = None
    how: Leaving | None = None

    @property
    def is_answered(self) -> bool:
        return self.how is Leaving.ANSWERED


def waits_in_call(events: Iterable[Event]) -> list[InLine]:
    """Return the times that a caller stood in a queue, the first first, by the events of the call in the order of the log."""
    waits: dict[datetime, InLine] = {}
    for event in events:
        match event:
            case CallQueued(at=since, queue=queue):
                waits.setdefault(since, InLine(queue=queue, since=since))
            case CallLeftQueue(queued_at=since) if since in waits and waits[since].until is None:
                waits[since] = replace(waits[since], until=event.at, how=Leaving(event.how))
            case _:
                pass
    return [waits[since] for since in sorted(waits)]
