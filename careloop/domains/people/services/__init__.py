"""Acts on people. Account acts run inside `operation_scope()`, all others inside `workspace_scope()`."""

from careloop.domains.people.services.accounts import (
    change_personal_settings,
    create_user,
    create_user_alike,
    note_on_account,
)
from careloop.domains.people.services.invitations import (
    accept_invitation,
    accept_invitation_with_new_account,
    invite,
    open_invitation,
    revoke_invitation,
)
from careloop.domains.people.services.members import add_member, change_role, end_membership
from careloop.domains.people.services.teams import (
    add_to_team,
    create_team,
    remove_from_team,
    rename_team,
    retire_team,
)
from careloop.domains.people.services.tokens import make_token, revoke_token, use_token

__all__ = [
    "accept_invitation",
    "accept_invitation_with_new_account",
    "add_member",
    "add_to_team",
    "change_personal_settings",
    "change_role",
    "create_team",
    "create_user",
    "create_user_alike",
    "end_membership",
    "invite",
    "make_token",
    "note_on_account",
    "open_invitation",
    "remove_from_team",
    "rename_team",
    "retire_team",
    "revoke_invitation",
    "revoke_token",
    "use_token",
]
