"""Queues on the floor: how each stands, and from when on that is a warning or an alarm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careloop.domains.queues.queries import queue_of
from careloop.domains.wallboards import services
from careloop.domains.wallboards.queries import queue_standings, thresholds
from careloop.domains.wallboards.rules import may_set
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.routing.seeing import refuse_unless_watcher
from careloop.faces.web.routing.standings import queue_stands, queues_there
from careloop.faces.web.wall.forms import QueueThresholdForm
from careloop.faces.web.wall.shown import thresholds_worded
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["floor_queue", "floor_queues"]


@require_safe
def floor_queues(request: HttpRequest) -> HttpResponse:
    """Return how the queues stand now, and what alarms of them."""
    actor = actor_of(request)
    refuse_unless_watcher(actor)
    answer = render(request, "routing/floor_queues.html", queues_there(actor, at=clock.now()))
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def floor_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Show one queue with its thresholds, and make a new one."""
    actor, at, status = actor_of(request), clock.now(), 200
    refuse_unless_watcher(actor)
    queue = queue_of(actor, queue_id=queue_id)
    form = QueueThresholdForm(request.POST or None, queue_id=queue.id)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.add_threshold(form.asked(), actor=actor, at=at)
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("This is watched from now on."))
                return redirect("floor_queue", workspace=workspace_of(request).key, queue_id=queue.id)
    context = {
        "queue": queue_stands(queue_standings(viewer=actor)[queue.id], at=at),
        "rows": thresholds_worded([row for row in thresholds(viewer=actor) if row.queue_id == queue.id]),
        "form": form,
        "may_set": may_set(actor),
    }
    return render(request, "routing/floor_queue.html", context, status=status)
