"""Acts on memberships: who is in the workspace in scope, and as what."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.people import rules
from careloop.domains.people.errors import (
    AlreadyMember,
    LastOwner,
    MayNotAdministerPeople,
    NothingChanged,
    NotSignedIn,
    PersonNotFound,
)
from careloop.domains.people.events import PersonJoined, PersonLeft, RoleChanged
from careloop.domains.people.models import ApiToken, Membership, TeamMember, User
from careloop.kernel.actors import Actor, Role
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = ["add_member", "change_role", "end_membership", "join"]


@act
def add_member(*, user_id: int, role: Role, actor: Actor, at: datetime) -> None:
    """Make somebody who has an account a member of the workspace in scope.

    user_id: primary key of the account.
    actor: the house; people invite instead, so that nobody is drawn into a workspace without their consent.

    Raises MayNotAdministerPeople, PersonNotFound, AlreadyMember. Records PersonJoined.
    """
    if not actor.is_house:
        raise MayNotAdministerPeople(_("Invite people; they join by accepting."))
    if not User.objects.filter(pk=user_id).exists():
        raise PersonNotFound(_("There is no such account."))
    join(user_id=user_id, role=role, invitation_id=None, actor=actor, at=at)


def join(*, user_id: int, role: Role, invitation_id: int | None, actor: Actor, at: datetime) -> None:
    """Write a membership and its event, within the transaction of an act that has checked the actor."""
    if not _revived(user_id=user_id, role=role, at=at):
        try:
            with attempt():
                Membership.objects.create(workspace_id=current_workspace(), user_id=user_id, role=role, since=at)
        except IntegrityError:
            raise AlreadyMember(_("This person is in the workspace already.")) from None
    record(
        PersonJoined(subject=subject("user", user_id), actor=str(actor), at=at, role=role, invitation_id=invitation_id)
    )


@act
def change_role(*, user_id: int, role: Role, actor: Actor, at: datetime) -> None:
    """Give a member of the workspace in scope another role.

    user_id: primary key of the account.
    actor: an owner, or a manager where neither role is above their own.

    Raises PersonNotFound, MayNotAdministerPeople, NothingChanged, LastOwner. Records RoleChanged.
    """
    if not rules.may_administer_people(actor):
        raise MayNotAdministerPeople(_("Only an owner or a manager can change roles."))
    member = _locked(user_id)
    was = Role(member.role)
    if not rules.may_change_role(actor, was=was, role=role):
        raise MayNotAdministerPeople(_("You cannot give or take a role above your own. Ask an owner."))
    if was is role:
        raise NothingChanged(_("This person has that role already."))
    if was is Role.OWNER:
        _refuse_without_another_owner(user_id)
    member.role = role
    member.save(update_fields=["role"])
    record(RoleChanged(subject=subject("user", user_id), actor=str(actor), at=at, was=was, role=role))


@act
def end_membership(*, user_id: int, actor: Actor, at: datetime) -> None:
    """Take somebody out of the workspace in scope, with their place in teams and their API tokens.

    user_id: primary key of the account, which stays.
    actor: the person themselves, or an administrator whose role is not below theirs.

    Raises PersonNotFound, MayNotAdministerPeople, NotSignedIn, LastOwner. Records PersonLeft.
    """
    if actor.user_id != user_id and not rules.may_administer_people(actor):
        raise MayNotAdministerPeople(_("Only an owner or a manager can take somebody out of the workspace."))
    member = _locked(user_id)
    role = Role(member.role)
    if actor.user_id == user_id and not rules.may_end_membership(actor, user_id=user_id, role=role):
        raise NotSignedIn(_("Sign in to leave the workspace; a program cannot do it for you."))
    if not rules.may_end_membership(actor, user_id=user_id, role=role):
        raise MayNotAdministerPeople(_("You cannot take out somebody with a role above your own. Ask an owner."))
    if role is Role.OWNER:
        _refuse_without_another_owner(user_id)
    member.ended_at = at
    member.save(update_fields=["ended_at"])
    TeamMember.objects.filter(user_id=user_id).delete()
    ApiToken.objects.filter(workspace_id=current_workspace(), user_id=user_id, revoked_at=None).update(revoked_at=at)
    record(PersonLeft(subject=subject("user", user_id), actor=str(actor), at=at, role=role))


def _revived(*, user_id: int, role: Role, at: datetime) -> bool:
    ended = Membership.objects.filter(workspace_id=current_workspace(), user_id=user_id, ended_at__isnull=False)
    return bool(ended.update(role=role, since=at, ended_at=None))


def _locked(user_id: int) -> Membership:
    # Owners are locked with the member, in one order: of two last owners who leave at once, the second waits here
    # and then counts without the first.
    open_rows = Membership.objects.filter(workspace_id=current_workspace(), ended_at=None)
    list(open_rows.filter(role=Role.OWNER).order_by("pk").select_for_update().values_list("pk"))
    member = open_rows.select_for_update().filter(user_id=user_id).first()
    if member is None:
        raise PersonNotFound(_("There is nobody like that in this workspace."))
    return member


def _refuse_without_another_owner(user_id: int) -> None:
    owners = Membership.objects.filter(workspace_id=current_workspace(), ended_at=None, role=Role.OWNER)
    if not owners.exclude(user_id=user_id).exists():
        raise LastOwner(_("A workspace needs an owner. Make somebody else an owner first."))
