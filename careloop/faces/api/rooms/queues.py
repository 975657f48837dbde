"""Queues, the rules into them, what waits, and the offers of it."""

from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from careloop.domains.people.types import Scope
from careloop.domains.queues import queries
from careloop.domains.queues import services as acts
from careloop.domains.queues.errors import WaitingNotFound
from careloop.domains.queues.states import Choice, Kind
from careloop.domains.queues.types import QueueSettings, RuleSettings
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.routing import (
    HandGiven,
    OfferList,
    OfferShown,
    QueueGiven,
    QueueList,
    QueueRuleGiven,
    QueueRuleList,
    QueueShown,
    RefusalGiven,
    WaitingAsked,
    WaitingMoveGiven,
    WaitingPage,
    WaitingShown,
    offer_shown,
    queue_shown,
    rule_shown,
    waiting_shown,
)
from careloop.faces.api.shapes.settings import PlaceGiven
from careloop.faces.api.visits import Visit, visit_of
from careloop.processes import floor
from careloop.processes.routing import answering, keeping, supervising

__all__ = ["room"]

room = Room()


@room.opens("GET", "/queues", Scope.CASES_READ, QueueList)
def list_queues(request: HttpRequest) -> Any:
    """List the queues in use."""
    return {"items": [queue_shown(row) for row in queries.queues_of(visit_of(request).actor)]}


@room.opens("POST", "/queues", Scope.SETTINGS_WRITE, QueueShown, status=201, also=[Scope.CASES_READ])
def create_queue(request: HttpRequest, given: QueueGiven) -> Any:
    """Make a queue."""
    visit = visit_of(request)
    made = keeping.make_queue(settings=_settings(given), actor=visit.actor, at=visit.at)
    return Status(201, _queue(visit, made))


@room.opens("GET", "/queues/{queue_id}", Scope.CASES_READ, QueueShown)
def get_queue(request: HttpRequest, queue_id: PathId) -> Any:
    """Get a queue."""
    return _queue(visit_of(request), queue_id)


@room.opens("PUT", "/queues/{queue_id}", Scope.SETTINGS_WRITE, QueueShown, also=[Scope.CASES_READ])
def change_queue(request: HttpRequest, queue_id: PathId, given: QueueGiven) -> Any:
    """Change a queue; what waits in it is put in order anew."""
    visit = visit_of(request)
    _queue(visit, queue_id)
    keeping.change_queue(queue_id=queue_id, settings=_settings(given), actor=visit.actor, at=visit.at)
    return _queue(visit, queue_id)


