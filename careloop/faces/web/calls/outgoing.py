"""Calls of ours from a screen. The telephone system is asked outside any transaction."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careloop.domains.calls import services
from careloop.domains.cases.queries import case_id_of_number
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.calls.forms import CalleeForm
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import call_back, call_customer

__all__ = ["back", "outgoing", "permission", "refusal"]


@opens_own_scope
@require_POST
def outgoing(request: HttpRequest) -> HttpResponse:
    """Call a customer, and lead back to where they were looked at."""
    form, workspace, actor = CalleeForm(request.POST), workspace_of(request), actor_of(request)
    if not form.is_valid():
        return HttpResponse(status=400)
    customer_id, number, case = (form.cleaned_data[name] for name in ("customer", "number", "case"))

    def act() -> HttpResponse:
        case_id = None
        if case is not None:
            with workspace_scope(workspace.id):
                case_id = case_id_of_number(number=case, viewer=actor)
        call_customer(workspace_id=workspace.id, customer_id=customer_id, number=number, case_id=case_id, actor=actor)
        if case is not None:
            return redirect("case", workspace=workspace.key, number=case)
        return redirect("customer", workspace=workspace.key, customer_id=customer_id)

    return _asked(request, act)


@opens_own_scope
@require_POST
def back(request: HttpRequest, call_id: int) -> HttpResponse:
    """Call back whoever called, and lead to the new call."""
    workspace = workspace_of(request)

    def act() -> HttpResponse:
        made = call_back(workspace_id=workspace.id, call_id=call_id, actor=actor_of(request))
        return redirect("call", workspace=workspace.key, call_id=made)

    return _asked(request, act)


@require_POST
def refusal(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Note that a customer does not want to be called."""
    services.decline_calls(customer_id=customer_id, actor=actor_of(request), at=clock.now())
    return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)


@require_POST
def permission(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Note that a customer may be called again."""
    services.accept_calls(customer_id=customer_id, actor=actor_of(request), at=clock.now())
    return redirect("customer", workspace=workspace_of(request).key, customer_id=customer_id)


def _asked(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        answer = act()
    except Refusal as problem:
        with workspace_scope(workspace_of(request).id):
            return refused(request, problem)
    messages.success(request, _("Your phone rings. Pick it up, and the customer is called."))
    return answer
