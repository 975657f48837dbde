"""Queues: by which rules what waits is given to whom."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.people.queries import team_choices
from careloop.domains.queues import queries, rules
from careloop.domains.queues.errors import MayNotKeepQueues
from careloop.domains.queues.services import retire_queue
from careloop.domains.queues.types import QueueRow, QueueSettings
from careloop.domains.workforce.queries import skills_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.routing.queue_forms import QueueForm
from careloop.faces.web.routing.shown import queues_shown, rules_shown
from careloop.kernel import clock
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal
from careloop.processes.routing import keeping

__all__ = ["queue_form", "queue_list", "queue_new", "queue_retirement", "refuse_unless_reader"]

METHODS: Final = ["GET", "HEAD", "POST"]


@require_safe
def queue_list(request: HttpRequest) -> HttpResponse:
    """List the queues, and the rules by which cases go into them."""
    actor = actor_of(request)
    refuse_unless_reader(actor)
    rows = queries.queues_of(actor)
    context = {
        "queues": queues_shown(rows, viewer=actor),
        "rules": rules_shown(queries.rules_of(actor), queues=rows),
        "may_keep": rules.may_keep_queues(actor),
    }
    return render(request, "routing/queues.html", context)


@require_http_methods(METHODS)
def queue_new(request: HttpRequest) -> HttpResponse:
    """Make a queue."""
    return _form(request, None)


@require_http_methods(METHODS)
def queue_form(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Show a queue, and change it."""
    return _form(request, queries.queue_of(actor_of(request), queue_id=queue_id))


@require_POST
def queue_retirement(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Take a queue out of use."""
    retire_queue(queue_id=queue_id, actor=actor_of(request), at=clock.now())
    return _back(request, _("The queue is out of use."))


def refuse_unless_reader(actor: Actor) -> None:
    """Let in who keeps queues, and who leads: they see by which rules their people are asked. Raises MayNotKeepQueues."""
    if not (rules.may_see_queues(actor) and actor.has_role(Role.OWNER, Role.MANAGER, Role.LEAD)):
        raise MayNotKeepQueues(_("Only an owner or a manager can change queues."))


def _form(request: HttpRequest, row: QueueRow | None) -> HttpResponse:
    actor, status = actor_of(request), 200
    refuse_unless_reader(actor)
    settings = row.settings if row is not None else QueueSettings(name="")
    posted = request.POST if request.method == "POST" else None
    form = QueueForm(posted, settings=settings, **_choices(actor, row))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if row is None:
                    keeping.make_queue(settings=form.settings(), actor=actor, at=clock.now())
                    return _back(request, _("The queue is made. Now say which cases go into it."))
                keeping.change_queue(queue_id=row.id, settings=form.settings(), actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                return _back(request, _("The queue is changed. What waits in it is in its new order."))
    context = {"row": row, "form": form, "may_keep": rules.may_keep_queues(actor)}
    return render(request, "routing/queue.html", context, status=status)


def _choices(actor: Actor, row: QueueRow | None) -> dict[str, Any]:
    return {
        "teams": [(str(key), name) for key, name in team_choices(actor)],
        "calendars": [(str(one.id), one.settings.name) for one in calendars_of(actor)],
        "others": [
            (str(one.id), one.settings.name) for one in queries.queues_of(actor) if row is None or one.id != row.id
        ],
        "skills": skills_of(actor),
    }


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("admin_queues", workspace=workspace_of(request).key)
