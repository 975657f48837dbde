"""Yes-or-no questions that upper rooms ask before they put work into somebody's hands."""

from collections.abc import Iterable

from careloop.domains.people.models import Membership, Team
from careloop.kernel.scope import current_workspace

__all__ = ["active_members_among", "is_active_member", "is_team"]


def active_members_among(user_ids: Iterable[int]) -> set[int]:
    """Return those of the users who are members of the workspace in scope and may sign in."""
    wanted = set(user_ids)
    if not wanted:
        return set()
    return set(
        Membership.objects.filter(
            workspace_id=current_workspace(), user_id__in=wanted, ended_at=None, user__is_active=True
        ).values_list("user_id", flat=True)
    )


def is_active_member(user_id: int) -> bool:
    """Say whether a user is a member of the workspace in scope and may sign in."""
    return user_id in active_members_among([user_id])


def is_team(team_id: int) -> bool:
    """Say whether a team of the workspace in scope is in use."""
    return Team.objects.filter(pk=team_id, is_active=True).exists()
