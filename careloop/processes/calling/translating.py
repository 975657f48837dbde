"""What a program tells of a call, as the steps that screens follow and as the frames that facts are made of.

Pure: the whole of what was told of one call goes in, in the order of its moments, so what comes late is as if it had come in time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from careloop.domains.calls.course import CallCourse, Happened, Step, stepped
from careloop.domains.calls.standing import Came, Left, stood
from careloop.domains.calls.states import CallState
from careloop.domains.telephony.types import TOLD_CONTEXT, TOLD_OUTBOUND, Told, ToldCall, ToldKind, Way
from careloop.processes.measuring.lakes import insight

__all__ = ["course_of", "followed", "frames_of", "hold_of", "passed_on_in", "transfer_told"]

USUAL_END: Final = "16"
"""By Q.850."""
JUST_NOW: Final = timedelta(seconds=2)
"""What is said to stand is older by so much (`insight.imports.ami`)."""


def course_of(call: ToldCall, *, is_given_up: bool = False) -> CallCourse | None:
    """Return how a call stands; None as long as nothing is known of it that is worth a row.

    is_given_up: nothing more is expected, so one that goes on is over, and nobody heard how.
    """
    return followed(call, is_given_up=is_given_up)[0]


def followed(call: ToldCall, *, is_given_up: bool = False) -> tuple[CallCourse | None, list[Came | Left]]:
    """Return how a call stands, as `course_of`, and how its caller came into queues and left them."""
    first, *_others = call.heard
    course: CallCourse | None = None
    if first.way == Way.OUT:
        course = CallCourse(
            began_at=first.at,
            seen_at=first.at,
            number=_number(call),
            is_outbound=True,
            state=CallState.CALLING,
            seat=_first(call, "seat"),
        )
    standing: list[Came | Left] = []

    def take(step: Step) -> None:
        nonlocal course
        now = stepped(course, step)
        if now is not None:
            standing.extend(stood(course, step, now))
        course = now

    for one in call.heard:
        for step in _steps(one, course, call):
            take(step)
    if is_given_up and course is not None:
        take(Step(what=Happened.GONE, key=call.key, at=call.heard[-1].at))
    return course, standing


def frames_of(call: ToldCall) -> bytes:
    """Return a call of which nothing more is heard as Asterisk would have told it; empty where there is nothing to count."""
    told = _until_its_end(call.heard)
    is_out, is_over = told[0].way == Way.OUT, told[-1].kind == ToldKind.ENDED
    if told[0].kind == ToldKind.ENDED or (is_out and not is_over):
        return b""
    writing = _Writing(call.key, _number(call), _first(call, "line"))
    frames = writing.outbound(told) if is_out else writing.inbound(told)
    return "".join(_frame(name, at, fields) for name, at, fields in frames).encode()


def hold_of(call: ToldCall) -> bool | None:
    """Say whether the customer of a call is on hold by now; None where nothing is told of that since they were last answered."""
    last = [one.kind for one in call.heard if one.kind in {ToldKind.ANSWERED, ToldKind.HELD, ToldKind.RESUMED}][-1:]
    return None if last in ([], [ToldKind.ANSWERED]) else last == [ToldKind.HELD]


def transfer_told(call: str, transfer_id: int) -> str:
    """Return the name under which it is told that a call was passed on from here."""
    return f"{call}:{ToldKind.TRANSFERRED}:{transfer_id}"


def passed_on_in(call: ToldCall) -> tuple[int, list[Step]] | None:
    """Return which transfer of ours was told of last in a call, and who has answered it since, or has not."""
    said = {ToldKind.MISSED: Happened.UNANSWERED, ToldKind.ANSWERED: Happened.ANSWERED}
    for place, told in reversed(list(enumerate(call.heard))):
        number = told.id.removeprefix(transfer_told(call.key, 0)[:-1])
        if told.kind == ToldKind.TRANSFERRED and number.isascii() and number.isdigit():
            since = [one for one in call.heard[place + 1 :] if one.kind in said]
            return int(number), [Step(what=said[one.kind], key=call.key, at=one.at, seat=one.seat) for one in since]
    return None


def _steps(one: Told, course: CallCourse | None, call: ToldCall) -> Iterator[Step]:
    """Yield the steps of one thing that was told, given how the call stands before it."""

    def step(what: Happened, *, seat: str = "") -> Step:
        line = _first(call, "line")
        return Step(what=what, key=call.key, at=one.at, number=_number(call), queue=one.queue, seat=seat, line=line)

    is_out = course is not None and course.is_outbound
    match one.kind:
        case ToldKind.WAITING:
            if not is_out:
                yield step(Happened.QUEUED if one.queue else Happened.BEGAN)
        case ToldKind.RINGING:
            if not is_out:
                if (course is not None and course.state == CallState.HANDED_ON) or _enters(course, one):
                    yield step(
                        Happened.QUEUED
                    )  # it goes on to somebody else, or rings for a queue of which nothing was told
                yield step(Happened.RANG if one.seat else Happened.BEGAN, seat=one.seat)
        case ToldKind.MISSED:
            is_taken = course is not None and course.state == CallState.TALKING
            if not is_out and one.seat and not is_taken:
                yield step(Happened.UNANSWERED, seat=one.seat)
        case ToldKind.ANSWERED:
            yield step(Happened.ANSWERED, seat=one.seat or (course.seat if is_out and course else ""))
        case ToldKind.CALLBACK:
            if course is None:
                yield step(Happened.BEGAN)  # it may be told first
        case ToldKind.HELD | ToldKind.RESUMED:
            return
        case ToldKind.TRANSFERRED:
            if course is not None and course.is_in_line:
                yield replace(step(Happened.LEFT), queue=course.queue)
                if not one.queue:
                    yield step(Happened.NOT_WAITING)  # somebody or something else answers
            yield step(Happened.RELEASED, seat=course.seat if course else "")
            if one.queue:
                yield step(Happened.QUEUED)
        case ToldKind.ENDED:
            if one.by_customer and course is not None and course.answered_at is None:
                yield step(Happened.GAVE_UP)
            yield step(Happened.HUNG_UP)
        case _:
            assert_never(one.kind)


def _enters(course: CallCourse | None, one: Told) -> bool:
    """Say whether a caller for whom a phone rings comes into a queue with that."""
    if not one.queue or course is None:
        return bool(one.queue)
    is_there = course.is_in_line and course.queue == one.queue
    return course.state in {CallState.WAITING, CallState.RINGING} and not is_there


def _until_its_end(heard: tuple[Told, ...]) -> tuple[Told, ...]:
    place = next((place for place, one in enumerate(heard) if one.kind == ToldKind.ENDED), len(heard) - 1)
    return heard[: place + 1]


def _number(call: ToldCall) -> str:
    """Return the customer's number; empty when it is withheld."""
    number = next((one.number for one in call.heard if one.number), "")
    return "" if number.strip("<>").casefold() in {"unknown", "anonymous", "withheld"} else number


