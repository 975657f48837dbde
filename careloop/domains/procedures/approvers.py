"""Who may approve: a pure function of a rung of the ladder and of who works here."""

from collections.abc import Collection, Mapping

from careloop.domains.procedures.states import StandIn, Whom
from careloop.domains.procedures.types import Approvers, Rung, Worker
from careloop.kernel.actors import Role

__all__ = ["APPROVING", "approvers_of"]

APPROVING = frozenset({Role.OWNER, Role.MANAGER, Role.LEAD, Role.AGENT, Role.ANALYST})
"""Roles that see every case and so can judge what they approve."""
_LAST = frozenset({Role.OWNER, Role.MANAGER})


def approvers_of(
    rung: Rung, *, people: Mapping[int, Worker], team_id: int | None, barred: Collection[int]
) -> Approvers:
    """Return who is asked for an approval, and who may give it.

    people: everybody who works here now, by primary key; whoever has left is not among them. team_id: of the case; without
    one, every lead is a lead of its team. barred: who must not approve.

    Asked are the approvers who are there, and the deputies of those who are away. Where that is nobody: the deputies of the
    rung, then the managers and owners, then those of them who are away; so somebody is always asked as long as one manager
    or owner is not barred. Approvers who are away may approve all the same, and an owner is a manager, too.
    """
    able = {key: worker for key, worker in people.items() if worker.role in APPROVING and key not in barred}
    held = {key for key, worker in able.items() if _holds(rung, worker, team_id)}
    here = {key for key in held if not able[key].is_away}
    named = {able[key].deputy_id for key in held - here}
    deputies = {key for key in named if key is not None and key in able and not able[key].is_away}
    may = held | deputies
    if rung.whom is Whom.ROLE and rung.role is Role.MANAGER:
        may |= {key for key, worker in able.items() if worker.role is Role.OWNER}
    if here or deputies:
        stand_in = StandIn.NONE if here else StandIn.DEPUTY
        return Approvers(asked=frozenset(here | deputies), may=frozenset(may), stand_in=stand_in)
    standing_in = {key for key in rung.deputy_ids if key in able and not able[key].is_away}
    if standing_in:
        return Approvers(asked=frozenset(standing_in), may=frozenset(may | standing_in), stand_in=StandIn.DEPUTY)
    last = {key for key, worker in able.items() if worker.role in _LAST}
    asked = {key for key in last if not able[key].is_away} or last or held
    return Approvers(asked=frozenset(asked), may=frozenset(may | last), stand_in=StandIn.MANAGER)


def _holds(rung: Rung, worker: Worker, team_id: int | None) -> bool:
    match rung.whom:
        case Whom.ROLE:
            return worker.role is rung.role
        case Whom.TEAM_LEAD:
            return worker.role is Role.LEAD and (team_id is None or team_id in worker.team_ids)
        case Whom.PEOPLE:
            return worker.id in rung.user_ids
