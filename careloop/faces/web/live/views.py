"""The stream of a workspace, and the small word that says who is where."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.cases.rules import may_read_notes
from careloop.domains.people.attendance import NOTED_EVERY
from careloop.faces.web.actors import actor_of, opens_own_scope, person_asking, workspace_of
from careloop.faces.web.live.batches import Telling, Watcher, read_batch
from careloop.faces.web.live.switchboard import switchboard
from careloop.kernel.streaming import leave_thread
from careloop.processes.presence import PresenceKind, announce

__all__ = ["live", "presence"]

HEARTBEAT_SECONDS: Final = 15.0
MOST_STREAMS: Final = 24
"""Streams of one person in one process; a browser needs one, whatever the number of its tabs."""
# Batches are short, so a few threads, each with its database connection, serve every stream.
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


@opens_own_scope
@require_safe
async def live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream what happens in the workspace to a member, from where their browser stopped listening."""
    person = person_asking(request)
    if person is None or request.session.session_key is None:
        return HttpResponse(status=403)
    if switchboard().count_of(person.pk) >= MOST_STREAMS:
        return HttpResponse(status=429)
    watcher = Watcher(workspace_id=workspace_of(request).id, user_id=person.pk, session_key=request.session.session_key)
    last = request.headers.get("Last-Event-ID") or request.GET.get("last_event_id", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None
    response = StreamingHttpResponse(_stream(watcher, after), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@require_POST
def presence(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody looks at a case (`viewing`), writes on it (`typing`) or left it (`left`)."""
    actor, person = actor_of(request), person_asking(request)
    case_id = case_id_of_number(number=number, viewer=actor)
    kind = request.POST.get("kind", "")
    if kind not in set(PresenceKind):
        return HttpResponse(status=400)
    if person is not None and may_read_notes(actor):
        announce(case_id=case_id, name=person.name, kind=PresenceKind(kind), actor=actor)
    return HttpResponse(status=204)


async def _stream(watcher: Watcher, after: int | None) -> AsyncIterator[bytes]:
    loop, board = asyncio.get_running_loop(), switchboard()
    await leave_thread()
    noted = -NOTED_EVERY.total_seconds()
    async with board.line(workspace_ids=[watcher.workspace_id], user_id=watcher.user_id) as line:
        yield b"retry: 2000\n\n"
        while True:
            # Cleared before reading: what is recorded from here on wakes us again.
            line.news.clear()
            hints = line.take_hints()
            cases = {hint for hint in hints if hint is not None}
            is_noted = loop.time() - noted < NOTED_EVERY.total_seconds()
            noted = noted if is_noted else loop.time()
            batch = await loop.run_in_executor(
                _readers, partial(read_batch, watcher, after=after, asked=cases, notes_presence=not is_noted)
            )
            if batch.is_over:
                return
            after = batch.position
            for telling in batch.tellings:
                yield telling.encoded()
            if None in hints:
                yield Telling(name="notice").encoded()
            for case_id in batch.visible:
                there = board.presences.of(workspace_id=watcher.workspace_id, case_id=case_id, but=watcher.user_id)
                people = [
                    {"id": p.user_id, "name": p.name, "is_writing": p.is_writing, "seconds": p.seconds} for p in there
                ]
                yield Telling(name=f"presence-{case_id}", detail={"people": people}).encoded()
            try:
                await asyncio.wait_for(line.news.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"
