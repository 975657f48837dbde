"""The floor in words: people with what they do and hold, what waits and why nobody gets it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from careloop.domains.cases.types import CaseRow
from careloop.domains.people.queries import names_of
from careloop.domains.people.types import ROLE_LABELS
from careloop.domains.queues.reasons import reason_label
from careloop.domains.queues.states import Stage
from careloop.domains.wallboards.queries import Lengths
from careloop.domains.wallboards.types import Direction, ThresholdRow
from careloop.domains.workforce.queries import skill_names
from careloop.domains.workforce.states import State
from careloop.faces.web.routing.seats import SeatShown, forced_by_name, seat_shown
from careloop.faces.web.routing.wording import TONES
from careloop.faces.web.wall.wording import lasting
from careloop.processes.floor import Lack, Lacking, PersonThere, WaitingThere
from careloop.processes.floor.wording import joined, lack_said, needs_said
from careloop.processes.routing.wording import language_name

__all__ = ["PersonShown", "WaitingShown", "people_shown", "tallies", "waiting_shown"]

SHOWN_CASES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """Somebody on the floor. seat: None for who never had a state. more_count: cases in hand beside those that are shown.

    beyond: what lasts longer than is watched for, such as "Longest break: over 15 min"; is_alarm: whether that is an alarm.
    load, room: in weights; load_percent: how much of it is used, 0 to 100. offered: what they are being offered now, or empty.
    """

    user_id: int
    name: str
    role: str | Promise
    seat: SeatShown | None
    cases: Sequence[CaseRow]
    more_count: int
    load: int
    room: int
    load_percent: int
    offered: str
    is_here: bool
    beyond: str = ""
    is_alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingShown:
    """Something that waits, in words. due_at: by when we promised to call, or to join the chat. stands: where it stands now.

    refusals: who did not take it, and why.
    """

    id: int
    revision: int
    stage: Stage
    kind: str | Promise
    title: str
    number: int | None
    who: str
    queue_id: int
    queue: str
    entered_at: datetime
    due_at: datetime | None
    asks: str
    ahead: str
    stands: str
    tone: str
    offered_at: datetime | None
    refusals: Sequence[str] = field(default_factory=list)


def people_shown(
    people: Iterable[PersonThere],
    *,
    lengths: Lengths | None = None,
    watched: Sequence[ThresholdRow] = (),
    now: datetime,
) -> list[PersonShown]:
    """Return people in words: those who are here first, each group by name.

    lengths, watched: for how long they have been at what they do, and from when on that is too long.
    """
    found = [_person(one, now=now) for one in people]
    if lengths is not None and watched:
        found = [_measured(one, lengths, watched) for one in found]
    return sorted(found, key=lambda one: not one.is_here)


def tallies(people: Iterable[PersonShown]) -> list[tuple[str | Promise, int, str]]:
    """Return how many people do what, as label, count and tone, in the order of the states; states of nobody are left out."""
    shown = list(people)
    counts = {state: sum(one.seat is not None and one.seat.state is state for one in shown) for state in State}
    counts[State.OFFLINE] += sum(one.seat is None for one in shown)
    return [(state.label, count, TONES[state]) for state, count in counts.items() if count]


def waiting_shown(found: Sequence[WaitingThere]) -> list[WaitingShown]:
    """Return what waits in words, with one question per kind of thing that is named."""
    made = [offer for one in found for offer in (*one.refusals, *([one.offer] if one.offer else []))]
    people = {offer.user_id for offer in made}
    people |= {one.row.taken_by_id for one in found if one.row.taken_by_id is not None}
    names = names_of(people)
    skills = skill_names({skill for one in found for skill in one.row.needs})
    return [_waiting(one, names, skills) for one in found]


def _measured(person: PersonShown, lengths: Lengths, watched: Sequence[ThresholdRow]) -> PersonShown:
    """Say which limit somebody is beyond, the worst one of several."""
    lasted = lengths.by_person.get(person.user_id, {})
    beyond = [
        (is_alarm, limit, row.figure)
        for row in watched
        if row.team_id is None or person.user_id in lengths.teams.get(row.team_id, frozenset())
        for limit, is_alarm in ((row.warning, False), (row.alarm, True))
        if limit is not None and row.direction is Direction.ABOVE and lasted.get(row.figure, -1.0) >= limit
    ]
    if not beyond:
        return person
    is_alarm, limit, figure = max(beyond, key=lambda one: one[:2])
    said = _("%(figure)s: over %(time)s") % {"figure": figure.label, "time": lasting(limit)}
    return replace(person, beyond=said, is_alarm=is_alarm)


def _person(one: PersonThere, *, now: datetime) -> PersonShown:
    seat = one.seat
    room, load = (seat.capacity.room, seat.load) if seat is not None else (0, 0)
    offered = ""
    if one.offer is not None:
        offered = f"#{one.offered.number} {one.offered.subject}" if one.offered else str(one.offer.kind.label)
    return PersonShown(
        user_id=one.user_id,
        name=one.name,
        role=ROLE_LABELS[one.role],
        seat=seat_shown(seat, forced_by=forced_by_name(seat.forced_by), now=now) if seat is not None else None,
        cases=one.cases[:SHOWN_CASES],
        more_count=max(0, len(one.cases) - SHOWN_CASES),
        load=load,
        room=room,
        load_percent=min(100, round(load / room * 100)) if room else 0,
        offered=offered,
        is_here=seat is not None and seat.state is not State.OFFLINE,
    )


def _waiting(one: WaitingThere, names: Mapping[int, str], skills: Mapping[int, str]) -> WaitingShown:
    row, case = one.row, one.case
    steps = row.priority + row.tier + one.queue.settings.priority
    stands, tone = _stands(one, names, skills)
    return WaitingShown(
        id=row.id,
        revision=row.revision,
        stage=row.stage,
        kind=row.kind.label,
        title=case.subject if case is not None else f"{row.kind.label} {row.subject_id}",
        number=case.number if case is not None else None,
        who=case.requester if case is not None else "",
        queue_id=row.queue_id,
        queue=one.queue.settings.name,
        entered_at=row.entered_at,
        due_at=one.due_at,
        asks=joined(
            [
                *([language_name(one.language)] if one.language else []),
                *needs_said(row.needs, skills=skills),
            ]
        ),
        ahead=_("%(time)s ahead by priority") % {"time": lasting(steps * one.queue.settings.step_s)} if steps else "",
        stands=stands,
        tone=tone,
        offered_at=one.offer.offered_at if one.offer is not None else None,
        refusals=[
            _("%(who)s: %(reason)s")
            % {
                "who": names.get(offer.user_id, _("Somebody")),
                "reason": reason_label(offer.reason) if offer.reason else offer.outcome.label,
            }
            for offer in one.refusals[:3]
        ],
    )


def _stands(one: WaitingThere, names: Mapping[int, str], skills: Mapping[int, str]) -> tuple[str, str]:
    match one.row.stage:
        case Stage.OFFERED:
            who = names.get(one.offer.user_id, "") if one.offer is not None else ""
            return _("Being offered to %(who)s.") % {"who": who}, "accent"
        case Stage.TAKEN:
            return _("%(who)s took it.") % {"who": names.get(one.row.taken_by_id or 0, _("Somebody"))}, "solved"
        case Stage.LEFT:
            return _("It does not wait any more."), "closed"
        case Stage.WAITING:
            missing = one.lacking or Lacking(lack=Lack.NOBODY_YET)
            tone = "open" if missing.lack is Lack.NOBODY_YET else "due-soon"
            return lack_said(missing, skills=skills), tone
