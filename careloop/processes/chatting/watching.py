"""Who watches which chat in this process: one connection that listens, and one reading for all who were woken.

While one reading runs, further news gathers, and the next reading takes all of it: the more there is to do, the less each costs.
A watcher keeps the id of the last word it has; whatever is behind it is read from the rows, so that a broken line loses nothing.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connection
from psycopg import AsyncConnection
from psycopg import OperationalError as LineBroken

from careloop.domains.chats.news import CHAT
from careloop.domains.chats.states import State
from careloop.domains.chats.types import ChatRow
from careloop.kernel.listening import listening_parameters
from careloop.kernel.scope import workspace_scope
from careloop.kernel.statements import plan_once
from careloop.processes.chatting.reading import MOST_WORDS, Line, Look, look_at

__all__ = ["News", "Watch", "exchange", "in_reader"]

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 1.0
# Readings are short, so a few threads, each with its database connection, serve every watcher.
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="chats")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a watcher is told. row: how the chat stands, if that may have changed. typing: (who, name) of those who write.

    is_place: chats may have begun, been taken or changed places. is_other: something is new in another chat of one's own.
    """

    row: ChatRow | None
    lines: tuple[Line, ...]
    typing: tuple[tuple[str, str], ...]
    is_place: bool
    is_other: bool


@dataclass(eq=False, slots=True)
class Watch:
    """One stream's ear. chat_id: None for a list of chats. after: the last word it has. user_id: of one of ours, who has a list.

    is_waiting: the chat waited when it was last seen.
    """

    workspace_id: int
    chat_id: int | None
    after: int
    user_id: int | None
    is_waiting: bool = True
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _row: ChatRow | None = None
    _lines: list[Line] = field(default_factory=list)
    _typing: set[tuple[str, str]] = field(default_factory=set)
    _is_place: bool = False
    _is_other: bool = False

    async def news(self, *, seconds: float) -> News | None:
        """Return what is new as soon as there is anything; None when nothing was for so long."""
        try:
            await asyncio.wait_for(self.woken.wait(), seconds)
        except TimeoutError:
            return None
        self.woken.clear()
        told = News(
            row=self._row,
            lines=tuple(self._lines),
            typing=tuple(sorted(self._typing)),
            is_place=self._is_place,
            is_other=self._is_other,
        )
        self._row, self._lines, self._is_place, self._is_other = None, [], False, False
        self._typing.clear()
        return told

    def show(self, look: Look) -> None:
        """Take in how the chat stands, and those of its words that are new here."""
        self._row, self.is_waiting = look.row, look.row.state == State.WAITING
        fresh = [line for line in look.lines if line.id > self.after]
        self._lines += fresh
        self.after = fresh[-1].id if fresh else self.after
        self.woken.set()

    def hint(self, *, is_place: bool = False, is_other: bool = False, typing: tuple[str, str] | None = None) -> None:
        """Take in what stands in no row, or has to be asked for."""
        self._is_place |= is_place
        self._is_other |= is_other
        if typing is not None:
            self._typing.add(typing)
        self.woken.set()


