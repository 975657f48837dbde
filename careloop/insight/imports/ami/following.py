"""Manager events as they happen: in another order, twice, and with gaps that are made up from how the queues stand."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Final

from careloop.insight.imports.ami.frames import Frame, frames_in
from careloop.insight.imports.ami.translation import Call, Line, Translation
from careloop.insight.imports.events import Custom
from careloop.insight.imports.report import LineFault, Rejected, Report

__all__ = ["CONNECTED", "STANDING", "STANDS", "Following"]

CONNECTED: Final = "CareloopConnected"
"""Our own event: from here on we hear. What was heard last stands before it."""
STANDING: Final = "CareloopStanding"
"""Our own event: the telephone system has said how everything stands; that stands before it."""
STANDS: Final = ("QueueMember", "QueueEntry", "CoreShowChannel")

MOST_REMEMBERED: Final = 50_000
"""Events among which one that comes again is known: a minute of a very busy telephone system."""
JUST_NOW_US: Final = 2_000_000
FORGET_US: Final = 3_600_000_000


class Following:
    """Translates what a live connection brings, a piece at a time; see Translation for what it makes of events.

    Within a piece events are put into the order of their stamps.
    """

    def __init__(self, *, custom: Mapping[str, Custom], report: Report) -> None:
        self._translation, self._report = Translation(custom=custom, report=report), report
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._stands: list[Frame] = []
        self._members: set[tuple[str, str]] = set()
        self._told_to_wait: dict[str, int] = {}
        self._queued: set[str] = set()
        self._newest_us = self._heard_us = 0
        self._line = 0

    @property
    def calls(self) -> Mapping[str, Call]:
        """Return what is known of each call of the last hour, and of those that last."""
        return self._translation.calls

    def lines(self, piece: bytes) -> list[Line]:
        """Take what came next, whole frames, and return what it makes known."""
        before = self._report.lines
        frames = list(
            frames_in(piece, first_line=self._line + 1, report=self._report, also=(CONNECTED, STANDING, *STANDS))
        )
        self._line += self._report.lines - before + 1
        found = [line for part in _parts(frames) for frame in part for line in self._told(frame)]
        self._translation.forget_calls(before_us=self._newest_us - FORGET_US)
        return found

    def _told(self, frame: Frame) -> list[Line]:
        """Return what an event makes known; one that lacks a field is counted and passed over: it must not stop all others."""
        try:
            return list(self._of(frame))
        except (KeyError, ValueError) as lacking:
            wanted = str(lacking.args[0]) if isinstance(lacking, KeyError) else ""
            self._report.reject(
                Rejected(line=frame.line, reason=LineFault.FRAME_WITHOUT_FIELD, field=wanted, value=frame.name)
            )
            return []

    def _of(self, frame: Frame) -> Iterator[Line]:
        match frame.name:
            case name if name == CONNECTED:
                self._heard_us = self._newest_us
                return
            case name if name == STANDING:
                try:
                    yield from self._stand(frame)
                finally:
                    self._stands.clear()
                    self._heard_us = 0
                return
            case name if name in STANDS:
                self._stands.append(frame)
                return
        if self._is_known(frame):
            return
        self._newest_us = max(self._newest_us, frame.at_us)
        key = (frame.fields.get("Queue", ""), frame.fields.get("MemberName", ""))
        match frame.name:
            case "QueueMemberAdded":
                self._members.add(key)
            case "QueueMemberRemoved":
                self._members.discard(key)
            case "QueueCallerJoin":
                until = self._told_to_wait.pop(frame.fields["Uniqueid"], 0)
                if frame.at_us <= until:  # it stood in the line already when we asked
                    return
        for line in self._translation.lines(frame):
            self._queued.add(line[2])
            yield line
        if frame.name == "Hangup":
            yield from self._gone([frame.fields["Uniqueid"]], line=frame.line, at_us=frame.at_us)

    def _gone(self, calls: Iterable[str], *, line: int, at_us: int) -> Iterator[Line]:
        """Yield that callers who had been in a queue are gone, so that it is told when their contacts ended."""
        for call in calls:
            if call in self._queued:
                self._queued.discard(call)
                yield line, at_us, call, "NONE", "NONE", "HUNGUP", None, None, None, None, None

    def _is_known(self, frame: Frame) -> bool:
        """Say whether the very same event has come before, and remember it."""
        told = "\n".join(f"{name}: {value}" for name, value in frame.fields.items())
        digest = blake2b(told.encode(), digest_size=12).digest()
        if digest in self._seen:
            self._report.duplicate_count += 1
            return True
        self._seen[digest] = None
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return False

    def _stand(self, standing: Frame) -> Iterator[Line]:
        """Make up for what was missed: end what is over, begin what is there, and say which agents are where."""
        of = {name: [frame.fields for frame in self._stands if frame.name == name] for name in STANDS}
        callers = {fields["Uniqueid"]: fields for fields in of["QueueEntry"]}
        line, at_us = standing.line, standing.at_us
        lasting = [call for call, known in self.calls.items() if known.ended_us is None]
        yield from self._translation.lose(
            waiting=callers.keys(),
            talking={fields["Name"] for fields in of["QueueMember"] if _talks(fields)},
            channels={fields["Uniqueid"] for fields in of["CoreShowChannel"]},
            line=line,
            at_us=min(self._heard_us or at_us - JUST_NOW_US, at_us),
        )
        over = [call for call in lasting if self.calls[call].ended_us is not None]
        yield from self._gone(over, line=line, at_us=at_us)
        self._told_to_wait = dict.fromkeys(callers, at_us + JUST_NOW_US)
        for call, fields in callers.items():
            if not self._translation.knows_waiting(call):
                since_us = at_us - int(fields.get("Wait", "0")) * 1_000_000
                yield from self._translation.lines(_join(call, fields, line=line, at_us=since_us))
        yield from self._whereabouts(of["QueueMember"], line=line, at_us=at_us)
        self._newest_us = max(self._newest_us, at_us)

    def _whereabouts(self, members: Iterable[Mapping[str, str]], *, line: int, at_us: int) -> Iterator[Line]:
        here: set[tuple[str, str]] = set()
        for fields in members:
            queue, agent, is_paused = fields["Queue"], fields["Name"], fields.get("Paused") == "1"
            here.add((queue, agent))
            verb, reason = ("PAUSE", fields.get("PausedReason", "")) if is_paused else ("UNPAUSE", "")
            yield line, at_us, "MANAGER", queue, agent, verb, reason, None, None, None, None
        for queue, agent in sorted(self._members - here):
            yield line, at_us, "MANAGER", queue, agent, "REMOVEMEMBER", "", None, None, None, None
        self._members = here


def _parts(frames: Collection[Frame]) -> Iterator[list[Frame]]:
    """Yield runs of events by their stamps, and between them what we have written ourselves, as it stands."""
    run: list[Frame] = []
    for frame in frames:
        if frame.name in (CONNECTED, STANDING, *STANDS):
            yield sorted(run, key=lambda one: one.at_us)
            yield [frame]
            run = []
        else:
            run.append(frame)
    yield sorted(run, key=lambda one: one.at_us)


def _talks(member: Mapping[str, str]) -> bool:
    """Say whether a member talks to a caller of a queue; before Asterisk 16, whether their phone is in use or on hold."""
    if "InCall" in member:
        return member["InCall"] != "0"
    return member.get("Status") in ("2", "7", "8")


def _join(call: str, fields: Mapping[str, str], *, line: int, at_us: int) -> Frame:
    return Frame(line=line, name="QueueCallerJoin", at_us=at_us, fields={**fields, "Uniqueid": call})
