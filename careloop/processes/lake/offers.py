"""When legs of contacts were put before somebody, and how long it rang: pure, from what the log says of offers, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from careloop.domains.queues import events as queues
from careloop.domains.queues.states import Outcome
from careloop.kernel.events import Recorded
from careloop.processes.lake.naming import ours

__all__ = ["NAMES", "rung"]

NAMES: Final = frozenset({"offer.made", "offer.accepted", "offer.ended"})
"""The events that tell it."""

Row = dict[str, Any]


@dataclass(slots=True)
class _Ringing:
    agent_id: str
    offered_at: datetime
    answered_at: datetime | None = None
    is_accepted: bool = False


def rung(segments: Sequence[Row], story: Sequence[Recorded]) -> list[Row]:
    """Return the legs of one contact with when each was offered and how long that rang.

    segments: in their order. story: of the case or chat that waited; offers of before and after the contact are left out.

    Of several offers of a leg it is the one that was taken by whoever answered, else the last: how often it was refused before
    stands in the log. It rings until it is taken, refused or taken back; while it rings there is no length.
    """
    offers = _offers(story)
    found = []
    for place, leg in enumerate(segments):
        until = segments[place + 1]["queued_at"] if place + 1 < len(segments) else leg.get("released_at")
        own = [
            one for one in offers if leg["queued_at"] <= one.offered_at and (until is None or one.offered_at < until)
        ]
        answered = leg.get("answered_at")
        if answered is not None:
            # What is offered after the answer belongs to no waiting of this leg.
            own = [one for one in own if one.offered_at <= answered]
        taken = [one for one in own if one.is_accepted and one.agent_id == leg.get("agent_id")]
        for last in (taken or own)[-1:]:
            leg = leg | {"offered_at": last.offered_at, "ring_s": _length(last)}
        found.append(leg)
    return found


def _offers(story: Sequence[Recorded]) -> list[_Ringing]:
    rows: dict[int, _Ringing] = {}
    for one in story:
        match one.event:
            case queues.OfferMade() as event:
                rows[event.offer_id] = _Ringing(agent_id=ours("user", event.user_id), offered_at=event.at)
            case queues.OfferAccepted() as event if event.offer_id in rows:
                rows[event.offer_id].answered_at, rows[event.offer_id].is_accepted = event.at, True
            case queues.OfferEnded() as event if event.offer_id in rows and event.outcome != Outcome.ACCEPTED:
                rows[event.offer_id].answered_at = event.at
            case _:
                pass
    return sorted(rows.values(), key=lambda row: row.offered_at)


def _length(one: _Ringing) -> float | None:
    return None if one.answered_at is None else max(0.0, (one.answered_at - one.offered_at).total_seconds())
