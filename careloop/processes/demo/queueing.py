"""Queues of the demo, and its people at work: as they are written in the texts of each workspace.

Whoever serves in both workspaces has one state and one set of skills, so all of it is said after both are filled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.people.queries import actor_for, team_ids_by_name
from careloop.domains.queues.states import Choice, Kind
from careloop.domains.queues.types import QueueSettings, RuleSettings
from careloop.domains.supervision.services import raise_hand
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.states import State
from careloop.kernel.actors import Actor, Role
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.processes.demo.library import house_of
from careloop.processes.demo.live import Live
from careloop.processes.routing import keeping, presence
from careloop.processes.routing.callbacks import sweep_callbacks
from careloop.processes.routing.placing import sweep

__all__ = ["Talents", "open_queues", "talents_of"]

EVERYTHING = 2000
"""More cases than a demo leaves without an owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talents:
    """What people of the operation know and speak. skills: names by key. levels: by person, then by key of the skill."""

    skills: Mapping[str, str]
    levels: Mapping[str, Mapping[str, int]]
    languages: Mapping[str, Sequence[str]]


def talents_of(keys: Sequence[str], staff: Sequence[Mapping[str, Any]]) -> Talents:
    """Read what people know and speak in all workspaces. staff: the people of the operation as they are written."""
    written = [skill for key in keys for skill in house_of(key)["skills"]]
    levels: dict[str, dict[str, int]] = {}
    for skill in written:
        for person, level in skill["people"].items():
            levels.setdefault(person, {})[skill["key"]] = level
    languages = {
        person["key"]: sorted(
            {
                language
                for key in keys
                if key in person
                for language in person[key].get("speaks") or [house_of(key)["language"]]
            }
        )
        for person in staff
    }
    return Talents(skills={skill["key"]: skill["name"] for skill in written}, levels=levels, languages=languages)


@act
def open_queues(key: str, *, talents: Talents, skills: dict[str, int], ids: Mapping[str, int], until: datetime) -> None:
    """Let the people of the workspace in scope know what they know and do what they do, and let cases wait for them.

    skills: primary keys by key, of those that are made already; further ones are added to it. until: the simulated present.
    """
    house = house_of(key)
    owner = _actor(ids["yoon"])
    for skill, name in talents.skills.items():
        if skill not in skills:
            skills[skill] = workforce.make_skill(name=name, actor=owner, at=until)
    for person, languages in talents.languages.items():
        actor = actor_for(ids[person], current_workspace())
        if actor is None or actor.role not in {Role.LEAD, Role.AGENT}:
            continue
        levels = {skills[skill]: level for skill, level in talents.levels.get(person, {}).items()}
        workforce.set_skills(user_id=actor.id, levels=levels, actor=owner, at=until)
        workforce.set_languages(user_id=actor.id, languages=languages, actor=owner, at=until)
    made = _queues(house, skills, owner, until)
    # What was talked about is over before people do what they do now.
    live = Live(house, queues=made, ids=ids, until=until)
    live.chat()
    live.connect()
    live.call()
    live.tell_teams()
    live.watch()
    for person, doing in house["doing"].items():
        actor, at = _actor(ids[person]), until - timedelta(minutes=doing["since_min"])
        presence.change_state(
            user_id=actor.id, state=State(doing["state"]), reason=doing.get("reason", ""), actor=actor, at=at
        )
    for hand in house["hands"]:
        since = until - timedelta(minutes=hand["since_min"])
        raise_hand(about=hand["about"], actor=_actor(ids[hand["who"]]), at=since)
    sweep_callbacks(limit=EVERYTHING, at=until)
    sweep(after=(0, 0), limit=EVERYTHING, at=until)


def _queues(house: Mapping[str, Any], skills: Mapping[str, int], owner: Actor, at: datetime) -> dict[str, int]:
    """Make the queues and the rules into them; return the queues by key."""
    named, hours = team_ids_by_name(), {row.settings.name: row.id for row in calendars_of(owner)}
    teams = {team: named[name] for team, name in house["teams"].items()}
    calendars = {written["key"]: hours[written["name"]] for written in house["calendars"]}
    made: dict[str, int] = {}
    for written in house["queues"]:
        overflow = written.get("overflow")
        made[written["key"]] = keeping.make_queue(
            settings=QueueSettings(
                name=written["name"],
                kinds=tuple(Kind(kind) for kind in written.get("kinds", ["case"])),
                team_ids=(teams[written["team"]],) if "team" in written else (),
                needs={skills[skill]: level for skill, level in written.get("needs", {}).items()},
                priority=written.get("priority", 0),
                tiers=written.get("tiers", {}),
                calendar_id=calendars.get(written["hours"]),
                overflow_id=made[overflow["to"]] if overflow else None,
                overflow_after_s=overflow["after_s"] if overflow else None,
                choice=Choice(written.get("choice", Choice.LONGEST_IDLE)),
                same_agent_s=written.get("same_agent_s", 0),
                offer_s=written.get("offer_s", 30),
            ),
            actor=owner,
            at=at,
        )
    for rule in house["queue_rules"]:
        parts = [
            {"field": field, "operator": operator, "value": teams[value[1:]] if str(value).startswith("@") else value}
            for field, operator, value in rule["where"]
        ]
        settings = RuleSettings(
            queue_id=made[rule["queue"]], conditions={"and": parts} if parts else None, tier=rule.get("tier", 0)
        )
        keeping.make_rule(settings=settings, actor=owner, at=at)
    return made


def _actor(user_id: int) -> Actor:
    found = actor_for(user_id, current_workspace())
    if found is None:
        raise LookupError("A person of the demo is no member of its workspace.")
    return found
