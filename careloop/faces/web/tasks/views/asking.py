"""Tasks on the page of a case: ask somebody, see how it stands, take it back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_of_number
from careloop.domains.tasks import services
from careloop.domains.tasks.errors import BadTask, TaskNotFound
from careloop.domains.tasks.queries import task_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.case_tasks import Asked, RefusalForm, TaskForm, case_tasks_shown, task_form
from careloop.faces.web.casepage.reading import page_context
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal

__all__ = ["case_task_new", "case_task_withdrawal", "case_tasks"]


@require_safe
def case_tasks(request: HttpRequest, number: int) -> HttpResponse:
    """Show again what others are asked to do for the case."""
    return render(request, "tasks/case.html#inside", _context(request, number))


@require_POST
def case_task_new(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a team or a person to do something for the case."""
    viewer = actor_of(request)
    case_id = case_of_number(number=number, viewer=viewer).row.id
    form = task_form(viewer, request.POST)

    def act() -> None:
        if not form.is_valid():
            raise BadTask(_("Check what is marked below."))
        services.ask_task(case_id=case_id, task=form.task(), actor=viewer, at=clock.now())

    return _answered(request, number, act, Asked(form=form))


@require_POST
def case_task_withdrawal(request: HttpRequest, number: int, task_id: int) -> HttpResponse:
    """Take back what somebody was asked for."""
    viewer = actor_of(request)
    detail = case_of_number(number=number, viewer=viewer)
    if task_of(task_id=task_id, viewer=viewer).case_id != detail.row.id:
        raise TaskNotFound(_("There is no such task."))
    form = RefusalForm(f"withdraw_{task_id}", request.POST, is_optional=True)
    reason = request.POST.get("reason", "")
    return _answered(
        request,
        number,
        lambda: services.withdraw_task(task_id=task_id, reason=reason, actor=viewer, at=clock.now()),
        Asked(form=form, task_id=task_id),
    )


def _answered(request: HttpRequest, number: int, act: Callable[[], object], typed: Asked) -> HttpResponse:
    """Do one act and show what came of it; a refusal stands beside the fresh state with what was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        if isinstance(typed.form, TaskForm):
            typed.form.refused(refusal)
        context = _context(request, number, typed=typed, refusal=refusal)
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "tasks/case.html#inside", context, status=refusal.status)
        detail = case_of_number(number=number, viewer=actor_of(request))
        whole = {**page_context(request, detail, refusal=refusal), **context}
        return render(request, "casepage/case.html", whole, status=refusal.status)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("case", workspace_of(request).key, number)
    response = render(request, "tasks/case.html#inside", _context(request, number))
    response["HX-Trigger"] = "case-changed"
    return response


def _context(
    request: HttpRequest, number: int, *, typed: Asked | None = None, refusal: Refusal | None = None
) -> Mapping[str, Any]:
    viewer = actor_of(request)
    detail = case_of_number(number=number, viewer=viewer)
    return {
        "case": detail.row,
        "tasks": case_tasks_shown(detail.row, viewer=viewer, now=clock.now(), typed=typed),
        "task_refusal": refusal,
    }