class Exchange:
    """Listens while somebody watches, reads what is new, and shows it to whom it concerns."""

    def __init__(self) -> None:
        # By workspace and chat: whoever names a chat of another workspace watches what is not there.
        self._watches: dict[tuple[int, int], set[Watch]] = defaultdict(set)
        self._lists: set[Watch] = set()
        self._waking: set[tuple[int, int]] = set()
        self._is_something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def watch(
        self, *, workspace_id: int, chat_id: int | None, after: int, user_id: int | None = None
    ) -> AsyncIterator[Watch]:
        """Watch a chat from behind a word on, beginning with how it stands; or, for None, only the list.

        user_id: of one of ours, who hears of the list of chats, too; None for a visitor.
        """
        watch = Watch(workspace_id=workspace_id, chat_id=chat_id, after=after, user_id=user_id)
        if chat_id is not None:
            self._watches[workspace_id, chat_id].add(watch)
            self._wake(workspace_id, chat_id)
        if user_id is not None:
            self._lists.add(watch)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._read())]
        try:
            yield watch
        finally:
            self._lists.discard(watch)
            if chat_id is not None:
                self._watches[workspace_id, chat_id].discard(watch)
                if not self._watches[workspace_id, chat_id]:
                    del self._watches[workspace_id, chat_id]
            if not self._watches and not self._lists:
                for task in self._tasks:
                    task.cancel()
                self._tasks = []

    def _wake(self, workspace_id: int, chat_id: int) -> None:
        self._waking.add((workspace_id, chat_id))
        self._is_something.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(
                    **listening_parameters("careloop chats"), autocommit=True
                ) as line:
                    await line.execute(f"LISTEN {CHAT}")
                    # Whatever was said while nobody listened stands in the rows: everybody looks there once.
                    for workspace_id, chat_id in self._watches:
                        self._wake(workspace_id, chat_id)
                    for watch in self._lists:
                        watch.hint(is_place=True)
                    async for notice in line.notifies():
                        self._pass_on(json.loads(notice.payload))
            except LineBroken as problem:
                log.warning("chats.deaf", extra={"problem": str(problem)})
            await asyncio.sleep(PAUSE_SECONDS)

    def _pass_on(self, told: Mapping[str, Any]) -> None:
        workspace_id, chat_id = told["workspace"], told["chat"]
        if "typing" in told:
            for watch in self._watches.get((workspace_id, chat_id), ()):
                watch.hint(typing=(told["typing"], told["name"]))
            return
        if (workspace_id, chat_id) in self._watches:
            self._wake(workspace_id, chat_id)
        # Of every word only those hear who have it before them or in their list: what all hear costs the square of all.
        is_place, people = told["place"], told["people"]
        for watch in self._lists:
            is_other = watch.chat_id != chat_id and watch.user_id in people
            if watch.workspace_id == workspace_id and (is_place or is_other):
                watch.hint(is_place=is_place, is_other=is_other)
        for watches in list(self._watches.values()) if is_place else ():
            for watch in watches:
                if watch.workspace_id == workspace_id and watch.user_id is None and watch.is_waiting:
                    watch.hint(is_place=True)

    async def _read(self) -> None:
        while True:
            await self._is_something.wait()
            self._is_something.clear()
            waking, self._waking = self._waking, set()
            by_workspace: dict[int, dict[int, int]] = defaultdict(dict)
            for workspace_id, chat_id in waking:
                watches = self._watches.get((workspace_id, chat_id))
                if watches:
                    by_workspace[workspace_id][chat_id] = min(watch.after for watch in watches)
            for workspace_id, after in by_workspace.items():
                try:
                    looks = await in_reader(workspace_id, partial(look_at, after))
                except (InterfaceError, OperationalError) as problem:
                    log.warning("chats.unread", extra={"problem": str(problem)})
                    await asyncio.sleep(PAUSE_SECONDS)
                    for chat_id in after:
                        self._wake(workspace_id, chat_id)
                    continue
                self._show(workspace_id, looks)

    def _show(self, workspace_id: int, looks: Mapping[int, Look]) -> None:
        is_full = sum(len(look.lines) for look in looks.values()) >= MOST_WORDS
        for chat_id, look in looks.items():
            for watch in self._watches.get((workspace_id, chat_id), ()):
                watch.show(look)
            if is_full:
                self._wake(workspace_id, chat_id)


_exchanges: "WeakKeyDictionary[asyncio.AbstractEventLoop, Exchange]" = WeakKeyDictionary()


def exchange() -> Exchange:
    """Return the exchange of the running event loop, of which a server process has one."""
    return _exchanges.setdefault(asyncio.get_running_loop(), Exchange())


async def in_reader(workspace_id: int, ask: Any) -> Any:
    """Ask something in the scope of a workspace, on one of the threads that read for streams."""

    def asking() -> Any:
        try:
            with workspace_scope(workspace_id):
                plan_once()
                return ask()
        except (InterfaceError, OperationalError):
            # The server went away: a fresh connection serves the next question.
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(_readers, asking)
