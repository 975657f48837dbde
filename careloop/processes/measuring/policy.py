"""Who may ask what of the facts: on top of the rules of boards, what a question would tell about people."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from careloop.domains.boards import rules
from careloop.domains.boards.errors import MayNotSeeNumbers
from careloop.domains.people import queries as people
from careloop.kernel.actors import Actor
from careloop.processes.lake.keys import ours
from careloop.processes.measuring.catalogue import card
from careloop.processes.measuring.types import Question

__all__ = ["PEOPLE_DIMENSIONS", "allowed", "of_reader", "of_team"]

PEOPLE_DIMENSIONS: Final = frozenset({"agent", "supervisor", "evaluator"})
# A team's number together with one's own would tell the others' in a smaller one.
SMALLEST_TEAM: Final = 5


def allowed(question: Question, *, viewer: Actor) -> Question:
    """Return a question that may be answered to this reader. Raises MayNotSeeNumbers, MetricUnknown."""
    if not rules.may_see(viewer):
        raise MayNotSeeNumbers(_("Numbers are for those who answer customers and those who lead them."))
    tells_of_people = (
        PEOPLE_DIMENSIONS & {*question.by, *_fields(question.conditions)}
        or card(question.metric, language="en").subject == "people"
    )
    if tells_of_people and not rules.may_see_people(viewer):
        raise MayNotSeeNumbers(_("This number is about people who work here, so only those who lead them see it."))
    return question


def of_reader(question: Question, *, viewer: Actor) -> Question:
    """Return the same question about the reader's own work, which everybody who works here may ask. Raises MayNotSeeNumbers."""
    if not rules.may_see_catalogue(viewer) or viewer.user_id is None:
        raise MayNotSeeNumbers(_("Only whoever answers customers has numbers of their own."))
    if card(question.metric, language="en").subject == "people":
        raise MayNotSeeNumbers(_("This number is about people who work here, so only those who lead them see it."))
    return _narrowed(question, {"field": "agent", "operator": "is", "value": ours("user", viewer.user_id)})


def of_team(question: Question, *, viewer: Actor) -> Question | None:
    """Return the same question about the reader's teams; None where they are too small for a number that tells on nobody."""
    if not viewer.team_ids:
        return None
    members = {person for team in people.teams_of(viewer) if team.id in viewer.team_ids for person in team.member_ids}
    if len(members) < SMALLEST_TEAM:
        return None
    teams = [ours("team", team_id) for team_id in sorted(viewer.team_ids)]
    return _narrowed(question, {"field": "team", "operator": "any_of", "value": teams})


def _narrowed(question: Question, part: Mapping[str, Any]) -> Question:
    conditions = {"and": [dict(question.conditions), dict(part)]} if question.conditions else dict(part)
    return replace(question, conditions=conditions)


def _fields(tree: Any) -> Iterator[str]:
    """Return every field that a condition as JSON names, whatever shape it has."""
    match tree:
        case Mapping():
            if isinstance(tree.get("field"), str):
                yield tree["field"]
            for part in tree.values():
                yield from _fields(part)
        case list() | tuple():
            for part in tree:
                yield from _fields(part)
