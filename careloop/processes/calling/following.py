"""From what telephone systems have sent to the calls that agents see, and to what those agents do meanwhile.

Beside the facts (processes/phoning.py) and at its own pace, so that a screen never waits for a file. Where it came to is kept in
the transaction of the rows, so each piece counts once, and a crash repeats nothing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from careloop.domains.calls import services as calls
from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.queries import call_heard_of, followed_until, talker_of
from careloop.domains.calls.types import Moved
from careloop.domains.telephony import queries
from careloop.domains.telephony.types import Meaning, PbxRow
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.queries import holdings_of, is_at_work
from careloop.kernel.acts import act
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.calling.offering import book_callback
from careloop.processes.calling.telling import settle_told, take_in_told
from careloop.processes.calling.webhooks import tell_of_hooks
from careloop.processes.measuring.lakes import insight
from careloop.processes.phoning import OF_ACTS, PHONES

__all__ = ["WRAP_SECONDS", "follow_phones", "move_people"]

log = logging.getLogger(__name__)

AT_A_TIME: Final = 50
RECALLED: Final = timedelta(hours=1)
"""How far back we look at what a telephone system has sent before its calls were followed for the first time."""
FRESH: Final = timedelta(minutes=2)
"""What happened earlier says nothing of what somebody does now."""
WRAP_SECONDS: Final = 120
"""How long whoever has talked writes up before the next comes, unless they are done sooner."""
WEIGHT: Final = 1
LAST: Final = 2**62
CONSENT: Final = "CareloopConsent"
"""The event by which a site's dialplan says whether a caller agrees to be recorded (docs/how-to/asterisk.md)."""

TOLD: Final[Mapping[str, Happened]] = {
    "QueueCallerJoin": Happened.QUEUED,
    "AgentCalled": Happened.RANG,
    "AgentRingNoAnswer": Happened.UNANSWERED,
    "AgentConnect": Happened.ANSWERED,
    "BridgeEnter": Happened.PUT_THROUGH,
    "AgentComplete": Happened.RELEASED,
    "QueueCallerAbandon": Happened.GAVE_UP,
    "QueueCallerLeave": Happened.LEFT,
    "Hangup": Happened.HUNG_UP,
}


