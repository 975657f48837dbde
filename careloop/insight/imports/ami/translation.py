"""From manager events to the lines that the queue log would have had."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from careloop.insight.imports.ami.frames import Frame
from careloop.insight.imports.events import REFUSED, Custom
from careloop.insight.imports.report import Report

__all__ = ["Call", "Line", "Translation"]

UNDECIDED_US = 1_000_000
"""A caller who left the line is connected, or known to be lost, within milliseconds."""
LEFT_WITHOUT_AGENT = {
    "TIMEOUT": "EXITWITHTIMEOUT",
    "LEAVEEMPTY": "EXITEMPTY",
    "LEAVEUNAVAIL": "EXITEMPTY",
    "WITHDRAW": "WITHDRAW",
}
NOT_TAKEN = ("FULL", "JOINEMPTY", "JOINUNAVAIL")

Line = tuple[int, int, str, str, str, str, str | None, str | None, str | None, str | None, str | None]
"""A row as events.EVENTS says."""


@dataclass(slots=True, kw_only=True)
class Leaving:
    """A caller who left the line, as long as it is open what for."""

    line: int
    at_us: int
    queue: str
    is_lost: bool = False


@dataclass(slots=True, kw_only=True)
class Talk:
    """A caller and an agent in talk. hold_us: since when on hold."""

    call: str
    queue: str
    agent: str
    entered_us: int
    connected_us: int
    hold_us: int | None = None
    was_passed_on: bool = False


@dataclass(slots=True, kw_only=True)
class Call:
    """One channel that began a call. cause: of its end, by Q.850."""

    call_id: str
    channel: str
    context: str
    entry_point: str
    number: str
    started_us: int
    ended_us: int | None = None
    is_bridged: bool = False
    is_by_caller: bool | None = None
    cause: int | None = None


class Translation:
    """Follows callers, agents' phones and talks through the events of one recording.

    custom: what user events of the site's dialplan mean.
    """

    def __init__(self, *, custom: Mapping[str, Custom], report: Report) -> None:
        self._custom, self._report = custom, report
        self._entered: dict[str, int] = {}
        self._leaving: OrderedDict[str, Leaving] = OrderedDict()
        self._ringing: dict[str, dict[str, int]] = {}
        self._talks: dict[str, Talk] = {}
        self._legs: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._unseen: set[str] = set()
        self.calls: dict[str, Call] = {}
        self._handlers: dict[str, Callable[[Frame], Iterator[Line]]] = {
            "AgentCalled": self._called,
            "AgentComplete": self._complete,
            "AgentConnect": self._connect,
            "AgentRingNoAnswer": self._no_answer,
            "AttendedTransfer": self._passed_on,
            "BlindTransfer": self._passed_on,
            "DialBegin": self._dialed,
            "BridgeEnter": self._bridged,
            "Hangup": self._hung_up,
            "HangupRequest": self._asked_to_hang_up,
            "SoftHangupRequest": self._asked_to_hang_up,
            "Hold": self._held,
            "LocalBridge": self._joined_halves,
            "Newchannel": self._new_channel,
            "QueueCallerAbandon": self._abandon,
            "QueueCallerJoin": self._join,
            "QueueCallerLeave": self._leave,
            "QueueMemberAdded": self._member,
            "QueueMemberPause": self._member,
            "QueueMemberRemoved": self._member,
            "Unhold": self._unheld,
            "UserEvent": self._user_event,
            "VarSet": self._status,
        }

    def lines(self, frame: Frame) -> Iterator[Line]:
        """Yield the lines that a frame makes known, most often one or none."""
        while self._leaving:
            call, leaving = next(iter(self._leaving.items()))
            if frame.at_us - leaving.at_us <= UNDECIDED_US:
                break
            yield from self._left(call, "ABANDON" if leaving.is_lost else "EXITWITHKEY")
        yield from self._handlers[frame.name](frame)

    def rest(self) -> Iterator[Line]:
        """Yield what was undecided when the recording ended."""
        for call, leaving in list(self._leaving.items()):
            if leaving.is_lost:
                yield from self._left(call, "ABANDON")

    def lose(
        self, *, waiting: Collection[str], talking: Collection[str], channels: Collection[str], line: int, at_us: int
    ) -> Iterator[Line]:
        """Yield the ends of what is over by now, as the telephone system says, and of which nobody has heard.

        waiting: calls that still wait. talking: agents who still talk to callers of queues. channels: those that are still there.
        at_us: the last moment that was heard of, at which it is said to have ended.
        """
        for call in [call for call in self._leaving if call not in waiting]:
            yield from self._left(call, "ABANDON" if self._leaving[call].is_lost else "EXITWITHKEY")
        for call in [call for call in self._entered if call not in waiting]:
            # Who came only just now left as quickly; the events of it are on their way.
            if self._entered[call] <= at_us:
                del self._entered[call]
                yield line, at_us, call, "NONE", "NONE", "LOSTWAITING", None, None, None, None, None
        for agent, talk in list(self._talks.items()):
            if (agent not in talking or talk.call not in channels) and talk.connected_us <= at_us:
                del self._talks[agent]
                if not talk.was_passed_on:
                    yield line, at_us, talk.call, talk.queue, agent, "LOSTTALKING", None, None, None, None, None
        for call, known in self.calls.items():
            if known.ended_us is None and call not in channels and known.started_us <= at_us:
                known.ended_us = at_us
        self._unseen = {agent for agent in talking if agent not in self._talks}

    def knows_waiting(self, call: str) -> bool:
        """Say whether a call is known to wait."""
        return call in self._entered or call in self._leaving

    def forget_calls(self, *, before_us: int) -> None:
        """Forget calls that ended before a moment: all has been said of them."""
        for call in [call for call, known in self.calls.items() if known.ended_us and known.ended_us < before_us]:
            del self.calls[call]

    def _join(self, frame: Frame) -> Iterator[Line]:
        call, queue = frame.fields["Uniqueid"], frame.fields["Queue"]
        if leaving := self._leaving.get(call):  # taken out of one queue and put into another
            yield from self._left(call, "ABANDON" if leaving.is_lost else "EXITWITHKEY")
        self._entered[call] = frame.at_us
        yield _line(
            frame, call, queue, "NONE", "ENTERQUEUE", "", frame.fields.get("CallerIDNum"), frame.fields["Position"]
        )

    def _leave(self, frame: Frame) -> Iterator[Line]:
        call = frame.fields["Uniqueid"]
        lost = self._leaving.pop(call, None)
        self._leaving[call] = Leaving(
            line=frame.line, at_us=frame.at_us, queue=frame.fields["Queue"], is_lost=lost is not None
        )
        return iter(())

    def _abandon(self, frame: Frame) -> Iterator[Line]:
        call = frame.fields["Uniqueid"]
        if leaving := self._leaving.get(call):
            leaving.is_lost = True
        else:
            self._leaving[call] = Leaving(line=frame.line, at_us=frame.at_us, queue=frame.fields["Queue"], is_lost=True)
        return iter(())

    def _status(self, frame: Frame) -> Iterator[Line]:
        call, status = frame.fields["Uniqueid"], frame.fields["Value"]
        if status in NOT_TAKEN:
            yield _line(frame, call, "NONE", "NONE", REFUSED, status)
        elif status in LEFT_WITHOUT_AGENT and call in self._leaving:
            yield from self._left(call, LEFT_WITHOUT_AGENT[status])

    def _left(self, call: str, verb: str) -> Iterator[Line]:
        leaving = self._leaving.pop(call)
        for agent, since_us in self._ringing.pop(call, {}).items():
            if verb == "ABANDON":
                ms = str((leaving.at_us - since_us) / 1000)
                yield (
                    leaving.line,
                    leaving.at_us,
                    call,
                    leaving.queue,
                    agent,
                    "RINGCANCELED",
                    ms,
                    None,
                    None,
                    None,
                    None,
                )
        wait = str((leaving.at_us - self._entered.pop(call, leaving.at_us)) / 1e6)
        place = ("", "", "", wait) if verb == "EXITWITHKEY" else ("", "", wait, None)
        yield leaving.line, leaving.at_us, call, leaving.queue, "NONE", verb, *place, None

    def _called(self, frame: Frame) -> Iterator[Line]:
        call, agent = frame.fields["Uniqueid"], frame.fields["MemberName"]
        self._ringing.setdefault(call, {})[agent] = frame.at_us
        if leg := frame.fields.get("DestUniqueid"):
            self._legs[leg] = call
        return iter(())

    def _no_answer(self, frame: Frame) -> Iterator[Line]:
        call, agent = frame.fields["Uniqueid"], frame.fields["MemberName"]
        self._ringing.get(call, {}).pop(agent, None)
        yield _line(frame, call, frame.fields["Queue"], agent, "RINGNOANSWER", frame.fields.get("RingTime", "0"))

    def _connect(self, frame: Frame) -> Iterator[Line]:
        call, agent, queue = frame.fields["Uniqueid"], frame.fields["MemberName"], frame.fields["Queue"]
        self._leaving.pop(call, None)
        entered = self._entered.pop(call, frame.at_us - int(frame.fields["HoldTime"]) * 1_000_000)
        rang = self._ringing.pop(call, {}).get(agent, frame.at_us - int(frame.fields["RingTime"]) * 1_000_000)
        self._talks[agent] = Talk(call=call, queue=queue, agent=agent, entered_us=entered, connected_us=frame.at_us)
        leg = frame.fields.get("DestUniqueid", "")
        self._legs[leg] = call
        wait, ring = (frame.at_us - entered) / 1e6, (frame.at_us - rang) / 1e6
        yield _line(frame, call, queue, agent, "CONNECT", str(wait), leg, str(ring))

    def _complete(self, frame: Frame) -> Iterator[Line]:
        agent, reason = frame.fields["MemberName"], frame.fields["Reason"]
        talk = self._talks.pop(agent, None)
        if talk is None:  # a second ending of a talk that was passed on, or the first word of one that began unheard
            if agent in self._unseen and "Uniqueid" in frame.fields:
                self._unseen.discard(agent)
                yield self._unheard(frame, agent, reason)
            return
        yield from self._hold_over(talk, frame)
        if talk.was_passed_on:
            return
        verb = {"caller": "COMPLETECALLER", "agent": "COMPLETEAGENT"}.get(reason, "ATTENDEDTRANSFER")
        yield self._ending(frame, talk, verb, "BRIDGE" if verb == "ATTENDEDTRANSFER" else None)

    def _unheard(self, frame: Frame, agent: str, reason: str) -> Line:
        """Return the ending of a talk whose beginning nobody heard, in the whole seconds that the event tells."""
        verb = {"caller": "COMPLETECALLER", "agent": "COMPLETEAGENT"}.get(reason, "ATTENDEDTRANSFER")
        told = (frame.fields.get("HoldTime", "0"), frame.fields.get("TalkTime", "0"))
        values = ("BRIDGE", "", *told) if verb == "ATTENDEDTRANSFER" else told
        return _line(frame, frame.fields["Uniqueid"], frame.fields["Queue"], agent, verb, *values)

    def _passed_on(self, frame: Frame) -> Iterator[Line]:
        who = "Transferer" if frame.name == "BlindTransfer" else "OrigTransferer"
        call = self._call_of(frame, f"{who}Uniqueid", f"{who}Linkedid")
        talk = next((talk for talk in self._talks.values() if talk.call == call), None)
        if talk is None or talk.was_passed_on or frame.fields.get("Result") != "Success":
            return
        yield from self._hold_over(talk, frame)
        talk.was_passed_on = True
        if frame.name == "BlindTransfer":
            yield self._ending(frame, talk, "BLINDTRANSFER", frame.fields.get("Extension", ""))
        else:
            yield self._ending(frame, talk, "ATTENDEDTRANSFER", "BRIDGE")

    def _ending(self, frame: Frame, talk: Talk, verb: str, to: str | None) -> Line:
        waited = str((talk.connected_us - talk.entered_us) / 1e6)
        talked = str((frame.at_us - talk.connected_us) / 1e6)
        values = (waited, talked) if to is None else (to, "", waited, talked)
        return _line(frame, talk.call, talk.queue, talk.agent, verb, *values)

    def _held(self, frame: Frame) -> Iterator[Line]:
        if (talk := self._talk_of(frame)) and talk.hold_us is None:
            talk.hold_us = frame.at_us
        return iter(())

    def _unheld(self, frame: Frame) -> Iterator[Line]:
        if talk := self._talk_of(frame):
            yield from self._hold_over(talk, frame)

    def _hold_over(self, talk: Talk, frame: Frame) -> Iterator[Line]:
        """End a hold; a hang-up on hold sends no Unhold, and others come twice."""
        if talk.hold_us is not None and not talk.was_passed_on:
            seconds = str((frame.at_us - talk.hold_us) / 1e6)
            yield _line(frame, talk.call, talk.queue, talk.agent, "HELD", seconds)
        talk.hold_us = None

    def _talk_of(self, frame: Frame) -> Talk | None:
        call = self._call_of(frame, "Uniqueid", "Linkedid")
        return next((talk for talk in self._talks.values() if talk.call == call), None)

    def _call_of(self, frame: Frame, channel: str, linked: str) -> str:
        """Return the customer's call behind a channel, through the phones behind a Local channel; else by the linked id."""
        leg = frame.fields.get(channel, "")
        for _hop in range(4):
            if leg in self._legs:
                return self._legs[leg]
            leg = self._parents.get(leg, "")
        return frame.fields.get(linked, "")

    def _dialed(self, frame: Frame) -> Iterator[Line]:
        if "Uniqueid" in frame.fields:
            self._parents[frame.fields["DestUniqueid"]] = frame.fields["Uniqueid"]
        return iter(())

    def _joined_halves(self, frame: Frame) -> Iterator[Line]:
        self._parents[frame.fields["LocalTwoUniqueid"]] = frame.fields["LocalOneUniqueid"]
        return iter(())

    def _new_channel(self, frame: Frame) -> Iterator[Line]:
        fields, call = frame.fields, frame.fields["Uniqueid"]
        if call == fields["Linkedid"]:
            self.calls[call] = Call(
                call_id=call,
                channel=fields["Channel"],
                context=fields.get("Context", ""),
                entry_point=fields.get("Exten", ""),
                number=fields.get("CallerIDNum", ""),
                started_us=frame.at_us,
            )
        return iter(())

    def _bridged(self, frame: Frame) -> Iterator[Line]:
        if call := self.calls.get(frame.fields["Uniqueid"]):
            call.is_bridged = True
        return iter(())

    def _asked_to_hang_up(self, frame: Frame) -> Iterator[Line]:
        """Whoever hangs up asks first: the other side, or the house softly."""
        call = self.calls.get(frame.fields["Uniqueid"])
        if call and call.is_by_caller is None:
            call.is_by_caller = frame.name == "HangupRequest"
        return iter(())

    def _hung_up(self, frame: Frame) -> Iterator[Line]:
        call = frame.fields["Uniqueid"]
        if leaving := self._leaving.get(call):
            yield from self._left(call, "ABANDON" if leaving.is_lost else "EXITWITHKEY")
        if known := self.calls.get(call):
            known.ended_us = frame.at_us
            known.cause = int(frame.fields.get("Cause", "0"))
        self._legs.pop(call, None)
        self._parents.pop(call, None)
        self._ringing.pop(call, None)

    def _member(self, frame: Frame) -> Iterator[Line]:
        verb, value = "REMOVEMEMBER", ""
        if frame.name == "QueueMemberAdded":
            verb, value = "ADDMEMBER", "PAUSED" if frame.fields.get("Paused") == "1" else ""
        elif frame.name == "QueueMemberPause":
            verb = "PAUSE" if frame.fields.get("Paused") == "1" else "UNPAUSE"
            value = frame.fields.get("PausedReason", "") if verb == "PAUSE" else ""
        yield _line(frame, "MANAGER", frame.fields["Queue"], frame.fields["MemberName"], verb, value)

    def _user_event(self, frame: Frame) -> Iterator[Line]:
        fields, name = frame.fields, frame.fields.get("UserEvent", "")
        kind = self._custom.get(name)
        if kind is None:
            self._report.unknown[f"UserEvent {name}"] += 1
        elif kind is Custom.OUTBOUND:
            values = (fields.get("Status", ""), fields.get("Talk", ""), fields.get("Number", ""))
            yield _line(
                frame, fields["Uniqueid"], fields.get("Queue", "NONE"), fields.get("Agent", "NONE"), "OUTCALL", *values
            )
        elif kind is not Custom.IGNORED:
            values = (fields.get("Reason") or fields.get("Status", ""), fields.get("Number", ""), "")
            yield _line(frame, fields["Uniqueid"], fields.get("Queue", "NONE"), "NONE", name, *values)


def _line(frame: Frame, call: str, queue: str, agent: str, verb: str, *values: str | None) -> Line:
    given = (*values, None, None, None, None, None)[:5]
    return frame.line, frame.at_us, call, queue, agent, verb, given[0], given[1], given[2], given[3], given[4]
