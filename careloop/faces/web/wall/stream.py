"""The stream that tells a screen when to look again: once a second at most, and every quarter of a minute at least."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from careloop.domains.people.queries import actor_for
from careloop.domains.wallboards import rules
from careloop.faces.web.actors import opens_own_scope, person_asking, workspace_of
from careloop.faces.web.live.batches import Telling, Watcher, is_signed_in
from careloop.faces.web.live.switchboard import switchboard
from careloop.faces.web.live.views import MOST_STREAMS
from careloop.faces.web.wall.several import workspaces_watched
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import leave_thread

__all__ = ["wall_live", "walls_live"]

LEAST_PAUSE_SECONDS: Final = 1.0
TICK_SECONDS: Final = 15.0
"""Waits grow while nothing happens, so a screen looks again without being told of anything."""
_askers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="wall")


@opens_own_scope
@require_safe
async def wall_live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Tell a member's screen when the figures of the workspace change."""
    return _answer(request, [workspace_of(request).id])


@require_safe
async def walls_live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Tell a screen when the figures of any of the person's workspaces change."""
    person = person_asking(request)
    watched = [] if person is None else await sync_to_async(workspaces_watched)(person.pk)
    return _answer(request, [place.workspace_id for place in watched])


def _answer(request: HttpRequest, workspace_ids: Sequence[int]) -> HttpResponse | StreamingHttpResponse:
    person = person_asking(request)
    if person is None or request.session.session_key is None or not workspace_ids:
        return HttpResponse(status=403)
    watchers = [
        Watcher(workspace_id=workspace_id, user_id=person.pk, session_key=request.session.session_key)
        for workspace_id in workspace_ids
    ]
    response = StreamingHttpResponse(_stream(watchers), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(watchers: Sequence[Watcher]) -> AsyncIterator[bytes]:
    loop, board, user_id = asyncio.get_running_loop(), switchboard(), watchers[0].user_id
    await leave_thread()
    if board.count_of(user_id) >= MOST_STREAMS:
        return
    ids = [watcher.workspace_id for watcher in watchers]
    async with board.line(workspace_ids=ids, user_id=user_id, hears_walls=True) as line:
        yield b"retry: 2000\n\n"
        while True:
            # Cleared before telling: what changes from here on is told again.
            line.news.clear()
            if not await loop.run_in_executor(_askers, partial(_may_watch, watchers)):
                return
            yield Telling(name="wall").encoded()
            await asyncio.sleep(LEAST_PAUSE_SECONDS)
            try:
                await asyncio.wait_for(line.news.wait(), TICK_SECONDS)
            except TimeoutError:
                continue


def _may_watch(watchers: Sequence[Watcher]) -> bool:
    """Say whether the session lasts and any of the workspaces may still be watched."""
    try:
        return is_signed_in(watchers[0]) and any(_sees(watcher) for watcher in watchers)
    except (InterfaceError, OperationalError):
        # The server went away: the stream ends, its browser comes back, and a fresh connection serves it.
        connection.close()
        raise


def _sees(watcher: Watcher) -> bool:
    with workspace_scope(watcher.workspace_id):
        viewer = actor_for(watcher.user_id, watcher.workspace_id)
        return viewer is not None and rules.may_see(viewer)
