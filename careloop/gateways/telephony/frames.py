"""Frames of the manager interface: lines `Name: value`, an empty line after each frame."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from careloop.gateways.telephony.types import Event, NotAManager

__all__ = ["BANNER", "FrameReader", "written"]

BANNER: Final = re.compile(rb"Asterisk Call Manager/[0-9.]{1,20}\r?\n")
MOST_FRAME_BYTES: Final = 256 * 1024
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_()./-]{0,79}")
CONTROLS: Final = re.compile(r"[\r\n\x00]")


class FrameReader:
    """Cuts what comes over the wire into frames, wherever the pieces end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Take the next bytes and yield the frames they complete.

        Raises NotAManager for a line that is not the protocol, and for a frame beyond MOST_FRAME_BYTES.
        """
        whole = (self._rest + piece).replace(b"\r\n", b"\n")
        # A CR whose LF is still on its way must not be taken for part of a value.
        held = b"\r" if whole.endswith(b"\r") else b""
        *frames, self._rest = whole.removesuffix(held).split(b"\n\n")
        self._rest += held
        if len(self._rest) > MOST_FRAME_BYTES:
            raise NotAManager("a frame without end")
        for frame in frames:
            if text := frame.strip(b"\n"):
                yield frame_of(text.decode("utf-8", "replace"))


def frame_of(text: str) -> Event:
    """Read one frame. Raises NotAManager when a line has no name before its colon."""
    if len(text) > MOST_FRAME_BYTES:
        raise NotAManager("a frame without end")
    fields = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if not colon or not NAME.fullmatch(name):
            raise NotAManager(line[:80])
        fields[name] = value.removeprefix(" ")
    return Event(name=fields.get("Event", ""), fields=fields, text=text)


def written(action: str, fields: Mapping[str, str], *, action_id: str) -> bytes:
    """Write an action. Raises ValueError for a value that would begin a line of its own."""
    lines = {"Action": action, "ActionID": action_id, **fields}
    if any(CONTROLS.search(value) for value in lines.values()):
        raise ValueError("A value of an action has a line break in it.")
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n"
