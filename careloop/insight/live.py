"""What goes on now, by the facts of others: the sums behind the live figures of a wall, as the metrics themselves make them.

Nothing is defined here. How many were answered within a target, or gave up after it, is what `service_level` (metrics.md A01)
adds up for that target; so a wall that shows these sums says what a report over the same facts says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from careloop.insight.facts import Facts
from careloop.insight.kpis import Asked, Result, measure_all, metric

__all__ = ["Arrivals", "HalfHour", "Place", "Wait", "agents_by_state", "arrivals", "half_hours", "waits"]

PLACE: Final = ("source", "queue", "channel")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where customers wait: a queue of a source. queue, channel: empty for a leg that has none."""

    source: str
    queue: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """How many contacts came to a place in one half hour."""

    place: Place
    starts_at: datetime
    arrived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfHour:
    """What became of those who came to a place in one half hour, which begins at `starts_at`, in UTC.

    arrived: contacts in their first queue. answers: given in this half hour, whenever the customer came.
    answered, abandoned: by how long they waited: below the short limit (the answered are not parted there, and stand in the
        next), up to and with each target, and beyond the last; (targets + 2,).
    """

    place: Place
    starts_at: datetime
    arrived: int = 0
    answers: int = 0
    answered: Sequence[int] = ()
    abandoned: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A segment that nobody has answered and that has not left."""

    place: Place
    queued_at: datetime


@dataclass(slots=True)
class _Sums:
    """What the metrics say of one half hour, by name."""

    of: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.of.get(name, 0)


def half_hours(
    facts: Facts,
    *,
    sources: Collection[str],
    since: datetime,
    until: datetime,
    short_s: float,
    targets_s: Sequence[int],
) -> list[HalfHour]:
    """Add up by half hours what became of the segments of some sources.

    since, until: timezone-aware starts of half hours, the second not included. short_s: who gives up before never really
    waited. targets_s: ascending, in seconds.
    """
    level, volume = metric("service_level"), metric("contact_volume")
    asked = {
        "arrived": Asked.of(volume, {"series": "offered"}),
        "all": Asked.of(level, {"denominator": "offered"}),
        "answered": Asked.of(level, {"denominator": "answered"}),
        "long": Asked.of(level, {"denominator": "offered_ex_short", "short_abandon_s": short_s}),
        # Of each target, its numerator is who was answered in time, its denominator all answered and who gave up later.
        **{
            f"{target}": Asked.of(level, {"denominator": "ex_abandon_within_target", "target_s": target})
            for target in targets_s
        },
    }
    results = _measured(facts, asked, sources=sources, since=since, until=until)
    cells: dict[tuple[Place, datetime], _Sums] = {}
    for name, result in results.items():
        for key, numerator, denominator in _cells(result):
            sums = cells.setdefault(key, _Sums())
            sums.of[f"{name} kept"], sums.of[f"{name} of"] = numerator, denominator
    found = {key: _half_hour(*key, sums, targets_s) for key, sums in cells.items()}
    for key, answers in _answers(facts, sources=sources, since=since, until=until):
        found[key] = replace(found.get(key) or _half_hour(*key, _Sums(), targets_s), answers=answers)
    return list(found.values())


def arrivals(facts: Facts, *, sources: Collection[str], since: datetime, until: datetime) -> list[Arrivals]:
    """Count by half hours the contacts that came to queues of some sources; see `half_hours`."""
    asked = {"arrived": Asked.of(metric("contact_volume"), {"series": "offered"})}
    result = _measured(facts, asked, sources=sources, since=since, until=until)["arrived"]
    return [Arrivals(place=place, starts_at=at, arrived=many) for (place, at), many, _none in _cells(result) if many]


def waits(facts: Facts, *, sources: Collection[str], until: datetime) -> list[Wait]:
    """Return who waits in queues of some sources, of those who came before a moment."""
    rows = facts.counted("contact_segment")
    is_open = rows.source.isin(list(sources)) & rows.exit.isnull() & (rows.queued_at_us < _micros(until))
    found = rows.filter(is_open).select(
        "source", queue=rows.queue_id, channel=rows.channel, queued_at=rows.queued_at_us
    )
    return [
        Wait(place=_place(row), queued_at=datetime.fromtimestamp(row["queued_at"] / 1_000_000, UTC))
        for row in found.to_pyarrow().to_pylist()
    ]


def agents_by_state(facts: Facts, *, sources: Collection[str]) -> Mapping[str, Mapping[str, int]]:
    """Count by source and state the agents whose last state lasts; who has left the last one is not there."""
    rows = facts["agent_state"]
    own = rows.filter(rows.source.isin(list(sources)))
    last = own.group_by("source", "agent_id").agg(
        state=own.state.argmax(own.started_at_us), is_over=own.ended_at_us.notnull().argmax(own.started_at_us)
    )
    counted = last.filter(~last.is_over).group_by("source", "state").agg(agents=last.agent_id.count())
    found: dict[str, dict[str, int]] = {}
    for row in counted.to_pyarrow().to_pylist():
        found.setdefault(row["source"], {})[row["state"]] = row["agents"]
    return found


def _measured(
    facts: Facts, asked: Mapping[str, Asked], *, sources: Collection[str], since: datetime, until: datetime
) -> dict[str, Result]:
    results = measure_all(
        facts,
        list(asked.values()),
        by=[*PLACE, "half_hour"],
        since=since,
        until=until,
        where={"field": "source", "operator": "any_of", "value": sorted(sources)},
        with_intervals=False,
        with_small=True,
    )
    return dict(zip(asked, results, strict=True))


def _cells(result: Result) -> Iterable[tuple[tuple[Place, datetime], int, int]]:
    """Yield place and half hour with numerator and denominator; nothing where nothing was measured."""
    lists: dict[str, list[Any]] = {} if result.cells is None else result.cells.lists()
    names = (*PLACE, "half_hour", "numerator", "denominator")
    for values in zip(*(lists.get(name, ()) for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        key = (_place(row), row["half_hour"].astimezone(UTC))
        yield key, round(row["numerator"] or 0), round(row["denominator"] or 0)


def _half_hour(place: Place, starts_at: datetime, sums: _Sums, targets_s: Sequence[int]) -> HalfHour:
    answered = sums["answered of"]
    abandoned = sums["all of"] - answered
    kept = [0, 0, *(sums[f"{target} kept"] for target in targets_s), answered]
    later = [
        abandoned,
        sums["long of"] - answered,
        *(sums[f"{target} of"] - answered for target in targets_s),
        0,
    ]
    return HalfHour(
        place=place,
        starts_at=starts_at,
        arrived=sums["arrived kept"],
        answered=[after - before for before, after in pairwise(kept)],
        abandoned=[before - after for before, after in pairwise(later)],
    )


def _answers(
    facts: Facts, *, sources: Collection[str], since: datetime, until: datetime
) -> Iterable[tuple[tuple[Place, datetime], int]]:
    rows = facts.counted("contact_segment")
    is_given = rows.source.isin(list(sources)) & (rows.exit == "answered")
    is_then = (rows.answered_at_us >= _micros(since)) & (rows.answered_at_us < _micros(until))
    given = rows.filter(is_given & is_then).select(
        "source", "channel", "segment_id", queue=rows.queue_id, slot=rows.answered_at_slot
    )
    counted = given.group_by("source", "queue", "channel", "slot").agg(answers=given.segment_id.count())
    for row in counted.to_pyarrow().to_pylist():
        yield (_place(row), datetime.fromtimestamp(row["slot"], UTC)), row["answers"]


def _place(row: Mapping[str, Any]) -> Place:
    return Place(source=row["source"], queue=row["queue"] or "", channel=row["channel"] or "")


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
