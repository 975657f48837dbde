"""What a supervisor sees at one look, from the people, the queues and the cases of the workspace in scope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import cases, cases_by_id
from careloop.domains.cases.types import CaseRow
from careloop.domains.people.queries import people_choices
from careloop.domains.queues import queries as queues
from careloop.domains.queues.rules import SERVING
from careloop.domains.queues.states import Kind, Outcome, Stage
from careloop.domains.queues.types import OfferRow, QueueRow, WaitingRow
from careloop.domains.workforce.queries import seats_of
from careloop.domains.workforce.serving import Servers, servers_of
from careloop.domains.workforce.types import SeatRow
from careloop.kernel.actors import Actor, Role
from careloop.processes.floor.lacking import Lacking, lacking
from careloop.processes.routing.subjects import NOTHING, About, about

__all__ = ["PersonThere", "WaitingThere", "people_there", "waiting_one", "waiting_there"]

IN_HAND: Final = {"field": "category", "operator": "any_of", "value": ["new", "open"]}
MOST_CASES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonThere:
    """Somebody who serves customers here. seat: None for who never had a state. cases: open ones in their hands, newest first.

    offer: what they are being offered in this workspace at this moment; offered: the case that it is, or is about.
    """

    user_id: int
    name: str
    role: Role
    seat: SeatRow | None
    cases: Sequence[CaseRow] = ()
    offer: OfferRow | None = None
    offered: CaseRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingThere:
    """Something that waits. case: where it is one, or is about one. due_at: by when we promised to call, or to join the chat.

    offer: the open one. refusals: offers that came to nothing, the newest first. language: that whoever takes it must speak, or
    empty. lacking: why nobody gets it, unless it is being offered.
    """

    row: WaitingRow
    queue: QueueRow
    case: CaseRow | None
    due_at: datetime | None = None
    offer: OfferRow | None = None
    refusals: Sequence[OfferRow] = ()
    language: str = ""
    lacking: Lacking | None = None


def people_there(viewer: Actor, *, now: datetime) -> list[PersonThere]:
    """Return everybody who serves customers in the workspace, by name: what they do, and with what."""
    seats = {row.user_id: row for row in seats_of(viewer)}
    offers = _open_offers(viewer)
    told = about(offers.values())
    offered = cases_by_id([one.case_id for one in told.values()], viewer=viewer)
    in_hand = _in_hand(viewer, now=now)
    return [
        PersonThere(
            user_id=user_id,
            name=name,
            role=Role(role),
            seat=seats.get(user_id),
            cases=in_hand.get(user_id, ()),
            offer=offers.get(user_id),
            offered=offered.get(_told_of(offers[user_id], told).case_id) if user_id in offers else None,
        )
        for user_id, name, role in people_choices(viewer)
        if Role(role) in SERVING
    ]


def waiting_there(viewer: Actor, *, after: tuple[datetime, int] | None = None, limit: int = 50) -> list[WaitingThere]:
    """Return what waits or is being offered, the next one first, with what it lacks.

    after: `rank_at` and id of the last one seen. limit: at most 500.
    """
    return _told(queues.waiting_in(viewer, after=after, limit=limit), viewer)


def waiting_one(viewer: Actor, *, waiting_id: int) -> WaitingThere:
    """Return one thing that waits, or waited. Raises WaitingNotFound."""
    row = queues.waiting_of(viewer, waiting_id=waiting_id)
    (found,) = _told([row], viewer, queue=queues.queue_of(viewer, queue_id=row.queue_id))
    return found


def _told(rows: Sequence[WaitingRow], viewer: Actor, *, queue: QueueRow | None = None) -> list[WaitingThere]:
    known = {one.id: one for one in ([queue] if queue is not None else queues.queues_of(viewer))}
    told = about(rows)
    subjects = cases_by_id([one.case_id for one in told.values()], viewer=viewer)
    offers = queues.offers_of(viewer, waiting_ids=[row.id for row in rows])
    servers = servers_of(viewer) if rows else Servers()
    found: list[WaitingThere] = []
    for row in rows:
        if row.queue_id not in known:
            continue
        own = known[row.queue_id]
        made = list(reversed(offers.get(row.id, ())))
        language = row.language if own.settings.is_by_language else ""
        missing = None
        if row.stage is Stage.WAITING:
            missing = lacking(
                kind=row.kind,
                language=language,
                needs=row.needs,
                is_open=own.is_open,
                servers=servers.of(own.settings.team_ids),
            )
        found.append(
            WaitingThere(
                row=row,
                queue=own,
                case=subjects.get(_told_of(row, told).case_id),
                due_at=_told_of(row, told).due_at,
                offer=next((one for one in made if one.outcome is Outcome.OPEN), None),
                refusals=[one for one in made if one.outcome not in {Outcome.OPEN, Outcome.ACCEPTED}],
                language=language,
                lacking=missing,
            )
        )
    return found


def _told_of(row: WaitingRow | OfferRow, told: Mapping[tuple[Kind, int], About]) -> About:
    return told.get((row.kind, row.subject_id), NOTHING)


def _open_offers(viewer: Actor) -> dict[int, OfferRow]:
    offered = [row.id for row in queues.waiting_in(viewer, limit=500) if row.stage is Stage.OFFERED]
    made = queues.offers_of(viewer, waiting_ids=offered)
    return {one.user_id: one for several in made.values() for one in several if one.outcome is Outcome.OPEN}


def _in_hand(viewer: Actor, *, now: datetime) -> dict[int, list[CaseRow]]:
    condition = as_tree({"and": [IN_HAND, {"field": "assignee", "operator": "is_set"}]})
    found: dict[int, list[CaseRow]] = defaultdict(list)
    page = cases(viewer=viewer, condition=condition, order="-activity_at", now=now, cursor=None, limit=MOST_CASES)
    for row in page.items:
        if row.assignee_id is not None:
            found[row.assignee_id].append(row)
    return found
