"""Queues, what waits in them, offers, and people at work."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.domains.queues.types import OfferRow, QueueRow, QueueSettings, RuleRow, WaitingRow, Why
from careloop.domains.workforce.types import PersonProfile, SeatRow, ShareRow
from careloop.faces.api.shapes.common import Asked, Given, Id, Shown
from careloop.processes.floor import WaitingThere

__all__ = [
    "CapacityGiven",
    "HandGiven",
    "LanguagesGiven",
    "OfferList",
    "OfferShown",
    "ProfileList",
    "ProfileShown",
    "QueueGiven",
    "QueueList",
    "QueueRuleGiven",
    "QueueRuleList",
    "QueueShown",
    "RefusalGiven",
    "SeatGiven",
    "SeatList",
    "SeatShown",
    "ShareGiven",
    "ShareShown",
    "SkillGiven",
    "SkillList",
    "SkillsGiven",
    "WaitingAsked",
    "WaitingMoveGiven",
    "WaitingPage",
    "WaitingShown",
    "offer_shown",
    "profile_shown",
    "queue_shown",
    "rule_shown",
    "seat_shown",
    "settings_of",
    "share_shown",
    "waiting_shown",
]

KindName = Literal["case", "chat", "call", "callback"]
Level = Annotated[int, Field(ge=1, le=5)]
# Keys of JSON are text: the primary key of a skill.
Levels = Annotated[dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")], Level], Field(max_length=200)]
Steps = Annotated[int, Field(ge=0, le=20)]
Week = Annotated[int, Field(ge=0, le=604_800)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]
StateName = Literal[
    "available", "aux_productive", "training", "coaching", "meeting", "break", "system_issue", "offline"
]


class QueueGiven(Given):
    """By which rules what waits is given to people.

    team_ids: whose people serve it; none: everybody. needs: by skill, the level from 1 to 5 that is asked for.
    tiers: by tag of the customer, steps ahead.
    step_seconds: how much longer something seems to have waited for each step of its priority.
    overflow_queue_id, overflow_after_seconds: where it goes when nobody takes it, and when; both or neither.
    same_agent_seconds: how much longer it seems to have waited to whoever served the customer last.
    """

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
    kinds: Annotated[list[KindName], Field(min_length=1, max_length=4)] = ["case"]
    team_ids: Annotated[list[Id], Field(max_length=100)] = []
    needs: Levels = {}
    is_by_language: bool = True
    priority: Steps = 0
    tiers: Annotated[dict[str, Steps], Field(max_length=100)] = {}
    step_seconds: Annotated[int, Field(ge=1, le=604_800)] = 600
    calendar_id: Id | None = None
    overflow_queue_id: Id | None = None
    overflow_after_seconds: Annotated[int, Field(ge=1, le=604_800)] | None = None
    choice: Literal["longest_idle", "round_robin", "least_busy", "best_skilled"] = "longest_idle"
    same_agent_seconds: Week = 0
    offer_seconds: Annotated[int, Field(ge=5, le=3600)] = 30
    wrap_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    weight: Annotated[int, Field(ge=1, le=100)] = 1


class QueueShown(Shown):
    """is_open: by its calendar, at this moment."""

    id: int
    is_open: bool
    name: str
    kinds: list[str]
    team_ids: list[int]
    needs: dict[str, int]
    is_by_language: bool
    priority: int
    tiers: dict[str, int]
    step_seconds: int
    calendar_id: int | None
    overflow_queue_id: int | None
    overflow_after_seconds: int | None
    choice: str
    same_agent_seconds: int
    offer_seconds: int
    wrap_seconds: int
    weight: int


class QueueList(Shown):
    """By name."""

    items: list[QueueShown]


class QueueRuleGiven(Given):
    """Which cases go into a queue. conditions: a tree (docs/reference/conditions.md); an empty one holds for every case."""

    queue_id: Id
    conditions: dict[str, Any] = {}
    tier: Steps = 0
    needs: Levels = {}


class QueueRuleShown(Shown):
    """place: 0 is asked first. tier: steps of priority ahead."""

    id: int
    place: int
    queue_id: int
    conditions: dict[str, Any]
    tier: int
    needs: dict[str, int]


class QueueRuleList(Shown):
    """In the order in which they are asked: of several that fit a case, the first one holds."""

    items: list[QueueRuleShown]


class SkillGiven(Given):
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]


class SkillShown(Shown):
    """people_count: who has it at any level, in the whole operation."""

    id: int
    name: str
    people_count: int


class SkillList(Shown):
    """By name."""

    items: list[SkillShown]


class SkillsGiven(Given):
    """All that somebody knows: by skill, a level from 1 to 5."""

    levels: Levels


class LanguagesGiven(Given):
    """All that somebody speaks well enough to serve in."""

    languages: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=10, pattern=r"^[A-Za-z-]+$")]], Field(max_length=50)
    ]


class CapacityGiven(Given):
    """room: for everything together, in weights. most: by kind, the most at a time; a kind that is not there is not given."""

    room: Annotated[int, Field(ge=0, le=1000)]
    most: dict[KindName, Annotated[int, Field(ge=0, le=1000)]]


class ProfileShown(Shown):
    """What somebody knows, speaks and holds at a time, in the whole operation."""

    user_id: int
    levels: dict[str, int]
    languages: list[str]
    room: int
    most: dict[str, int]


class ProfileList(Shown):
    """By name; at most 500."""

    items: list[ProfileShown]


class SeatGiven(Given):
    """reason: a code that goes with the state, or empty."""

    state: StateName
    reason: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")] = ""


class SeatShown(Shown):
    """What somebody does. chosen: what they, or somebody for them, chose; state: what they do.

    forced_by: who put them there, such as “user:7”, or empty. held: by kind, how much they have in hand; load: the weights of it.
    """

    user_id: int
    state: str
    reason: str
    chosen: str
    since: datetime
    forced_by: str
    held: dict[str, int]
    load: int
    room: int
    idle_since: datetime | None


class SeatList(Shown):
    """Of everybody who ever had a state, by name; at most 500."""

    items: list[SeatShown]


class ShareGiven(Given):
    """agreed: the weight of the workspace among the programs of the operation."""

    agreed: Annotated[float, Field(gt=0.0, le=1000.0)]


class ShareShown(Shown):
    """agreed_share, given_share: of all programs, from 0 to 1; null when nothing was given to anybody lately."""

    agreed: float
    agreed_share: float
    given_share: float | None


class WhyShown(Shown):
    """Why somebody was asked: facts, to be worded by whoever shows them. docs/reasons/routing.md."""

    waited_seconds: int
    language: str
    levels: dict[str, int]
    chosen_by: str | None
    rivals: int
    idle_seconds: int | None
    room: float | None
    is_same_agent: bool
    ahead_seconds: int
    overflow_count: int
    given_share: float | None
    agreed_share: float | None
    moved_by_id: int | None


class OfferShown(Shown):
    """outcome: open, accepted, refused, expired or withdrawn. reason: a code for a refusal or a withdrawal, or empty."""

    id: int
    waiting_id: int
    queue_id: int
    kind: str
    subject_id: int
    user_id: int
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    outcome: str
    reason: str
    why: WhyShown


class OfferList(Shown):
    """What the token's maker is being offered in this workspace: nothing, or one thing."""

    items: list[OfferShown]


