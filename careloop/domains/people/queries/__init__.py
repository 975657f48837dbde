"""Questions about people; they return frozen rows."""

from careloop.domains.people.queries.access import actor_for, actor_of_grant, has_membership, memberships_of
from careloop.domains.people.queries.checks import active_members_among, is_active_member, is_team
from careloop.domains.people.queries.directory import (
    invitations_of,
    names_of,
    people_of,
    people_page,
    person_of,
    team_names_of,
    teams_of,
    tokens_of,
)

__all__ = [
    "active_members_among",
    "actor_for",
    "actor_of_grant",
    "has_membership",
    "invitations_of",
    "is_active_member",
    "is_team",
    "memberships_of",
    "names_of",
    "people_of",
    "people_page",
    "person_of",
    "team_names_of",
    "teams_of",
    "tokens_of",
]
