"""Administration: what the workspace calls its cases' statuses, types and reasons."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.cases import queries, rules, services
from careloop.domains.cases.errors import MayNotConfigureCases
from careloop.domains.cases.states import Category
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.desk.outline import branches_written, outline_of
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["reasons", "status_name", "status_retirement", "statuses", "type_retirement", "types"]

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def statuses(request: HttpRequest) -> HttpResponse:
    """List the statuses by what they mean, and add one."""
    _refuse_unless_keeper(request)

    def add() -> None:
        services.add_status(
            name=request.POST.get("name", ""),
            category=request.POST.get("category", ""),
            actor=actor_of(request),
            at=clock.now(),
        )

    done, problem, status = _acted(request, add, _("The status is added."))
    if done:
        return redirect("admin_statuses", workspace=workspace_of(request).key)
    rows = queries.statuses()
    context = {
        "groups": [(category, [row for row in rows if row.category == category]) for category in Category],
        "categories": Category.choices,
        "name": request.POST.get("name", ""),
        "category": request.POST.get("category", ""),
        "problem": problem,
    }
    return render(request, "desk/statuses.html", context, status=status)


@require_POST
def status_name(request: HttpRequest, status_id: int) -> HttpResponse:
    """Give a status another name."""
    services.change_status_name(
        status_id=status_id, name=request.POST.get("name", ""), actor=actor_of(request), at=clock.now()
    )
    messages.success(request, _("The status has its new name."))
    return redirect("admin_statuses", workspace=workspace_of(request).key)


@require_POST
def status_retirement(request: HttpRequest, status_id: int) -> HttpResponse:
    """Offer a status no more."""
    services.retire_status(status_id=status_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The status is no longer offered; cases that have it keep it."))
    return redirect("admin_statuses", workspace=workspace_of(request).key)


@require_http_methods(METHODS)
def types(request: HttpRequest) -> HttpResponse:
    """List the types of case, and add one."""
    _refuse_unless_keeper(request)

    def add() -> None:
        services.add_case_type(name=request.POST.get("name", ""), actor=actor_of(request), at=clock.now())

    done, problem, status = _acted(request, add, _("The type is added."))
    if done:
        return redirect("admin_types", workspace=workspace_of(request).key)
    context = {"rows": queries.case_types(), "name": request.POST.get("name", ""), "problem": problem}
    return render(request, "desk/types.html", context, status=status)


@require_POST
def type_retirement(request: HttpRequest, type_id: int) -> HttpResponse:
    """Offer a type no more."""
    services.retire_case_type(type_id=type_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The type is no longer offered; cases that have it keep it."))
    return redirect("admin_types", workspace=workspace_of(request).key)


@require_http_methods(METHODS)
def reasons(request: HttpRequest) -> HttpResponse:
    """Show the tree of reasons as an indented text; keeping it publishes a new version."""
    _refuse_unless_keeper(request)

    def publish() -> None:
        branches = branches_written(request.POST.get("outline", ""))
        services.publish_reasons(branches=branches, actor=actor_of(request), at=clock.now())

    done, problem, status = _acted(request, publish, _("The new tree of reasons is in use from now on."))
    if done:
        return redirect("admin_reasons", workspace=workspace_of(request).key)
    rows = queries.reasons()
    context = {
        "rows": [(row, len(row.path) - 1) for row in rows],
        "outline": request.POST.get("outline") if problem else outline_of(rows),
        "problem": problem,
    }
    return render(request, "desk/reasons.html", context, status=status)


def _acted(request: HttpRequest, act: Callable[[], None], words: str) -> tuple[bool, str, int]:
    """Return whether a form's act was done, else what is wrong and the status to answer with."""
    if request.method != "POST":
        return False, "", 200
    try:
        act()
    except Refusal as refusal:
        return False, str(refusal), refusal.status
    messages.success(request, words)
    return True, "", 200


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_configure(actor_of(request)):
        raise MayNotConfigureCases(_("Owners and managers decide this. Ask one of them."))
