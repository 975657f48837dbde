"""Who asked for help, and who came. The subject is the raised hand, "hand:3"; what was said is in its row."""

from careloop.kernel.events import Event, event_type

__all__ = ["HandLowered", "HandRaised", "HandTakenUp"]


@event_type("hand.raised")
class HandRaised(Event):
    """user_id: who needs help. case_id, chat_id: what they had before them, where they said so."""

    user_id: int
    case_id: int | None
    chat_id: int | None


@event_type("hand.taken_up")
class HandTakenUp(Event):
    """helper_id: who is on the way. waited_s: since the hand was raised."""

    user_id: int
    helper_id: int
    waited_s: int


@event_type("hand.lowered")
class HandLowered(Event):
    """helper_id: who had come; None when nobody had. lasted_s: since the hand was raised."""

    user_id: int
    helper_id: int | None
    lasted_s: int
