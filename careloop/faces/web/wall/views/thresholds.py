"""What is promised and what is to alarm."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.conversations.types import Channel
from careloop.domains.people.queries import team_choices, team_names_of
from careloop.domains.queues.queries import queues_of
from careloop.domains.wallboards import queries, rules
from careloop.domains.wallboards.services import add_threshold, change_threshold, remove_threshold, set_target
from careloop.domains.wallboards.types import TargetRow, ThresholdRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.wall.forms import TargetForm, ThresholdForm
from careloop.faces.web.wall.shown import thresholds_worded
from careloop.faces.web.wall.wording import lasting
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal

__all__ = ["targets", "threshold_form", "threshold_list", "threshold_removal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetShown:
    """One target in words, with what takes it back."""

    team_id: int | None
    team: str
    channel: str
    channel_name: str
    within: str


@require_http_methods(["GET", "HEAD", "POST"])
def threshold_list(request: HttpRequest) -> HttpResponse:
    """Show targets and thresholds, and make a new threshold."""
    actor = actor_of(request)
    form = _form(request.POST or None, actor)
    if request.method == "POST" and form.is_valid():
        try:
            add_threshold(form.asked(), actor=actor, at=clock.now())
        except Refusal as refusal:
            show_refusal_in(form, refusal)
            return _listed(request, form, TargetForm(None, teams=team_choices(actor)), status=refusal.status)
        messages.success(request, _("This is watched from now on."))
        return redirect("wall_thresholds", workspace=workspace_of(request).key)
    status = 422 if request.method == "POST" else 200
    return _listed(request, form, TargetForm(None, teams=team_choices(actor)), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def threshold_form(request: HttpRequest, threshold_id: int) -> HttpResponse:
    """Change when a threshold warns and alarms."""
    actor, status = actor_of(request), 200
    row = queries.threshold(threshold_id=threshold_id, viewer=actor)
    form = _form(request.POST or None, actor, row=row)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_threshold(form.asked(), threshold_id=threshold_id, actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The threshold is changed."))
                return redirect(_list_of(request, row.queue_id))
    (shown,) = thresholds_worded([row])
    context = {"form": form, "row": shown, "back": _list_of(request, row.queue_id)}
    return render(request, "wall/threshold.html", context, status=status)


@require_POST
def threshold_removal(request: HttpRequest, threshold_id: int) -> HttpResponse:
    """Watch a figure no more."""
    actor = actor_of(request)
    row = queries.threshold(threshold_id=threshold_id, viewer=actor)
    remove_threshold(threshold_id=threshold_id, actor=actor, at=clock.now())
    messages.success(request, _("This is watched no more. Its alarms stay in the history."))
    return redirect(_list_of(request, row.queue_id))


@require_POST
def targets(request: HttpRequest) -> HttpResponse:
    """Say within which time a first answer is promised."""
    actor = actor_of(request)
    form = TargetForm(request.POST, teams=team_choices(actor))
    status = 422
    if form.is_valid():
        try:
            set_target(**form.cleaned_data, actor=actor, at=clock.now())
        except Refusal as refusal:
            show_refusal_in(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("The target holds from now on, also for those who wait already."))
            return redirect("wall_thresholds", workspace=workspace_of(request).key)
    return _listed(request, _form(None, actor), form, status=status)


def _listed(request: HttpRequest, form: forms.Form, target_form: forms.Form, *, status: int) -> HttpResponse:
    actor = actor_of(request)
    rows, said_targets = queries.thresholds(viewer=actor), queries.targets()
    names = team_names_of(row.team_id for row in said_targets if row.team_id is not None)
    context = {
        "rows": thresholds_worded(rows),
        "targets": [_target(row, names) for row in said_targets],
        "form": form,
        "target_form": target_form,
        "may_set": rules.may_set(actor),
    }
    return render(request, "wall/thresholds.html", context, status=status)


def _form(posted: QueryDict | None, actor: Actor, *, row: ThresholdRow | None = None) -> ThresholdForm:
    queues = [(queue.id, queue.settings.name) for queue in queues_of(actor)]
    return ThresholdForm(posted, teams=team_choices(actor), queues=queues, row=row)


def _list_of(request: HttpRequest, queue_id: int | None) -> str:
    """Return the address of the page that lists what is watched of a queue, or of the whole workspace."""
    key = workspace_of(request).key
    return reverse("wall_thresholds", args=[key]) if queue_id is None else reverse("floor_queue", args=[key, queue_id])


def _target(row: TargetRow, names: dict[int, str]) -> TargetShown:
    return TargetShown(
        team_id=row.team_id,
        team=_("Every team") if row.team_id is None else names.get(row.team_id, ""),
        channel=row.channel,
        channel_name=str(Channel(row.channel).label) if row.channel else _("Every channel"),
        within=lasting(row.seconds),
    )
