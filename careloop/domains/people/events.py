"""What happened to people, teams, invitations and tokens.

Subjects: "user:7", "team:3", "invitation:5", "token:2". Addresses and names stay out of the log.
"""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "AccountCreated",
    "AccountEvent",
    "InvitationRevoked",
    "PasswordChanged",
    "PasswordReset",
    "PersonInvited",
    "PersonJoined",
    "PersonLeft",
    "PersonalSettingsChanged",
    "RecoveryCodesMade",
    "RoleChanged",
    "SecondFactorActivated",
    "SecondFactorDeactivated",
    "SessionsEnded",
    "SignInFailed",
    "SignedIn",
    "SignedOut",
    "TeamCreated",
    "TeamMemberAdded",
    "TeamMemberRemoved",
    "TeamRenamed",
    "TeamRetired",
    "TokenMade",
    "TokenRevoked",
]


class AccountEvent(Event):
    """Something that happened to an account as a whole, recorded with the operation; subject "user:0" when unknown."""

    __slots__ = ()


@event_type("account.created")
class AccountCreated(Event):
    """An account was made."""


@event_type("account.settings_changed")
class PersonalSettingsChanged(AccountEvent):
    """A person changed their own settings. changed: their names, such as "time_zone"."""

    changed: frozenset[str]


@event_type("account.signed_in")
class SignedIn(AccountEvent):
    """A person signed in."""


@event_type("account.signed_out")
class SignedOut(AccountEvent):
    """A person signed out."""


@event_type("account.sign_in_failed")
class SignInFailed(AccountEvent):
    """Somebody tried to sign in and failed; "user:0" when the address belongs to nobody."""


@event_type("account.password_changed")
class PasswordChanged(AccountEvent):
    """A signed-in person chose a new password."""


@event_type("account.password_reset")
class PasswordReset(AccountEvent):
    """A person chose a new password through a link sent by mail."""


@event_type("account.second_factor_activated")
class SecondFactorActivated(AccountEvent):
    """Signing in needs a code from the person's device from now on."""


@event_type("account.second_factor_deactivated")
class SecondFactorDeactivated(AccountEvent):
    """Signing in needs the password only from now on."""


@event_type("account.recovery_codes_made")
class RecoveryCodesMade(AccountEvent):
    """New recovery codes replaced the old ones."""


@event_type("account.sessions_ended")
class SessionsEnded(AccountEvent):
    """A person signed out other devices."""

    session_count: int


@event_type("person.joined")
class PersonJoined(Event):
    """Somebody became a member. invitation_id: the invitation that led here, None when added by hand."""

    role: str
    invitation_id: int | None


@event_type("person.role_changed")
class RoleChanged(Event):
    """Somebody has another role."""

    was: str
    role: str


@event_type("person.left")
class PersonLeft(Event):
    """A membership ended, with the person's place in teams and their tokens."""

    role: str


@event_type("person.invited")
class PersonInvited(Event):
    """An invitation was sent."""

    role: str
    expires_at: datetime


@event_type("person.invitation_revoked")
class InvitationRevoked(Event):
    """An invitation was taken back, by a person or because a newer one replaced it."""


@event_type("team.created")
class TeamCreated(Event):
    """A team was made."""

    name: str


@event_type("team.renamed")
class TeamRenamed(Event):
    """A team has another name."""

    was: str
    name: str


@event_type("team.retired")
class TeamRetired(Event):
    """A team is no longer in use."""


@event_type("team.member_added")
class TeamMemberAdded(Event):
    """Somebody joined a team."""

    user_id: int


@event_type("team.member_removed")
class TeamMemberRemoved(Event):
    """Somebody is no longer in a team."""

    user_id: int


@event_type("token.made")
class TokenMade(Event):
    """An API token was made."""

    scopes: frozenset[str]
    expires_at: datetime


@event_type("token.revoked")
class TokenRevoked(Event):
    """An API token works no longer."""

    user_id: int
