"""Calls of telephone systems that tell of them through the API: onto screens at once, and to the facts when all was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from careloop.domains.calls import services as calls
from careloop.domains.calls.queries import followed_until
from careloop.domains.calls.types import Moved
from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.types import ToldCall
from careloop.kernel.acts import act
from careloop.processes.calling.translating import followed, frames_of, hold_of, passed_on_in
from careloop.processes.phoning import PHONES, QUIET

__all__ = ["Taken", "settle_told", "take_in_told"]

AT_A_TIME: Final = 200
GIVEN_UP: Final = timedelta(hours=12)
"""A call of whose end nobody tells is over after so long a silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was new. count: of calls. moved: who does something else now. holds: by call, whether its customer is on hold.

    asked: calls whose caller asks to be called back.
    """

    count: int = 0
    moved: list[Moved] = field(default_factory=list)
    holds: dict[str, bool] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@act
def take_in_told(*, pbx_id: int, people: Mapping[str, int], at: datetime) -> Taken:
    """Let calls stand as all that was told of them says."""
    before = followed_until(pbx_id) or 0
    until, keys = queries.heard_after(pbx_id, number=before, limit=AT_A_TIME)
    if not keys:
        return Taken()
    told = queries.heard_of(pbx_id, calls=keys)
    moved = _stand(pbx_id, told, until=until, is_given_up=False, people=people, at=at)
    holds = {call.key: is_held for call in told if (is_held := hold_of(call)) is not None}
    asked = queries.callbacks_asked(pbx_id, after=before, until=until)
    return Taken(count=len(keys), moved=moved, holds=holds, asked=asked)


@act
def settle_told(*, pbx_id: int, people: Mapping[str, int], at: datetime) -> tuple[int, list[Moved]]:
    """Hand on to the facts the calls of which all was told, each whole; return how many, and who moved."""
    keys = queries.quiet_calls(pbx_id, over_before=at - QUIET, given_up_before=at - GIVEN_UP, limit=AT_A_TIME)
    if not keys:
        return 0, []
    told = queries.heard_of(pbx_id, calls=keys)
    moved = _stand(pbx_id, told, until=0, is_given_up=True, people=people, at=at)
    for call in sorted(told, key=lambda call: call.heard[-1].at):
        telephony.settle_heard(pbx_id=pbx_id, call=call.key, frames=frames_of(call), actor=PHONES, at=at)
    return len(told), moved


def _stand(
    pbx_id: int, told: list[ToldCall], *, until: int, is_given_up: bool, people: Mapping[str, int], at: datetime
) -> list[Moved]:
    found = {call.key: followed(call, is_given_up=is_given_up) for call in told}
    known = {key: course for key, (course, _standing) in found.items() if course is not None}
    standing = {key: stands for key, (_course, stands) in found.items()}
    passed_on = dict(sent for call in told if (sent := passed_on_in(call)) is not None)
    return calls.follow_told(
        pbx_id=pbx_id,
        until=until,
        courses=known,
        standing=standing,
        passed_on=passed_on,
        people=people,
        actor=PHONES,
        at=at,
    )
