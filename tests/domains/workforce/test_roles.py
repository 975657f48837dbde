"""The table of roles in the manual is what the rules of queues and people at work say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.queues import rules as queues
from careloop.domains.supervision import rules as supervision
from careloop.domains.workforce import rules
from careloop.kernel.actors import Actor, ActorKind, Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "roles.md"
ACTS: dict[str, Callable[[Actor], bool]] = {
    "see what waits and to whom it is offered": queues.may_see_queues,
    "see what colleagues do": rules.may_see_seats,
    "have a state of one's own and be offered work": lambda actor: rules.may_set_own(actor) and queues.may_serve(actor),
    "ask for help": supervision.may_raise,
    "see who asks for help": supervision.may_see_hands,
    "come to help whoever asks": supervision.may_help,
    "write down abuse, warn the customer, end the contact": supervision.may_note_abuse,
    "read what was written down about abuse": supervision.may_see_abuse,
    "let a colleague rest after an abusive contact": lambda actor: supervision.may_give_rest(actor, user_id=8),
    "send a message to a team, and see who has read it": supervision.may_tell_teams,
    "put a colleague into another state": rules.may_force,
    "move what waits, or put it into somebody's hands": queues.may_move_work,
    "make, change and retire queues and the rules into them": queues.may_keep_queues,
    "say what people can, speak and hold, and what a program is given": rules.may_keep_skills,
}


def table() -> dict[str, dict[Role, bool]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Queues and people at work")[2].partition("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    labels = {str(label).lower(): role for role, label in ROLE_LABELS.items()}
    roles = [labels[name] for name in lines[0][1:]]
    return {act: {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)} for act, *cells in lines[2:]}


def test_tells_of_all_of_them() -> None:
    assert set(table()) == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role)
def test_says_what_the_rules_say(act: str, role: Role) -> None:
    assert table()[act][role] is ACTS[act](Actor(kind=ActorKind.USER, id=7, role=role))


def test_a_token_does_no_more_than_its_scopes() -> None:
    reader = Actor(kind=ActorKind.USER, id=7, role=Role.OWNER, scopes=frozenset({"cases:read", "people:read"}))

    assert queues.may_see_queues(reader)
    assert rules.may_see_seats(reader)
    assert not any(
        may(reader)
        for may in (queues.may_keep_queues, queues.may_move_work, queues.may_serve, rules.may_force, rules.may_set_own)
    )
