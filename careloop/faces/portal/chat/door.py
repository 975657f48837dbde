"""The door for widgets: which one, whether the page around it may show it, and whose browser it is. No cookie opens it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from careloop.domains.chats.errors import ChatNotFound, WidgetUnclear
from careloop.domains.chats.queries import chat_of_secret, widget_in_use
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.portal.limits import Limit, seconds_to_wait
from careloop.kernel import clock
from careloop.kernel.errors import Forbidden, Refusal, TooMany
from careloop.kernel.scope import workspace_scope
from careloop.processes.chatting import secret_hash
from careloop.processes.workspace import is_known

__all__ = [
    "Call",
    "SiteNotAllowed",
    "asked_language",
    "call_of",
    "is_allowed",
    "language_of",
    "mark_in",
    "origin_of",
    "preflight",
    "refuse_strange_site",
    "refused",
    "said_in",
    "secret_of",
    "shared_with",
    "widget_door",
]

MOST_BYTES: Final = 64 * 1024
MARK: Final = re.compile(r"[0-9a-f-]{16,40}")
METHODS: Final = "GET, POST"
HEADERS: Final = "Authorization, Content-Type, Last-Event-ID"
View = Callable[..., HttpResponseBase]


class SiteNotAllowed(Forbidden):
    """A page of a site that the widget's keepers have not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a widget asks. said: the fields of its JSON. chat: whose secret it has, None where none is needed."""

    workspace: WorkspaceFacts
    widget: WidgetRow
    language: str
    at: datetime
    said: dict[str, Any]
    chat: ChatRow | None

    @property
    def own_chat(self) -> ChatRow:
        """The chat that this browser has the secret of. Raises ChatNotFound."""
        if self.chat is None:
            raise ChatNotFound(_("This chat is not here any more. Begin a new one."))
        return self.chat

    def text(self, name: str, *, most: int) -> str:
        """Return a text that was said, cut to so many letters; empty when it is missing or none."""
        value = self.said.get(name, "")
        return value.replace("\x00", "")[:most] if isinstance(value, str) else ""

    def numbers(self, name: str) -> list[int]:
        """Return the numbers of a list that was said, at most fifty; what is none is left out."""
        value = self.said.get(name, [])
        listed = value[:50] if isinstance(value, list) else []
        return [one for one in listed if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**62]


def call_of(request: HttpRequest) -> Call:
    """Return what the widget asks."""
    return cast(Call, request.call)  # type: ignore[attr-defined]


def widget_door(method: str, *, limits: Sequence[Limit] = (), knows_chat: bool = False) -> Callable[[View], View]:
    """Make a view the answer to a widget that its address names by the keywords `portal` and `widget_key`.

    limits: how often one machine may ask. knows_chat: only for a browser that has the secret of a chat.

    The view runs in the workspace's scope, in the widget's language. A Refusal undoes everything and becomes JSON.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # no cookie is read, so nobody's browser can be made to speak for them
        @wraps(view)
        def answer(request: HttpRequest, *, portal: str, widget_key: str, **kwargs: Any) -> HttpResponseBase:
            workspace = workspace_of_key(portal)
            if workspace is None:
                raise Http404
            if request.method == "OPTIONS":
                return preflight(request, workspace, widget_key)
            if request.method != method:
                return HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS"})
            at = clock.now()
            wait = seconds_to_wait(request, limits=limits, at=at)
            origins: Sequence[str] = ()
            language = settings.LANGUAGE_CODE
            try:
                with workspace_scope(workspace.id):
                    is_known(workspace)
                    widget = widget_in_use(widget_key)
                    origins = widget.settings.allowed_origins
                    language = language_of(asked_language(request), widget)
                    with translation.override(language):
                        refuse_strange_site(origin_of(request), widget)
                        if wait:
                            raise _too_many(wait)
                        chat = _chat_of(request, widget) if knows_chat else None
                        said = said_in(request)
                        request.call = Call(  # type: ignore[attr-defined]
                            workspace=workspace, widget=widget, language=language, at=at, said=said, chat=chat
                        )
                        response = view(request, **kwargs)
            except Refusal as refusal:
                with translation.override(language):
                    response = refused(refusal)
                if wait:
                    response["Retry-After"] = str(wait)
            return shared_with(request, response, origins)

        return answer

    return decorate


def preflight(request: HttpRequest, workspace: WorkspaceFacts, widget_key: str) -> HttpResponse:
    """Answer the question of a browser whether the page around a widget may ask us."""
    try:
        with workspace_scope(workspace.id):
            origins = widget_in_use(widget_key).settings.allowed_origins
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = HEADERS
    response["Access-Control-Max-Age"] = "600"
    return cast(HttpResponse, shared_with(request, response, origins))


def shared_with(request: HttpRequest, response: HttpResponseBase, origins: Sequence[str]) -> HttpResponseBase:
    """Let the page around the widget read an answer, if it is one of the widget's sites, and nobody keep it."""
    origin = origin_of(request)
    if origin and is_allowed(origin, origins):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "Retry-After"
    # The site is another origin on purpose; what it may read is decided above.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Origin"])
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_allowed(origin: str, origins: Sequence[str]) -> bool:
    """Say whether pages of an origin may show a widget: its own sites, and our own page that tries it out."""
    own = urlsplit(str(settings.PUBLIC_URL))
    return origin in origins or origin == f"{own.scheme}://{own.netloc}"


