"""A person's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careloop.domains.people.services import change_personal_settings
from careloop.faces.web.access.forms import PersonalSettingsForm
from careloop.faces.web.actors import account_actor_of, person_asking
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import operation_scope

__all__ = ["personal_settings"]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def personal_settings(request: HttpRequest) -> HttpResponse:
    """Show and change name, language, zone, look, signature and mails."""
    form = PersonalSettingsForm.about(person_asking(request), posted=request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with operation_scope():
                    change_personal_settings(settings=form.settings(), actor=account_actor_of(request), at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                saved = redirect("personal_settings")
                saved.set_cookie("careloop_theme", form.settings().theme, max_age=31536000, samesite="Lax")
                return saved
    return render(request, "access/personal.html", {"form": form}, status=status)
