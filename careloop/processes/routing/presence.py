"""What people do: chosen by themselves or by others, told to every workspace they serve, and found out where they are gone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from procrastinate.contrib.django import app

from careloop.domains.people.attendance import HERE_FOR
from careloop.domains.people.queries import workspaces_served_by
from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.states import Kind, Outcome
from careloop.domains.workforce import services as workforce
from careloop.domains.workforce.events import PresenceChanged
from careloop.domains.workforce.queries import holdings_of
from careloop.domains.workforce.states import LIVE, State
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import Recorded, events_by_id
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.processes.routing.answering import end_offer
from careloop.processes.routing.hands import TAKEN_BACK
from careloop.processes.routing.house import ROUTER

__all__ = ["GONE_AFTER", "change_state", "spread", "take_back_from", "tell"]

GONE_AFTER: Final = HERE_FOR
"""How long nobody hears from somebody's pages before what they were offered and their live contacts are taken back."""


@act
def change_state(*, user_id: int, state: State, reason: str = "", actor: Actor, at: datetime) -> None:
    """Put somebody into a state: oneself, or a colleague as who leads or manages. What they are being offered here is taken back.

    Arguments and refusals as workforce.services.set_state. Records PresenceChanged where it shows, and OfferEnded.
    """
    offer = queues.open_offer_of(user_id)
    if offer is not None and state is not State.AVAILABLE:
        end_offer(offer.id, Outcome.WITHDRAWN, reason="away", actor=actor, at=at)
    workforce.set_state(user_id=user_id, state=state, reason=reason, actor=actor, at=at)


@act
def take_back_from(*, user_id: int, at: datetime) -> None:
    """Take back what somebody who is gone was offered or has live in the workspace in scope; it waits where it stood.

    Their cases stay theirs: nobody waits for them at this moment. They are off work until they say otherwise.

    Records OfferEnded, WaitingTakenBack, PresenceChanged.
    """
    live = [one for one in holdings_of(user_id) if one.workspace_id == current_workspace() and one.kind in LIVE]
    returned = [
        one
        for one in live
        if queue_acts.take_back(
            kind=Kind(one.kind), subject_id=one.subject_id, reason="dropped_off", actor=ROUTER, at=at
        )
        is not None
        # What was taken by hand left its queue, or never was in one: its own domain lets it wait again.
        or Kind(one.kind) in TAKEN_BACK
    ]
    offer = queues.open_offer_of(user_id)
    if offer is not None:
        end_offer(offer.id, Outcome.WITHDRAWN, reason="dropped_off", actor=ROUTER, at=at)
    for one in returned:
        workforce.let_go(kind=one.kind, subject_id=one.subject_id, actor=ROUTER, at=at)
    workforce.put_off_work(user_id=user_id, reason="dropped_off", actor=ROUTER, at=at)
    # Last, because cases and chats are locked after seats, by everybody.
    for one in returned:
        if Kind(one.kind) in TAKEN_BACK:
            TAKEN_BACK[Kind(one.kind)](one.subject_id, user_id, at)


def spread(recorded: Sequence[Recorded]) -> None:
    """Have what people do told to the other workspaces they serve."""
    for one in recorded:
        if isinstance(one.event, PresenceChanged) and not one.event.is_told:
            others = workspaces_served_by(one.subject_id) - {current_workspace()}
            for workspace_id in sorted(others):
                app.configure_task("tell_presence", queueing_lock=f"presence {one.id} {workspace_id}").defer(
                    workspace_id=workspace_id, from_workspace_id=current_workspace(), event_id=one.id
                )


def tell(*, workspace_id: int, from_workspace_id: int, event_id: int) -> None:
    """Record in one workspace what somebody did in another."""
    with workspace_scope(from_workspace_id):
        found = events_by_id([event_id]).get(event_id)
    if found is not None and isinstance(found.event, PresenceChanged):
        with workspace_scope(workspace_id):
            workforce.tell_presence(found.event)
