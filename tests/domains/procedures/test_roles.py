"""The table of roles in the manual is what the rules of procedures say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.procedures import rules
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "see procedures and their versions": rules.may_see,
    "publish, change and retire procedures, and try one on past cases": rules.may_make,
    "approve where a procedure asks them, and be away with a deputy": rules.may_approve_at_all,
    "let a case go on without its procedure, with a reason": rules.may_skip,
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Procedures")[2].partition("\n## ")[0]
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

    assert rules.may_see(reader)
    assert not rules.may_make(reader)
    assert not rules.may_skip(reader)
    assert not rules.may_approve_at_all(reader)
