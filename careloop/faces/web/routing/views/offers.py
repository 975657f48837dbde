"""What the reader is offered, wherever they are, and what they answer."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.cases.queries import case_briefs
from careloop.domains.chats.queries import chat_rows
from careloop.domains.queues.reasons import REFUSALS
from careloop.domains.queues.states import Kind
from careloop.faces.web.actors import actor_of, opens_own_scope, person_asking, workspace_of
from careloop.faces.web.routing.offers import offer_anywhere
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.routing import answering
from careloop.processes.routing.subjects import NOTHING, about

__all__ = ["offer_acceptance", "offer_list", "offer_refusal"]


@opens_own_scope
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """Show what the reader is offered, on a page or over every other page, whichever workspace it comes from.

    For the place over a page: nothing changes there (204) when it shows the offer already, so nothing is read aloud twice.
    """
    person, workspace = person_asking(request), workspace_of(request)
    offer = offer_anywhere(user_id=person.pk, page_workspace_id=workspace.id) if person is not None else None
    is_slot = request.htmx and request.htmx.target == "offer-slot"  # type: ignore[attr-defined]
    if is_slot and request.GET.get("shown", "") == (offer.key if offer else ""):
        return HttpResponse(status=204)
    template = "routing/offers.html#slot" if is_slot else "routing/offers.html"
    with workspace_scope(workspace.id):
        answer = render(request, template, {"offer": offer, "reasons": list(REFUSALS.items())})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def offer_acceptance(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take what one is offered, and go there."""
    key = workspace_of(request).key
    offer = answering.accept(offer_id=offer_id, actor=actor_of(request), at=clock.now())
    case_id = about([offer]).get((offer.kind, offer.subject_id), NOTHING).case_id
    brief = case_briefs([case_id]).get(case_id)
    place = reverse("case", args=[key, brief.number]) if brief is not None else reverse("workspace_home", args=[key])
    if offer.kind is Kind.CHAT and chat_rows([offer.subject_id]):
        place = reverse("chat", args=[key, offer.subject_id])
    return HttpResponseClientRedirect(place) if request.htmx else redirect(place)  # type: ignore[attr-defined]


@require_POST
def offer_refusal(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Leave what one is offered to others, and say why."""
    reason = request.POST.get("reason", "")
    answering.refuse(offer_id=offer_id, reason=reason, actor=actor_of(request), at=clock.now())
    words = _("It goes to somebody else.")
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, words)
        return redirect("offer_list", workspace=workspace_of(request).key)
    answer = HttpResponse()
    answer["HX-Trigger"] = json.dumps({"toast": {"text": words, "tone": "success"}})
    return answer
