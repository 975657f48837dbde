"""Frames of the manager interface: lines `Name: value`, an empty line after each frame."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from careloop.insight.imports.report import LineFault, Rejected, Report

__all__ = ["WANTED", "Frame", "frames_in", "is_wanted", "separator_of"]

WANTED = frozenset(
    {
        "AgentCalled",
        "AgentComplete",
        "AgentConnect",
        "AgentRingNoAnswer",
        "AttendedTransfer",
        "BlindTransfer",
        "DialBegin",
        "BridgeEnter",
        "Hangup",
        "HangupRequest",
        "Hold",
        "LocalBridge",
        "Newchannel",
        "QueueCallerAbandon",
        "QueueCallerJoin",
        "QueueCallerLeave",
        "QueueMemberAdded",
        "QueueMemberPause",
        "QueueMemberRemoved",
        "SoftHangupRequest",
        "Unhold",
        "UserEvent",
    }
)
EVENT = re.compile(r"^Event: (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One event. line: of the frame's first line in the file. at_us: microseconds since 1970."""

    line: int
    name: str
    at_us: int
    fields: dict[str, str]


def is_wanted(frame: str) -> bool:
    """Say whether an event bears on calls and agents; a status of no queue does not."""
    found = EVENT.search(frame)
    return found is not None and (found[1] in WANTED or (found[1] == "VarSet" and "\nVariable: QUEUESTATUS\n" in frame))


def separator_of(head: bytes) -> bytes:
    """Return what stands between two frames, by the first bytes of the file."""
    return b"\r\n\r\n" if b"\r\n" in head else b"\n\n"


def frames_in(body: bytes, *, first_line: int, report: Report, also: Collection[str] = ()) -> Iterator[Frame]:
    """Yield the events of whole frames that bear on calls and agents, in the order of the file.

    also: names of other events that are wanted.

    Counts all lines; counts frames whose time is missing as rejected: `timestampevents = yes` has to be set for the recording.
    """
    text = body.decode(errors="replace").replace("\r\n", "\n")
    line = first_line
    for frame in text.split("\n\n"):
        found = EVENT.search(frame)
        if found and (found[1] in also or is_wanted(frame)):
            fields = dict(pair.split(": ", 1) for pair in frame.split("\n") if ": " in pair)
            stamp = fields.get("Timestamp", "")
            if re.fullmatch(r"\d{9,10}(\.\d{1,6})?", stamp):
                whole, _dot, part = stamp.partition(".")
                yield Frame(
                    line=line, name=found[1], at_us=int(whole) * 1_000_000 + int(part.ljust(6, "0")), fields=fields
                )
            else:
                report.reject(Rejected(line=line, reason=LineFault.FRAME_WITHOUT_TIME, value=found[1]))
        line += frame.count("\n") + 2
    report.lines += text.count("\n")
