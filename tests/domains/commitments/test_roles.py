"""The table of roles in the manual is what the rules of promises and opening hours say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.calendars import rules as hours
from careloop.domains.commitments import rules
from careloop.domains.people.types import ROLE_LABELS
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "read opening hours and what is promised": lambda actor: hours.may_see(actor) and rules.may_see_policies(actor),
    "change opening hours and days that are different": hours.may_change,
    "make, change, order and retire policies, and see what one would have changed": rules.may_promise,
    "promise a customer to come back, move it, take it back, and say that it is done": rules.may_call_back,
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Promises and opening hours")[2].partition("\n## ")[0]
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
    reader = Actor(kind=ActorKind.USER, id=7, role=Role.OWNER, scopes=frozenset({"settings:read"}))
    assert rules.may_see_policies(reader)
    assert not rules.may_promise(reader)
    assert not hours.may_change(reader)
