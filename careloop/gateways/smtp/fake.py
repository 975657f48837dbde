"""The fake twin: an outbox in memory, with faults on demand."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from careloop.gateways.smtp.types import Outcome, Receipt, RecipientOutcome, Server, Trouble

__all__ = ["Fault", "Outbox", "SentMail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """One mail that left."""

    raw: bytes
    envelope_from: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What one attempt shall meet. arrives: an uncertain mail may have gone out all the same."""

    outcome: Outcome
    trouble: Trouble | None = None
    code: int | None = None
    text: str = ""
    arrives: bool = False


@dataclass(slots=True)
class Outbox:
    """Call it as `send`. faults: met by the next attempts, in order. refused: per recipient, at every attempt."""

    sent: list[SentMail] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    refused: Mapping[str, Fault] = field(default_factory=dict)

    def __call__(self, raw: bytes, *, envelope_from: str, recipients: Sequence[str], server: Server) -> Receipt:
        """Record the mail, or meet the next fault."""
        whole = self.faults.popleft() if self.faults else None
        outcomes = []
        for one in dict.fromkeys(recipients):
            fault = whole or self.refused.get(one) or Fault(outcome=Outcome.ACCEPTED, code=250, text="OK")
            outcomes.append(RecipientOutcome(recipient=one, outcome=fault.outcome, code=fault.code, text=fault.text))
        accepted = tuple(
            one.recipient for one in outcomes if one.outcome is Outcome.ACCEPTED or (whole and whole.arrives)
        )
        if accepted:
            self.sent.append(SentMail(raw=raw, envelope_from=envelope_from, recipients=accepted))
        return Receipt(recipients=tuple(outcomes), trouble=whole.trouble if whole else None)
