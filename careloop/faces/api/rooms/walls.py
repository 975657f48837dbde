"""The wall: live figures, targets, thresholds, alarms."""

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.people.queries import is_team
from careloop.domains.people.types import Scope
from careloop.domains.wallboards import queries, rules, services
from careloop.domains.wallboards.errors import MayNotSeeWall, NoSuchTarget
from careloop.domains.wallboards.types import AlarmRow, Direction, Figure, Level, NewThreshold, ThresholdRow
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PageAsked, PathId
from careloop.faces.api.shapes.walls import (
    AlarmPage,
    AlarmShown,
    LimitsGiven,
    QueueStandingList,
    TargetGiven,
    TargetList,
    ThresholdGiven,
    ThresholdList,
    ThresholdShown,
    WallAsked,
    WallShown,
)
from careloop.faces.api.visits import Visit, visit_of

__all__ = ["room"]

room = Room()


@room.opens("GET", "/wall", Scope.CASES_READ, WallShown)
def get_wall(request: HttpRequest, asked: Query[WallAsked]) -> Any:
    """Get the live figures of this moment, in all and by queue."""
    visit = visit_of(request)
    if asked.team_id is not None and not is_team(asked.team_id):
        raise NoSuchTarget(_("There is no such team."), fields={"team_id": _("There is no such team.")})
    zone = ZoneInfo(visit.workspace.settings.time_zone)
    return queries.figures(
        viewer=visit.actor,
        zone=zone,
        at=visit.at,
        day_begins_s=visit.workspace.day_begins_s,
        team_id=asked.team_id,
    )


@room.opens("GET", "/queue-standings", Scope.CASES_READ, QueueStandingList, also=[Scope.PEOPLE_READ])
def list_queue_standings(request: HttpRequest) -> Any:
    """List how every queue in use stands at this moment."""
    return {"items": list(queries.queue_standings(viewer=visit_of(request).actor).values())}


@room.opens("GET", "/wall/targets", Scope.CASES_READ, TargetList)
def list_targets(request: HttpRequest) -> Any:
    """List within which time first answers are promised, where that was said."""
    _see(visit_of(request))
    return {"items": queries.targets()}


@room.opens("PUT", "/wall/targets", Scope.SETTINGS_WRITE, TargetList, also=[Scope.CASES_READ])
def set_target(request: HttpRequest, given: TargetGiven) -> Any:
    """Say within which time a first answer is promised, for a team, a channel, both or all."""
    visit = visit_of(request)
    services.set_target(
        team_id=given.team_id, channel=given.channel, seconds=given.seconds, actor=visit.actor, at=visit.at
    )
    return {"items": queries.targets()}


@room.opens("GET", "/wall/thresholds", Scope.CASES_READ, ThresholdList)
def list_thresholds(request: HttpRequest) -> Any:
    """List what is watched, and where it stands."""
    return {"items": [_threshold(row) for row in queries.thresholds(viewer=visit_of(request).actor)]}


@room.opens("POST", "/wall/thresholds", Scope.SETTINGS_WRITE, ThresholdShown, status=201, also=[Scope.CASES_READ])
def add_threshold(request: HttpRequest, given: ThresholdGiven) -> Any:
    """Watch a figure from now on."""
    visit = visit_of(request)
    new = NewThreshold(
        figure=Figure(given.figure),
        direction=Direction(given.direction),
        team_id=given.team_id,
        queue_id=given.queue_id,
        **given.model_dump(include=set(LimitsGiven.model_fields)),
    )
    threshold_id = services.add_threshold(new, actor=visit.actor, at=visit.at)
    return Status(201, _threshold(queries.threshold(threshold_id=threshold_id, viewer=visit.actor)))


@room.opens("PUT", "/wall/thresholds/{threshold_id}", Scope.SETTINGS_WRITE, ThresholdShown, also=[Scope.CASES_READ])
def change_threshold(request: HttpRequest, threshold_id: PathId, given: LimitsGiven) -> Any:
    """Change from when on a watched figure is a warning or an alarm."""
    visit = visit_of(request)
    row = queries.threshold(threshold_id=threshold_id, viewer=visit.actor)
    new = NewThreshold(
        figure=row.figure,
        direction=row.direction,
        team_id=row.team_id,
        queue_id=row.queue_id,
        **given.model_dump(),
    )
    services.change_threshold(new, threshold_id=threshold_id, actor=visit.actor, at=visit.at)
    return _threshold(queries.threshold(threshold_id=threshold_id, viewer=visit.actor))


@room.opens("DELETE", "/wall/thresholds/{threshold_id}", Scope.SETTINGS_WRITE, None, status=204)
def remove_threshold(request: HttpRequest, threshold_id: PathId) -> Any:
    """Watch a figure no more; its alarms stay in the history."""
    visit = visit_of(request)
    services.remove_threshold(threshold_id=threshold_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/wall/alarms", Scope.CASES_READ, AlarmPage)
def list_alarms(request: HttpRequest, asked: Query[PageAsked]) -> Any:
    """List what alarmed, the newest first, with who took care of it."""
    return queries.alarms(viewer=visit_of(request).actor, cursor=asked.cursor, limit=asked.limit).map(_alarm)


@room.opens("POST", "/wall/alarms/{alarm_id}/acknowledgment", Scope.CASES_WRITE, AlarmShown)
def acknowledge_alarm(request: HttpRequest, alarm_id: PathId) -> Any:
    """Take care of an alarm, which silences it on every screen."""
    visit = visit_of(request)
    services.acknowledge(alarm_id=alarm_id, actor=visit.actor, at=visit.at)
    return _alarm(queries.alarm(alarm_id=alarm_id, viewer=visit.actor))


def _see(visit: Visit) -> None:
    if not rules.may_see(visit.actor):
        raise MayNotSeeWall(_("Only people who see every case of the workspace see its live figures."))


def _threshold(row: ThresholdRow) -> dict[str, Any]:
    return {**asdict(row), "level": _level(row.level)}


def _alarm(row: AlarmRow) -> dict[str, Any]:
    return {**asdict(row), "level": _level(row.level)}


def _level(level: Level) -> str | None:
    return {Level.WARNING: "warning", Level.ALARM: "alarm"}.get(level)
