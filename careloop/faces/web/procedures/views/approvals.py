"""What waits for a person's approval, and who stands in for them while they are away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import cases_by_id
from careloop.domains.people.queries import names_of, people_choices
from careloop.domains.procedures import rules, services
from careloop.domains.procedures.approvers import APPROVING
from careloop.domains.procedures.errors import ApprovalNotYours, BadAbsence
from careloop.domains.procedures.queries import absence_of, run_of, waiting_for
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.procedures import answered
from careloop.faces.web.casepage.steps import ReasonForm
from careloop.faces.web.procedures.forms import AbsenceForm
from careloop.kernel import clock
from careloop.kernel.actors import Actor, Role
from careloop.kernel.errors import Refusal

__all__ = ["absence", "absence_end", "approval_list"]


@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's approval, the longest waited for first."""
    return _page(request, AbsenceForm(_deputies(actor_of(request))))


@require_POST
def absence(request: HttpRequest) -> HttpResponse:
    """Let the person be away, and somebody stand in."""
    actor = actor_of(request)
    form = AbsenceForm(_deputies(actor), request.POST)
    try:
        if not form.is_valid():
            raise BadAbsence(_("Check what is marked below."))
        given = form.cleaned_data
        services.begin_absence(until=given["until"], deputy_id=given["deputy"], actor=actor, at=clock.now())
    except BadAbsence as refusal:
        for name, words in refusal.fields.items():
            form.add_error(name, str(words))
        return _page(request, form, refusal)
    messages.success(request, _("You are away. Approvals go to whoever stands in for you."))
    return redirect("approval_list", workspace=workspace_of(request).key)


@require_POST
def absence_end(request: HttpRequest) -> HttpResponse:
    """Let the person be back."""
    services.end_absence(actor=actor_of(request), at=clock.now())
    messages.success(request, _("You are back. Approvals come to you again."))
    return redirect("approval_list", workspace=workspace_of(request).key)


def _page(request: HttpRequest, form: AbsenceForm, refusal: Refusal | None = None) -> HttpResponse:
    viewer, now = actor_of(request), clock.now()
    if not rules.may_approve_at_all(viewer) or viewer.user_id is None:
        raise ApprovalNotYours(_("Your role approves nothing."))
    waiting = waiting_for(viewer, at=now)
    runs = {row.run_id: run_of(run_id=row.run_id, viewer=viewer) for row in waiting}
    cases = cases_by_id([row.case_id for row in waiting], viewer=viewer)
    names = names_of({row.step.asked.user_id or 0 for row in waiting if row.step.asked is not None})
    away = absence_of(viewer.user_id, at=now)
    rows = [
        {
            "row": row,
            "case": cases[row.case_id],
            "who": names.get(row.step.asked.user_id or 0, "") if row.step.asked is not None else "",
            "answers": [
                one
                for stage in runs[row.run_id].course.stages
                for step in stage.steps
                for one in answered(step.step.fields, step.values)
            ],
            "refusal_form": ReasonForm(f"refuse-{row.run_id}-{row.step.step.key}"),
        }
        for row in waiting
        if row.case_id in cases
    ]
    context = {
        "rows": rows,
        "form": form,
        "away": away,
        "deputy": names_of([away.deputy_id]).get(away.deputy_id, "") if away is not None and away.deputy_id else "",
        "refusal": refusal,
    }
    return render(request, "procedures/approvals.html", context, status=refusal.status if refusal else 200)


def _deputies(viewer: Actor) -> list[tuple[int, str]]:
    return [
        (user_id, name)
        for user_id, name, role in people_choices(viewer)
        if Role(role) in APPROVING and user_id != viewer.user_id
    ]
