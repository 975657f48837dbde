"""The word that is given to a customer in a case: promised, moved, kept, or taken back."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from careloop.domains.commitments import services
from careloop.domains.commitments.errors import BadCallback
from careloop.domains.commitments.states import NotReached, Reason, Way
from careloop.faces.web.actors import actor_of
from careloop.faces.web.casepage.callbacks import AttemptForm, CallbackForm, CancellationForm, MoveForm
from careloop.faces.web.casepage.views.changes import answered
from careloop.kernel import clock

__all__ = ["callback", "callback_attempt", "callback_cancellation", "callback_completion", "callback_move"]


@require_POST
def callback(request: HttpRequest, number: int) -> HttpResponse:
    """Promise the customer to come back by a time."""
    form = CallbackForm(request.POST)

    def act(case_id: int) -> None:
        _refuse_unless_valid(form)
        given = form.cleaned_data
        services.promise_callback(
            case_id=case_id,
            due_at=given["due_at"],
            way=Way(given["way"]),
            note=given["note"],
            from_at=given["from_at"],
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act, typed={"callback_form": form})


@require_POST
def callback_move(request: HttpRequest, number: int) -> HttpResponse:
    """Promise it for another time."""
    form = MoveForm(request.POST)

    def act(case_id: int) -> None:
        _refuse_unless_valid(form)
        given = form.cleaned_data
        services.move_callback(
            case_id=case_id,
            due_at=given["due_at"],
            reason=Reason(given["reason"]),
            from_at=given["from_at"],
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act, typed={"move_form": form})


@require_POST
def callback_completion(request: HttpRequest, number: int) -> HttpResponse:
    """Say that we came back to the customer."""
    return answered(
        request,
        number,
        lambda case_id: services.finish_callback(case_id=case_id, actor=actor_of(request), at=clock.now()),
    )


@require_POST
def callback_attempt(request: HttpRequest, number: int) -> HttpResponse:
    """Say that we called and did not reach the customer."""
    form = AttemptForm(request.POST)

    def act(case_id: int) -> None:
        _refuse_unless_valid(form)
        outcome = NotReached(form.cleaned_data["outcome"])
        services.try_callback(case_id=case_id, outcome=outcome, actor=actor_of(request), at=clock.now())

    return answered(request, number, act, typed={"attempt_form": form})


@require_POST
def callback_cancellation(request: HttpRequest, number: int) -> HttpResponse:
    """Take it back."""
    form = CancellationForm(request.POST)

    def act(case_id: int) -> None:
        _refuse_unless_valid(form)
        reason = Reason(form.cleaned_data["reason"])
        services.cancel_callback(case_id=case_id, reason=reason, actor=actor_of(request), at=clock.now())

    return answered(request, number, act, typed={"cancellation_form": form})


def _refuse_unless_valid(form: forms.Form) -> None:
    if not form.is_valid():
        name, problems = next(iter(form.errors.items()))
        raise BadCallback(f"{form.fields[name].label}: {problems[0]}")
