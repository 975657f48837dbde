"""Who is here: who had a page of the workspace open a moment ago. Careloop knows no more about anybody, and says no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from careloop.domains.people.models import Membership, Presence, TeamMember
from careloop.kernel.actors import Role
from careloop.kernel.scope import current_workspace

__all__ = ["HERE_FOR", "NOTED_EVERY", "Attendance", "attendance_of", "note_here"]

NOTED_EVERY: Final = timedelta(seconds=30)
HERE_FOR: Final = timedelta(seconds=75)
"""Twice as long as the next note may take, so that a slow moment sends nobody away."""
_SERVING: Final = (Role.LEAD, Role.AGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How many agents and team leads are here, and how many are not."""

    here: int
    away: int


def note_here(*, user_id: int, at: datetime) -> None:
    """Note that somebody has a page of the workspace in scope open."""
    with connection.cursor() as cursor:
        # The next note comes anyway: that a crash may forget this one is worth more than waiting for the disk.
        cursor.execute("SET LOCAL synchronous_commit = off")
    Presence.objects.bulk_create(
        [Presence(user_id=user_id, seen_at=at)],
        update_conflicts=True,
        unique_fields=["workspace_id", "user"],
        update_fields=["seen_at"],
    )


def attendance_of(*, at: datetime, team_id: int | None = None) -> Attendance:
    """Count who is here among the agents and team leads of the workspace in scope, or of one of its teams."""
    members = Membership.objects.filter(
        workspace_id=current_workspace(), role__in=_SERVING, ended_at=None, user__is_active=True
    )
    if team_id is not None:
        members = members.filter(user_id__in=TeamMember.objects.filter(team_id=team_id).values("user_id"))
    seen = Presence.objects.filter(user_id__in=members.values("user_id"), seen_at__gt=at - HERE_FOR).count()
    return Attendance(here=seen, away=members.count() - seen)
