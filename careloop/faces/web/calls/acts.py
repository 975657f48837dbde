"""What is done with a call: each a POST that leads on."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careloop.domains.calls import services
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.cases.queries import case_id_of_number
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.calls.forms import CallerForm, CaseNumberForm, WriteUpForm
from careloop.faces.web.calls.pages import reason_choices, render_call
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.calling import attach, book_callback, write_up

__all__ = ["callback", "caller", "case", "writing_up"]


@require_POST
def caller(request: HttpRequest, call_id: int) -> HttpResponse:
    """Say who called."""
    form = CallerForm(request.POST)

    def act() -> HttpResponse:
        services.identify_caller(
            call_id=call_id, customer_id=form.cleaned_data["customer"], actor=actor_of(request), at=clock.now()
        )
        return _back(request, call_id)

    return _acted(request, call_id, form, "caller_form", act)


@require_POST
def callback(request: HttpRequest, call_id: int) -> HttpResponse:
    """Promise whoever called a callback, and go to the case in which it stands."""
    booked = book_callback(call_id=call_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The callback is promised. It waits in the queue by its time."))
    return redirect("case", workspace=workspace_of(request).key, number=booked.case_number)


@require_POST
def case(request: HttpRequest, call_id: int) -> HttpResponse:
    """Say which case a call belongs to, and go there."""
    form = CaseNumberForm(request.POST)

    def act() -> HttpResponse:
        actor, number = actor_of(request), form.cleaned_data["number"]
        case_id = case_id_of_number(number=number, viewer=actor)
        attach(call_id=call_id, case_id=case_id, actor=actor, at=clock.now())
        messages.success(request, _("The call belongs to this case now."))
        return redirect(reverse("case", args=[workspace_of(request).key, number]))

    return _acted(request, call_id, form, "number_form", act)


@require_POST
def writing_up(request: HttpRequest, call_id: int) -> HttpResponse:
    """Write a call up."""
    form = WriteUpForm(request.POST, reasons=reason_choices())

    def act() -> HttpResponse:
        said = form.cleaned_data
        write_up(
            call_id=call_id,
            reason_id=said.get("reason_id"),
            note=said["note"],
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("The call is written up."))
        return _back(request, call_id)

    return _acted(request, call_id, form, "write_up_form", act)


def _acted(
    request: HttpRequest, call_id: int, form: forms.Form, name: str, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do what a valid form asks for; what is wrong with it is shown in its place on the page."""
    call_seen_by(actor_of(request), call_id=call_id)
    if not form.is_valid():
        return render_call(request, call_id, status=422, **{name: form})
    try:
        return act()
    except Refusal as refusal:
        show_refusal_in(form, refusal)
        return render_call(request, call_id, status=refusal.status, **{name: form})


def _back(request: HttpRequest, call_id: int) -> HttpResponse:
    return redirect("call", workspace=workspace_of(request).key, call_id=call_id)
