"""Who asked for help, who came, and what was said to teams.

The subject is the raised hand, "hand:3", or the message, "team_message:3"; what was said is in its row.
"""

from careloop.kernel.events import Event, event_type

__all__ = ["HandLowered", "HandRaised", "HandTakenUp", "TeamMessageRead", "TeamMessageSent"]


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


@event_type("team_message.sent")
class TeamMessageSent(Event):
    """team_id: None when it went to everybody at work. recipient_count: to how many people."""

    team_id: int | None
    recipient_count: int


@event_type("team_message.read")
class TeamMessageRead(Event):
    user_id: int
