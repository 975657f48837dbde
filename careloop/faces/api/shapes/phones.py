"""Telephone systems."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Id, Shown

__all__ = ["PhoneChange", "PhoneCheckShown", "PhoneGiven", "PhoneList", "PhoneSeatGiven", "PhoneSeatList", "PhoneShown"]

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
Meaning = Literal["blocked", "callback", "outbound", "ignored"]


Offers = Annotated[list[Literal["call", "listen", "transfer", "recording"]], Field(max_length=10)]
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
    """

    id: int
    name: str
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


class PhoneList(Shown):
    items: list[PhoneShown]


class PhoneGiven(Given):
    """A new telephone system, on trial. inbound: contexts of the dialplan in which customers' calls begin."""

    name: Name
    host: Host
    port: Port = 5039
    security: Security = "tls"
    user: User
    secret: Secret
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
