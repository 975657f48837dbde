"""One open line to a manager: actions and their answers, and events in between."""

import socket
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from secrets import token_hex
from typing import Final, Self

from careloop.gateways.telephony.frames import FrameReader, written
from careloop.gateways.telephony.types import (
    ActionRefused,
    Event,
    LineClosed,
    NotAManager,
    PhoneTrouble,
    Snapshot,
    TooMuch,
)

__all__ = ["ManagerLine"]

PIECE_BYTES: Final = 64 * 1024
MOST_WAITING: Final = 50_000
"""Events that come while an answer is awaited; a busy Asterisk sends about a thousand in a second."""
MOST_LISTED: Final = 100_000


class ManagerLine:
    """A line over which somebody has signed in. Not for several threads.

    wire: connected. rest: bytes that came behind the banner. All methods but `close` may raise PhoneTrouble; after any but
    ActionRefused only `close` is of use.
    """

    def __init__(self, wire: socket.socket, *, rest: bytes = b"", timeout_seconds: float = 20.0) -> None:
        self._wire, self._reader = wire, FrameReader()
        self._timeout_seconds = timeout_seconds
        self._ids, self._name = count(1), f"careloop-{token_hex(4)}-"
        self._events: deque[Event] = deque()
        self._answers: deque[Event] = deque()
        self._answered_after = 0
        self._broken: PhoneTrouble | None = None
        self._sort(self._reader.feed(rest))

    def ask(self, action: str, **fields: str) -> Mapping[str, str]:
        """Send an action and return the fields of its answer. Raises ActionRefused when it is not a success."""
        return self._answer(self._send(action, fields))

    def new_id(self) -> str:
        """Return an id that nobody has used, for an act that events will tell of."""
        return f"{self._name}{token_hex(8)}"

    def ask_as(self, action_id: str, action: str, **fields: str) -> Mapping[str, str]:
        """Do the same as `ask`, under an id from `new_id`."""
        return self._answer(self._send(action, fields, action_id=action_id))

    def listed(self, action: str, **fields: str) -> Sequence[Event]:
        """Send an action that is answered by a list, and return the list. Raises ActionRefused."""
        action_id = self._send(action, fields)
        self._answer(action_id)
        found: list[Event] = []
        until = time.monotonic() + self._timeout_seconds
        while True:
            frame = self._next_answer(action_id, until)
            if frame.fields.get("EventList", "").casefold() == "complete":
                return found
            if len(found) == MOST_LISTED:
                raise TooMuch(action)
            found.append(frame)

    def ping(self) -> str:
        """Ask whether anybody is there; return the time of the telephone system, in seconds since 1970 with microseconds."""
        return self.ask("Ping").get("Timestamp", "")

    def snapshot(self) -> Snapshot:
        """Ask how queues, agents and calls stand. Raises ActionRefused when this user may not ask."""
        at = self.ping()
        channels = self.listed("CoreShowChannels")
        queues = self.listed("QueueStatus")
        before = [self._events.popleft() for _event in range(min(self._answered_after, len(self._events)))]
        return Snapshot(
            at=at,
            before=before,
            queues=[one for one in queues if one.name == "QueueParams"],
            members=[one for one in queues if one.name == "QueueMember"],
            callers=[one for one in queues if one.name == "QueueEntry"],
            channels=[one for one in channels if one.name == "CoreShowChannel"],
        )

    def events(self, *, within_seconds: float) -> list[Event]:
        """Return what has happened since the last call, waiting for the first event at most so long.

        What came before the line broke is given out first; only the call after that raises.
        """
        until = time.monotonic() + within_seconds
        while not self._events and (left := until - time.monotonic()) > 0:
            try:
                self._listen(left)
            except PhoneTrouble:
                if not self._events:
                    raise
        found = list(self._events)
        self._events.clear()
        return found

    def close(self) -> None:
        """Say goodbye; never raises."""
        with suppress(OSError):
            self._wire.sendall(written("Logoff", {}, action_id="bye"))
        with suppress(OSError):
            self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _send(self, action: str, fields: Mapping[str, str], *, action_id: str = "") -> str:
        action_id = action_id or f"{self._name}{next(self._ids)}"
        try:
            self._wire.settimeout(self._timeout_seconds)
            self._wire.sendall(written(action, fields, action_id=action_id))
        except OSError as failed:
            raise LineClosed(str(failed)) from failed
        return action_id

    def _answer(self, action_id: str) -> Mapping[str, str]:
        frame = self._next_answer(action_id, time.monotonic() + self._timeout_seconds)
        if frame.fields.get("Response") not in ("Success", "Goodbye"):
            raise ActionRefused(frame.fields.get("Message", "")[:200])
        return frame.fields

    def _next_answer(self, action_id: str, until: float) -> Event:
        while True:
            while self._answers:
                frame = self._answers.popleft()
                if frame.fields.get("ActionID") == action_id:
                    return frame
            left = until - time.monotonic()
            if left <= 0:
                raise PhoneTrouble("no answer")
            self._listen(left)

    def _listen(self, seconds: float) -> None:
        """Take in what comes next, waiting for it at most so long. Once it has raised, it raises the same again."""
        if self._broken is not None:
            raise self._broken
        try:
            self._wire.settimeout(seconds)
            piece = self._wire.recv(PIECE_BYTES)
            if not piece:
                raise LineClosed("closed by the other side")
            self._sort(self._reader.feed(piece))
        except TimeoutError:
            return
        except OSError as failed:
            self._broken = LineClosed(str(failed))
            raise self._broken from failed
        except PhoneTrouble as trouble:
            self._broken = trouble
            raise

    def _sort(self, frames: Iterable[Event]) -> None:
        for frame in frames:
            # Events that other programs have caused may carry an id of theirs.
            if frame.fields.get("ActionID", "").startswith(self._name):
                self._answers.append(frame)
                self._answered_after = len(self._events)
            elif frame.name:
                self._events.append(frame)
            elif "Response" not in frame.fields:
                raise NotAManager(frame.text[:80])
        if len(self._events) > MOST_WAITING or len(self._answers) > MOST_LISTED:
            raise TooMuch
