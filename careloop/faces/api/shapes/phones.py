"""Telephone systems."""

from datetime import datetime
from typing import Annotated, Literal, Self

from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field, model_validator

from careloop.faces.api.shapes.common import Given, Id, Moment, Shown

__all__ = [
    "CallEventGiven",
    "CallEventsGiven",
    "CallEventsTaken",
    "LeftGiven",
    "LeftTaken",
    "PhoneChange",
    "PhoneCheckShown",
    "PhoneGiven",
    "PhoneList",
    "PhoneSeatGiven",
    "PhoneSeatList",
    "PhoneShown",
    "ProviderGiven",
    "ProviderShown",
]

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:\[\]_-]+$")]
Port = Annotated[int, Field(ge=1, le=65535)]
User = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")]
Secret = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[^\x00-\x1f]*$",
        description="Written, never read back. Left out or empty, the stored one stays, unless the server is another one.",
        json_schema_extra={"writeOnly": True, "format": "password"},
    ),
]
Security = Literal["tls", "plain"]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Meaning = Literal["blocked", "callback", "promise", "outbound", "ignored"]


Offers = Annotated[list[Literal["call", "listen", "transfer", "recording", "end", "pause"]], Field(max_length=10)]
Context = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_.-]*$")]
Channel = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_./@:-]*\{extension\}[A-Za-z0-9_./@:-]*$")]
Extension = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.-]+$")]
QueueNumbers = Annotated[dict[Word, Extension], Field(max_length=50)]
RecordingUrl = Annotated[str, Field(max_length=300, pattern=r"^(https?://[^\s{}<>]+\{key\}[^\s{}<>]*)?$")]
Plus = Annotated[str, Field(max_length=8, pattern=r"^[+0-9*#]*$")]
Beginnings = Annotated[list[Annotated[str, Field(pattern=r"^\+?[0-9]{1,18}$")]], Field(max_length=50)]


class PhoneShown(Shown):
    """A telephone system without its secret.

    source: what its facts are called. deaf_from, deaf_until: the last time between which nothing was heard.
    offers: what may be done on it from here. call_context: in which its phones dial. phone_channel: how one is rung.
    plus: dialed for +. barred: how numbers begin that are not called. transfer_context: in which calls that are passed on are
    dialed, empty for call_context. queue_numbers: what is dialed for a queue, by its name. recording_url: where a recording is
    heard, with {key}.
    kind: "asterisk", or "told" through this API. pausing_refused_at: since when it refuses to pause phones, or null.
    """

    id: int
    name: str
    kind: str
    host: str
    port: int
    security: Security
    user: str
    state: str
    source: str
    inbound: list[str]
    user_events: dict[str, Meaning]
    connected_at: datetime | None
    heard_at: datetime | None
    deaf_from: datetime | None
    deaf_until: datetime | None
    last_error: str
    failing_since: datetime | None
    offers: list[str]
    call_context: str
    phone_channel: str
    plus: str
    barred: list[str]
    transfer_context: str
    queue_numbers: dict[str, str]
    recording_url: str
    pausing_refused_at: datetime | None


class PhoneList(Shown):
    items: list[PhoneShown]


class PhoneGiven(Given):
    """A new telephone system, on trial. inbound: contexts of the dialplan in which customers' calls begin.

    kind: "asterisk" needs host, user and secret; "told" has a name and no more, and its calls come to `/call-events`.
    """

    name: Name
    kind: Literal["asterisk", "told"] = "asterisk"
    host: Host | Literal[""] = ""
    port: Port = 5039
    security: Security = "tls"
    user: User | Literal[""] = ""
    secret: Secret = ""
    inbound: Annotated[list[Word], Field(max_length=50)] = []
    user_events: Annotated[dict[Word, Meaning], Field(max_length=50)] = {}
    offers: Offers = []
    call_context: Context = ""
    phone_channel: Channel = "PJSIP/{extension}"
    plus: Plus = "00"
    barred: Beginnings = []
    transfer_context: Context = ""
    queue_numbers: QueueNumbers = {}
    recording_url: RecordingUrl = ""


