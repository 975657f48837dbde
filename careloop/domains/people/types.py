"""What may cross the threshold of the people domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.kernel.actors import Role

__all__ = [
    "ROLE_LABELS",
    "SCOPE_LABELS",
    "THEME_LABELS",
    "Account",
    "InvitationRow",
    "IssuedInvitation",
    "IssuedToken",
    "MembershipRow",
    "OpenedInvitation",
    "OwnAccount",
    "Person",
    "PersonalSettings",
    "Scope",
    "TeamRow",
    "Theme",
    "TokenGrant",
    "TokenRow",
]

ROLE_LABELS: Final[Mapping[Role, str | Promise]] = {
    Role.OWNER: _("Owner"),
    Role.MANAGER: _("Manager"),
    Role.ANALYST: _("Quality analyst"),
    Role.LEAD: _("Team lead"),
    Role.AGENT: _("Agent"),
    Role.COLLEAGUE: _("Colleague"),
    Role.CLIENT_VIEWER: _("Client viewer"),
}


class Theme(StrEnum):
    """How light a person's pages are."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


THEME_LABELS: Final[Mapping[Theme, str | Promise]] = {
    Theme.AUTO: _("As the device"),
    Theme.LIGHT: _("Light"),
    Theme.DARK: _("Dark"),
}


class Scope(StrEnum):
    """What an API token may be used for; a token never does more than its maker may."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    PEOPLE_READ = "people:read"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    AUDIT_READ = "audit:read"
    NUMBERS_READ = "numbers:read"
    NUMBERS_WRITE = "numbers:write"
    CALLS_TELL = "calls:tell"


SCOPE_LABELS: Final[Mapping[Scope, str | Promise]] = {
    Scope.CASES_READ: _("Read cases and their conversations"),
    Scope.CASES_WRITE: _("Answer and change cases"),
    Scope.CUSTOMERS_READ: _("Read customers and organizations"),
    Scope.CUSTOMERS_WRITE: _("Change customers and organizations"),
    Scope.PEOPLE_READ: _("Read people and teams"),
    Scope.SETTINGS_READ: _("Read settings"),
    Scope.SETTINGS_WRITE: _("Change settings, people and teams"),
    Scope.AUDIT_READ: _("Read who did what"),
    Scope.NUMBERS_READ: _("Read boards and numbers"),
    Scope.NUMBERS_WRITE: _("Change boards"),
    Scope.CALLS_TELL: _("Tell of calls on a telephone system"),
}


class Account(Protocol):
    """The account that is signed in, as the framework's `request.user` carries it."""

    pk: int
    email: str
    name: str
    language: str
    time_zone: str
    theme: str
    signature: str
    mails_notifications: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the workspace, as colleagues see them.

    id: primary key of the account. team_ids: teams in this workspace that are still in use.
    """

    id: int
    name: str
    email: str
    role: Role
    team_ids: frozenset[int]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalSettings:
    """What a person may change about their own account.

    name: as colleagues and customers read it, 1 to 120 characters.
    language: "en", "ko", "zh-hans" or "vi".
    time_zone: an IANA name such as "Asia/Seoul".
    signature: text under answers, at most 2000 characters.
    mails_notifications: whether notices also come by mail.
    """

    name: str
    language: str
    time_zone: str
    theme: str
    signature: str
    mails_notifications: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """A person's account as they see it themselves."""

    email: str
    settings: PersonalSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A person's place in one of their workspaces, for choosing among them."""

    workspace_id: int
    key: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team and who is in it, by primary key of the account."""

    id: int
    name: str
    is_active: bool
    member_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """An invitation that is neither accepted nor revoked; the link itself is nowhere kept."""

    id: int
    email: str
    role: Role
    invited_by_id: int
    created_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvitation:
    """A fresh invitation. token: the one-time secret of its link, never to be had again."""

    id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInvitation:
    """What somebody who holds a valid link may know before accepting.

    has_account: whether the invited address belongs to an account already, which then has to sign in first.
    """

    id: int
    workspace_id: int
    workspace_name: str
    email: str
    role: Role
    inviter_name: str
    expires_at: datetime
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A fresh API token. raw: the secret, shown once and never kept."""

    id: int
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """An API token as people see it. hint: the last characters of the secret, to tell tokens apart."""

    id: int
    name: str
    hint: str
    user_id: int
    user_name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGrant:
    """What a valid API token opens: one workspace, as one person, for some scopes."""

    token_id: int
    workspace_id: int
    user_id: int
    scopes: frozenset[str]
