"""Taking notice of an alarm, and the history of all of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.wallboards import queries
from careloop.domains.wallboards.services import acknowledge
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.wall.shown import alarms_worded
from careloop.faces.web.wall.views.boards import wall_figures
from careloop.kernel import clock

__all__ = ["acknowledgment", "alarm_list"]

PAGE = 50


@require_safe
def alarm_list(request: HttpRequest) -> HttpResponse:
    """List what alarmed, the newest first, with who took care of it when."""
    page = queries.alarms(viewer=actor_of(request), cursor=request.GET.get("cursor"), limit=PAGE)
    here = reverse("wall_alarms", args=[workspace_of(request).key])
    context = {
        "rows": alarms_worded(page.items),
        "older": f"{here}?cursor={page.next_cursor}" if page.next_cursor else "",
        "newest": here if request.GET.get("cursor") else "",
    }
    return render(request, "wall/alarms.html", context)


@require_POST
def acknowledgment(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Take care of an alarm, which silences it on every screen; answer with the figures, or lead back."""
    acknowledge(alarm_id=alarm_id, actor=actor_of(request), at=clock.now())
    if getattr(request, "htmx", False):
        request.method = "GET"
        return wall_figures(request)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("wall", workspace=workspace_of(request).key)
