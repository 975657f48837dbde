"""A real SMTP server whose connection can be cut at any step of the dialogue."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

__all__ = ["Cut", "ReceivedMail", "ScriptedSmtp", "scripted_smtp"]


class Cut(StrEnum):
    """Where the connection is lost."""

    AT_GREETING = "at_greeting"
    AFTER_MAIL = "after_mail"
    AFTER_RCPT = "after_rcpt"
    IN_DATA = "in_data"
    AFTER_DOT = "after_dot"
    AFTER_REPLY = "after_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """What the server took."""

    raw: bytes
    mail_command: str
    recipients: tuple[str, ...]


@dataclass(slots=True)
class ScriptedSmtp:
    """The server's state, to be set before a dialogue and read after it.

    replies: command word (or "DOT", or "RCPT <address>") to the line answered instead of the usual one.
    """

    host: str
    port: int
    cut: Cut | None = None
    replies: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("SIZE 33554432", "8BITMIME", "SMTPUTF8")
    received: list[ReceivedMail] = field(default_factory=list)


class LostError(Exception):
    """The script says that the connection ends here."""


@contextmanager
def scripted_smtp() -> Iterator[ScriptedSmtp]:
    """Run a server on a free local port until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    state = ScriptedSmtp(host="127.0.0.1", port=listener.getsockname()[1])
    thread = threading.Thread(target=accept, args=(listener, state), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        # Closing alone does not wake a thread that waits in accept().
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def accept(listener: socket.socket, state: ScriptedSmtp) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            try:
                dialogue(client, state)
            except (LostError, OSError):
                # A reset, not a polite end: that is how a killed server looks.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def dialogue(client: socket.socket, state: ScriptedSmtp) -> None:
    """Speak SMTP with one client."""
    lines: BinaryIO = client.makefile("rb")

    def say(line: str) -> None:
        client.sendall(line.encode() + b"\r\n")

    def lose_at(cut: Cut) -> None:
        if state.cut is cut:
            raise LostError

    lose_at(Cut.AT_GREETING)
    say("220 test ESMTP")
    mail_command, recipients = "", list[str]()
    while line := lines.readline():
        command = line.decode("utf-8").strip()
        word = command.split(" ")[0].upper()
        scripted = state.replies.get(f"RCPT {address_in(command)}" if word == "RCPT" else word)
        if scripted:
            say(scripted)
            continue
        match word:
            case "EHLO":
                greeting = ["test", *state.extensions]
                for number, extension in enumerate(greeting, start=1):
                    say(f"250{' ' if number == len(greeting) else '-'}{extension}")
            case "MAIL":
                mail_command, recipients = command, []
                lose_at(Cut.AFTER_MAIL)
                say("250 OK")
            case "RCPT":
                recipients.append(address_in(command))
                lose_at(Cut.AFTER_RCPT)
                say("250 OK")
            case "DATA":
                say("354 go on")
                raw = body(lines, state)
                lose_at(Cut.AFTER_DOT)
                if "DOT" in state.replies:
                    say(state.replies["DOT"])
                    continue
                state.received.append(ReceivedMail(raw=raw, mail_command=mail_command, recipients=tuple(recipients)))
                say("250 taken")
                lose_at(Cut.AFTER_REPLY)
            case "QUIT":
                say("221 bye")
                return
            case _:
                say("250 OK")


def body(lines: BinaryIO, state: ScriptedSmtp) -> bytes:
    """Read up to the final dot, or lose the connection on the way."""
    taken = b""
    while (line := lines.readline()) != b".\r\n":
        if state.cut is Cut.IN_DATA or not line:
            raise LostError
        taken += line.removeprefix(b".")
    return taken


def address_in(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
