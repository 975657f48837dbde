"""Several workspaces beside each other, as sums only."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from careloop.domains.people.queries import actor_for
from careloop.domains.people.types import MembershipRow
from careloop.domains.wallboards.queries import figures, open_alarms, thresholds
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.faces.web.actors import person_asking
from careloop.faces.web.wall.several import workspaces_watched
from careloop.faces.web.wall.shown import Shown, Tile, shown
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope

__all__ = ["walls", "walls_figures"]

FEW = frozenset({"waiting", "within", "overdue", "new", "unassigned", "promises", "people", "signed-in"})
"""What one looks for first where several stand together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One workspace among several."""

    name: str
    href: str
    zone: str
    shown: Shown
    tiles: Sequence[Tile]


@login_required
@require_safe
def walls(request: HttpRequest) -> HttpResponse:
    """Show the walls of all workspaces that the person runs."""
    return render(request, "wall/walls.html", _context(request))


@login_required
@require_safe
def walls_figures(request: HttpRequest) -> HttpResponse:
    """Show the part of it that changes."""
    response = render(request, "wall/walls_figures.html", _context(request))
    response["Cache-Control"] = "no-store"
    return response


def _context(request: HttpRequest) -> dict[str, object]:
    person = person_asking(request)
    places = [] if person is None else workspaces_watched(person.pk)
    beside = [] if person is None else _beside(places, person.pk)
    sounds = [one.shown.sound for one in beside]
    return {
        "beside": beside,
        "sound": "alarm" if "alarm" in sounds else "warning" if "warning" in sounds else "",
        "unheard": " ".join(one.shown.unheard for one in beside if one.shown.unheard),
        "as_of": date_format(timezone.localtime(), "TIME_FORMAT"),
        "news": " ".join(f"{one.name}: {one.shown.news}" for one in beside if one.shown.news),
        "figures_url": reverse("walls_figures"),
        "stream_url": reverse("walls_live") if beside else "",
    }


def _beside(places: Sequence[MembershipRow], user_id: int) -> list[Beside]:
    found = []
    for place in places:
        with workspace_scope(place.workspace_id):
            viewer, facts = actor_for(user_id, place.workspace_id), workspace_of_id(place.workspace_id)
            if viewer is None or facts is None:
                continue
            zone = ZoneInfo(facts.settings.time_zone)
            wall = figures(viewer=viewer, zone=zone, at=clock.now(), day_begins_s=facts.day_begins_s)
            with timezone.override(zone):
                words = shown(wall, alarms=open_alarms(viewer=viewer), thresholds=thresholds(viewer=viewer))
        href = reverse("wall", args=[place.key])
        tiles = [tile for tile in words.tiles if tile.key in FEW]
        found.append(Beside(name=place.name, href=href, zone=facts.settings.time_zone, shown=words, tiles=tiles))
    return found
