"""What happens to contacts: the facts of metrics.md section 1.1, as they arise."""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = ["ContactEnded", "ContactOpened", "SegmentAnswered", "SegmentLeft", "SegmentQueued", "SegmentReleased"]


@event_type("contact.opened")
class ContactOpened(Event):
    conversation_id: int
    customer_id: int
    channel: str
    direction: str


@event_type("contact.segment_queued")
class SegmentQueued(Event):
    segment_id: int
    sequence: int
    team_id: int | None


@event_type("contact.segment_answered")
class SegmentAnswered(Event):
    segment_id: int
    sequence: int
    agent_id: int
    queued_at: datetime


@event_type("contact.segment_left")
class SegmentLeft(Event):
    """A segment that nobody answered came to its end."""

    segment_id: int
    sequence: int
    exit: str


@event_type("contact.segment_released")
class SegmentReleased(Event):
    segment_id: int
    sequence: int
    agent_id: int


@event_type("contact.ended")
class ContactEnded(Event):
    outcome: str
    arrived_at: datetime
