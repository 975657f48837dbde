"""Numbers for text messages."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Given, Id, Shown

__all__ = [
    "HookList",
    "MessengerChange",
    "MessengerCheckShown",
    "MessengerGiven",
    "MessengerList",
    "MessengerShown",
]

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
Number = Annotated[str, Field(pattern=r"^(\+[0-9]{5,18}|[0-9]{3,8})$")]
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,80}$")]
Base = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^https://[A-Za-z0-9.-]+(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._/-]*)?$",
        description="Where the provider's API begins.",
    ),
]
Token = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Written, never read back. Left out or empty, the stored one stays, unless the account is another one.",
        json_schema_extra={"writeOnly": True, "format": "password"},
    ),
]


class MessengerShown(Shown):
    """A number for text messages without its token. heard_at: when its provider last called, rightly signed."""

    id: int
    name: str
    number: str
    account: str
    api_base: str
    team_id: int | None
    state: Literal["trying", "live", "paused"]
    heard_at: datetime | None
    last_error: str
    failing_since: datetime | None


class MessengerList(Shown):
    items: list[MessengerShown]


class MessengerGiven(Given):
    """A new number, on trial. team_id: whose its cases are."""

    name: Name
    number: Number
    account: Account
    token: Token
    api_base: Base = "https://api.twilio.com"
    team_id: Id | None = None


class MessengerChange(Given):
    """What is left out stays as it is; null for the team takes it away."""

    name: Name | None = None
    number: Number | None = None
    account: Account | None = None
    token: Token | None = None
    api_base: Base | None = None
    team_id: Id | None = None


class MessengerCheckShown(Shown):
    """How a check went. trouble: a code, empty when all is well; message: what to do; detail: the other side's words."""

    trouble: str
    message: str
    detail: str


class HookShown(Shown):
    """A text message that could not be read. sender, text: as far as they can be. reason: a code; message: what to do."""

    id: int
    received_at: datetime
    sender: str
    text: str
    reason: str
    message: str


class HookList(Shown):
    items: list[HookShown]
