"""A few calls of the last hours on the demo's screens, as they are written in the texts of each workspace.

What a week of calls comes to in numbers is in calling.py; these are for looking at. The telephone system is paused, for there is
none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from careloop.domains.calls import services as calls
from careloop.domains.calls.course import Happened, Step
from careloop.domains.calls.queries import calls as calls_over
from careloop.domains.cases.conditions import as_tree
from careloop.domains.cases.queries import SYSTEM_VIEWS, cases, reasons
from careloop.domains.cases.types import CaseRow
from careloop.domains.customers.services import link_identity
from careloop.domains.people.queries import actor_for, names_of
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.queries import seats
from careloop.kernel.actors import HOUSE
from careloop.kernel.acts import act
from careloop.kernel.scope import current_workspace
from careloop.processes.calling import attach, write_up
from careloop.processes.demo.library import house_of

__all__ = ["take_calls"]

LOOKED_AT: Final = 200


@act
def take_calls(key: str, *, ids: Mapping[str, int], until: datetime) -> None:
    """Let customers of the workspace in scope call, and those who answered write it up. until: the simulated present."""
    written = house_of(key)["telephone"]
    owner = actor_for(ids["yoon"], current_workspace())
    if owner is None:
        raise LookupError("The owner of the demo is no member of its workspace.")
    settings = telephony.PbxSettings(name=written["name"], host="pbx.example", user="careloop", secret="demo")  # noqa: S106 - of nobody
    pbx_id = telephony.add_pbx(settings=settings, actor=owner, at=until)
    people = {call["agent"] for call in written["calls"] if "agent" in call}
    names = names_of(ids[person] for person in people)
    telephony.note_names(pbx_id=pbx_id, names=set(names.values()), actor=HOUSE, at=until)
    known = {name: user_id for user_id, name in names.items()}
    for seat in seats(pbx_id):
        telephony.seat_person(pbx_id=pbx_id, seat_id=seat.id, user_id=known[seat.name], actor=owner, at=until)
    telephony.go_live(pbx_id=pbx_id, actor=owner, at=until)
    telephony.pause_pbx(pbx_id=pbx_id, actor=owner, at=until)
    matters = _matters(until)
    for number, call in enumerate(written["calls"]):
        at = until - timedelta(minutes=call["ago_min"])
        matter = next((one for one in matters if one.opened_at < at), None) if call.get("is_known") else None
        if matter is not None:
            matters.remove(matter)
            link_identity(
                customer_id=matter.requester_id,
                kind="phone",
                value=call["number"],
                confidence=0.9,
                actor=HOUSE,
                at=at,
            )
        name = names[ids[call["agent"]]] if "agent" in call else ""
        _tell(pbx_id, list(_steps(call, key=f"demo.{number}", seat=name, at=at)), known, at=until)
        if name and call.get("note"):
            _write_up(call, matter, user_id=ids[call["agent"]], at=at + timedelta(seconds=call["talk_s"] + 90))


def _tell(pbx_id: int, steps: list[Step], people: Mapping[str, int], *, at: datetime) -> None:
    piece = telephony.store_piece(pbx_id=pbx_id, body=b"", actor=HOUSE, at=at)
    calls.follow_calls(
        pbx_id=pbx_id, piece=piece, steps=steps, present=None, standing_at=None, people=people, actor=HOUSE, at=at
    )


def _write_up(call: Mapping[str, Any], matter: CaseRow | None, *, user_id: int, at: datetime) -> None:
    actor = actor_for(user_id, current_workspace())
    if actor is None:
        raise LookupError("A person of the demo is no member of its workspace.")
    call_id = calls_over(viewer=actor, is_own=True, limit=1).items[0].id
    if matter is not None:
        attach(call_id=call_id, case_id=matter.id, actor=actor, at=at)
    reason = next(one.id for one in reasons() if one.code == call["reason"])
    write_up(call_id=call_id, reason_id=reason, note=call["note"], actor=actor, at=at)


def _matters(until: datetime) -> list[CaseRow]:
    """Return open cases, those that moved last first."""
    every = as_tree(SYSTEM_VIEWS["all"][1])
    page = cases(viewer=HOUSE, condition=every, order="-activity_at", limit=LOOKED_AT, now=until)
    return [row for row in page.items if row.category == "open"]


def _steps(call: Mapping[str, Any], *, key: str, seat: str, at: datetime) -> Iterator[Step]:
    """Yield what a telephone system would have told of a call."""
    answered = at + timedelta(seconds=call["wait_s"])
    over = answered + timedelta(seconds=call.get("talk_s", 0))
    yield Step(what=Happened.QUEUED, key=key, at=at, number=call["number"], queue=call["queue"])
    if seat:
        yield Step(what=Happened.RANG, key=key, at=answered - timedelta(seconds=4), seat=seat)
        yield Step(what=Happened.ANSWERED, key=key, at=answered, seat=seat)
    else:
        yield Step(what=Happened.GAVE_UP, key=key, at=over)
    yield Step(what=Happened.HUNG_UP, key=key, at=over)
