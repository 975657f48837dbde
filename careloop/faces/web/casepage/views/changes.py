"""What a case is about and in whose hands it is, changed one thing at a time."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from careloop.domains.cases import services as cases
from careloop.domains.cases.queries import case_detail, case_id_of_number
from careloop.domains.customers.queries import customer_of_address
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.reading import page_context, side_context
from careloop.faces.web.casepage.typed import FormUnclear, chosen, chosen_or_none
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.processes import hands

__all__ = [
    "answered",
    "assignment",
    "closing",
    "follower_end",
    "followers",
    "following",
    "following_end",
    "participant_end",
    "participants",
    "priority",
    "reason",
    "reopening",
    "spam",
    "spam_end",
    "status",
    "status_without_tasks",
    "subject",
    "tags",
    "type_of_case",
]


@require_POST
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Give the case another status."""

    def act(case_id: int) -> None:
        hands.change_status(
            case_id=case_id,
            status_id=chosen(request.POST, "status_id"),
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act, typed={"wanted_status": request.POST.get("status_id", "")})


@require_POST
def status_without_tasks(request: HttpRequest, number: int) -> HttpResponse:
    """Take back the tasks that are not done, and give the case another status."""

    def act(case_id: int) -> None:
        hands.change_status_without_tasks(
            case_id=case_id,
            status_id=chosen(request.POST, "status_id"),
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def assignment(request: HttpRequest, number: int) -> HttpResponse:
    """Put the case into somebody's hands, a team's, or nobody's."""

    def act(case_id: int) -> None:
        hands.assign(
            case_id=case_id,
            assignee_id=chosen_or_none(request.POST, "assignee_id"),
            team_id=chosen_or_none(request.POST, "team_id"),
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def priority(request: HttpRequest, number: int) -> HttpResponse:
    """Give the case another priority."""

    def act(case_id: int) -> None:
        cases.prioritize(
            case_id=case_id,
            priority=chosen(request.POST, "priority"),
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def type_of_case(request: HttpRequest, number: int) -> HttpResponse:
    """Say what kind of matter it is."""

    def act(case_id: int) -> None:
        cases.set_type(
            case_id=case_id,
            type_id=chosen(request.POST, "type_id"),
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def reason(request: HttpRequest, number: int) -> HttpResponse:
    """Say why the customer came."""

    def act(case_id: int) -> None:
        cases.set_reason(
            case_id=case_id,
            reason_id=chosen_or_none(request.POST, "reason_id"),
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def subject(request: HttpRequest, number: int) -> HttpResponse:
    """Give the case a better subject."""

    def act(case_id: int) -> None:
        actor = actor_of(request)
        cases.rename(
            case_id=case_id,
            subject_line=request.POST.get("subject", ""),
            requester_name=case_detail(case_id=case_id, viewer=actor).row.requester,
            revision=chosen_or_none(request.POST, "revision"),
            actor=actor,
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def tags(request: HttpRequest, number: int) -> HttpResponse:
    """Put tags on the case, separated by commas, or take one off."""

    def act(case_id: int) -> None:
        cases.tag(
            case_id=case_id,
            add=[name.strip() for name in request.POST.get("add", "").split(",") if name.strip()],
            remove=request.POST.getlist("remove"),
            actor=actor_of(request),
            at=clock.now(),
        )

    return answered(request, number, act)


@require_POST
def following(request: HttpRequest, number: int) -> HttpResponse:
    """Hear of everything that happens in the case."""
    return answered(request, number, lambda i: cases.follow(case_id=i, actor=actor_of(request), at=clock.now()))


@require_POST
def following_end(request: HttpRequest, number: int) -> HttpResponse:
    """Hear of it no more."""
    return answered(request, number, lambda i: cases.unfollow(case_id=i, actor=actor_of(request), at=clock.now()))


@require_POST
def followers(request: HttpRequest, number: int) -> HttpResponse:
    """Let a colleague (`user_id`) hear of everything that happens in the case."""

    def act(case_id: int) -> None:
        cases.add_follower(
            case_id=case_id, user_id=chosen(request.POST, "user_id"), actor=actor_of(request), at=clock.now()
        )

    return answered(request, number, act)


@require_POST
def follower_end(request: HttpRequest, number: int, user_id: int) -> HttpResponse:
    """Let a colleague hear of it no more."""

    def act(case_id: int) -> None:
        cases.remove_follower(case_id=case_id, user_id=user_id, actor=actor_of(request), at=clock.now())

    return answered(request, number, act)


@require_POST
def participants(request: HttpRequest, number: int) -> HttpResponse:
    """Let another customer take part: the one chosen (`customer_id`), or, where no script ran, the one of an `address`."""

    def act(case_id: int) -> None:
        customer_id = chosen_or_none(request.POST, "customer_id")
        if customer_id is None:
            customer_id = customer_of_address(request.POST.get("address", ""))
        if customer_id is None:
            raise FormUnclear(
                _("Nobody is known by this name or address. Make the customer first, then add them here.")
            )
        cases.add_participant(case_id=case_id, customer_id=customer_id, actor=actor_of(request), at=clock.now())

    return answered(request, number, act)


@require_POST
def participant_end(request: HttpRequest, number: int, customer_id: int) -> HttpResponse:
    """Let a customer take part no more."""

    def act(case_id: int) -> None:
        cases.remove_participant(case_id=case_id, customer_id=customer_id, actor=actor_of(request), at=clock.now())

    return answered(request, number, act)


@require_POST
def spam(request: HttpRequest, number: int) -> HttpResponse:
    """Put the case among the spam."""
    return answered(request, number, lambda i: hands.mark_spam(case_id=i, actor=actor_of(request), at=clock.now()))


@require_POST
def spam_end(request: HttpRequest, number: int) -> HttpResponse:
    """Take the case out of the spam."""
    return answered(request, number, lambda i: cases.unmark_spam(case_id=i, actor=actor_of(request), at=clock.now()))


@require_POST
def reopening(request: HttpRequest, number: int) -> HttpResponse:
    """Take a solved or closed case up again."""
    return answered(request, number, lambda i: cases.reopen(case_id=i, actor=actor_of(request), at=clock.now()))


@require_POST
def closing(request: HttpRequest, number: int) -> HttpResponse:
    """Close the case for good."""

    def act(case_id: int) -> None:
        hands.close(case_id=case_id, actor=actor_of(request), at=clock.now())

    return answered(request, number, act, typed={"wanted_status": hands.closed_status_id()})


def answered(
    request: HttpRequest, number: int, act: Callable[[int], None], *, typed: Mapping[str, Any] = MappingProxyType({})
) -> HttpResponse:
    """Do one act on a case and show what came of it; a refusal stands beside the fresh state, not in its place.

    typed: what the page shows again after a refusal, so that nothing is typed twice.
    """
    viewer = actor_of(request)
    case_id = case_id_of_number(number=number, viewer=viewer)
    try:
        act(case_id)
    except NotFound:
        raise
    except Refusal as refusal:
        if not request.htmx:  # type: ignore[attr-defined]
            context = page_context(request, case_detail(case_id=case_id, viewer=viewer), refusal=refusal)
            context |= typed
            return render(request, "casepage/case.html", context, status=refusal.status)
        context = {
            **side_context(request, case_detail(case_id=case_id, viewer=viewer)),
            "side_refusal": refusal,
            **typed,
        }
        return render(request, "casepage/case.html#beside", context, status=refusal.status)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("case", workspace=workspace_of(request).key, number=number)
    context = side_context(request, case_detail(case_id=case_id, viewer=viewer))
    response = render(request, "casepage/case.html#beside", context)
    response["HX-Trigger"] = "case-changed"
    return response
