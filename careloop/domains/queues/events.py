"""What becomes of what waits.

The subject is the thing itself: "case:7", "chat:7", "call:7" or "callback:7"; `waiting_id` says which of its waits. So the
story of a case tells who was asked, and why.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "OfferAccepted",
    "OfferEnded",
    "OfferMade",
    "QueueChanged",
    "QueueMade",
    "QueueRetired",
    "RuleChanged",
    "RuleMade",
    "RuleMoved",
    "RuleRemoved",
    "WaitingEntered",
    "WaitingHanded",
    "WaitingLeft",
    "WaitingMoved",
    "WaitingPrioritized",
    "WaitingTakenBack",
]


@event_type("queue.made")
class QueueMade(Event):
    """subject: "queue:3"; so are those of other queues below."""

    name: str


@event_type("queue.changed")
class QueueChanged(Event):
    name: str


@event_type("queue.retired")
class QueueRetired(Event):
    pass


@event_type("queue_rule.made")
class RuleMade(Event):
    """subject: "queue_rule:3"; so are those below."""

    queue_id: int


@event_type("queue_rule.changed")
class RuleChanged(Event):
    queue_id: int


@event_type("queue_rule.moved")
class RuleMoved(Event):
    """position: its place among the rules, 0 is asked first."""

    position: int


@event_type("queue_rule.removed")
class RuleRemoved(Event):
    pass


@event_type("waiting.entered")
class WaitingEntered(Event):
    """entered_at: since when it waits, which may be earlier than this event."""

    waiting_id: int
    queue_id: int
    entered_at: datetime


@event_type("waiting.moved")
class WaitingMoved(Event):
    """is_overflow: nobody took it in time. was, queue_id: from which queue into which."""

    waiting_id: int
    was: int
    queue_id: int
    is_overflow: bool


@event_type("waiting.prioritized")
class WaitingPrioritized(Event):
    """It became more urgent, or less, and stands elsewhere in its queue. was, priority: steps ahead, 0 for none."""

    waiting_id: int
    queue_id: int
    was: int
    priority: int


@event_type("waiting.handed")
class WaitingHanded(Event):
    """Whoever leads put it into somebody's hands, whatever the queue would have done. user_id: whose. waited_s: until then."""

    waiting_id: int
    queue_id: int
    user_id: int
    waited_s: int


@event_type("waiting.left")
class WaitingLeft(Event):
    """It waits no more, and nobody took it by way of the queue. reason: a code."""

    waiting_id: int
    queue_id: int
    reason: str


@event_type("waiting.taken_back")
class WaitingTakenBack(Event):
    """It had been taken, and waits again where it stood: whoever had it dropped off. user_id: them."""

    waiting_id: int
    queue_id: int
    user_id: int
    reason: str


@event_type("offer.made")
class OfferMade(Event):
    """user_id: to whom. entered_at: since when it had waited."""

    offer_id: int
    waiting_id: int
    queue_id: int
    user_id: int
    entered_at: datetime


@event_type("offer.accepted")
class OfferAccepted(Event):
    """waited_s: until it was taken. offered_at: when it was put before them."""

    offer_id: int
    waiting_id: int
    queue_id: int
    user_id: int
    offered_at: datetime
    waited_s: int


@event_type("offer.ended")
class OfferEnded(Event):
    """Somebody did not take it. outcome: refused, expired or withdrawn. reason: a code, empty for none."""

    offer_id: int
    waiting_id: int
    queue_id: int
    user_id: int
    offered_at: datetime
    outcome: str
    reason: str
