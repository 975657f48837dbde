"""Host names of workspaces: each leads to its own portal and to nothing else."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from careloop.domains.workspaces.queries import workspace_of_host
from careloop.domains.workspaces.types import WorkspaceFacts

__all__ = ["PortalHostMiddleware", "base_url_of"]


class PortalHostMiddleware:
    """On a workspace's host name, serve that workspace's portal: no other's, and no page of our own people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()
        workspace = None if host == urlsplit(settings.PUBLIC_URL).netloc else workspace_of_host(host)
        if workspace is None:
            return self.get_response(request)
        home = reverse("portal_home", kwargs={"portal": workspace.key})
        if request.path_info == "/":
            return HttpResponseRedirect(home)
        request.portal_home = home  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Answer as if everything outside this portal were not there."""
        home = getattr(request, "portal_home", None)
        if home is not None and not request.path_info.startswith((home, "/brand/")):
            raise Http404


def base_url_of(request: HttpRequest, workspace: WorkspaceFacts) -> str:
    """Return the scheme and host under which a customer reaches a workspace, for links in mails.

    A visitor on the workspace's own host name stays there; a host that is nobody's is never believed.
    """
    host = request.get_host()
    found = workspace_of_host(host)
    return f"{request.scheme}://{host}" if found is not None and found.id == workspace.id else str(settings.PUBLIC_URL)
