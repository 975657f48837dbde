"""What all shapes share: nothing unknown comes in, every number has a bound, every moment is UTC."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Address",
    "Asked",
    "Channel",
    "Given",
    "Id",
    "Language",
    "Line",
    "Made",
    "PageAsked",
    "PathId",
    "Role",
    "Shown",
    "Text",
]

MOST_ID = 2**63 - 1
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
Channel = Literal["email", "web_form", "portal", "voice", "letter", "in_person", "api"]
Role = Literal["owner", "manager", "analyst", "lead", "agent", "colleague", "client_viewer"]
_PIECE = r"[^@\s,;<>\"()\\\x00]+"
Address = Annotated[str, Field(min_length=3, max_length=320, pattern=rf"^{_PIECE}@{_PIECE}\.{_PIECE}$")]


class PageAsked(Asked):
    """Which page of a list."""

    cursor: (
        Annotated[str, Field(max_length=1000, pattern=_PLAIN, description="The next_cursor of the page before.")] | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=200, description="Items on the page.")] = 50
