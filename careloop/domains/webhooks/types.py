"""What may cross the threshold of the webhooks domain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from careloop.domains.webhooks.states import DeliveryState, State, Trouble, Why

__all__ = ["AttemptRow", "DeliveryRow", "Outgoing", "WebhookRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """A webhook as its keepers know it, without its secret.

    old_until: how long the secret before this one signs as well. failing_since: since when nothing was taken.
    last_at: of the newest message. waiting_count, failed_count: messages that wait for a further try, and that failed.
    """

    id: int
    name: str
    url: str
    state: State
    why: Why
    old_until: datetime | None
    failing_since: datetime | None
    last_at: datetime | None = None
    waiting_count: int = 0
    failed_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try. code: of the answer; None where there was none. took_ms: until then."""

    number: int
    at: datetime
    code: int | None
    trouble: Trouble
    took_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One message. code, trouble: of the last try. next_at: of the next one. attempts: where they were asked for."""

    id: int
    webhook_id: int
    key: str
    kind: str
    case_id: int | None
    at: datetime
    state: DeliveryState
    attempt_count: int
    next_at: datetime | None
    code: int | None
    trouble: Trouble
    body: str
    attempts: Sequence[AttemptRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message on its way. attempt: which try this is. secrets: each signs it, the newest first."""

    delivery_id: int
    attempt: int
    url: str
    key: str
    body: str
    secrets: Sequence[str] = field(repr=False)
