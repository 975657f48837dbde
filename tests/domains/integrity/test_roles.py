"""The table of roles in the manual is what the rules say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.integrity import rules
from careloop.domains.integrity.types import About
from careloop.domains.people.types import ROLE_LABELS
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "see which numbers are doubted, and why": rules.may_see_some,
    "see flags about other people's work": lambda actor: rules.may_see(actor, about=About.AGENT, user_id=8),
    "see flags about one's own work": lambda actor: rules.may_see(actor, about=About.AGENT, user_id=7),
    "answer flags, and doubt answers": lambda actor: rules.may_answer(actor, user_id=8),
    "answer flags about one's own work": lambda actor: rules.may_answer(actor, user_id=7),
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Doubted numbers")[2].partition("\n## ")[0]
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
    reader = Actor(kind=ActorKind.USER, id=7, role=Role.OWNER, scopes=frozenset({"numbers:read"}))
    assert rules.may_see_some(reader)
    assert not rules.may_answer(reader, user_id=None)
