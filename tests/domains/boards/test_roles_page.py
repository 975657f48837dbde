"""The table of boards and numbers in the manual is what the rules say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.boards import rules
from careloop.domains.people.types import ROLE_LABELS
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "read boards and ask any number of the catalogue": rules.may_see_catalogue,
    "read the client report": rules.may_see,
    "read numbers about people who work here": rules.may_see_people,
    "read one's own card": rules.may_see_catalogue,
    "make boards of one's own": rules.may_keep,
    "make boards for everybody": rules.may_share,
    "save facts as files, and the contacts behind a number": rules.may_export,
}


def member(role: Role, *, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(kind=ActorKind.USER, id=7, role=role, scopes=scopes)


def test_says_what_the_rules_say() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Boards and numbers")[2].partition("\n## ")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    labels = {str(label).lower(): role for role, label in ROLE_LABELS.items()}
    roles = [labels[name] for name in lines[0][1:]]
    told = {act: {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)} for act, *cells in lines[2:]}

    assert {act: told[act] for act in ACTS} == {
        act: {role: rule(member(role)) for role in Role} for act, rule in ACTS.items()
    }


@pytest.mark.parametrize(
    "rule", [rules.may_see, rules.may_see_people, rules.may_keep, rules.may_share, rules.may_export]
)
def test_a_token_without_the_scope_does_nothing(rule: Callable[[Actor], bool]) -> None:
    assert not rule(member(Role.OWNER, scopes=frozenset({"cases:read"})))
