"""Accepting an invitation, with a new account or the one that is signed in."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from careloop.domains.people.errors import InvitationForSomebodyElse
from careloop.domains.people.services import (
    accept_invitation,
    accept_invitation_with_new_account,
    open_invitation,
)
from careloop.domains.people.types import OpenedInvitation
from careloop.domains.workspaces.queries import workspace_of_id
from careloop.faces.web.access.forms import NewAccountForm
from careloop.faces.web.actors import account_actor_of, person_asking
from careloop.faces.web.refusals import refused, show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope

__all__ = ["invitation"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation and accept it."""
    if not ratelimit.consume(request, action="invitation"):
        return render(request, "429.html", status=429)
    try:
        opened = open_invitation(token=token, at=clock.now())
        person = person_asking(request)
        if person is not None and person.email != opened.email:
            raise InvitationForSomebodyElse(
                _("This invitation was sent to another address than yours. Sign out, then open the link again.")
            )
        if person is not None:
            return _as_member(request, opened, token=token)
    except Refusal as refusal:
        return refused(request, refusal)
    return _as_newcomer(request, opened, token=token)


def _as_member(request: HttpRequest, opened: OpenedInvitation, *, token: str) -> HttpResponse:
    if request.method == "POST":
        with workspace_scope(opened.workspace_id):
            accept_invitation(token=token, actor=account_actor_of(request), at=clock.now())
        return _into_workspace(request, opened)
    return _page(request, opened, form=None, status=200)


def _as_newcomer(request: HttpRequest, opened: OpenedInvitation, *, token: str) -> HttpResponse:
    if opened.has_account:
        return _page(request, opened, form=None, status=200)
    form = NewAccountForm(request.POST or None, initial={"time_zone": "UTC"})
    if request.method != "POST":
        return _page(request, opened, form=form, status=200)
    if not form.is_valid():
        return _page(request, opened, form=form, status=422)
    try:
        with workspace_scope(opened.workspace_id):
            user_id = accept_invitation_with_new_account(
                token=token,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=get_language() or "en",
                time_zone=form.cleaned_data["time_zone"],
                at=clock.now(),
            )
    except Refusal as refusal:
        show_refusal_in(form, refusal)
        return _page(request, opened, form=form, status=refusal.status)
    perform_login(request, get_user_model().objects.get(pk=user_id), email_verification="none")
    return _into_workspace(request, opened)


def _page(request: HttpRequest, opened: OpenedInvitation, *, form: NewAccountForm | None, status: int) -> HttpResponse:
    return render(request, "access/invitation.html", {"invitation": opened, "form": form}, status=status)


def _into_workspace(request: HttpRequest, opened: OpenedInvitation) -> HttpResponse:
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": opened.workspace_name})
    workspace = workspace_of_id(opened.workspace_id)
    return redirect("workspace_home", workspace=workspace.key) if workspace else redirect("home")
