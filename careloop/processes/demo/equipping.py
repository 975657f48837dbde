"""A workspace of the demo before its first case: people, teams, words of its own, mailbox, form, views, saved replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import reasons, statuses
from careloop.domains.cases.services.policy import Branch
from careloop.domains.cases.states import Category
from careloop.domains.channels.services import MailboxSettings, add_mailbox, add_web_form
from careloop.domains.conversations.services import save_reply
from careloop.domains.customers.services import create_organization
from careloop.domains.people.queries import actor_for
from careloop.domains.people.services import add_member, add_to_team, create_team
from careloop.kernel.actors import HOUSE, Actor, Role
from careloop.kernel.scope import current_workspace
from careloop.processes.demo.library import house_of
from careloop.processes.demo.procedures import lay_down
from careloop.processes.demo.promises import promise
from careloop.processes.demo.rules import automate

__all__ = ["Stage", "equip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A mailbox that customers write to."""

    id: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A workspace that is ready for its first case.

    people: actors by the key of the person. of_team: keys of the people of a team, by its key.
    agents: keys of those who answer customers. statuses, teams, reasons: primary keys by their own keys.
    boxes: mailboxes by the team that reads them. speaks: by the key of an agent, the languages they answer in; none for all.
    """

    key: str
    house: Mapping[str, Any]
    people: Mapping[str, Actor]
    names: Mapping[str, str]
    of_team: Mapping[str, Sequence[str]]
    agents: Sequence[str]
    speaks: Mapping[str, Sequence[str]]
    teams: Mapping[str, int]
    statuses: Mapping[str, int]
    reasons: Mapping[str, int]
    boxes: Mapping[str, Box]


def equip(key: str, *, staff: Sequence[Mapping[str, Any]], ids: Mapping[str, int], at: datetime) -> Stage:
    """Equip the workspace in scope.

    staff: the people of the operation as they are written. ids: their primary keys by their keys.
    """
    house = house_of(key)
    here = [person for person in staff if key in person]
    for person in here:
        add_member(user_id=ids[person["key"]], role=Role(person[key]["role"]), actor=HOUSE, at=at)
    owner = _actor(next(ids[p["key"]] for p in here if p[key]["role"] == Role.OWNER))
    teams, of_team = _teams(house, here, ids, key, owner, at)
    people = {person["key"]: _actor(ids[person["key"]]) for person in here}
    statuses = _statuses(house, owner, at)
    for name in house["case_types"]:
        cases.add_case_type(name=name, actor=owner, at=at)
    # The second tree, three weeks later, has branches that the first one lacked.
    first = [branch for branch in house["reasons"] if not branch.get("is_late")]
    cases.publish_reasons(branches=_branches(first), actor=owner, at=at)
    cases.publish_reasons(branches=_branches(house["reasons"]), actor=owner, at=at + timedelta(days=21))
    boxes = _channels(house, teams, owner, at)
    promise(house, teams=teams, actor=owner, at=at)
    for organization in house["organizations"]:
        create_organization(name=organization["name"], domains=frozenset(organization["domains"]), actor=owner, at=at)
    lead = people[house["lead"]]
    _saved_replies(house, lead, people, at)
    _views(house, lead, people, teams, at)
    procedure_id = lay_down(house, owner=owner, at=at)
    automate(house, owner=owner, lead=lead, teams=teams, statuses=statuses, procedures={"refund": procedure_id}, at=at)
    return Stage(
        key=key,
        house=house,
        people=people,
        names={person["key"]: person["name"] for person in here},
        of_team=of_team,
        agents=[p["key"] for p in here if p[key]["role"] == Role.AGENT],
        speaks={p["key"]: p[key].get("speaks", ()) for p in here},
        teams=teams,
        statuses=statuses,
        reasons={row.code: row.id for row in reasons()},
        boxes=boxes,
    )


def _actor(user_id: int) -> Actor:
    found = actor_for(user_id, current_workspace())
    if found is None:
        raise LookupError("A person of the demo is no member of its workspace.")
    return found


def _teams(
    house: Mapping[str, Any],
    here: Sequence[Mapping[str, Any]],
    ids: Mapping[str, int],
    key: str,
    owner: Actor,
    at: datetime,
) -> tuple[dict[str, int], dict[str, list[str]]]:
    teams = {team: create_team(name=name, actor=owner, at=at) for team, name in house["teams"].items()}
    of_team: dict[str, list[str]] = {team: [] for team in teams}
    for person in here:
        for team in person[key].get("teams", ()):
            add_to_team(team_id=teams[team], user_id=ids[person["key"]], actor=owner, at=at)
            of_team[team].append(person["key"])
    return teams, of_team


def _statuses(house: Mapping[str, Any], owner: Actor, at: datetime) -> dict[str, int]:
    """Name the five usual statuses in the workspace's language, and add its own."""
    cases.set_up(
        status_names={category: house["statuses"][category] for category in Category},
        type_name=house["usual_case_type"],
        actor=owner,
        at=at,
    )
    found = {row.category: row.id for row in statuses()}
    for own in house["own_statuses"]:
        found[own["key"]] = cases.add_status(name=own["name"], category=own["category"], actor=owner, at=at)
    return found


def _branches(written: Sequence[Mapping[str, Any]]) -> tuple[Branch, ...]:
    return tuple(
        Branch(name=branch["name"], code=branch["code"], branches=_branches(branch.get("under", ())))
        for branch in written
    )


def _channels(house: Mapping[str, Any], teams: Mapping[str, int], owner: Actor, at: datetime) -> dict[str, Box]:
    """Make a mailbox for each team that customers write to, and a form on the company's site."""
    boxes = {}
    for team, box in house["mailboxes"].items():
        settings = MailboxSettings(
            name=box["name"], address=box["address"], sender_name=box["sender_name"], team_id=teams[team]
        )
        boxes[team] = Box(id=add_mailbox(settings=settings, actor=owner, at=at), address=box["address"])
    form = house["web_form"]
    add_web_form(
        key=form["key"],
        name=form["name"],
        language=house["language"],
        team_id=None,
        mailbox_id=next(iter(boxes.values())).id,
        allowed_origins=form["origins"],
        actor=owner,
        at=at,
    )
    return boxes


def _saved_replies(house: Mapping[str, Any], lead: Actor, people: Mapping[str, Actor], at: datetime) -> None:
    for reply in house["saved_replies"]:
        save_reply(
            reply_id=None,
            name=reply["name"],
            language=reply.get("language", house["language"]),
            html="".join(f"<p>{line}</p>" for line in reply["text"].strip().splitlines() if line.strip()),
            is_shared="of" not in reply,
            actor=people[reply["of"]] if "of" in reply else lead,
            at=at,
        )


def _views(
    house: Mapping[str, Any], lead: Actor, people: Mapping[str, Actor], teams: Mapping[str, int], at: datetime
) -> None:
    for view in house["views"]:
        parts = [
            {"field": field, "operator": operator, "value": teams[value[1:]] if str(value).startswith("@") else value}
            for field, operator, value in view["where"]
        ]
        cases.save_view(
            view_id=None,
            name=view["name"],
            conditions={"and": [*parts, {"field": "is_spam", "operator": "is", "value": False}]},
            columns=view["columns"],
            order=view.get("order", "-activity_at"),
            is_shared="of" not in view,
            actor=people[view["of"]] if "of" in view else lead,
            at=at,
        )
