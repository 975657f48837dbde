"""The door of the portal: which workspace, in which language, who is signed in, and who knocks too often."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from careloop.domains.sign_ins.services import SESSION_LASTS
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.portal.limits import Limit, seconds_to_wait
from careloop.faces.portal.pages import refused
from careloop.faces.portal.visits import Visit, visit_of
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.portal_access import visitor_of

__all__ = ["drop_session", "keep_session", "portal_page", "session_token_of"]

COOKIE: Final = "careloop_customer"
View = Callable[..., HttpResponseBase]


def portal_page(*, limits: Sequence[Limit] = (), knows_visitor: bool = True) -> Callable[[View], View]:
    """Make a view a page of the portal that its address names by the keyword `portal`.

    limits: how often it may be posted to; the view answers when `wait_seconds` is above 0.
    knows_visitor: False for pages that other sites show in a frame: no cookie is read there.

    The view runs in the workspace's scope, in the visitor's language and the workspace's zone. A Refusal that it lets
    through undoes everything and becomes a page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *, portal: str, **kwargs: Any) -> HttpResponseBase:
            workspace = workspace_of_key(portal)
            if workspace is None:
                raise Http404
            at = clock.now()
            wait = seconds_to_wait(request, limits=limits, at=at) if request.method == "POST" else 0
            token = session_token_of(request) if knows_visitor else ""

            def run(answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
                with workspace_scope(workspace.id):
                    customer = visitor_of(session_token=token, at=at)
                    visit = Visit(workspace=workspace, customer=customer, at=at, wait_seconds=wait)
                    request.visit = visit  # type: ignore[attr-defined]
                    language = _language(request, visit)
                    with translation.override(language), timezone.override(ZoneInfo(workspace.time_zone)):
                        response = answer()
                response.headers.setdefault("Content-Language", language)
                return response

            try:
                response = run(lambda: view(request, **kwargs))
            except Refusal as refusal:
                caught = refusal
                response = run(lambda: refused(request, caught))
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
            return response

        return page

    return decorate


def session_token_of(request: HttpRequest) -> str:
    """Return the secret of this browser's session, or nothing."""
    return str(request.COOKIES.get(COOKIE, ""))


def keep_session(request: HttpRequest, response: HttpResponse, *, token: str) -> None:
    """Let the browser keep a session of this workspace, apart from any session of our own people."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_LASTS,
        path=_path(request),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_session(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser forget its session of this workspace."""
    response.delete_cookie(COOKIE, path=_path(request), samesite="Lax")


def _path(request: HttpRequest) -> str:
    # A browser hands the cookie to this workspace's portal only.
    return f"/help/{visit_of(request).workspace.key}/"


def _language(request: HttpRequest, visit: Visit) -> str:
    """Choose what the visitor reads: their own choice, then what we know of them, then the browser's wish, then ours."""
    known = dict(settings.LANGUAGES)
    wished = [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    chosen = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), visit.customer.language if visit.customer else ""]
    for code in (*chosen, *wished):
        try:
            found = translation.get_supported_language_variant(code) if code else ""
        except LookupError:
            continue
        if found in known:
            return found
    return visit.workspace.language
