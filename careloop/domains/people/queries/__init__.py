"""Questions about people; they return frozen rows."""

from careloop.domains.people.queries.access import (
    account_id_of,
    actor_for,
    actor_of_grant,
    memberships_of,
    own_account,
)
from careloop.domains.people.queries.checks import (
    MailAddress,
    active_members_among,
    is_team,
    mail_address_of,
)
from careloop.domains.people.queries.directory import (
    all_team_ids,
    invitations_of,
    invited_emails_of,
    names_of,
    people_choices,
    people_of,
    people_page,
    person_of,
    signature_of,
    team_choices,
    team_ids_by_name,
    team_names_of,
    teams_of,
    token_names_of,
    tokens_of,
)

__all__ = [
    "MailAddress",
    "account_id_of",
    "active_members_among",
    "actor_for",
    "actor_of_grant",
    "all_team_ids",
    "invitations_of",
    "invited_emails_of",
    "is_team",
    "mail_address_of",
    "memberships_of",
    "names_of",
    "own_account",
    "people_choices",
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
