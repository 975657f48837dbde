"""Cases and queues: what nobody owns waits in one, what somebody owns takes room, and what was missed is found again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from careloop.domains.cases.queries import CasePlace, first_fitting, last_served_by, places_of, unowned_cases
from careloop.domains.chats.queries import live_chat_of_case
from careloop.domains.commitments.queries import call_owed_in
from careloop.domains.customers.errors import CustomerNotFound
from careloop.domains.customers.queries import card
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Stage
from careloop.domains.queues.types import NewWaiting, RuleSettings
from careloop.domains.workforce import services as workforce
from careloop.kernel import clock
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded
from careloop.kernel.scope import remembered
from careloop.kernel.timers import set_timer
from careloop.processes.routing.house import ROUTER
from careloop.processes.routing.supervising import leave

__all__ = ["PLACE", "fitting_rule", "language_and_tags", "place_case", "place_soon", "sweep"]

PLACE: Final = "routing.place"
"""The timer that looks at a case after something happened to it, in a transaction of its own: many seats may hang on a batch."""


def place_soon(recorded: Sequence[Recorded]) -> None:
    """Have cases looked at to which something happened, where the workspace has queues."""
    if not remembered("queues.any", queues.has_queues):
        return
    for case_id in sorted({one.subject_id for one in recorded}):
        set_timer(kind=PLACE, subject_id=case_id, due_at=clock.now())


@act
def place_case(*, case_id: int, at: datetime) -> None:
    """Let a case wait, or not, by how it lies now, and count it with whoever has it; done twice, nothing changes.

    While a chat about it goes on, it is the chat that waits, or is had; so it is with a callback that stands in a queue.
    Otherwise a case that nobody has and that is ours to do waits in the queue of the first rule that it fits; one that fits
    none waits in no queue. Where whoever leads moved it into another queue, it stays there.

    Records WaitingEntered or WaitingLeft, and PresenceChanged where it shows.
    """
    place = places_of([case_id]).get(case_id)
    if live_chat_of_case(case_id) is not None:
        # Whoever has the chat has the case; until the chat is over only the chat waits, and takes room.
        leave(kind=Kind.CASE, subject_id=case_id, reason="chat", actor=ROUTER, at=at)
        workforce.let_go(kind=Kind.CASE, subject_id=case_id, actor=ROUTER, at=at)
        return
    waited = queues.waiting_of_subject(kind=Kind.CASE, subject_id=case_id)
    is_waiting = waited is not None and waited.stage in {Stage.WAITING, Stage.OFFERED}
    if place is None or not place.is_ours_to_do:
        if is_waiting:
            leave(kind=Kind.CASE, subject_id=case_id, reason="over", actor=ROUTER, at=at)
        workforce.let_go(kind=Kind.CASE, subject_id=case_id, actor=ROUTER, at=at)
    elif place.assignee_id is not None:
        if is_waiting:
            leave(kind=Kind.CASE, subject_id=case_id, reason="assigned", actor=ROUTER, at=at)
        weight = 1 if waited is None else queues.house_queue(waited.queue_id).settings.weight
        workforce.hold(
            user_id=place.assignee_id, kind=Kind.CASE, subject_id=case_id, weight=weight, actor=ROUTER, at=at
        )
    else:
        workforce.let_go(kind=Kind.CASE, subject_id=case_id, actor=ROUTER, at=at)
        if _has_callback(case_id):
            leave(kind=Kind.CASE, subject_id=case_id, reason="callback", actor=ROUTER, at=at)
            return
        new = None if is_waiting else _fitting(place, at)
        if new is not None:
            queue_acts.enter(new, actor=ROUTER, at=at)


def sweep(*, after: tuple[int, int], limit: int, at: datetime) -> tuple[int, int]:
    """Look at some cases again that ought to wait, and at some that do, and return how far that came: for whatever was missed.

    after: how far it came last time, (0, 0) for the beginning, to which it returns from the end.
    """
    if not queues.has_queues():
        return 0, 0
    unowned = unowned_cases(after=after[0], limit=limit)
    waiting = queues.subjects_waiting(kind=Kind.CASE, after=after[1], limit=limit)
    known = set(queues.subjects_among(kind=Kind.CASE, subject_ids=unowned))
    still = set(_that_may_wait(waiting))
    for case_id in sorted((set(unowned) - known) | (set(waiting) - still)):
        place_case(case_id=case_id, at=at)
    return (unowned[-1] if len(unowned) == limit else 0, waiting[-1] if len(waiting) == limit else 0)


def _that_may_wait(case_ids: Sequence[int]) -> list[int]:
    """Return those of some cases that nobody has and that are ours to do."""
    return [place.id for place in places_of(case_ids).values() if place.is_ours_to_do and place.assignee_id is None]


def fitting_rule(place: CasePlace, at: datetime) -> RuleSettings | None:
    """Return the first rule that a case fits; None where it fits none."""
    rules = queues.house_rules()
    fit = first_fitting([place.id], [rule.settings.conditions or {} for rule in rules], now=at).get(place.id)
    return None if fit is None or fit.index is None else rules[fit.index].settings


def language_and_tags(customer_id: int) -> tuple[str, Collection[str]]:
    """Return what a customer speaks, empty where nobody knows, and all their tags."""
    try:
        customer = card(customer_id=customer_id, viewer=ROUTER)
    except CustomerNotFound:
        return "", ()
    return customer.language, customer.tags


def _has_callback(case_id: int) -> bool:
    """Say whether a call that is owed in a case waits in a queue, or is in somebody's hands by way of one."""
    clock_id = call_owed_in(case_id)
    waited = queues.waiting_of_subject(kind=Kind.CALLBACK, subject_id=clock_id) if clock_id is not None else None
    return waited is not None and waited.stage is not Stage.LEFT


def _fitting(place: CasePlace, at: datetime) -> NewWaiting | None:
    """Return how a case waits by the first rule it fits; None where it fits none."""
    settings = fitting_rule(place, at)
    if settings is None:
        return None
    language, tags = language_and_tags(place.requester_id)
    return NewWaiting(
        queue_id=settings.queue_id,
        kind=Kind.CASE,
        subject_id=place.id,
        at=min(place.waits_since, at),
        language=language,
        needs=settings.needs,
        priority=place.priority - 1,
        tier=settings.tier,
        customer_tags=tags,
        last_user_id=last_served_by(place.requester_id, besides=place.id),
    )
