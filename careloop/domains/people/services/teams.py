"""Acts on teams of the workspace in scope."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from careloop.domains.people import rules
from careloop.domains.people.errors import (
    AlreadyMember,
    BadTeam,
    MayNotAdministerTeams,
    NothingChanged,
    PersonNotFound,
    TeamNameTaken,
    TeamNotFound,
)
from careloop.domains.people.events import (
    TeamCreated,
    TeamMemberAdded,
    TeamMemberRemoved,
    TeamRenamed,
    TeamRetired,
)
from careloop.domains.people.models import Membership, Team, TeamMember
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act, attempt
from careloop.kernel.events import record, subject
from careloop.kernel.scope import current_workspace

__all__ = ["add_to_team", "create_team", "remove_from_team", "rename_team", "retire_team"]


@act
def create_team(*, name: str, actor: Actor, at: datetime) -> int:
    """Make a team and return its primary key.

    name: 1 to 80 characters, no other team's in use.
    actor: an owner or a manager.

    Raises MayNotAdministerTeams, BadTeam, TeamNameTaken. Records TeamCreated.
    """
    _refuse_unless_manager(actor)
    team = Team(name=_tidied(name))
    _save(team)
    record(TeamCreated(subject=subject("team", team.pk), actor=str(actor), at=at, name=team.name))
    return team.pk


@act
def rename_team(*, team_id: int, name: str, actor: Actor, at: datetime) -> None:
    """Give a team another name.

    name: 1 to 80 characters, no other team's in use.
    actor: an owner or a manager.

    Raises MayNotAdministerTeams, TeamNotFound, BadTeam, NothingChanged, TeamNameTaken. Records TeamRenamed.
    """
    _refuse_unless_manager(actor)
    team = _locked(team_id)
    was, team.name = team.name, _tidied(name)
    if team.name == was:
        raise NothingChanged(_("The team has that name already."))
    _save(team)
    record(TeamRenamed(subject=subject("team", team.pk), actor=str(actor), at=at, was=was, name=team.name))


@act
def retire_team(*, team_id: int, actor: Actor, at: datetime) -> None:
    """Take a team out of use; what it did stays under its name, and the name is free again.

    actor: an owner or a manager.

    Raises MayNotAdministerTeams, TeamNotFound. Records TeamRetired.
    """
    _refuse_unless_manager(actor)
    team = _locked(team_id)
    team.is_active = False
    team.save(update_fields=["is_active"])
    record(TeamRetired(subject=subject("team", team.pk), actor=str(actor), at=at))


@act
def add_to_team(*, team_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Put a member of the workspace into a team.

    user_id: primary key of the account.
    actor: an owner, a manager, or a team lead of this team.

    Raises MayNotAdministerTeams, TeamNotFound, PersonNotFound, AlreadyMember. Records TeamMemberAdded.
    """
    _refuse_unless_filler(actor, team_id)
    team = _locked(team_id)
    present = Membership.objects.filter(workspace_id=current_workspace(), user_id=user_id, ended_at=None)
    # A share lock: somebody who is being taken out of the workspace is not put into a team meanwhile.
    if not present.select_for_update(of=("self",), no_key=True).exists():
        raise PersonNotFound(_("There is nobody like that in this workspace."))
    try:
        with attempt():
            TeamMember.objects.create(team_id=team.pk, user_id=user_id)
    except IntegrityError:
        raise AlreadyMember(_("This person is in the team already.")) from None
    record(TeamMemberAdded(subject=subject("team", team.pk), actor=str(actor), at=at, user_id=user_id))


@act
def remove_from_team(*, team_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """Take a person out of a team.

    user_id: primary key of the account.
    actor: an owner, a manager, or a team lead of this team.

    Raises MayNotAdministerTeams, TeamNotFound, PersonNotFound. Records TeamMemberRemoved.
    """
    _refuse_unless_filler(actor, team_id)
    team = _locked(team_id)
    removed, _rows = TeamMember.objects.filter(team_id=team.pk, user_id=user_id).delete()
    if not removed:
        raise PersonNotFound(_("This person is not in the team."))
    record(TeamMemberRemoved(subject=subject("team", team.pk), actor=str(actor), at=at, user_id=user_id))


def _refuse_unless_manager(actor: Actor) -> None:
    if not rules.may_manage_teams(actor):
        raise MayNotAdministerTeams(_("Only an owner or a manager can make, rename and retire teams."))


def _refuse_unless_filler(actor: Actor, team_id: int) -> None:
    if not rules.may_fill_team(actor, team_id=team_id):
        raise MayNotAdministerTeams(_("Only an owner, a manager or the team's own lead can decide who is in it."))


def _locked(team_id: int) -> Team:
    team = Team.objects.select_for_update().filter(pk=team_id, is_active=True).first()
    if team is None:
        raise TeamNotFound(_("There is no such team."))
    return team


def _tidied(name: str) -> str:
    tidy = name.strip()
    if not 1 <= len(tidy) <= 80 or not tidy.isprintable():
        problem = _("Write a name of 1 to 80 characters.")
        raise BadTeam(problem, fields={"name": problem})
    return tidy


def _save(team: Team) -> None:
    try:
        with attempt():
            team.save()
    except IntegrityError:
        problem = _("Another team has this name. Choose a different one.")
        raise TeamNameTaken(problem, fields={"name": problem}) from None
