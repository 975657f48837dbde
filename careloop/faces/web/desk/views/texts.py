"""A text message that we write first, to one of a customer's numbers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.queries import case_detail
from careloop.domains.customers.queries import card
from careloop.domains.customers.types import IdentityKind
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.desk.opening_forms import TextForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.answering import text_first
from careloop.processes.answering.texts import capabilities_of
from careloop.processes.answering.types import Words

__all__ = ["customer_text"]


@require_http_methods(["GET", "HEAD", "POST"])
def customer_text(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write a text message to a customer first; what was typed stays when something is wrong."""
    actor, at, status = actor_of(request), clock.now(), 200
    if not cases_rules.may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
    known = card(customer_id=customer_id, viewer=actor)
    numbers = [one.value for one in known.identities if one.kind == IdentityKind.PHONE]
    form = TextForm(
        request.POST if request.method == "POST" else None,
        numbers=numbers,
        initial={"number": request.GET.get("number", "")},
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                case_id = text_first(
                    messenger_id=int(form.cleaned_data["messenger"]),
                    customer_id=customer_id,
                    number=form.cleaned_data["number"],
                    words=Words(text=form.cleaned_data["text"], html=""),
                    team_id=None,
                    actor=actor,
                    at=at,
                )
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The text message is on its way."))
                return redirect(
                    "case",
                    workspace=workspace_of(request).key,
                    number=case_detail(case_id=case_id, viewer=actor).row.number,
                )
    context = {"form": form, "card": known, "most": capabilities_of("sms").most_characters}
    return render(request, "desk/customer_text.html", context, status=status)
