"""Where a person arrives."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from careloop.domains.people.queries import memberships_of
from careloop.faces.web.actors import account_actor_of, actor_of, workspace_of
from careloop.kernel.actors import Role

__all__ = ["home", "workspace_home"]


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the person's only workspace, or list them."""
    places = memberships_of(account_actor_of(request).id)
    if len(places) == 1:
        return redirect("workspace_home", workspace=places[0].key)
    return render(request, "access/home.html", {"places": places})


@require_safe
def workspace_home(request: HttpRequest) -> HttpResponse:
    """Lead to the first place of a workspace: for colleagues of other departments what they are asked to do, else the cases."""
    place = "task_list" if actor_of(request).has_role(Role.COLLEAGUE) else "case_list"
    return redirect(place, workspace=workspace_of(request).key)
