"""Messages to teams: sent from the floor, shown on every page until they are read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.supervision import services
from careloop.domains.supervision.errors import MayNotTellTeams
from careloop.domains.supervision.rules import may_tell_teams
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen_or_none
from careloop.faces.web.routing.messages import sent_shown, unread_shown
from careloop.faces.web.routing.views.presence import page_before
from careloop.kernel import clock
from careloop.processes.floor import tell_everybody, tell_team

__all__ = ["floor_message", "floor_messages", "message_reading", "team_messages"]


@require_safe
def team_messages(request: HttpRequest) -> HttpResponse:
    """Show what the reader has been told and has not read, on a page or over every other page.

    For the place over a page: nothing changes there (204) when it shows the same already, so nothing is read aloud twice.
    """
    unread = unread_shown(actor_of(request))
    is_slot = request.htmx and request.htmx.target == "message-slot"  # type: ignore[attr-defined]
    if is_slot and request.GET.get("told", "") == ",".join(str(one.id) for one in unread):
        return HttpResponse(status=204)
    template = "routing/messages.html#slot" if is_slot else "routing/messages.html"
    answer = render(request, template, {"unread": unread, "told": ",".join(str(one.id) for one in unread)})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def message_reading(request: HttpRequest, message_id: int) -> HttpResponse:
    """Say that one has read a message."""
    services.read_message(message_id=message_id, actor=actor_of(request), at=clock.now())
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(page_before(request))
    unread = unread_shown(actor_of(request))
    told = ",".join(str(one.id) for one in unread)
    return render(request, "routing/messages.html#slot", {"unread": unread, "told": told})


@require_safe
def floor_messages(request: HttpRequest) -> HttpResponse:
    """Return who has read what was said to teams, for the floor to put in place."""
    if not may_tell_teams(actor_of(request)):
        raise MayNotTellTeams(_("Only somebody who leads or manages can send a message to a team."))
    answer = render(request, "routing/floor_messages.html#sent", {"sent": sent_shown(actor_of(request))})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def floor_message(request: HttpRequest) -> HttpResponse:
    """Tell a team, or everybody at work, something."""
    actor, at, text = actor_of(request), clock.now(), request.POST.get("text", "").replace("\x00", "")
    team_id = chosen_or_none(request.POST, "team_id")
    if team_id is None:
        tell_everybody(text=text, actor=actor, at=at)
    else:
        tell_team(team_id=team_id, text=text, actor=actor, at=at)
    messages.success(request, _("Sent. Below you see who has read it."))
    return redirect("floor", workspace=workspace_of(request).key)
