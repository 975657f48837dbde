"""The table of roles in the manual is what the rules say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.people import rules
from careloop.domains.people.types import ROLE_LABELS, Scope
from careloop.domains.workspaces import rules as workspace_rules
from careloop.kernel.actors import HOUSE, Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
SELF, OTHER, TEAM = 7, 8, 3

ACTS: dict[str, Callable[[Actor], bool]] = {
    "look up people and teams": rules.may_see_people,
    "invite an owner": lambda actor: rules.may_invite(actor, role=Role.OWNER),
    "invite anybody else": lambda actor: all(
        rules.may_invite(actor, role=role) for role in Role if role is not Role.OWNER
    ),
    "turn an agent into a team lead": lambda actor: rules.may_change_role(actor, was=Role.AGENT, role=Role.LEAD),
    "turn a manager into an owner": lambda actor: rules.may_change_role(actor, was=Role.MANAGER, role=Role.OWNER),
    "take out an owner": lambda actor: rules.may_end_membership(actor, user_id=OTHER, role=Role.OWNER),
    "take out anybody else": lambda actor: all(
        rules.may_end_membership(actor, user_id=OTHER, role=role) for role in Role if role is not Role.OWNER
    ),
    "leave the workspace": lambda actor: rules.may_end_membership(actor, user_id=SELF, role=actor.role or Role.AGENT),
    "make, rename and retire teams": rules.may_manage_teams,
    "decide who is in one's own team": lambda actor: rules.may_fill_team(actor, team_id=TEAM),
    "decide who is in another team": lambda actor: rules.may_fill_team(actor, team_id=TEAM + 1),
    "make API tokens of one's own": rules.may_make_tokens,
    "revoke one's own API token": lambda actor: rules.may_revoke_token(actor, user_id=SELF),
    "revoke anybody's API token": lambda actor: rules.may_revoke_token(actor, user_id=OTHER),
    "read the workspace's settings": workspace_rules.may_read_settings,
    "change the workspace's settings": workspace_rules.may_change_settings,
    "read who did what": rules.may_read_audit,
}


def member(role: Role, *, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(kind=ActorKind.USER, id=SELF, role=role, team_ids=frozenset({TEAM}), scopes=scopes)


def _table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Administration")[2].partition("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    labels = {str(label).lower(): role for role, label in ROLE_LABELS.items()}
    roles = [labels[name] for name in lines[0][1:]]
    return {act: {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)} for act, *cells in lines[2:]}


def test_lists_every_act_for_every_role() -> None:
    table = _table()

    assert set(table) == set(ACTS)
    assert all(set(row) == set(Role) for row in table.values())


@pytest.mark.parametrize("act", ACTS)
def test_says_what_the_rules_say(act: str) -> None:
    assert _table()[act] == {role: ACTS[act](member(role)) for role in Role}


@pytest.mark.parametrize("act", [*ACTS])
def test_gives_a_customer_nothing(act: str) -> None:
    customer = Actor(kind=ActorKind.CUSTOMER, id=OTHER + 1)

    assert not ACTS[act](customer)


@pytest.mark.parametrize("act", set(ACTS) - {"revoke one's own API token"})
def test_gives_a_token_without_scopes_nothing(act: str) -> None:
    assert not ACTS[act](member(Role.OWNER, scopes=frozenset()))


def test_lets_no_token_make_tokens() -> None:
    assert not rules.may_make_tokens(member(Role.OWNER, scopes=frozenset(Scope)))


def test_names_every_scope() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert all(f"`{scope}`" in text for scope in Scope)


def test_lets_the_house_do_what_it_must() -> None:
    assert rules.may_administer_people(HOUSE)
    assert workspace_rules.may_manage_workspaces(HOUSE)
