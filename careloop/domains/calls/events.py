"""What happens to calls. How long callers waited and talked is in the facts of their telephone system."""

from datetime import datetime

from careloop.kernel.events import Event, event_type

__all__ = [
    "CallAnswered",
    "CallAttached",
    "CallBegan",
    "CallEndAsked",
    "CallEndFailed",
    "CallEnded",
    "CallHandedOn",
    "CallIdentified",
    "CallIntervened",
    "CallInterventionFailed",
    "CallLeftQueue",
    "CallMissed",
    "CallPlaced",
    "CallPlayed",
    "CallQueued",
    "CallRang",
    "CallRecordingConsent",
    "CallRecordingOpened",
    "CallRecordingPauseFailed",
    "CallRecordingPaused",
    "CallRecordingResumed",
    "CallTransferAsked",
    "CallTransferEnded",
    "CallWrittenUp",
    "CallsAccepted",
    "CallsDeclined",
]


@event_type("call.began")
class CallBegan(Event):
    """subject: "call:9"; so are those below but one. customer_id: where exactly one customer has the caller's number."""

    pbx_id: int
    customer_id: int | None


@event_type("call.placed")
class CallPlaced(Event):
    """We call a customer. case_id: the case it is about, or null. people: the agent."""

    pbx_id: int
    customer_id: int | None
    case_id: int | None
    people: tuple[int, ...] = ()


@event_type("call.played")
class CallPlayed(Event):
    """Somebody of ours plays a customer who calls; it is in no number."""


@event_type("call.queued")
class CallQueued(Event):
    """The caller came into a queue of the telephone system; each time they do. at: since when they stand there.

    place: their number in it, or null. Calls that somebody plays stand in none.
    """

    pbx_id: int
    queue: str
    place: int | None


@event_type("call.left_queue")
class CallLeftQueue(Event):
    """how: "answered", "given_up", "overflow" (into another queue), "passed_on" (to a mailbox, a menu or nobody) or "unknown".

    at: until when they stood there; where nobody heard how they left, until when we heard of them. queued_at: since when.
    """

    pbx_id: int
    queue: str
    queued_at: datetime
    how: str


@event_type("call.rang")
class CallRang(Event):
    """people: at whose phones it rings, as far as somebody said who they are."""

    people: tuple[int, ...] = ()


@event_type("call.missed")
class CallMissed(Event):
    """It rang somewhere in vain. people: at whose phones it does not ring any more."""

    people: tuple[int, ...] = ()


@event_type("call.answered")
class CallAnswered(Event):
    """agent_id: None for nobody of ours. people: whose phones rang until then, and the agent."""

    agent_id: int | None
    people: tuple[int, ...] = ()


@event_type("call.handed_on")
class CallHandedOn(Event):
    """The agent's part is over, while the caller is still on the line. people: the agent."""

    agent_id: int | None
    people: tuple[int, ...] = ()


@event_type("call.ended")
class CallEnded(Event):
    """ending: "handled", "given_up", "left" or "unknown". people: whose phones rang until then, and the agent."""

    ending: str
    agent_id: int | None
    people: tuple[int, ...] = ()


@event_type("call.identified")
class CallIdentified(Event):
    """Somebody said who called. people: the agent of the call."""

    customer_id: int
    people: tuple[int, ...] = ()


@event_type("call.attached")
class CallAttached(Event):
    """subject: the case that the call belongs to now. people: the agent of the call."""

    call_id: int
    is_new_case: bool
    people: tuple[int, ...] = ()


@event_type("call.written_up")
class CallWrittenUp(Event):
    """What was said is written up. reason: its code, or empty. people: the agent of the call."""

    reason: str
    case_id: int | None
    people: tuple[int, ...] = ()


@event_type("calls.declined")
class CallsDeclined(Event):
    """subject: the customer, who does not want to be called."""


@event_type("calls.accepted")
class CallsAccepted(Event):
    """subject: the customer, who may be called again."""


@event_type("call.intervened")
class CallIntervened(Event):
    """Somebody who leads goes into a call. how: "listen", "whisper" or "join". agent_id: who talks to the customer."""

    how: str
    agent_id: int | None


@event_type("call.intervention_failed")
class CallInterventionFailed(Event):
    """They did not get into it. how: as above. agent_id: who talks to the customer."""

    how: str
    agent_id: int | None


@event_type("call.end_asked")
class CallEndAsked(Event):
    """Somebody ends a call from the screen. agent_id: who talks to the customer."""

    agent_id: int | None


@event_type("call.end_failed")
class CallEndFailed(Event):
    """The telephone system did not end it. agent_id: who talks to the customer."""

    agent_id: int | None


@event_type("call.transfer_asked")
class CallTransferAsked(Event):
    """Somebody passes a call on. kind: "blind" or "attended". receiver_id: null for a queue. people: both of them."""

    transfer_id: int
    kind: str
    receiver_id: int | None
    queue: str
    people: tuple[int, ...] = ()


@event_type("call.transfer_ended")
class CallTransferEnded(Event):
    """What became of a call that was passed on. state: "taken", "came_back", "refused" or "lost".

    why: "busy", "no_answer", "unreachable", "failed", or empty. sender_id: who passed it on. receiver_id: null for a queue.
    people: both of them.
    """

    transfer_id: int
    state: str
    why: str
    sender_id: int
    receiver_id: int | None
    queue: str
    people: tuple[int, ...] = ()


@event_type("call.recording_consent")
class CallRecordingConsent(Event):
    """It was noted whether the caller agrees to be recorded. consent: "asked", "given" or "refused". people: the agent."""

    consent: str
    people: tuple[int, ...] = ()


@event_type("call.recording_paused")
class CallRecordingPaused(Event):
    """From here on the recording leaves out what is said. people: the agent."""

    pause_id: int
    people: tuple[int, ...] = ()


@event_type("call.recording_pause_failed")
class CallRecordingPauseFailed(Event):
    """The telephone system did not do what it was asked to. goes_on: whether the recording goes on. people: the agent."""

    pause_id: int
    goes_on: bool
    people: tuple[int, ...] = ()


@event_type("call.recording_resumed")
class CallRecordingResumed(Event):
    """The recording goes on. is_forced: whoever paused it did not resume it, and the call was not over. people: the agent."""

    pause_id: int
    is_forced: bool
    people: tuple[int, ...] = ()


@event_type("call.recording_opened")
class CallRecordingOpened(Event):
    """Somebody was given the way to a recording. agent_id: who talked to the customer."""

    agent_id: int | None
