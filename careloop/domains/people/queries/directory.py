"""Who works in the workspace in scope, in which teams, and who is on the way in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from careloop.domains.people import rules
from careloop.domains.people.errors import MayNotAdministerPeople, PersonNotFound
from careloop.domains.people.models import ApiToken, Invitation, Membership, Team, TeamMember, User
from careloop.domains.people.types import InvitationRow, Person, TeamRow, TokenRow
from careloop.kernel.actors import Actor, Role
from careloop.kernel.paging import Order, Page, paged
from careloop.kernel.scope import current_workspace
from careloop.kernel.statements import Asked, Statement

__all__ = [
    "all_team_ids",
    "invitations_of",
    "invited_emails_of",
    "member_names_of",
    "names_of",
    "people_choices",
    "people_in_teams",
    "people_of",
    "people_page",
    "person_of",
    "signature_of",
    "team_choices",
    "team_ids_by_name",
    "team_names_of",
    "teams_of",
    "token_names_of",
    "tokens_of",
]

MOST = 500

NAMES: Final = Statement(lambda: User.objects.filter(pk__among=Asked("keys")).values_list("pk", "name"))
TEAMS: Final = Statement(
    lambda: Team.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")[:MOST]
)
PEOPLE: Final = Statement(
    lambda: (
        Membership.objects.filter(workspace_id=Asked("workspace_id"), ended_at=None)
        .order_by("user__name", "user_id")
        .values_list("user_id", "user__name", "role")[:MOST]
    )
)


def people_of(viewer: Actor, *, matching: str = "", limit: int = MOST) -> list[Person]:
    """Return the people of the workspace, for mentions and assignment, ordered by name.

    viewer: who asks; customers and the client's readers see nobody.
    matching: part of a name or address, or empty for all.
    limit: at most so many, 500 by default.
    """
    if not rules.may_see_people(viewer):
        return []
    rows = _users()
    if matching:
        rows = rows.filter(Q(name__icontains=matching) | Q(email__icontains=matching))
    return _people(rows.order_by("name", "pk")[:limit])


def people_choices(viewer: Actor) -> list[tuple[int, str, str]]:
    """Return (id, name, role) of the people of the workspace, for choosing one, in one query; at most 500, by name."""
    if not rules.may_see_people(viewer):
        return []
    return [(user_id, name, role) for user_id, name, role in PEOPLE(workspace_id=current_workspace())]


def people_page(viewer: Actor, *, cursor: str | None, limit: int) -> Page[Person]:
    """Return one page of the people of the workspace, ordered by name. Raises BadCursor."""
    if not rules.may_see_people(viewer):
        return Page(items=[], next_cursor=None)
    order = [Order(column="name", is_descending=False), Order(column="id", is_descending=False)]
    page = paged(_users(), order=order, cursor=cursor, limit=limit)
    return Page(items=_people(page.items), next_cursor=page.next_cursor)


def person_of(viewer: Actor, *, user_id: int) -> Person:
    """Return one person of the workspace. Raises PersonNotFound."""
    rows = _users().filter(pk=user_id) if rules.may_see_people(viewer) else User.objects.none()
    for person in _people(rows):
        return person
    raise PersonNotFound(_("There is nobody like that in this workspace."))


def member_names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those who work in the workspace, or did; of nobody else, whoever asks for their number."""
    here = Membership.objects.filter(workspace_id=current_workspace(), user_id__in=set(user_ids))
    return dict(here.values_list("user_id", "user__name"))


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return names by primary key, also of people who have left. Needs no scope; whoever may see an act sees its doer."""
    keys = list(set(user_ids))
    return dict(NAMES(keys=keys)) if keys else {}


def signature_of(user_id: int) -> str:
    """Return the plain text under a person's answers, or empty. Needs no scope."""
    return User.objects.filter(pk=user_id).values_list("signature", flat=True).first() or ""


