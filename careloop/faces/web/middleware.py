"""What happens around every page: the reader's language and zone, and the wall around each workspace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.people.queries import actor_for
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.web.actors import person_asking
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.events import head_position
from careloop.kernel.scope import workspace_scope

__all__ = ["PersonalSettingsMiddleware", "SessionNotesMiddleware", "WorkspaceMiddleware"]

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD"})
NOTED_AGAIN_AFTER = timedelta(minutes=5)


class SessionNotesMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """Note when and from where a session was used, for the list of one's sessions: every five minutes, or when that changes.

    allauth's own notes it with every request, so that every page that is only read would write a row. Each process
    remembers for itself what it has noted.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = (self.get_response if _is_noted(request) else super().__call__)(request)
        return response


def _is_noted(request: HttpRequest) -> bool:
    """Say whether the session needs no note now; one that does is taken for noted from here on."""
    person, near, now = person_asking(request), caches["near"], clock.now()
    if person is None:
        return True
    key = f"noted-{request.session.session_key}"
    seen = (person.pk, get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", ""))
    noted_as, noted_at = near.get(key, (None, now))
    if noted_as == seen and noted_at > now - NOTED_AGAIN_AFTER:
        return True
    near.set(key, (seen, now), NOTED_AGAIN_AFTER.total_seconds())
    return False


class PersonalSettingsMiddleware:
    """Speak the signed-in person's language and show their time; others get what their browser asks for, in UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = person_asking(request)
        if person is None:
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language()
        # The language stays active after us: LocaleMiddleware, further out, names it in the response and ends it.
        with timezone.override(ZoneInfo(person.time_zone)):
            return self.get_response(request)


class WorkspaceMiddleware:
    """Let members into the workspace that an address names, and nobody else.

    A view with the keyword `workspace` (a key) runs inside that workspace's scope, with `request.workspace`, `request.actor`
    and `request.seen_to` (where its log ended) set and the keyword taken away. Whoever is no member gets the answer of a
    workspace that does not exist. A Refusal that the view lets through undoes everything and becomes a page. The response is
    rendered before the scope closes; streams are marked `@opens_own_scope`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Run the view within its workspace, or leave it to Django when it has none."""
        if "workspace" not in kwargs:
            return None
        key = kwargs.pop("workspace")
        person = person_asking(request)
        if person is None:
            return _to_sign_in(request)
        workspace = workspace_of_key(key)
        if workspace is None:
            raise Http404
        request.workspace = workspace  # type: ignore[attr-defined]
        if getattr(view, "opens_own_scope", False):
            with workspace_scope(workspace.id):
                _admit(request, user_id=person.pk, workspace_id=workspace.id)
            return None
        try:
            with workspace_scope(workspace.id):
                _admit(request, user_id=person.pk, workspace_id=workspace.id)
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
        except Refusal as refusal:
            with workspace_scope(workspace.id):
                return refused(request, refusal)
        return response


def _admit(request: HttpRequest, *, user_id: int, workspace_id: int) -> None:
    actor = actor_for(user_id, workspace_id)
    if actor is None:
        raise Http404
    request.actor = actor  # type: ignore[attr-defined]
    # Before the page reads anything, so that its stream tells of all that the page may not have seen.
    request.seen_to = head_position()  # type: ignore[attr-defined]


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to sign-in and back to the page; a form's target is no page to come back to."""
    came_from = request.get_full_path() if request.method in SAFE_METHODS else reverse("home")
    if getattr(request, "htmx", False):
        shown = request.htmx.current_url_abs_path or reverse("home")  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(f"{reverse('account_login')}?{urlencode({'next': shown})}")
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': came_from})}")
