"""Somebody protects themselves from an abusive customer: warns, ends the contact, rests, and writes it down."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_of_number
from careloop.domains.supervision.errors import AbuseNotFound, MayNotNoteAbuse
from careloop.domains.supervision.queries import abuse_in
from careloop.domains.supervision.rules import may_see_abuse
from careloop.domains.supervision.states import AbuseKind
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.casepage.protection import AbuseForm, EndingForm, protection_context
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.refusals import refused, show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes import protecting
from careloop.processes.calling import end_call_about

__all__ = ["protection", "protection_ending", "protection_record", "protection_rest", "protection_warning"]


@require_safe
def protection(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was written down about abuse in a case, and what one can do now."""
    return _page(request, number)


@require_POST
def protection_record(request: HttpRequest, number: int) -> HttpResponse:
    """Write down that the customer abused one."""
    form = AbuseForm(request.POST)

    def act(case_id: int) -> str:
        protecting.note_abuse(
            case_id=case_id, kind=AbuseKind(form.cleaned_data["kind"]), actor=actor_of(request), at=clock.now()
        )
        return _("It is written down, and whoever leads you knows.")

    return _done(request, number, form, act, place="form")


@require_POST
def protection_warning(request: HttpRequest, number: int) -> HttpResponse:
    """Warn the customer, once."""
    form = AbuseForm(request.POST)

    def act(case_id: int) -> str:
        protecting.warn(
            case_id=case_id, kind=AbuseKind(form.cleaned_data["kind"]), actor=actor_of(request), at=clock.now()
        )
        return _("The customer is warned. If it goes on, end the contact.")

    return _done(request, number, form, act, place="form")


@opens_own_scope
@require_POST
def protection_ending(request: HttpRequest, number: int) -> HttpResponse:
    """End the contact, hang up on a customer one talks to, and rest if one wishes.

    It is written down first: whether the telephone system can be reached takes nothing of it back.
    """
    workspace, actor = workspace_of(request), actor_of(request)
    with workspace_scope(workspace.id):
        try:
            case_id = case_of_number(number=number, viewer=actor).row.id
            answer = _ended(request, number)
        except Refusal as problem:
            return refused(request, problem)
    if answer.status_code == HTTPStatus.FOUND:
        try:
            if end_call_about(workspace_id=workspace.id, case_id=case_id, actor=actor):
                messages.success(request, _("The call is ended."))
        except Refusal as problem:
            messages.error(request, str(problem))
    return answer


def _ended(request: HttpRequest, number: int) -> HttpResponse:
    form = EndingForm(request.POST)

    def act(case_id: int) -> str:
        protecting.end_contact(
            case_id=case_id,
            kind=AbuseKind(form.cleaned_data["kind"]),
            rest_minutes=form.cleaned_data["minutes"],
            actor=actor_of(request),
            at=clock.now(),
        )
        return _("The contact is ended, and the case is not yours any more.")

    return _done(request, number, form, act, place="ending_form")


@require_POST
def protection_rest(request: HttpRequest, number: int, abuse_id: int) -> HttpResponse:
    """Rest after an abusive contact, or let a colleague rest."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    if abuse_id not in {row.id for row in abuse_in(actor, case_id=detail.row.id)}:
        raise AbuseNotFound(_("Nobody wrote down an abusive contact like that."))
    protecting.give_rest(abuse_id=abuse_id, minutes=chosen(request.POST, "minutes"), actor=actor, at=clock.now())
    messages.success(request, _("The rest begins now. Nothing is offered until it is over."))
    return redirect("case_protection", workspace=workspace_of(request).key, number=number)


def _done(request: HttpRequest, number: int, form: AbuseForm, act: Callable[[int], str], *, place: str) -> HttpResponse:
    """Do something in a case and go back to the page, or show it again with what was wrong."""
    detail = case_of_number(number=number, viewer=actor_of(request))
    if not form.is_valid():
        return _page(request, number, status=422, **{place: form})
    try:
        said = act(detail.row.id)
    except NotFound:
        raise
    except Refusal as refusal:
        show_refusal_in(form, refusal)
        return _page(request, number, status=refusal.status, **{place: form})
    messages.success(request, said)
    return redirect("case_protection", workspace=workspace_of(request).key, number=number)


def _page(request: HttpRequest, number: int, *, status: int = 200, **typed: Any) -> HttpResponse:
    viewer = actor_of(request)
    detail = case_of_number(number=number, viewer=viewer)
    if not may_see_abuse(viewer):
        raise MayNotNoteAbuse(_("Your role serves no customers, so there is nothing to protect you from here."))
    forms = {"form": AbuseForm(), "ending_form": EndingForm(), **typed}
    return render(
        request, "casepage/protection.html", {**protection_context(detail, viewer=viewer), **forms}, status=status
    )