def team_names_of(team_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of teams of the workspace by primary key, also of retired ones."""
    return dict(Team.objects.filter(pk__in=set(team_ids)).values_list("pk", "name"))


def token_names_of(token_ids: Iterable[int]) -> dict[int, str]:
    """Return what API tokens of the workspace are for, by primary key, also of revoked ones."""
    rows = ApiToken.objects.filter(pk__in=set(token_ids), workspace_id=current_workspace())
    return dict(rows.values_list("pk", "name"))


def invited_emails_of(invitation_ids: Iterable[int]) -> dict[int, str]:
    """Return where invitations into the workspace went, by primary key, also of past ones."""
    rows = Invitation.objects.filter(pk__in=set(invitation_ids), workspace_id=current_workspace())
    return dict(rows.values_list("pk", "email"))


def team_ids_by_name() -> dict[str, int]:
    """Return the primary keys of the teams in use, at most 500, by name; for the house's own work."""
    return {name: team_id for team_id, name in TEAMS()}


def all_team_ids() -> list[int]:
    """Return the primary keys of all teams that ever were, ascending; for the house's own work."""
    return list(Team.objects.order_by("pk").values_list("pk", flat=True))


def teams_of(viewer: Actor, *, limit: int = MOST) -> list[TeamRow]:
    """Return the teams in use, with their members, ordered by name.

    viewer: who asks; customers and the client's readers see none.
    """
    if not rules.may_see_people(viewer):
        return []
    teams = list(Team.objects.filter(is_active=True).order_by("name", "pk")[:limit])
    members: dict[int, set[int]] = defaultdict(set)
    for team_id, user_id in TeamMember.objects.filter(team__in=teams).values_list("team_id", "user_id"):
        members[team_id].add(user_id)
    return [
        TeamRow(id=team.pk, name=team.name, is_active=team.is_active, member_ids=frozenset(members[team.pk]))
        for team in teams
    ]


def people_in_teams(team_ids: Iterable[int]) -> set[int]:
    """Return who is in some teams of the workspace, by primary key; what is done with it decides who may ask."""
    keys = set(team_ids)
    return set(TeamMember.objects.filter(team_id__in=keys).values_list("user_id", flat=True)) if keys else set()


def team_choices(viewer: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of the teams in use, for choosing one, in one query; at most 500, ordered by name."""
    if not rules.may_see_people(viewer):
        return []
    return [(team_id, name) for team_id, name in TEAMS()]


def invitations_of(viewer: Actor, *, at: datetime, limit: int = MOST) -> list[InvitationRow]:
    """Return the invitations that are not accepted or revoked, newest first.

    viewer: an owner or a manager.
    at: now, to tell which have expired.

    Raises MayNotAdministerPeople.
    """
    if not rules.may_administer_people(viewer):
        raise MayNotAdministerPeople(_("Only an owner or a manager can see invitations."))
    rows = Invitation.objects.filter(workspace_id=current_workspace(), accepted_at=None, revoked_at=None)
    return [
        InvitationRow(
            id=row.pk,
            email=row.email,
            role=Role(row.role),
            invited_by_id=row.invited_by_id,
            created_at=row.created_at,
            expires_at=row.expires_at,
            is_expired=row.expires_at <= at,
        )
        for row in rows.order_by("-created_at", "-pk")[:limit]
    ]


def tokens_of(viewer: Actor, *, limit: int = MOST) -> list[TokenRow]:
    """Return the API tokens that were not revoked, newest first: administrators see all, others their own."""
    rows = ApiToken.objects.select_related("user").filter(workspace_id=current_workspace(), revoked_at=None)
    if not rules.may_administer_people(viewer):
        rows = rows.filter(user_id=viewer.user_id or 0)
    return [
        TokenRow(
            id=row.pk,
            name=row.name,
            hint=row.hint,
            user_id=row.user_id,
            user_name=row.user.name,
            scopes=frozenset(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
        )
        for row in rows.order_by("-created_at", "-pk")[:limit]
    ]


def _users() -> QuerySet[User]:
    open_rows = Membership.objects.filter(workspace_id=current_workspace(), ended_at=None)
    return User.objects.filter(pk__in=open_rows.values("user_id"))


def _people(users: Iterable[User]) -> list[Person]:
    found = list(users)
    ids = [user.pk for user in found]
    places = {
        place.user_id: place
        for place in Membership.objects.filter(workspace_id=current_workspace(), user_id__in=ids, ended_at=None)
    }
    teams: dict[int, set[int]] = defaultdict(set)
    for user_id, team_id in TeamMember.objects.filter(user_id__in=ids, team__is_active=True).values_list(
        "user_id", "team_id"
    ):
        teams[user_id].add(team_id)
    return [
        Person(
            id=user.pk,
            name=user.name,
            email=user.email,
            role=Role(places[user.pk].role),
            team_ids=frozenset(teams[user.pk]),
            since=places[user.pk].since,
        )
        for user in found
        if user.pk in places
    ]
