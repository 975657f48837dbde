"""The table of roles in the manual is what the rules of tasks say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.tasks import rules
from careloop.domains.tasks.rules import TaskFacts
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
OURS = TaskFacts(team_id=None, person_id=7)
THEIRS = TaskFacts(team_id=3, person_id=8)
ACTS: dict[str, Callable[[Actor], bool]] = {
    "ask a team or a person for a part of a case, and take that back": rules.may_ask,
    "see and do what one is asked for, without seeing the case": lambda actor: rules.may_do(actor, OURS),
    "do what somebody else is asked for": lambda actor: rules.may_do(actor, THEIRS),
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Tasks")[2].partition("\n## ")[0]
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
    reader = Actor(kind=ActorKind.USER, id=7, role=Role.OWNER, scopes=frozenset({"cases:read"}))

    assert rules.may_see(reader, OURS)
    assert not rules.may_do(reader, OURS)
    assert not rules.may_ask(reader)
