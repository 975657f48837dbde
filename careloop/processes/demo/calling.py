"""A week of telephone calls: what the exchange beside Careloop would have told, brought to the lake as an import brings it.

Most of it is ordinary. Two habits are not, so that whoever looks at the demo sees what checks find in suspicious facts: an agent of
the telecom's ends some calls before they have well begun, and leads correct schedules after the work in them has begun.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from careloop.processes.demo.equipping import Stage
from careloop.processes.demo.timing import arrivals
from careloop.processes.lake.keys import ours

__all__ = ["Calls", "bring", "calls_of"]

SOURCE: Final = "phone"
OPENS, CLOSES = time(9), time(18)
LUNCHES: Final = (time(12), time(13))
LUNCH: Final = timedelta(hours=1)
# Every seventh caller was on the line before.
CALLERS_AGAIN: Final = 0.15
TRANSFERRED: Final = 0.05
CUT_SHORT: Final = 0.07
CORRECTED: Final = 0.12
HALF_HOUR: Final = timedelta(minutes=30)


@dataclass(slots=True)
class Calls:
    """Rows by fact table."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            "contact": [],
            "contact_segment": [],
            "agent_state": [],
            "schedule_activity": [],
            "activity_state_map": [],
            "blocked_attempt": [],
        }
    )


@dataclass(slots=True)
class _Seat:
    """An agent on a day. free: from when on. states: told until then."""

    agent: str
    key: str
    teams: frozenset[str]
    free: datetime
    lunch: datetime
    ends: datetime
    states: list[dict[str, Any]] = field(default_factory=list)

    def takes_at(self, moment: datetime) -> datetime:
        """Return when this agent would take a call that comes at a moment."""
        at = max(moment, self.free)
        return max(at, self.lunch + LUNCH) if self.lunch <= at < self.lunch + LUNCH else at

    def spend(self, state: str, until: datetime, **more: Any) -> None:
        """Tell a stretch from when the last one ended."""
        if until > self.free:
            told = {"agent_id": self.agent, "state": state, "started_at": self.free, "ended_at": until, **more}
            told["agent_state_id"] = f"state:{self.key}:{self.free:%Y%m%d%H%M%S}"
            self.states.append(told)
            self.free = until

    def wait_for(self, moment: datetime) -> None:
        """Be there until a moment, with lunch where it lies before."""
        if self.free < self.lunch + LUNCH <= moment:
            self.spend("available", self.lunch)
            self.spend("break", self.lunch + LUNCH)
        self.spend("available", moment)


def calls_of(stage: Stage, *, since: datetime, until: datetime, rng: Random) -> Calls:
    """Return what an exchange tells of the calls of a workspace; since, until: in its own zone."""
    found = Calls()
    settings = stage.house["phone_calls"]
    found.rows["activity_state_map"] = [
        {
            "activity": "phone",
            "allowed_states": ["available", "ringing", "contact", "hold", "wrap", "aux_productive"],
            "is_work": True,
            "is_paid": True,
        },
        {"activity": "lunch", "allowed_states": ["break"], "is_work": False, "is_paid": False},
    ]
    begins = [at for at in arrivals(since=since, until=until, a_day=settings["a_day"], rng=rng) if _is_open(at)]
    for day in _days(since, until):
        today = [at for at in begins if at.date() == day.date()]
        seats = [_seat(stage, key, place, day, rng) for place, key in enumerate(stage.agents)]
        for number, at in enumerate(today):
            _call(found, stage, seats, f"{day:%Y%m%d}-{number}", at, settings, until, rng)
        for seat in seats:
            seat.wait_for(min(seat.ends, until))
            found.rows["agent_state"] += [state for state in seat.states if state["started_at"] < until]
            found.rows["schedule_activity"] += _schedule(seat, day, stage, rng)
        found.rows["blocked_attempt"] += _turned_away(day, until, len(today), rng)
    return found


def bring(calls: Calls, *, lakes: Path, workspace_id: int, zone: str, at: datetime) -> None:
    """Append them to the lake of a workspace. lakes: the folder of all lakes. at: now, until which the exchange is complete."""
    from careloop.insight.facts import FactStore  # what reads and writes facts is heavy, and the demo is seeded once

    store = FactStore(lakes / str(workspace_id))
    store.settle_zone(zone)
    for table, rows in calls.rows.items():
        store.append(table, rows, source=SOURCE, at=at, complete_through=at)


def _is_open(at: datetime) -> bool:
    return OPENS <= at.timetz().replace(tzinfo=None) < CLOSES


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    day = datetime.combine(since.date(), time(), since.tzinfo)
    while day < until:
        yield day
        day += timedelta(days=1)


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, day.tzinfo)


def _seat(stage: Stage, key: str, place: int, day: datetime, rng: Random) -> _Seat:
    late = timedelta(seconds=round(max(0.0, rng.gauss(60, 150))))
    return _Seat(
        agent=ours("user", stage.people[key].id),
        key=key,
        teams=frozenset(team for team, keys in stage.of_team.items() if key in keys),
        free=_at(day, OPENS) + late,
        lunch=_at(day, LUNCHES[place % len(LUNCHES)]),
        ends=_at(day, CLOSES),
    )


