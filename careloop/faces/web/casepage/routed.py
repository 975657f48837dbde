"""How a case came into somebody's hands by way of a queue, as sentences in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.queues import events as e
from careloop.domains.queues.queries import offers_of, queue_names
from careloop.domains.queues.types import Why
from careloop.domains.workforce.queries import skill_names
from careloop.faces.web.casepage.types import Sentence
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded
from careloop.processes.floor.wording import joined
from careloop.processes.routing.wording import reasons_of

__all__ = ["routed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    whys: Mapping[int, Why]
    people: Mapping[int, str]
    queues: Mapping[int, str]
    skills: Mapping[int, str]

    def person(self, key: int) -> str:
        return self.people.get(key) or _("Somebody")

    def actor(self, actor: str) -> str:
        kind, _colon, key = actor.partition(":")
        return self.person(int(key)) if kind == "user" and key.isdigit() else "Careloop"

    def queue(self, key: int) -> str:
        return self.queues.get(key, "")


def routed(found: Sequence[Recorded]) -> dict[int, Sentence]:
    """Return the sentences of those events that a queue records, by the event's id."""
    ours = [one for one in found if one.name.startswith(("offer.", "waiting."))]
    if not ours:
        return {}
    known = _known(ours)
    sentences = {one.id: _sentence(one, known) for one in ours}
    return {key: sentence for key, sentence in sentences.items() if sentence is not None}


def _sentence(recorded: Recorded, known: _Known) -> Sentence | None:
    event = recorded.event
    who = known.actor(event.actor)
    match event:
        case e.OfferAccepted():
            why = known.whys.get(event.offer_id)
            phrases = reasons_of(why, skills=known.skills, people=known.people, is_own=False) if why else []
            values = {
                "person": known.person(event.user_id),
                "why": joined(phrases),
            }
            return Sentence(text=_("It was offered to %(person)s: %(why)s.") % values, icon="split")
        case e.WaitingMoved(is_overflow=True):
            values = {"was": known.queue(event.was), "queue": known.queue(event.queue_id)}
            return Sentence(text=_("Nobody took it in %(was)s, so it went on to %(queue)s.") % values, icon="split")
        case e.WaitingMoved():
            values = {"who": who, "queue": known.queue(event.queue_id)}
            return Sentence(text=_("%(who)s moved it into the queue %(queue)s.") % values, icon="split")
        case e.WaitingHanded():
            values = {"who": who, "person": known.person(event.user_id)}
            if event.actor == f"user:{event.user_id}":
                return Sentence(text=_("%(who)s took it out of the queue.") % values, icon="hand")
            return Sentence(text=_("%(who)s gave it to %(person)s.") % values, icon="hand")
        case e.WaitingTakenBack():
            values = {"person": known.person(event.user_id), "queue": known.queue(event.queue_id)}
            return Sentence(
                text=_("%(person)s was gone, so it waits in %(queue)s again.") % values, icon="undo-2", tone="due-soon"
            )
    return None


def _known(found: Sequence[Recorded]) -> _Known:
    accepted = [one.event for one in found if isinstance(one.event, e.OfferAccepted)]
    made = offers_of(HOUSE, waiting_ids=[event.waiting_id for event in accepted]) if accepted else {}
    whys = {offer.id: offer.why for several in made.values() for offer in several}
    asked = {key: why for key, why in whys.items() if key in {event.offer_id for event in accepted}}
    people = {why.moved_by_id for why in asked.values() if why.moved_by_id is not None}
    queues = set[int]()
    for one in found:
        kind, _colon, key = one.event.actor.partition(":")
        people |= {int(key)} if kind == "user" and key.isdigit() else set()
        people |= {getattr(one.event, "user_id", 0)}
        queues |= {getattr(one.event, "queue_id", 0), getattr(one.event, "was", 0)}
    skills = {skill for why in asked.values() for skill in why.levels}
    return _Known(
        whys=asked,
        people=names_of(people),
        queues=queue_names(queues),
        skills=skill_names(skills) if skills else {},
    )
