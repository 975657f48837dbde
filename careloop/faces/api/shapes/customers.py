"""Customers and organizations."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import available_timezones

from django.utils.translation import gettext
from pydantic import Field, field_validator

from careloop.faces.api.shapes.cases import TagName
from careloop.faces.api.shapes.common import Given, Id, Language, Line, PageAsked, Shown

__all__ = [
    "CustomerAsked",
    "CustomerCardShown",
    "CustomerChange",
    "CustomerGiven",
    "CustomerNoteGiven",
    "CustomerNoteShown",
    "CustomerPage",
    "CustomerShown",
    "CustomerTagsGiven",
    "IdentityGiven",
    "OrganizationAsked",
    "OrganizationChange",
    "OrganizationGiven",
    "OrganizationPage",
    "OrganizationShown",
]

Kind = Literal["email", "phone", "external"]
Value = Annotated[str, Field(min_length=1, max_length=320, pattern=r"^[^\x00]*$")]
Domain = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.-]+$")]


class CustomerShown(Shown):
    id: int
    name: str
    address: str
    language: str
    organization: str


class CustomerPage(Shown):
    items: list[CustomerShown]
    next_cursor: str | None


class CustomerAsked(PageAsked):
    """query: words of names and addresses; its answers come on one page."""

    query: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = None


class IdentityShown(Shown):
    id: int
    kind: str
    value: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    verified_at: datetime | None


class CustomerNoteShown(Shown):
    id: int
    author_id: int
    text: str
    created_at: datetime


class CustomerCardShown(Shown):
    """The newest 50 notes, identities and tags are shown."""

    id: int
    name: str
    language: str
    time_zone: str
    organization_id: int | None
    organization: str
    created_at: datetime
    identities: list[IdentityShown]
    tags: list[str]
    notes: list[CustomerNoteShown]


class CustomerGiven(Given):
    """A new customer, with a first address or number."""

    name: Line
    kind: Kind
    value: Value
    language: Language = ""


class CustomerChange(Given):
    """What is left out stays as it is."""

    name: Line | None = None
    language: Language | None = None
    time_zone: Annotated[str, Field(max_length=60)] | None = None
    organization_id: Id | None = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value and value not in available_timezones():
            raise ValueError(gettext("Choose a time zone such as Asia/Seoul."))
        return value


class IdentityGiven(Given):
    """confidence: how sure it is that it is theirs."""

    kind: Kind
    value: Value
    confidence: Annotated[float, Field(ge=0.01, le=1)] = 0.9


class CustomerNoteGiven(Given):
    text: Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"^[^\x00]*$")]


class CustomerTagsGiven(Given):
    add: Annotated[list[TagName], Field(max_length=50)] = []
    remove: Annotated[list[TagName], Field(max_length=50)] = []


class OrganizationShown(Shown):
    id: int
    name: str
    domains: list[str]
    created_at: datetime


class OrganizationPage(Shown):
    items: list[OrganizationShown]
    next_cursor: str | None


class OrganizationAsked(PageAsked):
    """query: part of a name."""

    query: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = None


class OrganizationGiven(Given):
    """domains: mail domains whose new senders belong to it."""

    name: Line
    domains: Annotated[list[Domain], Field(max_length=100)] = []


class OrganizationChange(Given):
    """What is left out stays as it is."""

    name: Line | None = None
    domains: Annotated[list[Domain], Field(max_length=100)] | None = None