def secret_of(request: HttpRequest) -> str:
    """Return the secret that a browser shows, or nothing."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and 20 <= len(secret.strip()) <= 200 else ""


def origin_of(request: HttpRequest) -> str:
    """Return the site of the page that asks, or nothing."""
    return request.headers.get("Origin", "")


def refuse_strange_site(origin: str, widget: WidgetRow) -> None:
    """Let only pages of the widget's sites ask. Raises SiteNotAllowed."""
    # A browser names the origin whenever it is another one; without it, nobody's page is asking.
    if origin and not is_allowed(origin, widget.settings.allowed_origins):
        raise SiteNotAllowed(_("This site may not show the chat. Its keeper has to name it first."))


def mark_in(text: str) -> str:
    """Return the mark of a word as a widget sends it. Raises WidgetUnclear."""
    if not MARK.fullmatch(text):
        raise WidgetUnclear(_("The browser sent a message without a mark. Reload the page, then try again."))
    return text


def _chat_of(request: HttpRequest, widget: WidgetRow) -> ChatRow:
    chat = chat_of_secret(secret_hash(secret_of(request)))
    if chat.widget_id != widget.id:
        raise ChatNotFound(_("This chat is not here any more. Begin a new one."))
    return chat


def said_in(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of the JSON that a widget sent; none of what is no such thing, or too much."""
    if request.content_type != "application/json":
        return {}
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return {}
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def asked_language(request: HttpRequest) -> str:
    """Return which language the widget says that it speaks."""
    return request.GET.get("language", "")[:20]


def language_of(asked: str, widget: WidgetRow) -> str:
    """Return the language to answer a widget in: the one it asks for, if we speak it, or its own."""
    try:
        found = translation.get_supported_language_variant(asked)
    except LookupError:
        return widget.settings.language
    return found if found in dict(settings.LANGUAGES) else widget.settings.language


def _too_many(seconds: int) -> TooMany:
    minutes = max(1, -(-seconds // 60))
    return TooMany(
        ngettext(
            "That was a lot at once. Please wait %(minutes)d minute, then try again.",
            "That was a lot at once. Please wait %(minutes)d minutes, then try again.",
            minutes,
        )
        % {"minutes": minutes}
    )


def refused(refusal: Refusal) -> HttpResponse:
    """Say in the active language why something was not done."""
    problem = {
        "code": refusal.code,
        "message": str(refusal),
        "fields": {name: str(words) for name, words in refusal.fields.items()},
    }
    return JsonResponse({"error": problem}, status=refusal.status)
