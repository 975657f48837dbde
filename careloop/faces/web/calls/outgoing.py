"""Calls of ours from a screen. The telephone system is asked outside any transaction."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careloop.domains.calls import services
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.states import TransferKind
from careloop.domains.cases.queries import case_id_of_number
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.calls.answers import acted
from careloop.faces.web.calls.forms import CalleeForm, TransferForm
from careloop.faces.web.calls.pages import render_call
from careloop.faces.web.refusals import refused, show_refusal_in
from careloop.gateways.telephony import Side
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import (
    call_back,
    call_customer,
    end_call,
    go_into_call,
    transfer_call,
    transfer_targets,
)

__all__ = ["back", "ending", "intervention", "outgoing", "permission", "refusal", "transfer"]


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

    return _asked(request, act, _("Your phone rings. Pick it up, and the customer is called."))


@opens_own_scope
@require_POST
def back(request: HttpRequest, call_id: int) -> HttpResponse:
    """Call back whoever called, and lead to the new call."""
    workspace = workspace_of(request)

    def act() -> HttpResponse:
        made = call_back(workspace_id=workspace.id, call_id=call_id, actor=actor_of(request))
        return redirect("call", workspace=workspace.key, call_id=made)

    return _asked(request, act, _("Your phone rings. Pick it up, and the customer is called."))


@opens_own_scope
@require_POST
def intervention(request: HttpRequest, call_id: int) -> HttpResponse:
    """Go into a call, and lead to its page."""
    workspace, how = workspace_of(request), request.POST.get("how", "")
    if how not in set(Side):
        return HttpResponse(status=400)

    def act() -> HttpResponse:
        go_into_call(workspace_id=workspace.id, call_id=call_id, how=Side(how), actor=actor_of(request))
        return redirect("call", workspace=workspace.key, call_id=call_id)

    return _asked(request, act, _("Your phone rings. Pick it up, and you are in the call."))


@opens_own_scope
@require_POST
def ending(request: HttpRequest, call_id: int) -> HttpResponse:
    """Hang up on both sides of a call."""

    def act() -> None:
        end_call(workspace_id=workspace_of(request).id, call_id=call_id, actor=actor_of(request))

    return acted(request, call_id, act, _("The call is ended."))


@opens_own_scope
@require_POST
def transfer(request: HttpRequest, call_id: int) -> HttpResponse:
    """Pass a call on, and lead to its page, where it stands what comes of it; what is wrong is shown there."""
    workspace, actor = workspace_of(request), actor_of(request)
    with workspace_scope(workspace.id):
        try:
            row = call_seen_by(actor, call_id=call_id)
        except Refusal as problem:
            return refused(request, problem)
        form = TransferForm(request.POST, targets=transfer_targets(row, viewer=actor))
        if not form.is_valid():
            return render_call(request, call_id, status=422, transfer_form=form)
    try:
        transfer_call(
            workspace_id=workspace.id,
            call_id=call_id,
            receiver_id=form.receiver_id,
            queue=form.queue,
            is_announced=form.cleaned_data.get("kind") == TransferKind.ATTENDED,
            note=form.cleaned_data["note"],
            actor=actor,
        )
    except Refusal as problem:
        with workspace_scope(workspace.id):
            show_refusal_in(form, problem)
            return render_call(request, call_id, status=problem.status, transfer_form=form)
    messages.success(request, _("The call is passed on. What comes of it stands here and on your card."))
    return redirect("call", workspace=workspace.key, call_id=call_id)


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


def _asked(request: HttpRequest, act: Callable[[], HttpResponse], done: str) -> HttpResponse:
    try:
        answer = act()
    except Refusal as problem:
        with workspace_scope(workspace_of(request).id):
            return refused(request, problem)
    messages.success(request, done)
    return answer
