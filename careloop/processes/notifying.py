"""Who of ours hears about what."""

from careloop.domains.cases.events import (
    CaseAnswered,
    CaseAssigned,
    CaseFollowed,
    CaseNoted,
    CaseReopened,
    CaseSolved,
    CustomerAnsweredBack,
    ThirdPartyAnswered,
)
from careloop.domains.cases.queries import case_brief, followers_of, visible_case_ids
from careloop.domains.conversations.events import DeliveryChanged
from careloop.domains.conversations.queries import message_row
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.notifications.services import notify
from careloop.domains.notifications.types import Kind
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.events import Recorded

__all__ = ["tell_about_case", "tell_about_delivery"]

NOTICES = Actor(kind=ActorKind.HOUSE, name="notices")


def tell_about_case(recorded: Recorded) -> None:
    """Tell the assignee, the mentioned and the followers of a case what happened, each once and never about their own act."""
    event = recorded.event
    if getattr(event, "is_quiet", False):
        return
    case = case_brief(recorded.subject_id)
    told: dict[int, Kind] = {}
    match event:
        case CaseAssigned():
            if event.now[1] is not None and event.now[1] != event.was[1]:
                told[event.now[1]] = Kind.ASSIGNED
        case CaseFollowed():
            told = {event.user_id: Kind.MADE_FOLLOWER}
        case CaseNoted():
            told = dict.fromkeys(followers_of(case.id), Kind.FOLLOWED_CHANGED) | dict.fromkeys(
                event.mentions, Kind.MENTIONED
            )
        case CustomerAnsweredBack() | ThirdPartyAnswered():
            told = dict.fromkeys(followers_of(case.id), Kind.FOLLOWED_CHANGED)
            if case.assignee_id is not None:
                told[case.assignee_id] = Kind.CUSTOMER_WROTE
        case CaseAnswered() | CaseSolved() | CaseReopened():
            told = dict.fromkeys(followers_of(case.id), Kind.FOLLOWED_CHANGED)
    _notify(recorded, case.id, case.number, told)


def tell_about_delivery(recorded: Recorded) -> None:
    """Tell the writer of an answer that it did not arrive."""
    event = recorded.event
    if not isinstance(event, DeliveryChanged) or event.now not in {
        DeliveryState.BOUNCED,
        DeliveryState.FAILED,
        DeliveryState.UNCERTAIN,
    }:
        return
    message = message_row(event.message_id)
    if message is None or message.user_id is None:
        return
    for case_id in visible_case_ids([message.conversation_id], viewer=NOTICES).values():
        _notify(recorded, case_id, case_brief(case_id).number, {message.user_id: Kind.DELIVERY_FAILED})


def _notify(recorded: Recorded, case_id: int, number: int, told: dict[int, Kind]) -> None:
    notify(
        recipients={user_id: kind for user_id, kind in told.items() if recorded.event.actor != f"user:{user_id}"},
        case_id=case_id,
        case_number=number,
        actor=recorded.event.actor,
        event_id=recorded.id,
        at=recorded.event.at,
    )