def _first(call: ToldCall, name: str) -> str:
    return next((str(getattr(one, name)) for one in call.heard if getattr(one, name)), "")


_Said = tuple[str, datetime, dict[str, str]]


@dataclass(slots=True)
class _Writing:
    """Writes one call down. queue: in which it is, or was last. seat: whoever talks to the customer."""

    key: str
    number: str
    line: str
    queue: str = ""
    seat: str = ""
    waits: bool = False
    was_answered: bool = False
    rings: dict[str, datetime] = field(default_factory=dict)

    def inbound(self, told: tuple[Told, ...]) -> Iterator[_Said]:
        yield self._said(
            "Newchannel", told[0].at, Channel=f"{TOLD_CONTEXT}/{self.key}", Context=TOLD_CONTEXT, Exten=self.line
        )
        for one in told:
            yield from self._inbound(one)
        if told[-1].kind != ToldKind.ENDED:
            # As when Asterisk says how everything stands and the call is not there: nobody knows how it ended.
            yield insight("imports.ami").STANDING, told[-1].at + JUST_NOW, {}

    def outbound(self, told: tuple[Told, ...]) -> Iterator[_Said]:
        answered = next((one.at for one in told if one.kind == ToldKind.ANSWERED), None)
        until = told[-1].at
        talk = (until - answered).total_seconds() if answered is not None else 0.0
        yield self._said(
            "UserEvent",
            until,
            UserEvent=TOLD_OUTBOUND,
            Queue=next((one.queue for one in told if one.queue), "NONE"),
            Agent=next((one.seat for one in told if one.seat), "NONE"),
            Number=self.number,
            Status="ANSWER" if answered is not None else "NOANSWER",
            Talk=f"{talk:.3f}",
        )

    def _inbound(self, one: Told) -> Iterator[_Said]:
        match one.kind:
            case ToldKind.WAITING:
                yield from self._enters(one.queue, one.at)
            case ToldKind.RINGING:
                yield from self._enters(one.queue, one.at)
                if one.seat and self.waits and one.seat not in self.rings:
                    self.rings[one.seat] = one.at
                    yield self._said("AgentCalled", one.at, Queue=self.queue, MemberName=one.seat)
            case ToldKind.MISSED:
                if one.seat and self.waits:
                    rang_ms = int((one.at - self.rings.pop(one.seat, one.at)).total_seconds() * 1000)
                    about = {"MemberName": one.seat, "RingTime": str(rang_ms)}
                    yield self._said("AgentRingNoAnswer", one.at, Queue=self.queue, **about)
            case ToldKind.ANSWERED:
                yield from self._answered(one)
            case ToldKind.HELD | ToldKind.RESUMED:
                if self.seat:
                    yield self._said("Hold" if one.kind == ToldKind.HELD else "Unhold", one.at)
            case ToldKind.CALLBACK:
                return  # whoever promises it counts it
            case ToldKind.TRANSFERRED:
                yield from self._passed_on(one)
                yield from self._enters(one.queue, one.at)
            case ToldKind.ENDED:
                yield from self._over(one.at, by_customer=one.by_customer)
            case _:
                assert_never(one.kind)

    def _enters(self, queue: str, at: datetime) -> Iterator[_Said]:
        if queue and not (self.waits and queue == self.queue) and not self.seat:
            self.queue, self.waits = queue, True
            yield self._said("QueueCallerJoin", at, Queue=queue, Position="1")

    def _answered(self, one: Told) -> Iterator[_Said]:
        yield from self._enters(one.queue, one.at)
        if not self.was_answered:
            yield self._said("BridgeEnter", one.at)
        self.was_answered = True
        if self.waits and one.seat:
            self.seat, self.waits = one.seat, False
            self.rings.clear()
            yield self._said("AgentConnect", one.at, Queue=self.queue, MemberName=one.seat, HoldTime="0", RingTime="0")

    def _passed_on(self, one: Told) -> Iterator[_Said]:
        if not self.seat:
            return
        about = {"TransfererUniqueid": self.key, "TransfererLinkedid": self.key}
        yield self._said("BlindTransfer", one.at, Result="Success", Extension=one.to or one.queue, **about)
        yield self._talked(one.at, "transfer")

    def _talked(self, at: datetime, reason: str) -> _Said:
        seat, self.seat = self.seat, ""
        return self._said("AgentComplete", at, Queue=self.queue, MemberName=seat, Reason=reason)

    def _over(self, at: datetime, *, by_customer: bool) -> Iterator[_Said]:
        yield self._said("HangupRequest" if by_customer else "SoftHangupRequest", at)
        if self.seat:
            yield self._talked(at, "caller" if by_customer else "agent")
        elif self.waits and by_customer:
            yield self._said("QueueCallerAbandon", at, Queue=self.queue)
        elif self.waits:
            yield self._said("QueueCallerLeave", at, Queue=self.queue)
            yield self._said("VarSet", at, Variable="QUEUESTATUS", Value="TIMEOUT")
        yield self._said("Hangup", at, Cause=USUAL_END)

    def _said(self, name: str, at: datetime, **fields: str) -> _Said:
        return name, at, {"Uniqueid": self.key, "Linkedid": self.key, "CallerIDNum": self.number, **fields}


def _frame(name: str, at: datetime, fields: dict[str, str]) -> str:
    lines = [
        f"Event: {name}",
        f"Timestamp: {at.timestamp():.6f}",
        *(f"{key}: {value}" for key, value in fields.items()),
    ]
    return "\n".join(lines) + "\n\n"
