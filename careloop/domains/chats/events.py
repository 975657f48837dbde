"""What happens to chats. What is said in them is in the events of their conversation; who waited how long, of their contact."""

from careloop.kernel.events import Event, event_type

__all__ = [
    "ChatAgentJoined",
    "ChatEnded",
    "ChatHandedOver",
    "ChatHelperCalled",
    "ChatNoticeAgreed",
    "ChatStarted",
    "ChatWidgetChanged",
]


@event_type("chat_widget.changed")
class ChatWidgetChanged(Event):
    """change: "made", "changed" or "secret_renewed"."""

    change: str


@event_type("chat_widget.agreed")
class ChatNoticeAgreed(Event):
    """A visitor agreed to the notice of a widget before they began, or left a message. notice: its words then, with the address."""

    case_number: int
    notice: str


@event_type("chat.started")
class ChatStarted(Event):
    """is_proved: the site itself signed who the visitor is."""

    widget_id: int
    conversation_id: int
    case_id: int
    customer_id: int
    team_id: int | None
    is_proved: bool


@event_type("chat.agent_joined")
class ChatAgentJoined(Event):
    """waited_s: since the chat came to wait this time."""

    agent_id: int
    waited_s: int


@event_type("chat.handed_over")
class ChatHandedOver(Event):
    """agent_id: None when it waits again, for the team. why: "cold", "warm", "silence" when the agent
    did not answer, "dropped_off" when they were gone, or "moved" when whoever leads said so.
    """

    was_agent_id: int | None
    agent_id: int | None
    team_id: int | None
    why: str


@event_type("chat.helper_called")
class ChatHelperCalled(Event):
    helper_id: int


@event_type("chat.ended")
class ChatEnded(Event):
    """by: "visitor", "agent", "silence", or "nobody" when nobody took it for as long as its widget lets visitors wait."""

    by: str
    was_answered: bool
