"""What somebody does now: the switch in the header of every page, one for all the workspaces they serve in."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.workforce import services
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import FormUnclear
from careloop.faces.web.routing.seats import CHOICES, own_seat, read_doing
from careloop.kernel import clock
from careloop.processes.routing import presence

__all__ = ["page_before", "seat", "seat_state", "seat_wrap"]

LONGER_SECONDS = 120


@require_safe
def seat(request: HttpRequest) -> HttpResponse:
    """Return what the reader does now, for the header to put in place; nothing that can hold the focus is replaced."""
    answer = render(request, "routing/seat.html#now", {"seat": own_seat(request), "is_news": True})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def seat_state(request: HttpRequest) -> HttpResponse:
    """Let the reader do something else from now on."""
    actor = actor_of(request)
    state, reason = read_doing(request.POST.get("doing", ""))
    presence.change_state(user_id=actor.id, state=state, reason=reason, actor=actor, at=clock.now())
    return _answer(request)


@require_POST
def seat_wrap(request: HttpRequest) -> HttpResponse:
    """Let the reader write up for longer (`longer`), or say that it is done (`done`)."""
    actor, now = actor_of(request), clock.now()
    match request.POST.get("act"):
        case "done":
            services.resume(user_id=actor.id, actor=actor, at=now)
        case "longer":
            shown = own_seat(request)
            left = shown.wrap_seconds if shown else 0
            services.wrap_up(user_id=actor.id, seconds=min(3600, left + LONGER_SECONDS), actor=actor, at=now)
        case _:
            raise FormUnclear(_("Choose one of the entries in the list."))
    return _answer(request)


def _answer(request: HttpRequest) -> HttpResponse:
    shown = own_seat(request)
    if not request.htmx:  # type: ignore[attr-defined]
        if shown is not None:
            messages.success(request, _("From now on: %(doing)s.") % {"doing": shown.label})
        return redirect(page_before(request))
    answer = render(request, "routing/seat.html", {"seat": shown, "doings": CHOICES})
    if shown is not None:
        words = _("From now on: %(doing)s.") % {"doing": shown.label}
        answer["HX-Trigger"] = json.dumps({"toast": {"text": words, "tone": "success"}})
    return answer


def page_before(request: HttpRequest) -> str:
    """Return the page the reader was on, when it is one of ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked.startswith("/w/") else f"/w/{workspace_of(request).key}/"
