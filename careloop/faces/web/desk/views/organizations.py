"""Customers' companies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careloop.domains.customers import queries, rules, services
from careloop.domains.customers.errors import MayNotChangeCustomers
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.desk.forms import OrganizationForm
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["organization", "organization_form", "organization_list"]

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def organization_list(request: HttpRequest) -> HttpResponse:
    """List the organizations by name, and make one."""
    actor, status = actor_of(request), 200
    if not rules.may_see(actor):
        raise MayNotChangeCustomers(_("Your role meets customers only inside their cases."))
    form = OrganizationForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.create_organization(
                    name=form.cleaned_data["name"], domains=form.domains_written(), actor=actor, at=clock.now()
                )
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The organization is kept."))
                return redirect("organization", workspace=workspace_of(request).key, organization_id=made)
    page = queries.organizations(viewer=actor, cursor=request.GET.get("cursor"), limit=PAGE)
    context = {
        "rows": page.items,
        "next_cursor": page.next_cursor,
        "is_first": "cursor" not in request.GET,
        "form": form,
        "may_change": rules.may_change(actor),
    }
    return render(request, "desk/organizations.html", context, status=status)


@require_safe
def organization(request: HttpRequest, organization_id: int) -> HttpResponse:
    """Show an organization with its customers."""
    viewer = actor_of(request)
    row = queries.organization(organization_id=organization_id, viewer=viewer)
    page = queries.customers_of_organization(
        organization_id=organization_id, viewer=viewer, cursor=request.GET.get("cursor"), limit=PAGE
    )
    context = {
        "organization": row,
        "rows": page.items,
        "next_cursor": page.next_cursor,
        "is_first": "cursor" not in request.GET,
        "may_change": rules.may_change(viewer),
    }
    return render(request, "desk/organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_form(request: HttpRequest, organization_id: int) -> HttpResponse:
    """Change an organization's name and the mail domains whose new senders belong to it."""
    actor, status = actor_of(request), 200
    row = queries.organization(organization_id=organization_id, viewer=actor)
    if not rules.may_change(actor):
        raise MayNotChangeCustomers(_("Your role reads customers but does not change them."))
    form = OrganizationForm(request.POST or None, initial={"name": row.name, "domains": ", ".join(row.domains)})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.change_organization(
                    organization_id=organization_id,
                    name=form.cleaned_data["name"],
                    domains=form.domains_written(),
                    actor=actor,
                    at=clock.now(),
                )
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("The changes are kept."))
                return redirect("organization", workspace=workspace_of(request).key, organization_id=organization_id)
    return render(request, "desk/organization_form.html", {"organization": row, "form": form}, status=status)
