"""The floor: who does what and with what, what waits, and what a supervisor does about it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.chats.queries import going_on
from careloop.domains.people.queries import team_choices
from careloop.domains.queues import queries as queues
from careloop.domains.queues.rules import may_move_work
from careloop.domains.supervision.rules import may_tell_teams
from careloop.domains.wallboards.queries import lengths_now, thresholds
from careloop.domains.wallboards.types import PEOPLE_FIGURES
from careloop.domains.workforce.rules import may_force
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.routing.floor import people_shown, tallies, waiting_shown
from careloop.faces.web.routing.hands import hands_shown
from careloop.faces.web.routing.messages import sent_shown
from careloop.faces.web.routing.seats import read_doing
from careloop.faces.web.routing.seeing import refuse_unless_watcher
from careloop.faces.web.routing.standings import queues_there
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.processes import floor as there
from careloop.processes.routing import presence, supervising

__all__ = [
    "floor",
    "floor_hand",
    "floor_move",
    "floor_news",
    "floor_state",
    "floor_waiting",
]

MOST = 50


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """Show who does what, and what waits."""
    actor = actor_of(request)
    refuse_unless_watcher(actor)
    after = _mark(request.GET.get("after", ""))
    found = there.waiting_there(actor, after=after, limit=MOST + 1)
    last = found[MOST - 1].row if len(found) > MOST else None
    context = {
        **_people(actor),
        "hands": hands_shown(request),
        "chats": going_on(actor),
        "may_tell": may_tell_teams(actor),
        "teams": team_choices(actor),
        "sent": sent_shown(actor),
        "waiting": waiting_shown(found[:MOST]),
        "older": f"{last.rank_at.isoformat()},{last.id}" if last is not None else "",
        "is_first": after is None,
        **queues_there(actor, at=clock.now()),
        "queues": [(str(one.id), one.settings.name) for one in queues.queues_of(actor)],
        "may_move": may_move_work(actor),
        "may_force": may_force(actor),
    }
    return render(request, "routing/floor.html", context)


@require_safe
def floor_news(request: HttpRequest) -> HttpResponse:
    """Return what people do now: words only, nothing that is being used is put in place anew."""
    actor = actor_of(request)
    refuse_unless_watcher(actor)
    answer = render(request, "routing/floor_news.html", _people(actor))
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def floor_waiting(request: HttpRequest, waiting_id: int) -> HttpResponse:
    """Return where one thing that waits stands now."""
    actor = actor_of(request)
    refuse_unless_watcher(actor)
    (row,) = waiting_shown([there.waiting_one(actor, waiting_id=waiting_id)])
    answer = render(request, "routing/floor.html#stands", {"row": row})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def floor_move(request: HttpRequest, waiting_id: int) -> HttpResponse:
    """Move something that waits into another queue."""
    supervising.move(
        waiting_id=waiting_id,
        queue_id=chosen(request.POST, "queue_id"),
        revision=chosen(request.POST, "revision"),
        actor=actor_of(request),
        at=clock.now(),
    )
    return _back(request, _("It waits in the other queue now, since it came."))


@require_POST
def floor_hand(request: HttpRequest, waiting_id: int) -> HttpResponse:
    """Put something that waits into somebody's hands, one's own too."""
    user_id = chosen(request.POST, "user_id")
    actor = actor_of(request)
    supervising.hand_to(
        waiting_id=waiting_id,
        user_id=user_id,
        revision=chosen(request.POST, "revision"),
        actor=actor,
        at=clock.now(),
    )
    is_own = user_id == actor.user_id
    return _back(request, _("You have it now.") if is_own else _("It is in their hands now."))


@require_POST
def floor_state(request: HttpRequest, user_id: int) -> HttpResponse:
    """Put a colleague into another state; the log says who did."""
    state, reason = read_doing(request.POST.get("doing", ""))
    presence.change_state(user_id=user_id, state=state, reason=reason, actor=actor_of(request), at=clock.now())
    return _back(request, _("From now on: %(doing)s.") % {"doing": state.label})


def _people(actor: Actor) -> dict[str, Any]:
    now = clock.now()
    watched = [row for row in thresholds(viewer=actor) if row.figure in PEOPLE_FIGURES]
    lengths = lengths_now(viewer=actor, at=now) if watched else None
    people = people_shown(there.people_there(actor, now=now), lengths=lengths, watched=watched, now=now)
    return {"people": people, "tallies": tallies(people), "is_timed": bool(watched)}


def _mark(text: str) -> tuple[datetime, int] | None:
    """Read the place in the order from where a page goes on; None for what is none."""
    at, _comma, key = text.partition(",")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return moment, int(key)


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("floor", workspace=workspace_of(request).key)
