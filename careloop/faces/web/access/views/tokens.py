"""API tokens: keys for machines that act as their maker."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.people import queries, rules, services
from careloop.domains.people.types import SCOPE_LABELS
from careloop.faces.web.access.forms import TokenForm
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["token_list", "token_revocation"]


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List the tokens that the member may see, and make one; its secret is shown on this answer only."""
    actor, at = actor_of(request), clock.now()
    form = TokenForm(request.POST or None)
    raw, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                raw = services.make_token(
                    name=form.cleaned_data["name"],
                    scopes=form.cleaned_data["scopes"],
                    expires_at=at + timedelta(days=int(form.cleaned_data["days"])),
                    actor=actor,
                    at=at,
                ).raw
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                form, status = TokenForm(), 200
    rows = [
        {
            "token": token,
            "scopes": [SCOPE_LABELS[scope] for scope in SCOPE_LABELS if scope in token.scopes],
            "is_expired": token.expires_at <= at,
        }
        for token in queries.tokens_of(actor)
    ]
    context = {"rows": rows, "form": form, "raw": raw, "may_make": rules.may_make_tokens(actor)}
    answer = render(request, "access/tokens.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def token_revocation(request: HttpRequest, token_id: int) -> HttpResponse:
    """Stop a token from working."""
    services.revoke_token(token_id=token_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The token no longer works."))
    return redirect("admin_tokens", workspace=workspace_of(request).key)