class PhoneChange(Given):
    """What is left out stays as it is."""

    name: Name | None = None
    host: Host | None = None
    port: Port | None = None
    security: Security | None = None
    user: User | None = None
    secret: Secret | None = None
    inbound: Annotated[list[Word], Field(max_length=50)] | None = None
    user_events: Annotated[dict[Word, Meaning], Field(max_length=50)] | None = None
    offers: Offers | None = None
    call_context: Context | None = None
    phone_channel: Channel | None = None
    plus: Plus | None = None
    barred: Beginnings | None = None
    transfer_context: Context | None = None
    queue_numbers: QueueNumbers | None = None
    recording_url: RecordingUrl | None = None


class PhoneSeatShown(Shown):
    """An agent as the telephone system calls them.

    user_id: the person behind, null where nobody said so. extension: of their phone.
    """

    id: int
    name: str
    user_id: int | None
    extension: str


class PhoneSeatList(Shown):
    items: list[PhoneSeatShown]


class PhoneSeatGiven(Given):
    """user_id: null for nobody of ours. extension: left out, it stays."""

    user_id: Id | None
    extension: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_.-]*$")] | None = None


class PbxQueueShown(Shown):
    name: str
    waiting_count: int


class PhoneCheckShown(Shown):
    """How a check went. trouble: a code, empty when all is well; message: what to do; detail: the other side's words."""

    trouble: str
    message: str
    detail: str
    queues: list[PbxQueueShown]
    agents: list[str]


ToldName = Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
ToldNumber = Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


class CallEventGiven(Given):
    """One thing that happened to a call.

    id: yours, for ever the same: told again, it changes nothing. call: your name of the call. at: when it happened.
    direction: "in" when the customer calls. number: the customer's, left out where it is withheld; line: of ours that was called.
    seat: the agent it is about, as your telephone system calls them. to: where a transfer leads. ended_by: of an end, who hung up.
    """

    id: Annotated[
        str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    ]
    call: Annotated[
        str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    ]
    kind: Literal["waiting", "ringing", "missed", "answered", "held", "resumed", "callback", "transferred", "ended"]
    at: Moment
    direction: Literal["in", "out"] = "in"
    number: ToldNumber = ""
    line: ToldNumber = ""
    queue: ToldName = ""
    seat: ToldName = ""
    to: ToldName = ""
    ended_by: Literal["customer", "us"] | None = None

    @model_validator(mode="after")
    def _says_who_ended_it(self) -> Self:
        if self.kind == "ended" and self.ended_by is None:
            raise ValueError(gettext("Say who ended the call: the customer, or us."))
        return self


class CallEventsGiven(Given):
    """events: at most 500, in any order; none says only that the telephone system is there."""

    events: Annotated[list[CallEventGiven], Field(max_length=500)]


class CallEventTaken(Shown):
    """became: "taken", "known" when it came before, "late" when its call is counted already, "tried" where nothing is kept."""

    id: str
    became: str


class CallEventsTaken(Shown):
    items: list[CallEventTaken]


class LeftGiven(BaseModel):
    """Beside the file, as parts of the form.

    id: yours, for ever the same. at: when it was left. number: the caller's, left out where it is withheld.
    call: your name of the call in which it was left. seconds: how long a voicemail is.
    """

    model_config = ConfigDict(extra="forbid")

    id: Annotated[
        str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    ]
    at: Moment
    number: ToldNumber = ""
    call: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None


class LeftTaken(Shown):
    """became: "taken", or "known" when it came before."""

    id: str
    became: str


class ProviderShown(Shown):
    """A provider whose webhooks tell of calls. queue: in which its callers wait. numbers: of the agents' telephones.

    calendar_id: opening hours, outside of which a message is taken; null is always open. offers: what people may do with its
    calls from here.
    """

    account: str
    api_base: str
    queue: str
    calendar_id: int | None
    numbers: list[str]
    offers: list[Literal["end", "transfer"]]


class ProviderGiven(Given):
    """All of a provider's settings. Without a token the stored one stays, as long as account and API stay the same."""

    account: Annotated[str, Field(max_length=80)]
    token: Annotated[str, Field(max_length=200)] = ""
    api_base: Annotated[str, Field(max_length=200)] = "https://api.twilio.com"
    queue: Annotated[str, Field(max_length=120)]
    calendar_id: Id | None = None
    numbers: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=10)] = []
    offers: Annotated[list[Literal["end", "transfer"]], Field(max_length=2)] = []
