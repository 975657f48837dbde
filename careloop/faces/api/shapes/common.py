"""What all shapes share: nothing unknown comes in, every number has a bound, every moment is UTC."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "Address",
    "Asked",
    "Channel",
    "Given",
    "Id",
    "Language",
    "Line",
    "Made",
    "MailAddress",
    "Moment",
    "PageAsked",
    "PathId",
    "Role",
    "Shown",
    "Text",
]

MOST_ID = 2**63 - 1
EARLIEST_YEAR, LATEST_YEAR = 1970, 2999
_PLAIN = r"^[^\x00]*$"


class Given(BaseModel):
    """A body. Fields it does not know are refused, and nothing is guessed from a wrong type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """A query string."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """An answer, read from a frozen row."""

    model_config = ConfigDict(from_attributes=True)


class Made(Shown):
    """Something that was just made."""

    id: int


Id = Annotated[int, Field(ge=1, le=MOST_ID)]
PathId = Annotated[int, Field(ge=1, le=MOST_ID)]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=_PLAIN)]
Text = Annotated[str, Field(max_length=500_000, pattern=_PLAIN)]
Language = Annotated[str, Field(max_length=10, pattern=r"^[A-Za-z-]*$", description="A language code such as “ko”.")]
Channel = Literal["email", "web_form", "portal", "voice", "letter", "in_person", "chat", "sms", "api"]
Role = Literal["owner", "manager", "analyst", "lead", "agent", "colleague", "client_viewer"]
_PIECE = r"[^@\s,;<>\"()\\\x00]+"
Address = Annotated[str, Field(min_length=3, max_length=320, pattern=rf"^{_PIECE}@{_PIECE}\.{_PIECE}$")]
MailAddress = Annotated[str, Field(min_length=3, max_length=254, pattern=rf"^{_PIECE}@{_PIECE}\.{_PIECE}$")]
"""An address of ours, as long as one that can be signed in with."""


def _written(value: object) -> object:
    # pydantic takes a number for seconds since 1970; nothing is guessed here.
    if not isinstance(value, str):
        raise ValueError(gettext("Write a moment in UTC such as 2026-11-16T09:00:00Z."))
    return value


def _in_our_time(value: datetime) -> datetime:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(gettext("Write a moment in UTC such as 2026-11-16T09:00:00Z."))
    return value


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_in_our_time)]


class PageAsked(Asked):
    """Which page of a list."""

    cursor: (
        Annotated[str, Field(max_length=1000, pattern=_PLAIN, description="The next_cursor of the page before.")] | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=200, description="Items on the page.")] = 50
