"""One LISTEN connection a process, heard by all of its streams (docs/reasons/live-pages.md)."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, OperationalError

from careloop.domains.wallboards import news
from careloop.faces.web.live.presence import Presences
from careloop.kernel.listening import listening_parameters
from careloop.processes.presence import PRESENCE

__all__ = ["Line", "Switchboard", "switchboard"]

log = logging.getLogger(__name__)

CHANNELS: Final = ("careloop_numbered", "careloop_notice", PRESENCE, news.WALL)
PAUSE_SECONDS: Final = 1.0
MOST_HINTS: Final = 100


@dataclass(eq=False, slots=True)
class Line:
    """One stream's ear. news: set when there may be something to read in the log, or a hint waits.

    hears_walls: hears when the live figures of its workspaces change, and nothing else.
    hints: cases whose presence changed, and None for a notice; bounded, because a missed hint is no loss.
    """

    workspace_ids: frozenset[int]
    user_id: int
    hears_walls: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    hints: deque[int | None] = field(default_factory=lambda: deque(maxlen=MOST_HINTS))

    def hint(self, about: int | None) -> None:
        """Leave a hint and wake the stream."""
        self.hints.append(about)
        self.news.set()

    def take_hints(self) -> set[int | None]:
        """Return what was hinted since the last time."""
        found = set(self.hints)
        self.hints.clear()
        return found


class Switchboard:
    """Listens while somebody is on a line, and passes on what concerns their workspace."""

    def __init__(self) -> None:
        self.presences = Presences()
        self._lines: set[Line] = set()
        self._listening: asyncio.Task[None] | None = None

    def count_of(self, user_id: int) -> int:
        """Return how many streams a person has in this process."""
        return sum(line.user_id == user_id for line in self._lines)

    @asynccontextmanager
    async def line(
        self, *, workspace_ids: Iterable[int], user_id: int, hears_walls: bool = False
    ) -> AsyncIterator[Line]:
        """Hear of what is new in workspaces until the block ends."""
        line = Line(workspace_ids=frozenset(workspace_ids), user_id=user_id, hears_walls=hears_walls)
        self._lines.add(line)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield line
        finally:
            self._lines.discard(line)
            if not self._lines and self._listening is not None:
                self._listening.cancel()
                self._listening = None

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(
                    **listening_parameters("careloop live"), autocommit=True
                ) as connection:
                    for channel in CHANNELS:
                        await connection.execute(f"LISTEN {channel}")
                    # Whatever was said while nobody listened is in the log: everybody looks there once.
                    for line in self._lines:
                        line.news.set()
                    async for notice in connection.notifies():
                        self._pass_on(notice.channel, notice.payload)
            except OperationalError as problem:
                log.warning("live.deaf", extra={"problem": str(problem)})
            await asyncio.sleep(PAUSE_SECONDS)

    def _pass_on(self, channel: str, payload: str) -> None:
        match channel:
            case "careloop_numbered":
                for line in self._lines_of(int(payload.partition(":")[0])):
                    line.news.set()
            case news.WALL:
                for line in self._lines_of(int(payload), hears_walls=True):
                    line.news.set()
            case "careloop_notice":
                workspace_id, _colon, user_id = payload.partition(":")
                for line in self._lines_of(int(workspace_id)):
                    if line.user_id == int(user_id):
                        line.hint(None)
            case _:
                told: dict[str, Any] = json.loads(payload)
                self.presences.hear(told)
                for line in self._lines_of(told["workspace"]):
                    line.hint(told["case"])

    def _lines_of(self, workspace_id: int, *, hears_walls: bool = False) -> list[Line]:
        return [line for line in self._lines if workspace_id in line.workspace_ids and line.hears_walls is hears_walls]


_switchboards: "WeakKeyDictionary[asyncio.AbstractEventLoop, Switchboard]" = WeakKeyDictionary()


def switchboard() -> Switchboard:
    """Return the switchboard of the running event loop, of which a server process has one."""
    loop = asyncio.get_running_loop()
    return _switchboards.setdefault(loop, Switchboard())
