"""The table of roles in the manual is what the rules of rules and macros say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.automation import rules
from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.webhooks import rules as webhook_rules
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "see rules and what they did": rules.may_see_rules,
    "make, change, order, pause and retire rules, and see what one would have touched": rules.may_make_rules,
    "name other systems that are told, and see and send again what they are told": lambda actor: (
        webhook_rules.may_see_webhooks(actor) and webhook_rules.may_keep_webhooks(actor)
    ),
    "keep macros of one's own, and apply macros": lambda actor: (
        rules.may_keep_own_macros(actor) and rules.may_apply_macros(actor)
    ),
    "keep macros for everybody": rules.may_share_macros,
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Rules and macros")[2].partition("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    labels = {str(label).lower(): role for role, label in ROLE_LABELS.items()}
    roles = [labels[name] for name in lines[0][1:]]
    return {act: {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)} for act, *cells in lines[2:]}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role)
def test_says_what_the_rules_say(act: str, role: Role) -> None:
    assert table()[act][role] is ACTS[act](Actor(kind=ActorKind.USER, id=7, role=role))


def test_a_token_does_no_more_than_its_scopes() -> None:
    reader = Actor(kind=ActorKind.USER, id=7, role=Role.OWNER, scopes=frozenset({"settings:read", "cases:read"}))

    assert rules.may_see_rules(reader)
    assert not rules.may_make_rules(reader)
    assert not rules.may_apply_macros(reader)
    assert not rules.may_share_macros(reader)
