"""The stream of one of ours: the open chat word by word, and a hint when anything is new in the others."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.html import urlize
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from careloop.domains.chats import rules
from careloop.domains.chats.types import ChatRow
from careloop.domains.people.queries import actor_for
from careloop.faces.web.actors import actor_of, opens_own_scope, person_asking, workspace_of
from careloop.faces.web.live.batches import Watcher, is_signed_in
from careloop.kernel.streaming import leave_thread
from careloop.processes.chatting import Line
from careloop.processes.chatting.watching import News, exchange, in_reader

__all__ = ["chat_live"]

HEARTBEAT_SECONDS: Final = 15.0
ROWS_EVERY_SECONDS: Final = 2.0
"""Each chat that begins or is taken changes everybody's list; nobody fetches it more often than this."""


@opens_own_scope
@require_safe
async def chat_live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream chats to a member: `chat`, if named, from behind the last word that the browser has."""
    person, session = person_asking(request), request.session.session_key
    if person is None or session is None:
        return HttpResponse(status=403)
    if not rules.may_see(actor_of(request)):
        return HttpResponse(status=403)
    watcher = Watcher(workspace_id=workspace_of(request).id, user_id=person.pk, session_key=session)
    chat_id = _number(request.GET.get("chat", "")) or None
    after = _number(request.headers.get("Last-Event-ID") or request.GET.get("after", ""))
    response = StreamingHttpResponse(_told(watcher, chat_id, after), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _told(watcher: Watcher, chat_id: int | None, after: int) -> AsyncIterator[bytes]:
    await leave_thread()
    clock, is_due, listed_at = asyncio.get_running_loop().time, False, -ROWS_EVERY_SECONDS
    shown: ChatRow | None = None
    async with exchange().watch(
        workspace_id=watcher.workspace_id, chat_id=chat_id, after=after, user_id=watcher.user_id
    ) as watch:
        yield b"retry: 2000\n\n"
        while True:
            rest = listed_at + ROWS_EVERY_SECONDS - clock()
            news = await watch.news(seconds=max(0.0, rest) if is_due else HEARTBEAT_SECONDS)
            # Whoever has left the workspace, or signed out, hears no more.
            if not await _may_still_watch(watcher):
                return
            if news is None and not is_due:
                yield b": still here\n\n"
            for line in news.lines if news else ():
                yield _event(_shown(line), line.id)
            for who, name in news.typing if news else ():
                if who == "visitor":
                    yield _event({"name": "typing", "who": name})
            row = news.row if news else None
            if row is not None and (shown is None or row.visitor_read_id != shown.visitor_read_id):
                yield _event({"name": "read", "read": row.visitor_read_id})
            if news and row is not None and _is_beside(news, shown):
                yield _event({"name": "side"})
            shown = row or shown
            is_due = is_due or (news is not None and news.is_place)
            if (news and news.is_other) or (is_due and clock() - listed_at >= ROWS_EVERY_SECONDS):
                yield _event({"name": "rows"})
                is_due, listed_at = False, clock()


def _is_beside(news: News, shown: ChatRow | None) -> bool:
    """Say whether something has changed beside the words: the chat itself, or, when nothing of it has, a note."""

    def lasting(row: ChatRow) -> ChatRow:
        return replace(row, visitor_read_id=0, agent_read_id=0, mailed_id=0)

    if news.row is None or shown is None:
        return news.row is not None
    return lasting(news.row) != lasting(shown) or (news.row == shown and not news.lines)


async def _may_still_watch(watcher: Watcher) -> bool:
    """Say whether a watcher may hear more: asked of the house four times a minute, however many streams they have here."""
    key, near = f"chats-watched-{watcher.workspace_id}-{watcher.session_key}", caches["near"]
    if near.get(key):
        return True
    may: bool = await in_reader(watcher.workspace_id, partial(_may_watch, watcher))
    near.set(key, may, HEARTBEAT_SECONDS - 1)
    return may


def _may_watch(watcher: Watcher) -> bool:
    actor = actor_for(watcher.user_id, watcher.workspace_id)
    return actor is not None and rules.may_see(actor) and is_signed_in(watcher)


def _shown(line: Line) -> dict[str, Any]:
    return {
        "name": "word",
        "id": line.id,
        "by": "us" if line.is_ours else "visitor",
        "who": line.name,
        "at": date_format(localtime(line.at), "TIME_FORMAT"),
        "text": line.text,
        "html": urlize(line.text, nofollow=True, autoescape=True),
        "files": [
            {"id": file.id, "name": file.name, "is_risky": file.is_risky, "is_picture": file.is_picture}
            for file in line.files
        ],
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _event(said: dict[str, Any], event_id: int | None = None) -> bytes:
    mark = "" if event_id is None else f"id: {event_id}\n"
    return f"{mark}data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
