"""Acts on invitations: a one-time link into a workspace, of which only a hash is kept."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from careloop.domains.people import rules
from careloop.domains.people.digests import hash_of
from careloop.domains.people.errors import (
    AlreadyMember,
    BadAccount,
    BadInvitation,
    EmailTaken,
    InvitationAccepted,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationNotFound,
    InvitationRevoked,
    MayNotAdministerPeople,
    NotSignedIn,
)
from careloop.domains.people.events import InvitationRevoked as Revoked
from careloop.domains.people.events import PersonInvited
from careloop.domains.people.jobs import mail_invitation
from careloop.domains.people.models import Invitation, Membership, User
from careloop.domains.people.services.accounts import create_user, tidy_email
from careloop.domains.people.services.members import join
from careloop.domains.people.types import IssuedInvitation, OpenedInvitation
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace
from careloop.kernel.secrets import seal_secret

__all__ = ["accept_invitation", "accept_invitation_with_new_account", "invite", "open_invitation", "revoke_invitation"]

VALID_FOR: Final = timedelta(days=7)
_SLOT: Final = "{token}"


@act
def invite(*, email: str, role: Role, link: str, actor: Actor, at: datetime) -> IssuedInvitation:
    """Invite somebody into the workspace in scope by mail; an open invitation to the same address is replaced.

    email: where the link goes.
    role: what they will be, not above the actor's own.
    link: the address of the acceptance page, with "{token}" where the secret goes.
    actor: an owner or a manager.

    The link works once and for 7 days. The mail leaves after commit, in the invitee's language where known, else the
    workspace's; a workspace that may not send sends none, and the returned token is the only way in.
    Raises MayNotAdministerPeople, BadInvitation, AlreadyMember. Records PersonInvited.
    """
    inviter_id = actor.user_id
    if inviter_id is None or not rules.may_invite(actor, role=role):
        raise MayNotAdministerPeople(_("You cannot invite somebody with this role. Ask an owner."))
    address = _address(email)
    workspace_id = current_workspace()
    if _is_member(address):
        problem = _("This person is in the workspace already.")
        raise AlreadyMember(problem, fields={"email": problem})
    for earlier in _open_invitations().select_for_update().filter(email=address).order_by("pk"):
        _revoke(earlier, actor=actor, at=at)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        workspace_id=workspace_id,
        email=address,
        role=role,
        invited_by_id=inviter_id,
        token_hash=hash_of(token),
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    record(
        PersonInvited(
            subject=subject("invitation", made.pk), actor=str(actor), at=at, role=role, expires_at=made.expires_at
        )
    )
    workspace = workspace_of_id(workspace_id)
    if workspace and workspace.may_send:
        # The job's arguments lie in a table: the link is readable there only with the installation's secret.
        sealed = seal_secret(link.replace(_SLOT, token)).decode()
        mail_invitation.defer(invitation_id=made.pk, sealed_link=sealed)
    return IssuedInvitation(id=made.pk, token=token)


@act
def revoke_invitation(*, invitation_id: int, actor: Actor, at: datetime) -> None:
    """Take back an open invitation to the workspace in scope; its link stops working.

    actor: an administrator who could have sent it.

    Raises InvitationNotFound, MayNotAdministerPeople. Records InvitationRevoked.
    """
    if not rules.may_administer_people(actor):
        raise MayNotAdministerPeople(_("Only an owner or a manager can take back an invitation."))
    found = _open_invitations().select_for_update().filter(pk=invitation_id).first()
    if found is None:
        raise InvitationNotFound(_("This invitation is no longer open."))
    if not rules.may_invite(actor, role=Role(found.role)):
        raise MayNotAdministerPeople(_("You cannot take back an invitation to a role above your own. Ask an owner."))
    _revoke(found, actor=actor, at=at)


def open_invitation(*, token: str, at: datetime) -> OpenedInvitation:
    """Return what the holder of a link may know. Needs no scope: the link says which workspace it opens.

    Raises InvitationNotFound, InvitationAccepted, InvitationRevoked, InvitationExpired.
    """
    found = Invitation.objects.select_related("workspace", "invited_by").filter(token_hash=hash_of(token)).first()
    usable = _usable(found, at=at)
    return OpenedInvitation(
        id=usable.pk,
        workspace_id=usable.workspace_id,
        workspace_name=usable.workspace.name,
        email=usable.email,
        role=Role(usable.role),
        inviter_name=usable.invited_by.name,
        expires_at=usable.expires_at,
        has_account=User.objects.filter(email=usable.email).exists(),
    )


@act
def accept_invitation(*, token: str, actor: Actor, at: datetime) -> None:
    """Join the workspace in scope with the account that is signed in.

    token: the secret of the link.
    actor: the signed-in person; the invited address must be theirs.

    Raises NotSignedIn, InvitationNotFound, InvitationAccepted, InvitationRevoked, InvitationExpired,
    InvitationForSomebodyElse, AlreadyMember. Records PersonJoined.
    """
    if actor.user_id is None or actor.scopes is not None:
        raise NotSignedIn(_("Sign in to accept the invitation."))
    invitation = _locked(token, at=at)
    if not User.objects.filter(pk=actor.user_id, email=invitation.email).exists():
        raise InvitationForSomebodyElse(
            _("This invitation was sent to another address than yours. Sign out, then open the link again.")
        )
    _accept(invitation, user_id=actor.user_id, actor=actor, at=at)


@act
def accept_invitation_with_new_account(
    *, token: str, name: str, password: str, language: str, time_zone: str, at: datetime
) -> int:
    """Make an account for the invited address, join the workspace in scope with it, and return its primary key.

    token: the secret of the link.
    name, language, time_zone: see PersonalSettings. password: as typed.

    Raises InvitationNotFound, InvitationAccepted, InvitationRevoked, InvitationExpired, EmailTaken, BadAccount,
    WeakPassword. Records AccountCreated and PersonJoined.
    """
    invitation = _locked(token, at=at)
    if User.objects.filter(email=invitation.email).exists():
        raise EmailTaken(_("You have an account with this address already. Sign in, then open the link again."))
    inviter = Actor(kind=ActorKind.USER, id=invitation.invited_by_id)
    user_id = create_user(
        email=invitation.email,
        name=name,
        password=password,
        language=language,
        time_zone=time_zone,
        actor=inviter,
        at=at,
    )
    _accept(invitation, user_id=user_id, actor=Actor(kind=ActorKind.USER, id=user_id), at=at)
    return user_id


def _accept(invitation: Invitation, *, user_id: int, actor: Actor, at: datetime) -> None:
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    join(user_id=user_id, role=Role(invitation.role), invitation_id=invitation.pk, actor=actor, at=at)


def _revoke(invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    record(Revoked(subject=subject("invitation", invitation.pk), actor=str(actor), at=at))


def _locked(token: str, *, at: datetime) -> Invitation:
    found = (
        Invitation.objects.select_for_update()
        .filter(token_hash=hash_of(token), workspace_id=current_workspace())
        .first()
    )
    return _usable(found, at=at)


def _usable(found: Invitation | None, *, at: datetime) -> Invitation:
    if found is None:
        raise InvitationNotFound(_("This is not an invitation of ours. Check that the link is complete."))
    if found.accepted_at is not None:
        raise InvitationAccepted(_("This invitation was accepted already. Sign in to go on."))
    if found.revoked_at is not None:
        raise InvitationRevoked(_("This invitation was taken back or replaced by a newer one. Look for a newer mail."))
    if found.expires_at <= at:
        raise InvitationExpired(_("This invitation was valid for 7 days and has expired. Ask for a new one."))
    return found


def _address(email: str) -> str:
    try:
        return tidy_email(email)
    except BadAccount as bad:
        raise BadInvitation(bad.message, fields=bad.fields) from None


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(workspace_id=current_workspace(), accepted_at=None, revoked_at=None)


def _is_member(email: str) -> bool:
    return Membership.objects.filter(workspace_id=current_workspace(), user__email=email, ended_at=None).exists()
