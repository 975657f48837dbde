"""Asking for help, and coming to help."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.supervision import services
from careloop.domains.supervision.errors import MayNotHelp
from careloop.domains.supervision.rules import may_see_hands
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.routing.hands import before_them, hands_shown
from careloop.faces.web.routing.seats import CHOICES, own_seat
from careloop.faces.web.routing.views.presence import page_before
from careloop.kernel import clock

__all__ = ["floor_hands", "hand_end", "hand_helper", "own_hand"]


@require_safe
def floor_hands(request: HttpRequest) -> HttpResponse:
    """Return who asks for help now, for the floor to put in place."""
    if not may_see_hands(actor_of(request)):
        raise MayNotHelp(_("Only somebody who leads, manages or judges the work sees who asks for help."))
    answer = render(request, "routing/floor_hands.html", {"hands": hands_shown(request)})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def own_hand(request: HttpRequest) -> HttpResponse:
    """Ask for help, with what one has before one."""
    actor = actor_of(request)
    before = before_them(request.POST.get("next", ""), viewer=actor, workspace_key=workspace_of(request).key)
    about = request.POST.get("about", "").replace("\x00", "")
    services.raise_hand(
        about=about,
        case_id=before.get("case_id"),
        chat_id=before.get("chat_id"),
        actor=actor,
        at=clock.now(),
    )
    return _answer(request, _("Whoever leads sees that you need help."))


@require_POST
def hand_helper(request: HttpRequest, hand_id: int) -> HttpResponse:
    """Say that one is on the way."""
    services.take_up_hand(hand_id=hand_id, actor=actor_of(request), at=clock.now())
    return _answer(request, _("They see that you are on the way."))


@require_POST
def hand_end(request: HttpRequest, hand_id: int) -> HttpResponse:
    """Say that help is not needed any more."""
    services.lower_hand(hand_id=hand_id, actor=actor_of(request), at=clock.now())
    return _answer(request, _("Help is not needed any more."))


def _answer(request: HttpRequest, words: str) -> HttpResponse:
    if request.htmx and request.htmx.target == "seat":  # type: ignore[attr-defined]
        answer = render(request, "routing/seat.html", {"seat": own_seat(request), "doings": CHOICES})
        answer["HX-Trigger"] = json.dumps({"toast": {"text": words, "tone": "success"}})
        return answer
    messages.success(request, words)
    return redirect(page_before(request))
