"""Who asked for help, who came, what was said to teams, and who was protected from abuse.

The subject is the raised hand, "hand:3", or the message, "team_message:3"; what was said is in its row.
Of abuse it is the case in which it happened, so that it stands in the story of the case.
"""

from careloop.kernel.events import Event, event_type

__all__ = [
    "AbuseContactEnded",
    "AbuseNoted",
    "AbuseRestGiven",
    "AbuseWarned",
    "HandLowered",
    "HandRaised",
    "HandTakenUp",
    "TeamMessageRead",
    "TeamMessageSent",
]


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


@event_type("abuse.noted")
class AbuseNoted(Event):
    """user_id: whom a customer abused. kind: of states.AbuseKind."""

    abuse_id: int
    contact_id: int
    chat_id: int | None
    user_id: int
    kind: str


@event_type("abuse.warned")
class AbuseWarned(Event):
    """The customer was warned. is_sent: in words of ours; not where it was said by mouth."""

    abuse_id: int
    contact_id: int
    user_id: int
    is_sent: bool


@event_type("abuse.contact_ended")
class AbuseContactEnded(Event):
    """The contact was ended to protect user_id. is_warned: the customer was warned before."""

    abuse_id: int
    contact_id: int
    user_id: int
    kind: str
    is_warned: bool


@event_type("abuse.rest_given")
class AbuseRestGiven(Event):
    """user_id rests. rest_s: how long."""

    abuse_id: int
    contact_id: int
    user_id: int
    rest_s: int
