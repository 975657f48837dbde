"""Administration: the workspace's settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careloop.domains.workspaces import queries, rules, services
from careloop.domains.workspaces.errors import MayNotChangeSettings
from careloop.faces.web.access.forms import HostForm, WorkspaceSettingsForm
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal

__all__ = ["host_removal", "hosts", "settings_page"]


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of the workspace."""
    actor, status = actor_of(request), 200
    _refuse_unless_reader(request)
    form = WorkspaceSettingsForm.about(workspace_of(request).settings, posted=request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.change_workspace_settings(settings=form.settings(), actor=actor, at=clock.now())
            except Refusal as refusal:
                show_refusal_in(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("admin_settings", workspace=workspace_of(request).key)
    return _page(request, form=form, host_form=HostForm(), status=status)


@require_POST
def hosts(request: HttpRequest) -> HttpResponse:
    """Let a host name lead to the portal."""
    _refuse_unless_reader(request)
    host_form = HostForm(request.POST)
    form = WorkspaceSettingsForm.about(workspace_of(request).settings, posted=None)
    if not host_form.is_valid():
        return _page(request, form=form, host_form=host_form, status=422)
    try:
        services.add_host(host=host_form.cleaned_data["host"], actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        show_refusal_in(host_form, refusal)
        return _page(request, form=form, host_form=host_form, status=refusal.status)
    messages.success(request, _("The host name leads here now."))
    return redirect("admin_settings", workspace=workspace_of(request).key)


@require_POST
def host_removal(request: HttpRequest) -> HttpResponse:
    """Stop a host name from leading to the portal."""
    services.remove_host(host=request.POST.get("host", ""), actor=actor_of(request), at=clock.now())
    messages.success(request, _("The host name no longer leads here."))
    return redirect("admin_settings", workspace=workspace_of(request).key)


def _refuse_unless_reader(request: HttpRequest) -> None:
    if not rules.may_read_settings(actor_of(request)):
        raise MayNotChangeSettings(_("Only an owner or a manager can see the settings of this workspace."))


def _page(request: HttpRequest, *, form: WorkspaceSettingsForm, host_form: HostForm, status: int) -> HttpResponse:
    context = {"form": form, "host_form": host_form, "hosts": queries.hosts_of(workspace_of(request).id)}
    return render(request, "access/settings.html", context, status=status)
