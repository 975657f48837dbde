"""People at work: what they do, know, speak and hold, and the share of the workspace."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.people.types import Scope
from careloop.domains.workforce import queries
from careloop.domains.workforce import services as acts
from careloop.domains.workforce.errors import PersonNotHere
from careloop.domains.workforce.states import State
from careloop.domains.workforce.types import Capacity
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.routing import (
    CapacityGiven,
    LanguagesGiven,
    ProfileList,
    ProfileShown,
    SeatGiven,
    SeatList,
    SeatShown,
    ShareGiven,
    ShareShown,
    SkillGiven,
    SkillList,
    SkillsGiven,
    profile_shown,
    seat_shown,
    share_shown,
)
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes.routing import presence

__all__ = ["room"]

room = Room()


@room.opens("GET", "/skills", Scope.PEOPLE_READ, SkillList)
def list_skills(request: HttpRequest) -> Any:
    """List the skills in use, in the whole operation."""
    return {"items": queries.skills_of(visit_of(request).actor)}


@room.opens("POST", "/skills", Scope.SETTINGS_WRITE, SkillList, status=201, also=[Scope.PEOPLE_READ])
def create_skill(request: HttpRequest, given: SkillGiven) -> Any:
    """Name a skill."""
    visit = visit_of(request)
    acts.make_skill(name=given.name, actor=visit.actor, at=visit.at)
    return Status(201, {"items": queries.skills_of(visit.actor)})


@room.opens("PUT", "/skills/{skill_id}", Scope.SETTINGS_WRITE, SkillList, also=[Scope.PEOPLE_READ])
def rename_skill(request: HttpRequest, skill_id: PathId, given: SkillGiven) -> Any:
    """Call a skill something else."""
    visit = visit_of(request)
    acts.rename_skill(skill_id=skill_id, name=given.name, actor=visit.actor, at=visit.at)
    return {"items": queries.skills_of(visit.actor)}


@room.opens("POST", "/skills/{skill_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_skill(request: HttpRequest, skill_id: PathId) -> Any:
    """Take a skill out of use."""
    visit = visit_of(request)
    acts.retire_skill(skill_id=skill_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/profiles", Scope.PEOPLE_READ, ProfileList)
def list_profiles(request: HttpRequest) -> Any:
    """List what everybody knows, speaks and holds at a time."""
    return {"items": [profile_shown(row) for row in queries.profiles_of(visit_of(request).actor)]}


@room.opens("PUT", "/profiles/{person_id}/skills", Scope.SETTINGS_WRITE, ProfileShown, also=[Scope.PEOPLE_READ])
def set_person_skills(request: HttpRequest, person_id: PathId, given: SkillsGiven) -> Any:
    """Say all that somebody knows."""
    visit = visit_of(request)
    levels = {int(skill): level for skill, level in given.levels.items()}
    acts.set_skills(user_id=person_id, levels=levels, actor=visit.actor, at=visit.at)
    return _profile(visit, person_id)


@room.opens("PUT", "/profiles/{person_id}/languages", Scope.SETTINGS_WRITE, ProfileShown, also=[Scope.PEOPLE_READ])
def set_person_languages(request: HttpRequest, person_id: PathId, given: LanguagesGiven) -> Any:
    """Say all that somebody speaks."""
    visit = visit_of(request)
    acts.set_languages(user_id=person_id, languages=given.languages, actor=visit.actor, at=visit.at)
    return _profile(visit, person_id)


@room.opens("PUT", "/profiles/{person_id}/capacity", Scope.SETTINGS_WRITE, ProfileShown, also=[Scope.PEOPLE_READ])
def set_person_capacity(request: HttpRequest, person_id: PathId, given: CapacityGiven) -> Any:
    """Say how much somebody holds at a time."""
    visit = visit_of(request)
    most: dict[str, int] = {kind: number for kind, number in given.most.items()}  # noqa: C416 - texts, not literals
    capacity = Capacity(room=given.room, most=most)
    acts.set_capacity(user_id=person_id, capacity=capacity, actor=visit.actor, at=visit.at)
    return _profile(visit, person_id)


@room.opens("GET", "/seats", Scope.PEOPLE_READ, SeatList)
def list_seats(request: HttpRequest) -> Any:
    """List what people do at this moment."""
    return {"items": [seat_shown(row) for row in queries.seats_of(visit_of(request).actor)]}


@room.opens("GET", "/seats/{person_id}", Scope.PEOPLE_READ, SeatShown)
def get_seat(request: HttpRequest, person_id: PathId) -> Any:
    """Get what somebody does at this moment."""
    return _seat(visit_of(request), person_id)


@room.opens("PUT", "/me/seat", Scope.CASES_WRITE, SeatShown, also=[Scope.PEOPLE_READ])
def set_my_seat(request: HttpRequest, given: SeatGiven) -> Any:
    """Say what one does from now on, in all workspaces one serves."""
    visit = visit_of(request)
    return _put(visit, visit.actor.id, given)


@room.opens("PUT", "/seats/{person_id}", Scope.SETTINGS_WRITE, SeatShown, also=[Scope.PEOPLE_READ])
def set_seat(request: HttpRequest, person_id: PathId, given: SeatGiven) -> Any:
    """Put a colleague into another state; the log says who did."""
    return _put(visit_of(request), person_id, given)


@room.opens("GET", "/share", Scope.PEOPLE_READ, ShareShown)
def get_share(request: HttpRequest) -> Any:
    """Get how much of the operation's work the workspace ought to get, and got lately."""
    visit = visit_of(request)
    return share_shown(queries.share_of(visit.actor, at=visit.at))


@room.opens("PUT", "/share", Scope.SETTINGS_WRITE, ShareShown, also=[Scope.PEOPLE_READ])
def set_share(request: HttpRequest, given: ShareGiven) -> Any:
    """Say how much of the operation's work the workspace ought to get."""
    visit = visit_of(request)
    acts.set_share(agreed=given.agreed, actor=visit.actor, at=visit.at)
    return share_shown(queries.share_of(visit.actor, at=visit.at))


def _put(visit: Visit, user_id: int, given: SeatGiven) -> dict[str, Any]:
    presence.change_state(
        user_id=user_id, state=State(given.state), reason=given.reason, actor=visit.actor, at=visit.at
    )
    return _seat(visit, user_id)


def _seat(visit: Visit, user_id: int) -> dict[str, Any]:
    return seat_shown(queries.seat_of(visit.actor, user_id=user_id, at=visit.at))


def _profile(visit: Visit, user_id: int) -> dict[str, Any]:
    found = {row.user_id: row for row in queries.profiles_of(visit.actor)}
    if user_id not in found:
        raise PersonNotHere(_("Nobody like that serves customers in this workspace."))
    return profile_shown(found[user_id])
