"""Calls on telephone systems."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Id, PageAsked, Shown

__all__ = [
    "CallAsked",
    "CallAttachmentGiven",
    "CallCallerGiven",
    "CallInterventionGiven",
    "CallPage",
    "CallRecordingConsentGiven",
    "CallRecordingPlace",
    "CallRecordingShown",
    "CallShown",
    "CallTransferGiven",
    "CallTransferList",
    "CallTransferTargets",
    "CallWriteUpGiven",
    "CallbackBooked",
    "CallbackWindowShown",
    "CalleeGiven",
    "CallsNow",
]


class CallAsked(PageAsked):
    """mine: only calls that the token's maker answered."""

    mine: bool = False


class CallShown(Shown):
    """A call. contact_key: what it is called in the facts. number: empty when it is withheld. is_outbound: we call.

    line: the number that was called, empty where nobody tells it. queued_at: since when the caller stands in the queue; null where
    they do not, or nobody knows since when.

    ringing, missed: seats at which it rings, and which let it ring. seat: which answered; agent_id: the person behind it.
    """

    id: int
    pbx_id: int
    contact_key: str
    number: str
    is_outbound: bool
    line: str
    queue: str
    queued_at: datetime | None
    state: Literal["waiting", "calling", "ringing", "talking", "handed_on", "ended"]
    ringing: list[str]
    missed: list[str]
    seat: str
    agent_id: int | None
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ending: Literal["", "handled", "given_up", "left", "unreached", "failed", "unknown"]
    customer_id: int | None
    case_id: int | None
    case_number: int | None
    reason_id: int | None
    note: str
    written_up_at: datetime | None


class CallPage(Shown):
    items: list[CallShown]
    next_cursor: str | None


class CallsNow(Shown):
    items: list[CallShown]


class CalleeGiven(Given):
    """Whom to call. number: one of theirs, as their card has it. case_number: the case of theirs it is about."""

    customer_id: Id
    number: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
    case_number: Id | None = None


class CallInterventionGiven(Given):
    """By whom the token's maker is heard: nobody (listen), the agent (whisper), or both (join)."""

    how: Literal["listen", "whisper", "join"]


class CallCallerGiven(Given):
    """Who called."""

    customer_id: Id


class CallAttachmentGiven(Given):
    """Which case the call belongs to."""

    case_number: Id


class CallWriteUpGiven(Given):
    """reason_id: from `/reasons`; null only where the workspace keeps none."""

    reason_id: Id | None = None
    note: Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")] = ""


class CallTransferGiven(Given):
    """To whom a call is passed on: a colleague or a queue, not both.

    is_announced: you speak to the colleague first, and hang up to hand it over. note: what they should know.
    """

    receiver_id: Id | None = None
    queue: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f]*$")] = ""
    is_announced: bool = False
    note: Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")] = ""


class CallTransferShown(Shown):
    """How a call was passed on. receiver_id: null for a queue. why: why it was not taken. ended_at: when that was told."""

    id: int
    kind: Literal["blind", "attended"]
    state: Literal["asked", "taken", "came_back", "refused", "lost"]
    why: Literal["", "busy", "no_answer", "unreachable", "failed"]
    sender_id: int
    receiver_id: int | None
    queue: str
    note: str
    asked_at: datetime
    ended_at: datetime | None


class CallTransferList(Shown):
    items: list[CallTransferShown]


class CallColleagueShown(Shown):
    """state: what they do now, as in `/seats`; empty where nobody knows."""

    user_id: int
    name: str
    extension: str
    state: str


class CallTransferTargets(Shown):
    """To whom a call can be passed on: whoever is free first; queues by name. announces: to a colleague first."""

    people: list[CallColleagueShown]
    queues: list[str]
    announces: bool


class CallRecordingConsentGiven(Given):
    """What the caller says to being recorded; asked: they have not answered yet. A refusal ends the recording."""

    consent: Literal["asked", "given", "refused"]


class CallRecordingPauseShown(Shown):
    """A span that is not recorded. state: asked where the telephone system did not say that it pauses, failed where it did not.

    begun_by, ended_by: names; empty where the telephone system or the end of the call did. is_forced: somebody else resumed it.
    """

    id: int
    state: Literal["asked", "on", "over", "failed"]
    begun_by: str
    ended_by: str
    is_forced: bool
    began_at: datetime
    ended_at: datetime | None


class CallRecordingShown(Shown):
    """What is known of the recording of a call. consent_by: a name; empty for the telephone system."""

    consent: Literal["unknown", "asked", "given", "refused"]
    consent_at: datetime | None
    consent_by: str
    is_paused: bool
    pauses: list[CallRecordingPauseShown]


class CallRecordingPlace(Shown):
    """Where a recording is heard."""

    url: str


class CallbackWindowShown(Shown):
    """When a caller can be called back. from_at: null for at once. due_at: at the latest."""

    from_at: datetime | None
    due_at: datetime


class CallbackBooked(Shown):
    """A callback that was promised to a caller. case_number: where it stands. from_at, due_at: as in CallbackWindowShown."""

    case_number: int
    from_at: datetime | None
    due_at: datetime
