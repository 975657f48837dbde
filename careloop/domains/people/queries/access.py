"""Questions that doors ask: which workspaces are a person's, and as whom do they act there?"""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from careloop.domains.people.models import Membership, TeamMember, User
from careloop.domains.people.types import MembershipRow, OwnAccount, TokenGrant
from careloop.kernel.actors import Actor, ActorKind, Role
from careloop.kernel.statements import Asked, Statement

__all__ = ["account_id_of", "actor_for", "actor_of_grant", "memberships_of", "own_account", "workspaces_served_by"]

MOST = 1000


def memberships_of(user_id: int) -> list[MembershipRow]:
    """Return a person's workspaces, ordered by name; at most 1000. Needs no scope."""
    return [
        MembershipRow(workspace_id=workspace_id, key=key, name=name, role=Role(role))
        for workspace_id, key, name, role in MEMBERSHIPS(user_id=user_id)
    ]


MEMBERSHIPS: Final = Statement(
    lambda: (
        Membership.objects.filter(user=Asked("user_id"), ended_at=None)
        .order_by("workspace__name", "workspace_id")
        .values_list("workspace_id", "workspace__key", "workspace__name", "role")[:MOST]
    )
)


def workspaces_served_by(user_id: int) -> set[int]:
    """Return the workspaces somebody works in, by primary key. Needs no scope."""
    return {workspace_id for workspace_id, _key, _name, _role in MEMBERSHIPS(user_id=user_id)}


def account_id_of(email: str) -> int | None:
    """Return the primary key of the account with an address, or None. Needs no scope."""
    return User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()


def own_account(user_id: int) -> OwnAccount:
    """Return a person's account, to be shown to themselves only. Needs no scope."""
    user = User.objects.get(pk=user_id)
    return OwnAccount(email=user.email, settings=user.personal_settings)


def actor_for(user_id: int, workspace_id: int) -> Actor | None:
    """Return a person as an actor of the workspace in scope, or None when they are no member or may not sign in.

    workspace_id: the workspace in scope.
    """
    for role, team_ids in ADMISSION(user_id=user_id, workspace_id=workspace_id):
        return Actor(kind=ActorKind.USER, id=user_id, role=Role(role), team_ids=frozenset(team_ids))
    return None


def _admission() -> QuerySet[Membership, Any]:
    teams = TeamMember.objects.filter(
        user=Asked("user_id"), workspace_id=Asked("workspace_id"), team__is_active=True
    ).values("team_id")
    return Membership.objects.filter(
        user=Asked("user_id"), workspace_id=Asked("workspace_id"), ended_at=None, user__is_active=True
    ).values_list("role", ArraySubquery(teams))


ADMISSION: Final = Statement(_admission)


def actor_of_grant(grant: TokenGrant) -> Actor | None:
    """Return whom an API token acts as in the workspace in scope, or None when its maker has left.

    grant: what `services.use_token` returned; its workspace is the one in scope.
    """
    maker = actor_for(grant.user_id, grant.workspace_id)
    if maker is None:
        return None
    return Actor(kind=maker.kind, id=maker.id, role=maker.role, team_ids=maker.team_ids, scopes=grant.scopes)
