"""What may cross the threshold of the queues domain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from careloop.domains.queues.states import Choice, Kind, Outcome, Stage

__all__ = [
    "Needs",
    "NewWaiting",
    "OfferRow",
    "QueueLoad",
    "QueueRow",
    "QueueSettings",
    "RuleRow",
    "RuleSettings",
    "WaitingRow",
    "Why",
]

Needs = Mapping[int, int]
"""By skill, the level from 1 (knows some) to 5 (knows all) that whoever takes it must at least have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """What people decide about a queue.

    name: 1 to 80 characters. kinds: what may stand in it, at least one.
    team_ids: whose people serve it; none: everybody of the workspace who works on cases. needs: what they must know.
    is_by_language: whether they must speak the customer's language, where it is known.
    priority: steps ahead, 0 to 20. step_s: how much longer something seems to have waited for each step, 1 s to a week.
    tiers: by tag of the customer, steps that such a customer is ahead, 0 to 20; of several, the most.
    calendar_id: when it is open; None is always. While it is closed nothing is offered.
    overflow_id, overflow_after_s: into which queue it goes when nobody took it for so long; both or neither.
    choice: who is asked first. same_agent_s: how much longer it seems to have waited to whoever served the customer last; 0 for
        not at all. offer_s: how long an offer stands, 5 to 3600. wrap_s: how long whoever is done with a live contact
        writes up afterwards before the next comes, 0 for not at all. weight: room that one thing takes, 1 to 100.
    """

    name: str
    kinds: tuple[Kind, ...] = (Kind.CASE,)
    team_ids: tuple[int, ...] = ()
    needs: Needs = field(default_factory=dict)
    is_by_language: bool = True
    priority: int = 0
    step_s: int = 600
    tiers: Mapping[str, int] = field(default_factory=dict)
    calendar_id: int | None = None
    overflow_id: int | None = None
    overflow_after_s: int | None = None
    choice: Choice = Choice.LONGEST_IDLE
    same_agent_s: int = 0
    offer_s: int = 30
    wrap_s: int = 0
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A queue as its readers know it. is_open: by its calendar, at this time."""

    id: int
    is_open: bool
    settings: QueueSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """Which cases go into a queue. conditions: as JSON, none hold for every case. tier: steps that they are ahead, 0 to 20.

    needs: what whoever takes them must know beside what the queue asks for.
    """

    queue_id: int
    conditions: Mapping[str, Any] | None = None
    tier: int = 0
    needs: Needs = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """position: its place among the rules; of several that fit, the first one holds."""

    id: int
    position: int
    settings: RuleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWaiting:
    """Something that begins to wait.

    subject_id: the primary key of the case, or of the chat, call or callback as whoever puts it here counts them.
    language: of the customer, such as "ko"; empty when it is not known. needs: beside what the queue asks for.
    priority: steps ahead beside those of the queue, 0 to 20. tier: the same, beside what the queue gives for the customer's tags.
    customer_tags: all tags of the customer.
    last_user_id: who served the customer last, if that is known.
    at: since when it waits; in the past for what waited elsewhere before.
    stands_from: it stands as if it had come in then, before `at` or after it; None: as it did.
    """

    queue_id: int
    kind: Kind
    subject_id: int
    at: datetime
    language: str = ""
    needs: Needs = field(default_factory=dict)
    priority: int = 0
    tier: int = 0
    customer_tags: Collection[str] = ()
    last_user_id: int | None = None
    stands_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """Something that waits, or waited. rank_at: when it would have come in had it no priority; the earliest is next.

    stands_from: as if it had come in when; its entered_at for most.
    needs: all that whoever takes it must know. asked_language: what they must speak, empty where the queue does not ask.
    revision: hand it back with a change that depends on what was seen.
    """

    id: int
    queue_id: int
    kind: Kind
    subject_id: int
    stage: Stage
    entered_at: datetime
    stands_from: datetime
    rank_at: datetime
    priority: int
    tier: int
    needs: Needs
    language: str
    asked_language: str
    last_user_id: int | None
    taken_by_id: int | None
    ended_at: datetime | None
    overflow_count: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why something was offered to this person and no other: the facts, to be worded in the reader's language.

    waited_s: how long it had waited. language: that was asked for, and is spoken; empty for none.
    levels: by skill that was asked for, the level the person has.
    chosen_by: how the person was chosen among several; None when nobody else could take it, or when the person had room and chose
        the work, not the work the person. rivals: how many others could have taken it.
    idle_s: how long the person had had nothing to do. room: how much they had left, a share from 0 to 1.
    is_same_agent: they served the customer last. ahead_s: how much longer it seemed to have waited for its priority and tier.
    given_share, agreed_share: what this workspace got lately of the work and ought to get, when several competed for the person.
    moved_by_id: the supervisor who put it into these hands.
    """

    waited_s: int
    language: str = ""
    levels: Mapping[int, int] = field(default_factory=dict)
    chosen_by: Choice | None = None
    rivals: int = 0
    idle_s: int | None = None
    room: float | None = None
    is_same_agent: bool = False
    ahead_s: int = 0
    overflow_count: int = 0
    given_share: float | None = None
    agreed_share: float | None = None
    moved_by_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """Something put before one person. reason: a code, for refusals and withdrawals (`queues.reasons`)."""

    id: int
    waiting_id: int
    queue_id: int
    kind: Kind
    subject_id: int
    user_id: int
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    outcome: Outcome
    reason: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """How a queue stands. waiting: not offered to anybody at this moment.

    oldest_at: since when the one waits that came first, promised callbacks apart.
    """

    queue_id: int
    waiting: int
    offered: int
    oldest_at: datetime | None
    by_kind: Mapping[Kind, int]
    languages: Collection[str] = ()
