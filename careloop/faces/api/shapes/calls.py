"""Calls on telephone systems."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Id, PageAsked, Shown

__all__ = [
    "CallAsked",
    "CallAttachmentGiven",
    "CallCallerGiven",
    "CallPage",
    "CallShown",
    "CallWriteUpGiven",
    "CalleeGiven",
    "CallsNow",
]


class CallAsked(PageAsked):
    """mine: only calls that the token's maker answered."""

    mine: bool = False


class CallShown(Shown):
    """A call. contact_key: what it is called in the facts. number: empty when it is withheld. is_outbound: we call.

    ringing, missed: seats at which it rings, and which let it ring. seat: which answered; agent_id: the person behind it.
    """

    id: int
    pbx_id: int
    contact_key: str
    number: str
    is_outbound: bool
    queue: str
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