def follow_phones(*, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Take in what live telephone systems have sent, and return how many of their pieces were new. at: now."""
    return sum(
        sheltering("calls", pbx_id, partial(_follow, workspace_id, pbx_id, at=at))
        for workspace_id, pbx_id in queries.live_pbxes_everywhere()
    )


def _follow(workspace_id: int, pbx_id: int, *, at: datetime) -> int:
    with workspace_scope(workspace_id):
        row, until = queries.pbx(pbx_id), followed_until(pbx_id)
        people = queries.people_behind(pbx_id)
        if row.is_told:
            return _follow_told(pbx_id, people, at=at)
        pieces = (
            queries.pieces_since(pbx_id, since=at - RECALLED, until=LAST, after=0, limit=AT_A_TIME)
            if until is None
            else queries.pieces_after(pbx_id, number=until, limit=AT_A_TIME)
        )
    for number, body in pieces:
        with workspace_scope(workspace_id):
            _take_in(row, number, body, people, at=at)
    return len(pieces)


@act
def _follow_told(pbx_id: int, people: Mapping[str, int], *, at: datetime) -> int:
    """Take in what a program or a provider has told, and hand on what it has told whole."""
    hook_count = tell_of_hooks(pbx_id=pbx_id, at=at)
    taken = take_in_told(pbx_id=pbx_id, people=people, at=at)
    settled_count, ended = settle_told(pbx_id=pbx_id, people=people, at=at)
    move_people([*taken.moved, *ended], at=at)
    for key, is_on_hold in taken.holds.items():
        agent_id, _is_outbound = talker_of(pbx_id, key=key)
        if agent_id is not None:
            _put_on_hold(agent_id, is_on_hold=is_on_hold, at=at)
    for key in taken.asked:
        _promise_callback(pbx_id, key, at=at)
    return hook_count + taken.count + settled_count


@act
def _take_in(row: PbxRow, number: int, body: bytes, people: Mapping[str, int], *, at: datetime) -> None:
    """Take in one piece: the calls, and with them what their agents do."""
    frames = _frames(body)
    standing = next((frame for frame in reversed(frames) if frame.name == insight("imports.ami").STANDING), None)
    present, waiting, standing_at = None, None, None
    steps = _steps(frames, row)
    if standing is not None:
        standing_at = _moment(standing)
        present = frozenset(_text(one.fields, "Uniqueid", 80) for one in frames if one.name == "CoreShowChannel")
        found = _found_waiting(frames, standing_at)
        waiting = frozenset(step.key for step in found)
        steps += found
    moved = calls.follow_calls(
        pbx_id=row.id,
        piece=number,
        steps=steps,
        present=present,
        standing_at=standing_at,
        waiting=waiting,
        people=people,
        actor=PHONES,
        at=at,
    )
    move_people(moved, at=at)
    for frame in frames:
        _hear_of_hold(frame, row.id, at=at)
        _hear_of_recording(frame, row.id)
        _hear_of_callback(frame, row, at=at)


def _hear_of_hold(frame: Any, pbx_id: int, *, at: datetime) -> None:
    """Note that a customer hears music, or the agent again. What the customer does with their own phone is not meant."""
    if frame.name not in {"Hold", "Unhold"} or at - _moment(frame) >= FRESH:
        return
    channel, key = (_text(frame.fields, name, 80) for name in ("Uniqueid", "Linkedid"))
    agent_id, is_outbound = talker_of(pbx_id, key=key)
    # A call is known by its oldest channel: the caller's, and where we call, the agent's.
    if agent_id is not None and (channel == key) is is_outbound:
        _put_on_hold(agent_id, is_on_hold=frame.name == "Hold", at=at)


def _put_on_hold(agent_id: int, *, is_on_hold: bool, at: datetime) -> None:
    if any(one.kind == "call" for one in holdings_of(agent_id)):
        workforce.set_on_hold(user_id=agent_id, is_on_hold=is_on_hold, actor=PHONES, at=at)


def _hear_of_recording(frame: Any, pbx_id: int) -> None:
    """Take in what the telephone system says of consent and of a pause. The same again changes nothing."""
    if frame.name not in {"UserEvent", "MixMonitorMute"}:
        return
    fields = frame.fields
    told: dict[str, Any] = {
        "pbx_id": pbx_id,
        "key": _text(fields, "Linkedid", 80),
        "actor": PHONES,
        "at": _moment(frame),
    }
    if frame.name == "UserEvent" and fields.get("UserEvent") == CONSENT:
        calls.hear_consent(consent=_text(fields, "Consent", 20).casefold(), **told)
    if frame.name == "MixMonitorMute" and fields.get("State") in {"0", "1"}:
        calls.hear_mute(is_muted=fields["State"] == "1", **told)


def _hear_of_callback(frame: Any, row: PbxRow, *, at: datetime) -> None:
    """Promise a callback to a caller who asked the telephone system for one; asked twice, it is promised once."""
    if frame.name != "UserEvent" or row.user_events.get(frame.fields.get("UserEvent", "")) != Meaning.PROMISE:
        return
    _promise_callback(row.id, _text(frame.fields, "Linkedid", 80), at=at)


def _promise_callback(pbx_id: int, key: str, *, at: datetime) -> None:
    call_id = call_heard_of(pbx_id, key=key)
    if call_id is None:
        return
    try:
        book_callback(call_id=call_id, actor=PHONES, at=at)
    except Refusal as refusal:
        log.info("call.callback_not_promised", extra={"call_id": call_id, "code": refusal.code})


def move_people(moved: Iterable[Moved], *, at: datetime) -> None:
    """Note who is with a customer now, and who writes up; only of people who say what they do in Careloop."""
    for one in moved:
        is_fresh = at - one.at < FRESH
        if not one.talks:
            workforce.let_go(
                kind="call", subject_id=one.call_id, wrap_s=WRAP_SECONDS if is_fresh else 0, actor=PHONES, at=at
            )
            continue
        if is_fresh and is_at_work(one.agent_id):
            workforce.hold(
                user_id=one.agent_id, kind="call", subject_id=one.call_id, weight=WEIGHT, actor=PHONES, at=at
            )


def _frames(body: bytes) -> list[Any]:
    ami = insight("imports.ami")
    report = insight("imports.report").Report()
    return list(
        ami.frames_in(body, first_line=1, report=report, also=(ami.CONNECTED, ami.STANDING, *ami.STANDS, *OF_ACTS))
    )


def _steps(frames: Sequence[Any], row: PbxRow) -> list[Step]:
    """Return what events say of calls, in the order of their stamps."""
    steps = [step for frame in frames if (step := _step(frame, row)) is not None]
    return sorted(steps, key=lambda step: step.at)


def _step(frame: Any, row: PbxRow) -> Step | None:
    fields, key = frame.fields, _text(frame.fields, "Uniqueid", 80)
    what = TOLD.get(frame.name)
    if frame.name == "Newchannel" and key == fields.get("Linkedid") and fields.get("Context") in row.inbound:
        what = Happened.BEGAN
    if frame.name == "OriginateResponse" and fields.get("Response") == "Failure":
        # Where no channel came of it, it is told under nothing but the id of the act.
        what, key = Happened.FAILED, _text(fields, "ActionID", 80)
    transferred = _transferred(frame)
    if transferred is not None:
        what, key = transferred
    if what is None or not key:
        return None
    return Step(
        what=what,
        key=key,
        at=_moment(frame),
        number=_number(fields) if what in {Happened.BEGAN, Happened.QUEUED} else "",
        queue=_text(fields, "Queue", 120),
        seat=_text(fields, "MemberName", 120),
        phone=_text(fields, "DestChannel", 200) if what == Happened.DIALED else "",
        said=_text(fields, "DialStatus", 40) if what == Happened.DIALED else "",
        line=_text(fields, "Exten", 80) if what == Happened.BEGAN else "",
        place=_whole(fields.get("Position", "")) or None if what == Happened.QUEUED else None,
    )


def _transferred(frame: Any) -> tuple[Happened, str] | None:
    """Return what an event says of a call that is passed on, and of which.

    A call is known by its oldest channel, the caller's, behind whatever channels an agent is reached through.
    """
    fields = frame.fields
    is_done = fields.get("Result") == "Success"
    match frame.name:
        case "BlindTransfer":
            what = Happened.PASSED_ON if is_done else Happened.NOT_PASSED_ON
            return what, _text(fields, "TransfererLinkedid", 80)
        case "AttendedTransfer":
            what = Happened.TAKEN_OVER if is_done else Happened.NOT_TAKEN_OVER
            return what, _text(fields, "OrigTransfererLinkedid", 80)
        case "DialEnd":
            return Happened.DIALED, _text(fields, "Linkedid", 80)
    return None


def _found_waiting(frames: Sequence[Any], standing_at: datetime) -> list[Step]:
    return [
        Step(
            what=Happened.WAITS,
            key=_text(frame.fields, "Uniqueid", 80),
            at=standing_at - timedelta(seconds=_whole(frame.fields.get("Wait", ""))),
            number=_number(frame.fields),
            queue=_text(frame.fields, "Queue", 120),
        )
        for frame in frames
        if frame.name == "QueueEntry" and frame.fields.get("Uniqueid")
    ]


def _text(fields: Mapping[str, str], name: str, longest: int) -> str:
    """Return a field as it can be kept: nothing that a telephone system says may hold up what comes behind it."""
    return fields.get(name, "").replace("\0", "")[:longest]


def _number(fields: Mapping[str, str]) -> str:
    number = _text(fields, "CallerIDNum", 80)
    return "" if number.strip("<>").casefold() in {"unknown", "anonymous", "s"} else number


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _moment(frame: Any) -> datetime:
    return datetime.fromtimestamp(frame.at_us / 1e6, tz=UTC)
