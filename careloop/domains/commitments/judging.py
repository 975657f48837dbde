"""What would have become of promises under other policies, against what in fact did; weighed one by one, and never written."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from careloop.domains.commitments.models import Clock, ClockTurn
from careloop.domains.commitments.replay import Terms, Wait, outcome_of
from careloop.domains.commitments.states import TRIED, About, Measure, Outcome
from careloop.domains.commitments.types import Change

__all__ = ["Fits", "Order", "Past", "Plan", "Recorded", "Said", "Tally", "look", "recorded_clocks"]

Order = Sequence[tuple[int, Mapping[str, Any]]]
"""Pairs of a policy and its conditions, in the order in which they are asked."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was found so far. same: by measure and outcome, how many promises became of it both ways."""

    held: int = 0
    held_before: int = 0
    untold: int = 0
    changes: list[Change] = field(default_factory=list)
    same: dict[Measure, dict[Outcome, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Which policy fits a case or a caller as they are today, with the policies as they are and as they would be.

    began_at: when the case was opened, or the caller came into the queue.
    """

    was: int | None
    now: int | None
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A clock as it was kept. moments: of its turns; held: under which version it counted from each of them on."""

    outcome: Outcome
    moments: Sequence[datetime]
    held: Sequence[int | None]

    def version_at(self, moment: datetime) -> int | None:
        index = bisect_right(self.moments, moment) - 1
        return self.held[index] if index >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was ever said. owners, versions: by version, its policy and what it said. made_at: since when a policy is there."""

    owners: Mapping[int, int]
    versions: Mapping[int, Terms]
    made_at: Mapping[int, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The policies as they are and as they would be. is_order: only their order changes, or which of them are asked.

    about: which of them; only those are here. before, after: in the order in which they are asked.
    said: what each policy would say. touched: measures about which the changed policy says something else.
    """

    changed: int
    about: About
    before: Order
    after: Order
    said: Mapping[int, Terms]
    touched: frozenset[Measure]
    past: Past
    is_order: bool = False


Recorded = Mapping[tuple[Measure, datetime], Said]
"""The clocks of one case or one caller, by what they timed since when."""


def recorded_clocks(
    about: About, keys: Collection[int], at: datetime
) -> dict[int, dict[tuple[Measure, datetime], Said]]:
    """Return the clocks of some cases or calls, by case or call, and by what they timed since when."""
    whose = "case_id" if about is About.CASES else "call_id"
    turns: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
    rows = ClockTurn.objects.filter(**{f"clock__{whose}__in": keys}).order_by("clock_id", "at", "id")
    for clock_id, moment, version_id in rows.values_list("clock_id", "at", "version_id"):
        turns[clock_id].append((moment, version_id))
    found: dict[int, dict[tuple[Measure, datetime], Said]] = defaultdict(dict)
    columns = ("pk", whose, "measure", "started_at", "outcome", "due_at", "missed_at")
    clocks = Clock.objects.filter(**{f"{whose}__in": keys}, measure__in=TRIED).order_by("pk")
    for clock_id, key, measure, started_at, outcome, due_at, missed_at in clocks.values_list(*columns):
        held = [version_id for _moment, version_id in turns[clock_id]]
        if not any(held):
            continue  # it runs, and nothing is promised
        is_late = missed_at is not None or (due_at is not None and due_at < at)
        found[key][Measure(measure), started_at] = Said(
            outcome=Outcome(outcome) if outcome != Outcome.RUNNING or not is_late else Outcome.MISSED,
            moments=[moment for moment, _version in turns[clock_id]],
            held=held,
        )
    return found


def look(
    waits: Sequence[Wait],
    fits: Fits,
    recorded: Recorded,
    plan: Plan,
    trial: Tally,
    at: datetime,
    *,
    case_id: int | None = None,
    call_id: int | None = None,
) -> None:
    """Add what would have become of the promises of one case, or of one time that a caller stood in a queue.

    waits: what was waited for. recorded: the clocks of it, as `recorded_clocks` returns them.
    """
    owned = {plan.past.owners[version] for clock in recorded.values() for version in clock.held if version is not None}
    was_there = fits.now is None or (fits.now in plan.past.made_at and plan.past.made_at[fits.now] <= fits.began_at)
    stays = fits.was == fits.now and (was_there or plan.is_order)
    trial.held_before += plan.changed in owned
    trial.held += plan.changed in owned if stays else fits.now == plan.changed and bool(waits)
    for wait in waits:
        clock = recorded.get((wait.measure, wait.started_at))
        was = clock.outcome if clock else None
        now = _outcome(wait, clock, was, fits, recorded, plan, at, stays=stays)
        if was is not now:
            trial.changes.append(
                Change(case_id=case_id, call_id=call_id, measure=wait.measure, since=wait.started_at, was=was, now=now)
            )
        elif was is not None:
            trial.same[wait.measure][was] += 1


def _outcome(
    wait: Wait,
    clock: Said | None,
    was: Outcome | None,
    fits: Fits,
    recorded: Recorded,
    plan: Plan,
    at: datetime,
    *,
    stays: bool,
) -> Outcome | None:
    if not stays:
        held = None if fits.now is None else plan.said[fits.now]
        return outcome_of(wait, lambda _moment: held, now=at)
    if wait.measure not in plan.touched:
        return was

    def terms_at(moment: datetime) -> Terms | None:
        """What held then, with the changed policy in its new words; where this clock does not say, another of the case does."""
        clocks = [clock] if clock else list(recorded.values())
        version = next((found for one in clocks if (found := one.version_at(moment)) is not None), None)
        if version is None:
            return plan.said[plan.changed] if clock is None and fits.now == plan.changed else None
        return plan.said[plan.changed] if plan.past.owners[version] == plan.changed else plan.past.versions[version]

    held_here = {
        plan.past.owners[version]
        for one in ([clock] if clock else recorded.values())
        for version in one.held
        if version
    }
    if plan.changed not in held_here and not (clock is None and fits.now == plan.changed):
        return was
    return outcome_of(wait, terms_at, now=at)
