"""What the people domain refuses."""

from careloop.kernel.errors import Conflict, Forbidden, NotFound, Refusal

__all__ = [
    "AlreadyMember",
    "BadAccount",
    "BadInvitation",
    "BadTeam",
    "BadToken",
    "EmailTaken",
    "InvitationAccepted",
    "InvitationExpired",
    "InvitationForSomebodyElse",
    "InvitationNotFound",
    "InvitationRevoked",
    "LastOwner",
    "MayNotAdministerPeople",
    "MayNotAdministerTeams",
    "MayNotAdministerTokens",
    "NotSignedIn",
    "NothingChanged",
    "PersonNotFound",
    "TeamNameTaken",
    "TeamNotFound",
    "TokenNotFound",
    "TokenNotValid",
    "WeakPassword",
]


class BadAccount(Refusal):
    """An address, name, language, zone, theme or signature that makes no sense; `fields` says which."""


class WeakPassword(Refusal):
    """A password that is easily guessed."""


class EmailTaken(Conflict):
    """There is an account with this address."""


class PersonNotFound(NotFound):
    """Nobody of this workspace."""


class AlreadyMember(Conflict):
    """The person is in the workspace already."""


class LastOwner(Conflict):
    """Without them the workspace would have no owner."""


class NothingChanged(Conflict):
    """Everything asked for is so already."""


class MayNotAdministerPeople(Forbidden):
    """The actor may not give or take this role."""


class MayNotAdministerTeams(Forbidden):
    """The actor may not change this team."""


class MayNotAdministerTokens(Forbidden):
    """The actor may not make or revoke this token."""


class NotSignedIn(Forbidden):
    """Only the person themselves may do this."""


class BadTeam(Refusal):
    """A team's name that makes no sense."""


class TeamNotFound(NotFound):
    """No such team in this workspace."""


class TeamNameTaken(Conflict):
    """Another team in use has this name."""


class BadInvitation(Refusal):
    """An address that cannot be invited."""


class InvitationNotFound(NotFound):
    """No such invitation, or a link that never was one."""


class InvitationExpired(Refusal):
    """The link was not used in time."""

    status = 410


class InvitationRevoked(Refusal):
    """The link was taken back, or replaced by a newer one."""

    status = 410


class InvitationAccepted(Refusal):
    """The link was used already."""

    status = 410


class InvitationForSomebodyElse(Forbidden):
    """The link was sent to another address than the signed-in person's."""


class BadToken(Refusal):
    """A name, scopes or expiry that makes no sense; `fields` says which."""


class TokenNotFound(NotFound):
    """No such API token."""


class TokenNotValid(Refusal):
    """An API token that is unknown, expired or revoked, or whose maker has left."""

    status = 401
