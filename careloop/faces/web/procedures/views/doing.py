"""A procedure in a case: begin it, do its steps, ask for approvals, give or refuse them, and leave it out."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_of_number
from careloop.domains.procedures import services
from careloop.domains.procedures.errors import RunNotFound, StepNotOpen
from careloop.domains.procedures.queries import run_of
from careloop.domains.procedures.states import StepKind
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.procedures import Typed, procedures_shown
from careloop.faces.web.casepage.reading import page_context
from careloop.faces.web.casepage.steps import AnswerForm, ReasonForm
from careloop.faces.web.casepage.typed import chosen
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal

__all__ = [
    "case_procedure_begin",
    "case_procedure_skip",
    "case_procedures",
    "step_answers",
    "step_approval",
    "step_check",
    "step_check_end",
    "step_confirmation",
    "step_refusal",
    "step_request",
]


@require_safe
def case_procedures(request: HttpRequest, number: int) -> HttpResponse:
    """Show again what must be done in the case."""
    return render(request, "procedures/case.html#inside", _context(request, number))


@require_POST
def case_procedure_begin(request: HttpRequest, number: int) -> HttpResponse:
    """Let the case into a procedure."""
    detail = case_of_number(number=number, viewer=actor_of(request))
    return _answered(
        request,
        number,
        lambda: services.begin_procedure(
            procedure_id=chosen(request.POST, "procedure_id"),
            case_id=detail.row.id,
            actor=actor_of(request),
            at=clock.now(),
        ),
    )


@require_POST
def case_procedure_skip(request: HttpRequest, number: int, run_id: int) -> HttpResponse:
    """Let the case go on without the rest of a procedure."""
    _check_place(request, number, run_id)
    form = ReasonForm(f"skip-{run_id}-", request.POST)
    reason = request.POST.get("reason", "")
    return _answered(
        request,
        number,
        lambda: services.skip_procedure(run_id=run_id, reason=reason, actor=actor_of(request), at=clock.now()),
        typed=Typed(run_id=run_id, step="", form=form, what="skip"),
    )


@require_POST
def step_check(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Say that something was done."""
    return _done(request, number, run_id, step, services.check_step)


@require_POST
def step_check_end(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Take a tick back."""
    return _done(request, number, run_id, step, services.uncheck_step)


@require_POST
def step_confirmation(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Say that a note was read."""
    return _done(request, number, run_id, step, services.confirm_note)


@require_POST
def step_request(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Ask for an approval."""
    return _done(request, number, run_id, step, services.ask_approval)


@require_POST
def step_answers(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Fill a form in."""
    _check_place(request, number, run_id)
    found = run_of(run_id=run_id, viewer=actor_of(request)).course.step(step)
    if found is None or found.step.kind is not StepKind.FORM:
        raise StepNotOpen(_("There is no such step to be done in this way."))
    form = AnswerForm(found.step, run_id=run_id, posted=request.POST)
    return _answered(
        request,
        number,
        lambda: services.fill_form(
            run_id=run_id, step=step, values=form.answers(), actor=actor_of(request), at=clock.now()
        ),
        typed=Typed(run_id=run_id, step=step, form=form, what="fill"),
    )


@require_POST
def step_approval(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Give an approval."""
    _check_place(request, number, run_id)
    return _answered(
        request,
        number,
        lambda: services.approve(
            run_id=run_id, step=step, rung=chosen(request.POST, "rung"), actor=actor_of(request), at=clock.now()
        ),
    )


@require_POST
def step_refusal(request: HttpRequest, number: int, run_id: int, step: str) -> HttpResponse:
    """Refuse an approval, with the reason."""
    _check_place(request, number, run_id)
    form = ReasonForm(f"refuse-{run_id}-{step}", request.POST)
    return _answered(
        request,
        number,
        lambda: services.refuse(
            run_id=run_id,
            step=step,
            rung=chosen(request.POST, "rung"),
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=clock.now(),
        ),
        typed=Typed(run_id=run_id, step=step, form=form, what="refuse"),
    )


def _done(request: HttpRequest, number: int, run_id: int, step: str, act: Callable[..., None]) -> HttpResponse:
    _check_place(request, number, run_id)
    return _answered(request, number, lambda: act(run_id=run_id, step=step, actor=actor_of(request), at=clock.now()))


def _check_place(request: HttpRequest, number: int, run_id: int) -> None:
    """Refuse an address that names the procedure of another case."""
    viewer = actor_of(request)
    detail = case_of_number(number=number, viewer=viewer)
    if run_of(run_id=run_id, viewer=viewer).case_id != detail.row.id:
        raise RunNotFound(_("There is no such procedure in this case."))


def _answered(
    request: HttpRequest, number: int, act: Callable[[], object], *, typed: Typed | None = None
) -> HttpResponse:
    """Do one act and show what came of it; a refusal stands beside the fresh state with what was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        if typed is not None and isinstance(typed.form, AnswerForm):
            typed.form.refused(refusal)
        context = _context(request, number, typed=typed, refusal=refusal)
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "procedures/case.html#inside", context, status=refusal.status)
        detail = case_of_number(number=number, viewer=actor_of(request))
        whole = {**page_context(request, detail, refusal=refusal), **context}
        return render(request, "casepage/case.html", whole, status=refusal.status)
    if not request.htmx:  # type: ignore[attr-defined]
        key = workspace_of(request).key
        is_from_list = request.POST.get("from") == "approvals"
        return redirect("approval_list", workspace=key) if is_from_list else redirect("case", key, number)
    response = render(request, "procedures/case.html#inside", _context(request, number))
    response["HX-Trigger"] = "case-changed"
    return response


def _context(
    request: HttpRequest, number: int, *, typed: Typed | None = None, refusal: Refusal | None = None
) -> Mapping[str, Any]:
    viewer = actor_of(request)
    detail = case_of_number(number=number, viewer=viewer)
    return {
        "case": detail.row,
        "procedures": procedures_shown(detail.row, viewer=viewer, now=clock.now(), typed=typed),
        "procedure_refusal": refusal,
    }
