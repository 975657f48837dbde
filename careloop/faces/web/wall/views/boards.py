"""The wall of one workspace: as a page, as a whole screen, and the part of both that changes."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from careloop.domains.people.queries import is_team, team_choices
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.queries import figures, open_alarms, thresholds
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.wall.shown import shown
from careloop.kernel import clock

__all__ = ["wall", "wall_figures", "wall_screen"]


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show the wall as a page among the others."""
    return _drawn(request, "wall/wall.html")


@require_safe
def wall_screen(request: HttpRequest) -> HttpResponse:
    """Show the wall and nothing else, for a screen that hangs somewhere for weeks."""
    return _drawn(request, "wall/screen.html")


@require_safe
def wall_figures(request: HttpRequest) -> HttpResponse:
    """Show the part of the wall that changes."""
    response = _drawn(request, "wall/figures.html")
    response["Cache-Control"] = "no-store"
    return response


def _drawn(request: HttpRequest, template: str) -> HttpResponse:
    actor, workspace, team_id = actor_of(request), workspace_of(request), _team_of(request)
    zone = ZoneInfo(workspace.settings.time_zone)
    wall_now = figures(viewer=actor, zone=zone, at=clock.now(), day_begins_s=workspace.day_begins_s, team_id=team_id)
    alarms = open_alarms(viewer=actor, team_id=team_id)
    key, teams = workspace.key, team_choices(actor)
    query = f"?team={team_id}" if team_id is not None else ""
    # A wall hangs where the workspace is, whoever signed it in: it shows the workspace's time.
    with timezone.override(zone):
        context = {
            "shown": shown(wall_now, alarms=alarms, thresholds=thresholds(viewer=actor)),
            "teams": teams,
            "heading": " · ".join([workspace.settings.name, *(name for id_, name in teams if id_ == team_id)]),
            "team_id": team_id,
            "zone": workspace.settings.time_zone,
            "figures_url": reverse("wall_figures", args=[key]) + query,
            "screen_url": reverse("wall_screen", args=[key]) + query,
            "wall_url": reverse("wall", args=[key]) + query,
            "stream_url": reverse("wall_live", args=[key]),
            "may_acknowledge": rules.may_acknowledge(actor),
            "may_set": rules.may_set(actor),
        }
        return render(request, template, context)


def _team_of(request: HttpRequest) -> int | None:
    """Return the team that was asked for; an unknown one is nobody's, and asks for everybody."""
    asked = request.GET.get("team", "")
    team_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    return team_id if team_id is not None and is_team(team_id) else None
