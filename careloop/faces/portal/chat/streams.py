"""The stream of one visitor: their chat as it stands, word by word, from where their browser stopped listening."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from careloop.domains.chats.errors import ChatNotFound
from careloop.domains.chats.queries import chat_of_secret, place_of, widget_in_use
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow, WidgetRow
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.faces.portal.chat.door import is_allowed, preflight, secret_of, shared_with
from careloop.faces.portal.chat.shapes import chat_shown, line_shown
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.streaming import leave_thread
from careloop.processes.chatting import secret_hash
from careloop.processes.chatting.watching import exchange, in_reader

__all__ = ["stream"]

HEARTBEAT_SECONDS: Final = 15.0
PLACE_EVERY: Final = timedelta(seconds=3)
"""With many waiting, each who is taken moves all others; nobody reads faster than this."""


@csrf_exempt
async def stream(request: HttpRequest, portal: str, widget_key: str) -> HttpResponseBase:
    """Stream a chat to the browser that has its secret."""
    workspace = await sync_to_async(workspace_of_key)(portal)
    if workspace is None:
        raise Http404
    if request.method == "OPTIONS":
        return await sync_to_async(preflight)(request, workspace, widget_key)
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET, OPTIONS"})
    try:
        widget, chat = await in_reader(workspace.id, partial(_opened, widget_key, secret_of(request)))
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    origin = request.headers.get("Origin", "")
    if origin and not is_allowed(origin, widget.settings.allowed_origins):
        return HttpResponse(status=403)
    last = request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0
    response = StreamingHttpResponse(_told(workspace.id, chat.id, after), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return shared_with(request, response, widget.settings.allowed_origins)


async def _told(workspace_id: int, chat_id: int, after: int) -> AsyncIterator[bytes]:
    await leave_thread()
    shown: ChatRow | None = None
    placed_at = datetime.min.replace(tzinfo=clock.now().tzinfo)
    async with exchange().watch(workspace_id=workspace_id, chat_id=chat_id, after=after) as watch:
        yield b"retry: 2000\n\n"
        while True:
            news = await watch.news(seconds=HEARTBEAT_SECONDS)
            if news is None:
                yield b": still here\n\n"
            for line in news.lines if news else ():
                yield _event(line_shown(line), line.id)
            for who, name in news.typing if news else ():
                if who == "agent":
                    yield _event({"name": "typing", "who": name})
            row = news.row if news else None
            is_new = row is not None and row != shown
            shown = row or shown
            if shown is None:
                continue
            place, at = None, clock.now()
            if shown.state == State.WAITING and (is_new or at - placed_at >= PLACE_EVERY):
                place, placed_at, is_new = await in_reader(workspace_id, partial(place_of, shown, at=at)), at, True
            if is_new:
                yield _event(chat_shown(shown, place))


def _opened(widget_key: str, secret: str) -> tuple[WidgetRow, ChatRow]:
    widget = widget_in_use(widget_key)
    chat = chat_of_secret(secret_hash(secret))
    if chat.widget_id != widget.id:
        raise ChatNotFound(_("This chat is not here any more. Begin a new one."))
    return widget, chat


def _event(said: dict[str, Any], event_id: int | None = None) -> bytes:
    mark = "" if event_id is None else f"id: {event_id}\n"
    return f"{mark}data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
