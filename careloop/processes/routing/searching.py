"""Bring together what waits and who has room: one small transaction for each offer, safe with any number of workers.

A transaction that offers locks the person and then what waits, and waits for neither: whatever somebody else decides about at this
moment is passed over, and looked at again in the next turn. A worker that is killed leaves nothing behind, because what says that
somebody is looked for (`Waiting.is_fresh`, `Seat.seeks_since`) is cleared in the transaction of the offer, or after everything
was looked at in vain. docs/reasons/routing.md.
"""

import json
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from random import sample
from typing import Any, Final

from django.db import IntegrityError, connection

from careloop.domains.queues import queries as queues
from careloop.domains.queues import services as queue_acts
from careloop.domains.queues.types import QueueRow, WaitingRow, Why
from careloop.domains.workforce import queries as workforce
from careloop.domains.workforce import services as workforce_acts
from careloop.kernel.acts import act
from careloop.kernel.scope import workspace_scope
from careloop.kernel.shelter import Sheltering, unsheltered
from careloop.processes.routing.choosing import Head, Person, Program, people_in_order, work_in_order
from careloop.processes.routing.house import ROUTER

__all__ = ["ASKED_AGAIN_AFTER", "find_person", "find_work", "route"]

ASKED_AGAIN_AFTER: Final = timedelta(minutes=2)
"""How long something is not offered again to somebody who did not take it."""
AT_ONCE: Final = 50
OF_A_LINE: Final = 3
TRIES: Final = 6


class _PersonBusy(Exception):
    """Somebody else decides about the person at this moment, or they have no room any more; nothing is written."""


class _ThingBusy(Exception):
    """Somebody else decides about the thing at this moment, or it does not wait any more; nothing is written."""


class _Made(Enum):
    """What became of an attempt to offer."""

    OFFER = auto()
    PERSON_BUSY = auto()
    THING_BUSY = auto()


