"""Who works in the workspace, who is invited, and the tokens of their machines."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from careloop.faces.api.shapes.common import Given, Id, MailAddress, PageAsked, Role, Shown

__all__ = [
    "InvitationGiven",
    "InvitationList",
    "InvitationShown",
    "MeShown",
    "MemberGiven",
    "PersonAsked",
    "PersonPage",
    "PersonShown",
    "RoleGiven",
    "TeamGiven",
    "TeamList",
    "TeamShown",
    "TokenList",
]

InOrder = Annotated[list[int], BeforeValidator(sorted)]


class MeShown(Shown):
    """Whom the token acts as, and where. scopes: what the token may be used for. signature: under one's answers."""

    id: int
    name: str
    role: Role
    team_ids: list[int]
    scopes: list[str]
    workspace_key: str
    workspace_name: str
    email: str
    language: str
    time_zone: str
    signature: str
    mails_notifications: bool


class PersonShown(Shown):
    id: int
    name: str
    email: str
    role: Role
    team_ids: InOrder
    since: datetime


class PersonAsked(PageAsked):
    """query: part of a name or an address; its answers come on one page."""

    query: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = None


class PersonPage(Shown):
    items: list[PersonShown]
    next_cursor: str | None


class TeamShown(Shown):
    id: int
    name: str
    member_ids: InOrder


class TeamList(Shown):
    items: list[TeamShown]


class RoleGiven(Given):
    role: Role


class TeamGiven(Given):
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]


class MemberGiven(Given):
    user_id: Id


class InvitationShown(Shown):
    """An invitation that is neither accepted nor taken back. Its link is in the mail alone."""

    id: int
    email: str
    role: Role
    invited_by_id: int
    created_at: datetime
    expires_at: datetime
    is_expired: bool


class InvitationList(Shown):
    items: list[InvitationShown]


class InvitationGiven(Given):
    """role: none above one's own."""

    email: MailAddress
    role: Role


class TokenShown(Shown):
    """A token without its secret. hint: the secret's last letters. is_current: the one that asks."""

    id: int
    name: str
    hint: str
    user_id: int
    user_name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_current: bool


class TokenList(Shown):
    items: list[TokenShown]