class RefusalGiven(Given):
    reason: Literal["busy", "not_mine", "language", "conflict", "technical"]


class LackingShown(Shown):
    """Why nobody gets it. lack: closed, nobody_serves, language, skill, together, nobody_here, all_busy or nobody_yet.

    is_anywhere: somebody who serves the queue has it, but is off work. people_count: who could take it and is here.
    """

    lack: str
    language: str
    skill_id: int | None
    level: int
    is_anywhere: bool
    people_count: int


class WaitingShown(Shown):
    """case_number: of the case that it is, or is about, where it may be seen. revision: hand it back with a move.

    due_at: by when a customer was promised a call, or somebody in their chat; null for everything else.
    """

    id: int
    queue_id: int
    kind: str
    subject_id: int
    case_number: int | None
    stage: str
    entered_at: datetime
    due_at: datetime | None
    rank_at: datetime
    priority: int
    tier: int
    needs: dict[str, int]
    language: str
    taken_by_id: int | None
    revision: int
    offer: OfferShown | None
    refusals: list[OfferShown]
    lacking: LackingShown | None


class WaitingPage(Shown):
    """What waits or is being offered, the next one first. next_after: ask for what is behind; null at the end."""

    items: list[WaitingShown]
    next_after: str | None


class WaitingAsked(Asked):
    """after: as `next_after` of the page before."""

    after: Annotated[str, Field(max_length=80)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class WaitingMoveGiven(Given):
    """revision: what was seen; a move of something that changed meanwhile is refused. Null moves it all the same."""

    queue_id: Id
    revision: Revision | None = None


class HandGiven(Given):
    """user_id: into whose hands. revision: as with a move."""

    user_id: Id
    revision: Revision | None = None


def settings_of(settings: QueueSettings) -> dict[str, Any]:
    """Return what was said about a queue as machines read it."""
    return {
        "name": settings.name,
        "kinds": [kind.value for kind in settings.kinds],
        "team_ids": list(settings.team_ids),
        "needs": _levels(settings.needs),
        "is_by_language": settings.is_by_language,
        "priority": settings.priority,
        "tiers": dict(settings.tiers),
        "step_seconds": settings.step_s,
        "calendar_id": settings.calendar_id,
        "overflow_queue_id": settings.overflow_id,
        "overflow_after_seconds": settings.overflow_after_s,
        "choice": settings.choice.value,
        "same_agent_seconds": settings.same_agent_s,
        "offer_seconds": settings.offer_s,
        "wrap_seconds": settings.wrap_s,
        "weight": settings.weight,
    }


def queue_shown(row: QueueRow) -> dict[str, Any]:
    """Return a queue as machines read it."""
    return {"id": row.id, "is_open": row.is_open, **settings_of(row.settings)}


def rule_shown(row: RuleRow) -> dict[str, Any]:
    """Return a rule as machines read it."""
    return {
        "id": row.id,
        "place": row.position,
        "queue_id": row.settings.queue_id,
        "conditions": dict(row.settings.conditions or {}),
        "tier": row.settings.tier,
        "needs": _levels(row.settings.needs),
    }


def profile_shown(row: PersonProfile) -> dict[str, Any]:
    """Return what somebody can as machines read it."""
    return {
        "user_id": row.user_id,
        "levels": _levels(row.levels),
        "languages": sorted(row.languages),
        "room": row.capacity.room,
        "most": dict(row.capacity.most),
    }


def seat_shown(row: SeatRow) -> dict[str, Any]:
    """Return what somebody does as machines read it."""
    return {
        "user_id": row.user_id,
        "state": row.state.value,
        "reason": row.reason,
        "chosen": row.chosen.value,
        "since": row.since,
        "forced_by": row.forced_by,
        "held": dict(row.held),
        "load": row.load,
        "room": row.capacity.room,
        "idle_since": row.idle_since,
    }


def share_shown(row: ShareRow) -> dict[str, Any]:
    """Return a workspace's share as machines read it."""
    return {"agreed": row.agreed_weight, "agreed_share": row.agreed_share, "given_share": row.given_share}


def offer_shown(row: OfferRow) -> dict[str, Any]:
    """Return an offer as machines read it."""
    return {
        "id": row.id,
        "waiting_id": row.waiting_id,
        "queue_id": row.queue_id,
        "kind": row.kind.value,
        "subject_id": row.subject_id,
        "user_id": row.user_id,
        "offered_at": row.offered_at,
        "expires_at": row.expires_at,
        "answered_at": row.answered_at,
        "outcome": row.outcome.value,
        "reason": row.reason,
        "why": _why(row.why),
    }


def waiting_shown(one: WaitingThere) -> dict[str, Any]:
    """Return what waits as machines read it."""
    row: WaitingRow = one.row
    return {
        "id": row.id,
        "queue_id": row.queue_id,
        "kind": row.kind.value,
        "subject_id": row.subject_id,
        "case_number": one.case.number if one.case is not None else None,
        "stage": row.stage.value,
        "entered_at": row.entered_at,
        "due_at": one.due_at,
        "rank_at": row.rank_at,
        "priority": row.priority,
        "tier": row.tier,
        "needs": _levels(row.needs),
        "language": one.language,
        "taken_by_id": row.taken_by_id,
        "revision": row.revision,
        "offer": offer_shown(one.offer) if one.offer is not None else None,
        "refusals": [offer_shown(offer) for offer in one.refusals],
        "lacking": one.lacking,
    }


def _why(why: Why) -> dict[str, Any]:
    return {
        "waited_seconds": why.waited_s,
        "language": why.language,
        "levels": _levels(why.levels),
        "chosen_by": why.chosen_by.value if why.chosen_by is not None else None,
        "rivals": why.rivals,
        "idle_seconds": why.idle_s,
        "room": why.room,
        "is_same_agent": why.is_same_agent,
        "ahead_seconds": why.ahead_s,
        "overflow_count": why.overflow_count,
        "given_share": why.given_share,
        "agreed_share": why.agreed_share,
        "moved_by_id": why.moved_by_id,
    }


def _levels(levels: Any) -> dict[str, int]:
    return {str(skill): level for skill, level in levels.items()}
