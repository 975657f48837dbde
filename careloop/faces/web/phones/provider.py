"""The page on which a provider's webhooks are connected to a telephone system."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careloop.domains.calendars.queries import calendars_of
from careloop.domains.telephony import queries, rules, services
from careloop.domains.telephony.errors import MayNotKeepPhones, NotTold
from careloop.domains.telephony.types import CallHookKind
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.phones.forms import ProviderForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["phone_provider"]


@require_http_methods(["GET", "HEAD", "POST"])
def phone_provider(request: HttpRequest, pbx_id: int) -> HttpResponse:
    """Connect a provider to a telephone system that tells of its calls, or change how; show which addresses it is to call."""
    actor, key, status = actor_of(request), workspace_of(request).key, 200
    if not rules.may_keep_phones(actor):
        raise MayNotKeepPhones(_("Owners and managers connect telephone systems. Ask one of them."))
    pbx, provider = queries.pbx(pbx_id), queries.provider_of(pbx_id)
    if not pbx.is_told:
        raise NotTold(_("We listen to this telephone system ourselves. Add one that tells through the API."))
    form = ProviderForm(request.POST or None, calendars=calendars_of(actor), provider=provider)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.connect_provider(pbx_id=pbx_id, settings=form.settings(), actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved. Now tell the provider where to call."))
                return redirect("admin_phone_provider", workspace=key, pbx_id=pbx_id)
    addresses = {}
    if provider is not None:
        addresses = {
            kind.name.lower(): settings.PUBLIC_URL.rstrip("/")
            + reverse("inbound_call_hooks", args=[key, provider.key, kind.value])
            for kind in (CallHookKind.CALL, CallHookKind.STATUS)
        }
    return render(request, "phones/provider.html", {"form": form, "pbx": pbx, "addresses": addresses}, status=status)
