"""An IMAP server without any protection, which writes down every word it hears."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

__all__ = ["PlainImap", "plain_imap"]


@dataclass(slots=True, kw_only=True)
class PlainImap:
    """port: where it listens. heard: every line that came."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def plain_imap(*, login: str = "OK welcome") -> Iterator[PlainImap]:
    """Run a server for one client until the block ends. login: what it answers to a sign-in."""
    listener = socket.create_server(("127.0.0.1", 0))
    state = PlainImap(port=listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listener, state, login), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _serve(listener: socket.socket, state: PlainImap, login: str) -> None:
    with suppress(OSError):
        client, _address = listener.accept()
        client.settimeout(5)
        with client, client.makefile("rb") as lines:
            client.sendall(b"* OK plain\r\n")
            for line in lines:
                words = line.decode("utf-8", "replace").strip()
                state.heard.append(words)
                tag, _, command = words.partition(" ")
                answer = {"CAPABILITY": "OK done", "LOGIN": login}.get(command.split(" ")[0].upper(), "BAD no")
                if command.upper() == "CAPABILITY":
                    client.sendall(b"* CAPABILITY IMAP4rev1\r\n")
                client.sendall(f"{tag} {answer}\r\n".encode())