def _schedule(seat: _Seat, day: datetime, stage: Stage, rng: Random) -> list[dict[str, Any]]:
    """Return what was planned for an agent; some of it was moved by the lead when the agent had come late."""
    edges = [_at(day, OPENS), seat.lunch, seat.lunch + LUNCH, _at(day, CLOSES)]
    planned: list[dict[str, Any]] = [
        {
            "agent_id": seat.agent,
            "activity": activity,
            "starts_at": starts,
            "ends_at": ends,
            "schedule_version": 1,
            "published_at": starts - timedelta(days=7),
        }
        for activity, starts, ends in zip(("phone", "lunch", "phone"), edges, edges[1:], strict=False)
    ]
    for activity in planned:
        if rng.random() < CORRECTED:
            lead = ours("user", stage.people[stage.house["lead"]].id)
            activity |= {"edited_at": activity["starts_at"] + timedelta(minutes=25), "edited_by": lead}
    return planned


def _call(
    found: Calls,
    stage: Stage,
    seats: Sequence[_Seat],
    name: str,
    at: datetime,
    settings: Mapping[str, Any],
    until: datetime,
    rng: Random,
) -> None:
    """Let one call come in, wait, and be taken or given up."""
    team = rng.choice(list(stage.house["mailboxes"]))
    number = rng.randrange(round(settings["a_day"] / CALLERS_AGAIN))
    contact: dict[str, Any] = {
        "contact_id": f"call:{stage.key}:{name}",
        "channel": "voice",
        "direction": "inbound",
        "customer_id": f"caller:{stage.key}:{number}",
        "arrived_at": at - timedelta(seconds=rng.randrange(12, 40)),
        "reason_code": rng.choice(list(stage.reasons)),
        "reason_source": "agent",
        "transfer_count": 0,
    }
    left, is_answered = _leg(found, contact, 1, stage, seats, team, at, settings, rng)
    if is_answered and rng.random() < TRANSFERRED:
        onto = rng.choice([one for one in stage.house["mailboxes"] if one != team])
        found.rows["contact_segment"][-1] |= {"transfer_kind": "cold", "transfer_to": ours("team", stage.teams[onto])}
        contact["transfer_count"] = 1
        left, _again = _leg(found, contact, 2, stage, seats, onto, left, settings, rng)
    contact |= {"outcome": "handled" if is_answered else "abandoned_queue", "ended_at": left}
    if is_answered:
        contact["disposition"] = "solved"
    if left >= until:  # it is still going on, and the exchange tells of calls that are over
        gone = {
            one["segment_id"] for one in found.rows["contact_segment"] if one["contact_id"] == contact["contact_id"]
        }
        found.rows["contact_segment"] = [one for one in found.rows["contact_segment"] if one["segment_id"] not in gone]
        return
    found.rows["contact"].append(contact)


def _leg(
    found: Calls,
    contact: Mapping[str, Any],
    seq: int,
    stage: Stage,
    seats: Sequence[_Seat],
    team: str,
    at: datetime,
    settings: Mapping[str, Any],
    rng: Random,
) -> tuple[datetime, bool]:
    """Let a call wait in a queue; return when it ended, and whether anybody answered."""
    segment: dict[str, Any] = {
        "segment_id": f"{contact['contact_id']}:{seq}",
        "contact_id": contact["contact_id"],
        "seq": seq,
        "queue_id": ours("team", stage.teams[team]),
        "channel": "voice",
        "queued_at": at,
    }
    found.rows["contact_segment"].append(segment)
    able = [seat for seat in seats if team in seat.teams and seat.takes_at(at) < seat.ends]
    seat = min(able, key=lambda one: (one.takes_at(at), one.free), default=None)
    patience = at + timedelta(seconds=round(rng.expovariate(1 / 240)))
    if seat is None or seat.takes_at(at) > patience:
        segment |= {"exit": "abandoned", "left_queue_at": patience, "wait_s": (patience - at).total_seconds()}
        return patience, False
    ring = rng.randrange(3, 9)
    offered = seat.takes_at(at)
    seat.wait_for(offered)
    answered = offered + timedelta(seconds=ring)
    is_cut = seat.key == settings.get("hasty") and rng.random() < CUT_SHORT
    talk = float(rng.randrange(12, 28)) if is_cut else float(round(math.exp(rng.gauss(5.2, 0.5))))
    hold = float(rng.randrange(20, 90)) if not is_cut and rng.random() < 0.15 else 0.0
    wrap = float(round(math.exp(rng.gauss(3.4, 0.5))))
    released = answered + timedelta(seconds=talk + hold)
    seat.spend("ringing", answered)
    seat.spend("contact", released, contact_id=contact["contact_id"])
    seat.spend("wrap", released + timedelta(seconds=wrap))
    segment |= {
        "agent_id": seat.agent,
        "offered_at": offered,
        "ring_s": float(ring),
        "answered_at": answered,
        "left_queue_at": answered,
        "wait_s": (answered - at).total_seconds(),
        "exit": "answered",
        "talk_s": talk,
        "hold_s": hold,
        "hold_count": int(hold > 0),
        "wrap_s": wrap,
        "released_at": released,
        "wrap_ended_at": released + timedelta(seconds=wrap),
        "release_party": "agent" if is_cut or rng.random() < 0.1 else "customer",
    }
    return released, True


def _turned_away(day: datetime, until: datetime, calls: int, rng: Random) -> Iterator[dict[str, Any]]:
    """Tell whom the trunk turned away in the busiest hour, and who called when nobody was there."""
    for hour, cause, most in ((time(10), "trunk_busy", calls // 40), (time(18, 30), "out_of_hours", 4)):
        start = _at(day, hour)
        if start + HALF_HOUR <= until:
            yield {
                "bucket_start": start,
                "bucket_s": HALF_HOUR.total_seconds(),
                "entry_point": "main",
                "cause": cause,
                "count": rng.randrange(most + 1) if most > 0 else 0,
            }
