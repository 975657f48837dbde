"""Rows of the queues domain as their readers know them."""

from typing import Any

from careloop.domains.queues.models import Offer, Queue, Rule, Waiting
from careloop.domains.queues.states import Choice, Kind, Outcome, Stage
from careloop.domains.queues.types import (
    Needs,
    OfferRow,
    QueueRow,
    QueueSettings,
    RuleRow,
    RuleSettings,
    WaitingRow,
    Why,
)

__all__ = ["kept_needs", "kept_why", "needs_of", "offer_row", "queue_row", "rule_row", "waiting_row", "why_of"]


def needs_of(kept: dict[str, int]) -> Needs:
    """Read what is asked for as it is kept in a row."""
    return {int(skill): level for skill, level in kept.items()}


def kept_needs(needs: Needs) -> dict[str, int]:
    """Write what is asked for as it is kept in a row."""
    return {str(skill): level for skill, level in sorted(needs.items())}


def queue_row(queue: Queue) -> QueueRow:
    """Return a queue."""
    return QueueRow(
        id=queue.pk,
        is_open=queue.is_open,
        settings=QueueSettings(
            name=queue.name,
            kinds=tuple(map(Kind, queue.kinds)),
            team_ids=tuple(queue.team_ids),
            needs=needs_of(queue.needs),
            is_by_language=queue.is_by_language,
            priority=queue.priority,
            step_s=queue.step_s,
            tiers=queue.tiers,
            calendar_id=queue.calendar_id,
            overflow_id=queue.overflow_id,
            overflow_after_s=queue.overflow_after_s,
            choice=Choice(queue.choice),
            same_agent_s=queue.same_agent_s,
            offer_s=queue.offer_s,
            wrap_s=queue.wrap_s,
            weight=queue.weight,
        ),
    )


def rule_row(rule: Rule) -> RuleRow:
    """Return a rule."""
    return RuleRow(
        id=rule.pk,
        position=rule.position,
        settings=RuleSettings(
            queue_id=rule.queue_id, conditions=rule.conditions, tier=rule.tier, needs=needs_of(rule.needs)
        ),
    )


def waiting_row(row: Waiting) -> WaitingRow:
    """Return something that waits, with its line."""
    return WaitingRow(
        id=row.pk,
        queue_id=row.queue_id,
        kind=Kind(row.kind),
        subject_id=row.subject_id,
        stage=Stage(row.stage),
        entered_at=row.entered_at,
        stands_from=row.stands_from or row.entered_at,
        rank_at=row.rank_at,
        priority=row.priority,
        tier=row.tier,
        needs=needs_of(row.line.needs),
        language=row.language,
        asked_language=row.line.language,
        last_user_id=row.last_user_id,
        taken_by_id=row.taken_by_id,
        ended_at=row.ended_at,
        overflow_count=row.overflow_count,
        revision=row.revision,
    )


def offer_row(offer: Offer, row: Waiting) -> OfferRow:
    """Return an offer of something."""
    return OfferRow(
        id=offer.pk,
        waiting_id=row.pk,
        queue_id=row.queue_id,
        kind=Kind(row.kind),
        subject_id=row.subject_id,
        user_id=offer.user_id,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        answered_at=offer.answered_at,
        outcome=Outcome(offer.outcome),
        reason=offer.reason,
        why=why_of(offer.why),
    )


def kept_why(why: Why) -> dict[str, Any]:
    """Write the reason of an offer as it is kept: only what there is to say."""
    said = {
        "language": why.language,
        "levels": {str(skill): level for skill, level in why.levels.items()},
        "chosen_by": why.chosen_by,
        "rivals": why.rivals,
        "idle_s": why.idle_s,
        "room": why.room,
        "is_same_agent": why.is_same_agent,
        "ahead_s": why.ahead_s,
        "overflow_count": why.overflow_count,
        "given_share": why.given_share,
        "agreed_share": why.agreed_share,
        "moved_by_id": why.moved_by_id,
    }
    return {"waited_s": why.waited_s, **{key: value for key, value in said.items() if value not in ("", {}, None, 0)}}


def why_of(kept: dict[str, Any]) -> Why:
    """Read the reason of an offer as it is kept."""
    levels = {int(skill): level for skill, level in kept.get("levels", {}).items()}
    chosen_by = Choice(kept["chosen_by"]) if "chosen_by" in kept else None
    return Why(**{**kept, "levels": levels, "chosen_by": chosen_by})
