"""What is promised and what is to alarm."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.conversations.types import Channel
from careloop.domains.people.queries import team_choices, team_names_of
from careloop.domains.wallboards import queries, rules
from careloop.domains.wallboards.services import add_threshold, change_threshold, remove_threshold, set_target
from careloop.domains.wallboards.types import TargetRow, ThresholdRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.faces.web.wall.forms import TargetForm, ThresholdForm
from careloop.faces.web.wall.shown import level_name
from careloop.faces.web.wall.wording import lasting, said
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["targets", "threshold_form", "threshold_list", "threshold_removal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdShown:
    """One threshold in words."""

    id: int
    what: str
    direction: str
    warning: str
    alarm: str
    hold: str
    level: str
    level_word: str
    value: str


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
    form = ThresholdForm(request.POST or None, teams=team_choices(actor))
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
    form = ThresholdForm(request.POST or None, teams=team_choices(actor), row=row)
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
                return redirect("wall_thresholds", workspace=workspace_of(request).key)
    shown = _threshold(row, _teams([row.team_id]))
    return render(request, "wall/threshold.html", {"form": form, "row": shown}, status=status)


@require_POST
def threshold_removal(request: HttpRequest, threshold_id: int) -> HttpResponse:
    """Watch a figure no more."""
    remove_threshold(threshold_id=threshold_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("This is watched no more. Its alarms stay in the history."))
    return redirect("wall_thresholds", workspace=workspace_of(request).key)


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
    return _listed(request, ThresholdForm(None, teams=team_choices(actor)), form, status=status)


def _listed(request: HttpRequest, form: forms.Form, target_form: forms.Form, *, status: int) -> HttpResponse:
    actor = actor_of(request)
    rows, said_targets = queries.thresholds(viewer=actor), queries.targets()
    names = _teams([*(row.team_id for row in rows), *(row.team_id for row in said_targets)])
    context = {
        "rows": [_threshold(row, names) for row in rows],
        "targets": [_target(row, names) for row in said_targets],
        "form": form,
        "target_form": target_form,
        "may_set": rules.may_set(actor),
    }
    return render(request, "wall/thresholds.html", context, status=status)


def _teams(team_ids: list[int | None]) -> dict[int, str]:
    return team_names_of(team_id for team_id in team_ids if team_id is not None)


def _threshold(row: ThresholdRow, names: dict[int, str]) -> ThresholdShown:
    what = str(row.figure.label)
    if row.team_id is not None:
        what = _("%(what)s, %(team)s") % {"what": what, "team": names.get(row.team_id, "")}
    return ThresholdShown(
        id=row.id,
        what=what,
        direction=str(row.direction.label),
        warning="–" if row.warning is None else said(row.figure, row.warning),
        alarm="–" if row.alarm is None else said(row.figure, row.alarm),
        hold=lasting(row.hold_seconds) if row.hold_seconds else _("at once"),
        level=level_name(row.level),
        level_word=str(row.level.label),
        value="–" if row.value is None else said(row.figure, row.value),
    )


def _target(row: TargetRow, names: dict[int, str]) -> TargetShown:
    return TargetShown(
        team_id=row.team_id,
        team=_("Every team") if row.team_id is None else names.get(row.team_id, ""),
        channel=row.channel,
        channel_name=str(Channel(row.channel).label) if row.channel else _("Every channel"),
        within=lasting(row.seconds),
    )
