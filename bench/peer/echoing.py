"""The same talk over the peer's web sockets: what is said comes back on the same line."""

import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from bench.stage.talking import measure


class Chat:
    """One web socket."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._line: ClientConnection | None = None

    async def hear(self) -> AsyncIterator[str]:
        async with connect(self._address) as line:
            self._line = line
            yield ""
            async for text in line:
                yield str(text)

    async def say(self, text: str) -> None:
        assert self._line is not None
        await self._line.send(text)


def main() -> None:
    """Read what to do as a line of JSON, and do it."""
    load: dict[str, Any] = json.loads(sys.stdin.readline())
    measure(
        [Chat(f"ws://127.0.0.1:{load['port']}/chat/{number}") for number in range(load["chats"])],
        seconds=load["seconds"],
    )


if __name__ == "__main__":
    main()
