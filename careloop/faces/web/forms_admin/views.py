"""Pages where owners and managers keep the web forms of their sites."""

import html

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careloop.domains.channels import rules
from careloop.domains.channels.errors import MayNotKeepMailboxes, WebFormNotFound
from careloop.domains.channels.queries import mailboxes, web_forms
from careloop.domains.channels.services import add_web_form, change_web_form
from careloop.domains.channels.types import WebFormRow
from careloop.domains.people.queries import teams_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.forms_admin.forms import NewSiteFormForm, SiteFormForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["form_list", "form_page"]


@require_http_methods(["GET", "HEAD", "POST"])
def form_list(request: HttpRequest) -> HttpResponse:
    """List the web forms and make a new one."""
    actor, status = actor_of(request), 200
    _refuse_unless_keeper(request)
    language = workspace_of(request).language
    form = NewSiteFormForm(
        request.POST or None, teams=teams_of(actor), mailboxes=mailboxes(), initial={"language": language}
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                form_id = add_web_form(**form.cleaned_data, actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The form is ready. Copy its lines into your site."))
                return redirect("admin_form", workspace=workspace_of(request).key, form_id=form_id)
    return render(request, "forms_admin/forms.html", {"rows": web_forms(), "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, form_id: int) -> HttpResponse:
    """Show a web form's lines for the site, and change it or switch it off."""
    actor, status = actor_of(request), 200
    _refuse_unless_keeper(request)
    row = next((one for one in web_forms() if one.id == form_id), None)
    if row is None:
        raise WebFormNotFound(_("There is no such form."))
    form = SiteFormForm(
        request.POST or None, teams=teams_of(actor), mailboxes=mailboxes(), initial=SiteFormForm.initial_of(row)
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_web_form(form_id=form_id, **form.cleaned_data, actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("admin_form", workspace=workspace_of(request).key, form_id=form_id)
    context = {"row": row, "form": form, "address": _address(request, row), "snippet": _snippet(request, row)}
    return render(request, "forms_admin/form.html", context, status=status)


def _refuse_unless_keeper(request: HttpRequest) -> None:
    if not rules.may_keep_mailboxes(actor_of(request)):
        raise MayNotKeepMailboxes(_("Owners and managers make web forms. Ask one of them."))


def _address(request: HttpRequest, row: WebFormRow) -> str:
    path = reverse("portal_site_form", kwargs={"portal": workspace_of(request).key, "form_key": row.key})
    return f"{settings.PUBLIC_URL}{path}"


def _snippet(request: HttpRequest, row: WebFormRow) -> str:
    """Return the lines that a site's keeper copies: the frame, and the small script that gives it its height."""
    address, title, script = (
        html.escape(text)
        for text in (_address(request, row), row.name, f"{settings.PUBLIC_URL}{static('portal/embed.js')}")
    )
    frame = f'<iframe src="{address}" title="{title}" data-careloop-form loading="lazy"'
    return f'{frame} style="width:100%;height:56rem;border:0"></iframe>\n<script src="{script}" async></script>'
