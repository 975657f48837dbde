"""Where a case stands in its queue, or by which way it came to whoever has it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.queues.queries import offers_of, queue_names, waiting_of_subject
from careloop.domains.queues.rules import may_see_queues
from careloop.domains.queues.states import Kind, Outcome, Stage
from careloop.domains.queues.types import OfferRow
from careloop.domains.workforce.queries import skill_names
from careloop.kernel.actors import Actor
from careloop.processes.floor import waiting_one
from careloop.processes.floor.wording import joined, lack_said
from careloop.processes.routing.wording import reasons_of

__all__ = ["InQueue", "in_queue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InQueue:
    """How a case stands in a queue. waits_since: None once somebody took it. stands: where it is, and why, in a sentence.

    why: the phrases for which somebody was asked, as one line; empty where nobody was.
    """

    queue: str
    waits_since: datetime | None
    stands: str
    why: str = ""


def in_queue(case_id: int, *, viewer: Actor, clock_id: int | None = None) -> InQueue | None:
    """Return how a case that the viewer may see stands in its queue, or the callback that is owed in it.

    clock_id: of the callback; None where none is owed. None when it never waited, or left before anybody took it.
    """
    if not may_see_queues(viewer):
        return None
    row = waiting_of_subject(kind=Kind.CALLBACK, subject_id=clock_id) if clock_id is not None else None
    if row is None or row.stage is Stage.LEFT:
        row = waiting_of_subject(kind=Kind.CASE, subject_id=case_id)
    if row is None or row.stage is Stage.LEFT:
        return None
    queue = queue_names([row.queue_id]).get(row.queue_id, "")
    if row.stage is Stage.WAITING:
        found = waiting_one(viewer, waiting_id=row.id)
        stands = lack_said(found.lacking, skills=skill_names(row.needs.keys())) if found.lacking is not None else ""
        return InQueue(queue=queue, waits_since=row.entered_at, stands=stands)
    wanted = Outcome.OPEN if row.stage is Stage.OFFERED else Outcome.ACCEPTED
    made = [offer for offer in offers_of(viewer, waiting_ids=[row.id]).get(row.id, ()) if offer.outcome is wanted]
    offer = made[-1] if made else None
    person = names_of([row.taken_by_id or (offer.user_id if offer is not None else 0)])
    name = next(iter(person.values()), _("Somebody"))
    if row.stage is Stage.OFFERED:
        stands = _("It is being offered to %(person)s.") % {"person": name}
        return InQueue(queue=queue, waits_since=row.entered_at, stands=stands, why=_why(offer, viewer))
    stands = _("%(person)s took it.") % {"person": name}
    return InQueue(queue=queue, waits_since=None, stands=stands, why=_why(offer, viewer))


def _why(offer: OfferRow | None, viewer: Actor) -> str:
    if offer is None:
        return ""
    why = offer.why
    people = names_of([why.moved_by_id] if why.moved_by_id is not None else [])
    is_own = offer.user_id == viewer.user_id
    return joined(reasons_of(why, skills=skill_names(why.levels.keys()), people=people, is_own=is_own))
