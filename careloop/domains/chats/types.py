"""What may cross the threshold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from careloop.domains.chats.states import Invited

__all__ = [
    "ChatRow",
    "HeldChat",
    "InvitationRule",
    "LastSaid",
    "NewChat",
    "NextWord",
    "Place",
    "Wait",
    "WidgetRow",
    "WidgetSettings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRule:
    """Whom a widget asks whether it may help, and when.

    texts: what they are asked, by language; read in the visitor's, else in the widget's. path: only on pages whose path begins so.
    after_s: so long after the page was opened, 0 to 3600. to: which visitors. languages: only to those who read one of these;
    none for everybody. pause_h: not again to the same visitor for so many hours, 1 to 2160; whoever said “not now” has a month.
    """

    texts: Mapping[str, str]
    path: str = ""
    after_s: int = 30
    to: Invited = Invited.EVERYBODY
    languages: tuple[str, ...] = ()
    pause_h: int = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetSettings:
    """What may be changed about a widget.

    name: above the chat, for visitors. language: where the site and the browser say none that we speak.
    greetings: stand above the first word, by language. team_id: whose chats these are; None for everybody's.
    queue_id: where they wait to be offered to people; None: they are taken by hand.
    mailbox_id: what is mailed leaves through it; None for the workspace's first. calendar_id: None for always.
    allowed_origins: sites that may show it, such as https://www.example.com; no others are answered.
    visitor_silence_s, agent_silence_s, mail_after_s: seconds, 30 to 86 400.
    most_waiting: while so many wait in it nobody else begins to, 0 to 1000; 0 for no limit.
    most_wait_s: after so many seconds in which nobody came the wait is over, and the answer goes by mail; 0 for no end of it.
    invitations: rules in their order, the first that fits counts. Nobody is asked whom nobody could answer.
    notice: what visitors agree to before they begin or leave a message, or empty; notice_url: where more of it is read, or empty.
    """

    name: str
    language: str
    greetings: Mapping[str, str] = field(default_factory=dict)
    team_id: int | None = None
    queue_id: int | None = None
    mailbox_id: int | None = None
    calendar_id: int | None = None
    allowed_origins: tuple[str, ...] = ()
    visitor_silence_s: int = 600
    agent_silence_s: int = 300
    mail_after_s: int = 120
    most_wait_s: int = 900
    most_waiting: int = 0
    invitations: tuple[InvitationRule, ...] = ()
    notice: str = ""
    notice_url: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetRow:
    """A widget. key: what its address ends in."""

    id: int
    key: str
    settings: WidgetSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChat:
    """A chat that begins with the visitor's first word.

    secret_hash: of the secret that the visitor's browser made. mark: by which it sent the first word.
    """

    widget_id: int
    conversation_id: int
    case_id: int
    customer_id: int
    team_id: int | None
    language: str
    page: str
    is_proved: bool
    secret_hash: str
    mark: str
    message_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRow:
    """A chat as it stands.

    customer, agent, team: what they are called, or empty. helper_ids: colleagues who were called in.
    visitor_read_id, agent_read_id: the last message that either side has read. mailed_id: up to which ours were mailed.
    """

    id: int
    widget_id: int
    conversation_id: int
    case_id: int
    case_number: int
    subject: str
    customer_id: int
    customer: str
    state: str
    team_id: int | None
    team: str
    agent_id: int | None
    agent: str
    language: str
    page: str
    is_proved: bool
    started_at: datetime
    queued_at: datetime
    picked_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    visitor_read_id: int
    agent_read_id: int
    mailed_id: int
    wants_transcript: bool
    helper_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSaid:
    """The newest word of a chat. text: its beginning; empty where only files were sent."""

    at: datetime
    is_ours: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextWord:
    """A word that is to be said in a chat. mark, previous: of it, and of the word that its writer sent before; empty for none."""

    chat_id: int
    mark: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChat:
    """A chat locked for its next word.

    mark: of the word. known: the message that the mark made already, None for a new one. is_early: the word before it has not
    arrived yet.
    """

    id: int
    mark: str
    known: int | None
    is_early: bool
    state: str
    visitor_silence_s: int
    agent_silence_s: int
    mail_after_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a waiting visitor stands. ahead: how many came before. wait: what to expect, or None while we cannot say."""

    ahead: int
    wait: "Wait | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How much longer it takes, in seconds: half wait less than `middle`, three of four between `least` and `most`."""

    middle: float
    least: float
    most: float
