"""Yes-or-no questions that upper rooms ask before they put work into somebody's hands."""

from collections.abc import Iterable
from dataclasses import dataclass

from careloop.domains.people.models import Membership, Team, User
from careloop.kernel.scope import current_workspace

__all__ = ["MailAddress", "active_members_among", "is_team", "mail_address_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """Where and in which language a person gets mail."""

    email: str
    language: str


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


def is_team(team_id: int) -> bool:
    """Say whether a team of the workspace in scope is in use."""
    return Team.objects.filter(pk=team_id, is_active=True).exists()


def mail_address_of(user_id: int) -> MailAddress | None:
    """Return where a person of the workspace in scope gets mail about their work; None when they want none or left."""
    if user_id not in active_members_among([user_id]):
        return None
    user = User.objects.filter(pk=user_id, mails_notifications=True).first()
    return None if user is None else MailAddress(email=user.email, language=user.language)
