"""What may cross the threshold of the calls domain."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["CallRow", "Callee", "Moved", "PassedOn", "PauseRow", "Receiver", "RecordingRow", "TransferRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A call as it stands.

    contact_key: what the call is called in the facts. number: as the telephone system tells it, empty when it is withheld.
    is_outbound: we call them. line: the number that was called, empty where nobody tells it.
    queued_at: since when the caller stands in the queue; None where they do not, or nobody knows since when.
    ringing, missed: seats at which it rings, and which let it ring. seat: which answered; agent: the person behind, or empty.
    customer, case_number, reason: empty or None where nobody said so.
    """

    id: int
    pbx_id: int
    contact_key: str
    number: str
    is_outbound: bool
    line: str
    queue: str
    queued_at: datetime | None
    state: str
    ringing: tuple[str, ...]
    missed: tuple[str, ...]
    seat: str
    agent_id: int | None
    agent: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ending: str
    customer_id: int | None
    customer: str
    case_id: int | None
    case_number: int | None
    reason_id: int | None
    reason: str
    note: str
    written_up_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def talk_seconds(self) -> int | None:
        """From the first answer to the end, in whole seconds; None before there are both."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.answered_at).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """Whom to call. number: as the customer's card or the call says it. customer_id, case_id: None where nobody said so."""

    number: str
    customer_id: int | None
    case_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A call whose agent has begun or is done. agent_id: who; talks: whether they speak with the caller now."""

    call_id: int
    agent_id: int
    talks: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """To whom a call is passed on: a person with a phone, or a queue. extension: what is dialed.

    seat, phone: of the person, the phone as the system rings it; empty for a queue.
    """

    extension: str
    user_id: int | None = None
    seat: str = ""
    phone: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRow:
    """A call that was passed on. receiver_id, receiver: None and empty for a queue. ended_at: when it was told what came of it.

    why: why it was not taken, or empty.
    """

    id: int
    call_id: int
    kind: str
    state: str
    why: str
    sender_id: int
    sender: str
    receiver_id: int | None
    receiver: str
    queue: str
    note: str
    asked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """How a call was passed on last, for the telephone system. phone, sender_phone: as the system rings them."""

    transfer_id: int
    state: str
    phone: str
    sender_phone: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRow:
    """A span of a call that is not recorded. begun_by, ended_by: empty where the telephone system or the end of the call did."""

    id: int
    state: str
    begun_by: str
    ended_by: str
    is_forced: bool
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow:
    """What is known of the recording of a call. consent_by: who noted it; empty for the telephone system.

    pauses: the oldest first.
    """

    consent: str
    consent_at: datetime | None
    consent_by: str
    pauses: tuple[PauseRow, ...]

    @property
    def is_paused(self) -> bool:
        return any(one.state in {"asked", "on"} for one in self.pauses)
