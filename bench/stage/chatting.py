"""Visitors and agents in a thousand chats: words sent as the widget sends them, streams read as the page of agents reads them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.stage.talking import measure

HOST = "127.0.0.1"


@dataclass(slots=True)
class Chat:
    """id, cookie: as the agent's browser knows them. secret, mark: the visitor's, mark of the last word."""

    port: int
    id: int
    cookie: str
    secret: str
    mark: str

    async def hear(self) -> AsyncIterator[str]:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(
                f"GET /w/bench/chats/live?chat={self.id} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\n"
                f"Accept: text/event-stream\r\nCookie: sessionid={self.cookie}\r\n\r\n".encode()
            )
            status = await reader.readline()
            if b" 200 " not in status:
                raise RuntimeError(f"The stream answered {status!r}.")
            while line := await reader.readline():
                if line.startswith(b"retry:"):
                    yield ""
                elif line.startswith(b"data: "):
                    said = json.loads(line[6:])
                    if said["name"] == "word" and said["by"] == "visitor":
                        yield said["text"]
        finally:
            writer.close()

    async def say(self, text: str) -> None:
        mark = str(uuid4())
        body = json.dumps({"text": text, "mark": mark, "previous": self.mark}).encode()
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(
                f"POST /portal/bench/chat/shop/messages HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nConnection: close\r\n"
                f"Authorization: Bearer {self.secret}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            status = await reader.readline()
            await reader.read()
        finally:
            writer.close()
        if b" 201 " not in status:
            raise ConnectionRefusedError(status.decode())
        self.mark = mark


def main() -> None:
    """Read what to do as a line of JSON, and do it."""
    load: dict[str, Any] = json.loads(sys.stdin.readline())
    chats = [Chat(port=load["port"], **chat) for chat in load["chats"]]
    measure(chats, seconds=load["seconds"])


if __name__ == "__main__":
    main()