@room.opens("POST", "/queues/{queue_id}/retirement", Scope.SETTINGS_WRITE, None, status=204)
def retire_queue(request: HttpRequest, queue_id: PathId) -> Any:
    """Take a queue out of use, and the rules into it with it."""
    visit = visit_of(request)
    acts.retire_queue(queue_id=queue_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/queue-rules", Scope.CASES_READ, QueueRuleList)
def list_queue_rules(request: HttpRequest) -> Any:
    """List which cases go into which queue, in the order in which it is asked."""
    return _rules(visit_of(request))


@room.opens("POST", "/queue-rules", Scope.SETTINGS_WRITE, QueueRuleList, status=201, also=[Scope.CASES_READ])
def create_queue_rule(request: HttpRequest, given: QueueRuleGiven) -> Any:
    """Say which cases go into a queue; the rule is asked last."""
    visit = visit_of(request)
    keeping.make_rule(settings=_rule(given), actor=visit.actor, at=visit.at)
    return Status(201, _rules(visit))


@room.opens("PUT", "/queue-rules/{queue_rule_id}", Scope.SETTINGS_WRITE, QueueRuleList, also=[Scope.CASES_READ])
def change_queue_rule(request: HttpRequest, queue_rule_id: PathId, given: QueueRuleGiven) -> Any:
    """Say something else about which cases go into a queue, for those that come from now on."""
    visit = visit_of(request)
    keeping.change_rule(rule_id=queue_rule_id, settings=_rule(given), actor=visit.actor, at=visit.at)
    return _rules(visit)


@room.opens("POST", "/queue-rules/{queue_rule_id}/place", Scope.SETTINGS_WRITE, QueueRuleList, also=[Scope.CASES_READ])
def move_queue_rule(request: HttpRequest, queue_rule_id: PathId, given: PlaceGiven) -> Any:
    """Ask a rule earlier or later than others."""
    visit = visit_of(request)
    acts.move_rule(rule_id=queue_rule_id, position=given.place, actor=visit.actor, at=visit.at)
    return _rules(visit)


@room.opens("DELETE", "/queue-rules/{queue_rule_id}", Scope.SETTINGS_WRITE, None, status=204)
def remove_queue_rule(request: HttpRequest, queue_rule_id: PathId) -> Any:
    """Ask a rule no more; what waits because of it stays."""
    visit = visit_of(request)
    acts.remove_rule(rule_id=queue_rule_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("GET", "/waiting", Scope.CASES_READ, WaitingPage, also=[Scope.PEOPLE_READ])
def list_waiting(request: HttpRequest, asked: Query[WaitingAsked]) -> Any:
    """List what waits or is being offered, the next one first, with why nobody gets it."""
    visit = visit_of(request)
    found = floor.waiting_there(visit.actor, after=_mark(asked.after), limit=asked.limit + 1)
    shown, last = found[: asked.limit], found[asked.limit - 1].row if len(found) > asked.limit else None
    return {
        "items": [waiting_shown(one) for one in shown],
        "next_after": f"{last.rank_at.isoformat()},{last.id}" if last is not None else None,
    }


@room.opens("GET", "/waiting/{waiting_id}", Scope.CASES_READ, WaitingShown, also=[Scope.PEOPLE_READ])
def get_waiting(request: HttpRequest, waiting_id: PathId) -> Any:
    """Get one thing that waits, or waited."""
    return waiting_shown(floor.waiting_one(visit_of(request).actor, waiting_id=waiting_id))


@room.opens("POST", "/waiting/{waiting_id}/queue", Scope.CASES_WRITE, WaitingShown, also=[Scope.PEOPLE_READ])
def move_waiting(request: HttpRequest, waiting_id: PathId, given: WaitingMoveGiven) -> Any:
    """Move something that waits into another queue; an open offer of it is taken back."""
    visit = visit_of(request)
    supervising.move(
        waiting_id=waiting_id, queue_id=given.queue_id, revision=given.revision, actor=visit.actor, at=visit.at
    )
    return waiting_shown(floor.waiting_one(visit.actor, waiting_id=waiting_id))


@room.opens("POST", "/waiting/{waiting_id}/person", Scope.CASES_WRITE, WaitingShown, also=[Scope.PEOPLE_READ])
def hand_waiting(request: HttpRequest, waiting_id: PathId, given: HandGiven) -> Any:
    """Put something that waits into somebody's hands; an open offer of it is taken back."""
    visit = visit_of(request)
    supervising.hand_to(
        waiting_id=waiting_id, user_id=given.user_id, revision=given.revision, actor=visit.actor, at=visit.at
    )
    return waiting_shown(floor.waiting_one(visit.actor, waiting_id=waiting_id))


@room.opens("GET", "/me/offers", Scope.CASES_READ, OfferList)
def list_my_offers(request: HttpRequest) -> Any:
    """List what one is being offered in this workspace: nothing, or one thing, with the reason."""
    offer = queries.open_offer_of(visit_of(request).actor.id)
    return {"items": [offer_shown(offer)] if offer is not None else []}


@room.opens("POST", "/offers/{offer_id}/acceptance", Scope.CASES_WRITE, OfferShown)
def accept_offer(request: HttpRequest, offer_id: PathId) -> Any:
    """Take what one is being offered; asked twice, it is taken once."""
    visit = visit_of(request)
    return offer_shown(answering.accept(offer_id=offer_id, actor=visit.actor, at=visit.at))


@room.opens("POST", "/offers/{offer_id}/refusal", Scope.CASES_WRITE, None, status=204)
def refuse_offer(request: HttpRequest, offer_id: PathId, given: RefusalGiven) -> Any:
    """Leave what one is being offered to others, and say why."""
    visit = visit_of(request)
    answering.refuse(offer_id=offer_id, reason=given.reason, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _queue(visit: Visit, queue_id: int) -> dict[str, Any]:
    return queue_shown(queries.queue_of(visit.actor, queue_id=queue_id))


def _rules(visit: Visit) -> dict[str, Any]:
    return {"items": [rule_shown(row) for row in queries.rules_of(visit.actor)]}


def _settings(given: QueueGiven) -> QueueSettings:
    return QueueSettings(
        name=given.name,
        kinds=tuple(Kind(kind) for kind in dict.fromkeys(given.kinds)),
        team_ids=tuple(dict.fromkeys(given.team_ids)),
        needs={int(skill): level for skill, level in given.needs.items()},
        is_by_language=given.is_by_language,
        priority=given.priority,
        tiers=dict(given.tiers),
        step_s=given.step_seconds,
        calendar_id=given.calendar_id,
        overflow_id=given.overflow_queue_id,
        overflow_after_s=given.overflow_after_seconds,
        choice=Choice(given.choice),
        same_agent_s=given.same_agent_seconds,
        offer_s=given.offer_seconds,
        wrap_s=given.wrap_seconds,
        weight=given.weight,
    )


def _rule(given: QueueRuleGiven) -> RuleSettings:
    needs = {int(skill): level for skill, level in given.needs.items()}
    return RuleSettings(queue_id=given.queue_id, conditions=given.conditions, tier=given.tier, needs=needs)


def _mark(text: str) -> Any:
    """Read from where a page goes on; None for the beginning. Raises WaitingNotFound."""
    if not text:
        return None
    at, _comma, key = text.replace(" ", "+").partition(",")
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not (key.isascii() and key.isdigit() and len(key) < 19):
        raise WaitingNotFound(_("This page does not exist. Begin at the first one."))
    return moment, int(key)