def route(at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Offer what can be offered now, at most so much for a turn, and return how many offers were made.

    sheltering: what becomes of work that fails in one workspace.
    """
    made = 0
    for workspace_id, waiting_id in _ask("SELECT * FROM careloop_fresh_waiting(%s)", [AT_ONCE]):
        made += sheltering("routing", workspace_id, partial(_find_person_in, workspace_id, waiting_id, at))
    people = workforce.seeking(limit=AT_ONCE)
    # Each worker in another order, so that they seldom meet at one person.
    for user_id, since in sample(people, len(people)):
        made += find_work(user_id, since=since, at=at, sheltering=sheltering)
    return made


def find_person(waiting_id: int, *, at: datetime) -> bool:
    """Offer something of the workspace in scope to whoever is to have it, and say whether it was. Records OfferMade."""
    wait = queues.house_wait(waiting_id)
    if wait is None:
        return False
    row, queue = wait
    found = _ask(
        "SELECT * FROM careloop_people_for(%s, %s, %s)",
        [waiting_id, at, int(ASKED_AGAIN_AFTER.total_seconds())],
    )
    people = [
        Person(
            user_id=user_id,
            load=load,
            room=room,
            idle_since=idle_since,
            last_offered_at=last_offered_at,
            levels={int(skill): level for skill, level in json.loads(levels).items()},
        )
        for user_id, load, room, idle_since, last_offered_at, levels in found
    ]
    if not people:
        queue_acts.searched(waiting_id=waiting_id)
        return False
    last_user_id = row.last_user_id if queue.settings.same_agent_s else None
    for person in people_in_order(people, queue.settings.choice, last_user_id=last_user_id)[:TRIES]:
        why = _why_person(row, queue, person, rivals=len(people) - 1, is_last=person.user_id == last_user_id, at=at)
        match _offer(row, queue, person.user_id, why, at):
            case _Made.OFFER:
                return True
            case _Made.THING_BUSY:
                return False
            case _Made.PERSON_BUSY:
                continue
    return False


def find_work(user_id: int, *, since: datetime, at: datetime, sheltering: Sheltering = unsheltered) -> int:
    """Offer somebody who has room what is next for them, in whatever workspace; return 1 when it was, else 0. Records OfferMade.

    since: the reason to look that is dealt with by this. Needs no scope: opens one for each workspace it offers from.
    """
    again_s = int(ASKED_AGAIN_AFTER.total_seconds())
    found = _ask("SELECT * FROM careloop_work_for(%s, %s, %s, %s)", [user_id, at, again_s, OF_A_LINE])
    heads = [
        Head(workspace_id=workspace_id, waiting_id=waiting_id, rank_at=rank_at, ahead_s=ahead_s)
        for workspace_id, waiting_id, rank_at, ahead_s in found
    ]
    if not heads:
        workforce_acts.looked_everywhere(user_id=user_id, seen=since)
        return 0
    programs = _programs({head.workspace_id for head in heads}, at)
    for head in work_in_order(heads, programs)[:TRIES]:
        became: list[_Made] = []
        made = sheltering("routing", head.workspace_id, partial(_offer_head, head, user_id, programs, at, became))
        if made or _Made.PERSON_BUSY in became:
            return made
    return 0


def _find_person_in(workspace_id: int, waiting_id: int, at: datetime) -> int:
    with workspace_scope(workspace_id):
        return int(find_person(waiting_id, at=at))


def _offer_head(head: Head, user_id: int, programs: dict[int, Program], at: datetime, became: list[_Made]) -> int:
    """Offer a head and return 1 if that was done; what became of it is added to `became`."""
    with workspace_scope(head.workspace_id):
        wait = queues.house_wait(head.waiting_id)
        if wait is None:
            return 0
        row, queue = wait
        why = _why_work(row, head, user_id, programs, at)
        became.append(_offer(row, queue, user_id, why, at))
        return int(_Made.OFFER in became)


def _offer(row: WaitingRow, queue: QueueRow, user_id: int, why: Why, at: datetime) -> _Made:
    try:
        _offer_at_once(row, queue, user_id, why, at)
    except _PersonBusy:
        return _Made.PERSON_BUSY
    except (_ThingBusy, IntegrityError):
        return _Made.THING_BUSY
    return _Made.OFFER


@act
def _offer_at_once(row: WaitingRow, queue: QueueRow, user_id: int, why: Why, at: datetime) -> None:
    weight = queue.settings.weight
    if not workforce_acts.begin_offer(user_id=user_id, kind=row.kind, weight=weight, actor=ROUTER, at=at):
        raise _PersonBusy
    if queue_acts.make_offer(waiting_id=row.id, user_id=user_id, why=why, actor=ROUTER, at=at) is None:
        raise _ThingBusy
    workforce_acts.note_given(weight=weight, at=at)


def _why_person(row: WaitingRow, queue: QueueRow, person: Person, *, rivals: int, is_last: bool, at: datetime) -> Why:
    """Say why this person was chosen for what came."""
    return Why(
        waited_s=_waited_s(row, at),
        language=row.asked_language,
        levels=person.levels,
        chosen_by=queue.settings.choice if rivals and not is_last else None,
        rivals=rivals,
        idle_s=None if person.idle_since is None else max(0, int((at - person.idle_since).total_seconds())),
        room=person.room_share,
        is_same_agent=is_last,
        ahead_s=int((row.stands_from - row.rank_at).total_seconds()),
        overflow_count=row.overflow_count,
    )


def _why_work(row: WaitingRow, head: Head, user_id: int, programs: dict[int, Program], at: datetime) -> Why:
    """Say why this was next for whoever became free."""
    given = sum(program.given for program in programs.values())
    agreed = sum(program.agreed for program in programs.values())
    own, has_rivals = programs[head.workspace_id], len(programs) > 1
    return Why(
        waited_s=_waited_s(row, at),
        language=row.asked_language,
        levels=workforce.levels_of(user_id, skill_ids=row.needs),
        is_same_agent=head.ahead_s > 0,
        ahead_s=int((row.stands_from - row.rank_at).total_seconds()),
        overflow_count=row.overflow_count,
        given_share=own.given / given if has_rivals and given else None,
        agreed_share=own.agreed / agreed if has_rivals else None,
    )


def _programs(workspace_ids: set[int], at: datetime) -> dict[int, Program]:
    if len(workspace_ids) < 2:
        return {workspace_id: Program() for workspace_id in workspace_ids}
    shares = {key: Program(agreed=agreed, given=given) for key, (agreed, given) in workforce.shares_at(at).items()}
    return {workspace_id: shares.get(workspace_id, Program()) for workspace_id in workspace_ids}


def _waited_s(row: WaitingRow, at: datetime) -> int:
    return max(0, int((at - row.entered_at).total_seconds()))


def _ask(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
