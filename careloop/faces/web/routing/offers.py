"""What somebody is offered, in words, wherever it comes from."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from careloop.domains.cases.queries import case_briefs
from careloop.domains.commitments.states import Measure
from careloop.domains.customers.queries import rows_of
from careloop.domains.people.queries import actor_for, memberships_of, names_of
from careloop.domains.people.types import MembershipRow
from careloop.domains.queues.queries import open_offer_of
from careloop.domains.queues.rules import may_serve
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import OfferRow, Why
from careloop.domains.workforce.queries import skill_names
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.floor.wording import joined
from careloop.processes.routing.subjects import NOTHING, about
from careloop.processes.routing.wording import reasons_of

__all__ = ["OfferShown", "offer_anywhere", "words_of_why"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferShown:
    """One offer as its person reads it.

    key: tells it from every other. workspace_key: where it belongs; workspace: its name, where that is not the page's own, else
    empty. kind: such as "Case". title, who: what it is about, and whose. why: in words. seconds: left, of of_seconds;
    left: the same in words. due_at: by when we promised something to whoever waits, or None; promised: what that is.
    """

    id: int
    key: str
    workspace_key: str
    workspace: str
    kind: str | Promise
    title: str
    who: str
    why: str
    seconds: int
    of_seconds: int
    left: str
    due_at: datetime | None = None
    promised: str | Promise = ""


def offer_anywhere(*, user_id: int, page_workspace_id: int) -> OfferShown | None:
    """Return what somebody is offered in any of their workspaces; there is at most one such thing in all of them.

    page_workspace_id: of the page it is shown on, which is looked at first. Opens a scope for each workspace, one after another.
    """
    places = memberships_of(user_id)
    for place in sorted(places, key=lambda place: place.workspace_id != page_workspace_id):
        with workspace_scope(place.workspace_id):
            actor = actor_for(user_id, place.workspace_id)
            offer = open_offer_of(user_id) if actor is not None and may_serve(actor) else None
            now = clock.now()
            if offer is not None and offer.expires_at > now:
                return _shown(offer, place, is_elsewhere=place.workspace_id != page_workspace_id, now=now)
    return None


def words_of_why(why: Why) -> str:
    """Return why the reader was asked, as one line."""
    people = names_of([why.moved_by_id] if why.moved_by_id is not None else [])
    return joined(reasons_of(why, skills=skill_names(why.levels.keys()), people=people, is_own=True))


def _shown(offer: OfferRow, place: MembershipRow, *, is_elsewhere: bool, now: datetime) -> OfferShown:
    told = about([offer]).get((offer.kind, offer.subject_id), NOTHING)
    brief = case_briefs([told.case_id]).get(told.case_id)
    seconds = max(1, round((offer.expires_at - now).total_seconds()))
    customer = rows_of([brief.requester_id]).get(brief.requester_id) if brief is not None else None
    return OfferShown(
        id=offer.id,
        key=f"{place.workspace_id}-{offer.id}",
        workspace_key=place.key,
        workspace=place.name if is_elsewhere else "",
        kind=offer.kind.label,
        title=f"#{brief.number} {brief.subject}" if brief is not None else f"{offer.kind.label} {offer.subject_id}",
        who=customer.name if customer is not None else "",
        why=words_of_why(offer.why),
        due_at=told.due_at,
        promised=(Measure.CALLBACK if offer.kind is Kind.CALLBACK else Measure.WAIT).label,
        seconds=seconds,
        left=_("{seconds} s left").format(seconds=seconds),
        of_seconds=max(1, round((offer.expires_at - offer.offered_at).total_seconds())),
    )
