"""What a policy would have changed had it held lately: asked before it is saved, from what happened, and never written."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.cases.queries import first_fitting, opened_lately
from careloop.domains.chats.queries import chats_of_cases
from careloop.domains.commitments import rules
from careloop.domains.commitments.errors import MayNotPromise, PolicyNotFound
from careloop.domains.commitments.models import Clock, ClockTurn, PolicyVersion
from careloop.domains.commitments.reading import current_versions
from careloop.domains.commitments.replay import Terms, Wait, outcome_of, waits_of
from careloop.domains.commitments.services.policies import checked
from careloop.domains.commitments.states import TRIED, About, Measure, Outcome
from careloop.domains.commitments.steps import TURNING
from careloop.domains.commitments.types import Change, PolicySettings, Targets, Trial
from careloop.domains.commitments.waits import OF_WAITS
from careloop.kernel.actors import Actor
from careloop.kernel.events import Event, stories, subject
from careloop.kernel.hours import Calendar

__all__ = ["MOST_CASES", "what_moving_would_change", "what_retiring_would_change", "what_would_change"]

MOST_CASES: Final = 3000
AT_ONCE: Final = 500
NEW: Final = 0
"""Stands for a policy that is not made yet; primary keys begin with 1."""
_Order = Sequence[tuple[int, Mapping[str, object]]]
"""Pairs of a policy and its conditions, in the order in which they are asked."""


@dataclass(slots=True, kw_only=True)
class _Sum:
    """What was found so far. same: by measure and outcome, how many promises became of it both ways."""

    held: int = 0
    held_before: int = 0
    untold: int = 0
    changes: list[Change] = field(default_factory=list)
    same: dict[Measure, dict[Outcome, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fits:
    """Which policy fits a case as it is today, with the policies as they are and as they would be."""

    was: int | None
    now: int | None
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A clock as it was kept. moments: of its turns; held: under which version it counted from each of them on."""

    outcome: Outcome
    moments: Sequence[datetime]
    held: Sequence[int | None]

    def version_at(self, moment: datetime) -> int | None:
        index = bisect_right(self.moments, moment) - 1
        return self.held[index] if index >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What was ever said. owners, versions: by version, its policy and what it said. made_at: since when a policy is there."""

    owners: Mapping[int, int]
    versions: Mapping[int, Terms]
    made_at: Mapping[int, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The policies as they are and as they would be. is_order: only their order changes, or which of them are asked.

    before, after: in the order in which they are asked. said: what each policy would say.
    touched: measures about which the changed policy says something else.
    """

    changed: int
    before: _Order
    after: _Order
    said: Mapping[int, Terms]
    touched: frozenset[Measure]
    past: _Past
    is_order: bool = False


def what_would_change(
    *,
    policy_id: int | None,
    settings: PolicySettings,
    viewer: Actor,
    at: datetime,
    days: int = 30,
    most: int = MOST_CASES,
) -> Trial:
    """Say what would have become of the promises of the last days under other settings, against what in fact did.

    policy_id: of the policy that would be changed; None for a new one, which is asked last.
    most: how many cases are looked at, the newest first.

    Which policy fits is asked of a case as it is today, because it is not kept what every field of it was; where the answer is the
    policy that fits it anyway, what held in fact still holds. Hours are counted as the calendars say today.

    Raises MayNotPromise, PolicyNotFound, BadPolicy. Writes nothing.
    """
    _refuse_unless_manager(viewer)
    return _tried(_plan(policy_id, settings, at), at=at, days=days, most=most)


def what_moving_would_change(
    *, policy_id: int, position: int, viewer: Actor, at: datetime, days: int = 30, most: int = MOST_CASES
) -> Trial:
    """Say what would have become of the promises of the last days had a policy been asked earlier or later.

    position: as in `services.move_policy`. most: as in `what_would_change`, and so is what cannot be told.

    Raises MayNotPromise, PolicyNotFound. Writes nothing.
    """
    _refuse_unless_manager(viewer)

    def moved(policies: _Order) -> _Order:
        found = next(pair for pair in policies if pair[0] == policy_id)
        others = [pair for pair in policies if pair[0] != policy_id]
        place = max(0, min(position, len(others)))
        return [*others[:place], found, *others[place:]]

    return _tried(_rearranged(policy_id, moved, at=at), at=at, days=days, most=most)


def what_retiring_would_change(
    *, policy_id: int, viewer: Actor, at: datetime, days: int = 30, most: int = MOST_CASES
) -> Trial:
    """Say what would have become of the promises of the last days without a policy.

    most: as in `what_would_change`, and so is what cannot be told.

    Raises MayNotPromise, PolicyNotFound. Writes nothing.
    """
    _refuse_unless_manager(viewer)
    plan = _rearranged(policy_id, lambda policies: [pair for pair in policies if pair[0] != policy_id], at=at)
    return _tried(plan, at=at, days=days, most=most)


def _refuse_unless_manager(viewer: Actor) -> None:
    if not rules.may_promise(viewer):
        raise MayNotPromise(_("Only an owner or a manager can say what is promised."))


def _tried(plan: _Plan, *, at: datetime, days: int, most: int) -> Trial:
    since = at - timedelta(days=days)
    opened = opened_lately(since=since, limit=most + 1)
    ids = list(opened)[:most]
    trial = _Sum()
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        recorded = _recorded(part, at)
        before = first_fitting(part, [one for _id, one in plan.before], now=at)
        after = first_fitting(part, [one for _id, one in plan.after], now=at)
        events: dict[int, list[Event]] = defaultdict(list)
        for case_id, event in _told(part):
            events[case_id].append(event)
        for case_id in part:
            if case_id not in before or case_id not in after:
                continue  # erased meanwhile
            fits = _Fits(
                was=_at(plan.before, before[case_id].index),
                now=_at(plan.after, after[case_id].index),
                opened_at=opened[case_id],
            )
            _look(case_id, events[case_id], fits, recorded.get(case_id, {}), plan, trial, at)
    return Trial(
        since=since,
        case_count=len(ids),
        is_cut=len(opened) > most,
        held_count=trial.held,
        held_before_count=trial.held_before,
        changes=tuple(trial.changes),
        untold_count=trial.untold,
        same={key: dict(counts) for key, counts in trial.same.items()},
    )


def _told(case_ids: Sequence[int]) -> Iterator[tuple[int, Event]]:
    """Yield what happened to some cases and in their chats, each with its case, the oldest first."""
    about_cases = stories([subject("case", case_id) for case_id in case_ids], names=TURNING)
    told = [(one.id, one.subject_id, one.event) for one in about_cases]
    if chats := chats_of_cases(case_ids):
        in_chats = stories([subject("chat", chat_id) for chat_id in chats], names=OF_WAITS)
        told += [(one.id, chats[one.subject_id], one.event) for one in in_chats]
    return ((case_id, event) for _id, case_id, event in sorted(told, key=itemgetter(0)))


def _rearranged(policy_id: int, order: Callable[[_Order], _Order], *, at: datetime) -> _Plan:
    """Return the policies in another order; what each of them says stays. Raises PolicyNotFound."""
    current, hours = current_versions(About.CASES), hours_by_id(at=at)
    before = [(version.policy_id, version.conditions) for version in current]
    if policy_id not in {key for key, _conditions in before}:
        raise PolicyNotFound(_("There is no such policy."))
    past = _past(hours)
    return _Plan(
        changed=policy_id,
        before=before,
        after=order(before),
        said={version.policy_id: past.versions[version.pk] for version in current},
        touched=frozenset(),
        past=past,
        is_order=True,
    )


def _plan(policy_id: int | None, settings: PolicySettings, at: datetime) -> _Plan:
    said, current, hours = checked(settings, at=at), current_versions(About.CASES), hours_by_id(at=at)
    changed = NEW if policy_id is None else policy_id
    old = next((version for version in current if version.policy_id == policy_id), None)
    if policy_id is not None and old is None:
        raise PolicyNotFound(_("There is no such policy."))
    before = [(version.policy_id, version.conditions) for version in current]
    after = [(key, said["conditions"] if key == changed else conditions) for key, conditions in before]
    if policy_id is None:
        after.append((NEW, said["conditions"]))
    terms = _terms(said["targets"], said["calendar_id"], said["pauses"], hours)
    touched = frozenset(TRIED)
    if old is not None and old.calendar_id == said["calendar_id"]:
        touched = frozenset(
            measure
            for measure in TRIED
            if old.targets.get(measure) != said["targets"].get(measure)
            or (measure is Measure.RESOLUTION and old.pauses != said["pauses"])
        )
    past = _past(hours)
    return _Plan(
        changed=changed,
        before=before,
        after=after,
        said={**{version.policy_id: past.versions[version.pk] for version in current}, changed: terms},
        touched=touched,
        past=past,
    )


def _past(hours: Mapping[int, Calendar]) -> _Past:
    versions = list(PolicyVersion.objects.all())
    made = PolicyVersion.objects.values_list("policy_id").annotate(made_at=Min("effective_at"))
    return _Past(
        owners={one.pk: one.policy_id for one in versions},
        versions={one.pk: _terms(one.targets, one.calendar_id, one.pauses, hours) for one in versions},
        made_at=dict(made),
    )


def _terms(
    targets: Mapping[str, Mapping[str, int]],
    calendar_id: int | None,
    pauses: Sequence[str],
    hours: Mapping[int, Calendar],
) -> Terms:
    read: Targets = {
        Measure(measure): {int(priority): seconds for priority, seconds in by_priority.items()}
        for measure, by_priority in targets.items()
    }
    return Terms(targets=read, calendar=None if calendar_id is None else hours[calendar_id], pauses=tuple(pauses))


def _at(policies: Sequence[tuple[int, object]], index: int | None) -> int | None:
    return None if index is None else policies[index][0]


def _recorded(case_ids: Sequence[int], at: datetime) -> dict[int, dict[tuple[Measure, datetime], _Said]]:
    """Return the clocks of some cases, by case, and by what they timed since when."""
    turns: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
    rows = ClockTurn.objects.filter(clock__case_id__in=case_ids).order_by("clock_id", "at", "id")
    for clock_id, moment, version_id in rows.values_list("clock_id", "at", "version_id"):
        turns[clock_id].append((moment, version_id))
    found: dict[int, dict[tuple[Measure, datetime], _Said]] = defaultdict(dict)
    columns = ("pk", "case_id", "measure", "started_at", "outcome", "due_at", "missed_at")
    clocks = Clock.objects.filter(case_id__in=case_ids, measure__in=TRIED).order_by("pk")
    for clock_id, case_id, measure, started_at, outcome, due_at, missed_at in clocks.values_list(*columns):
        held = [version_id for _moment, version_id in turns[clock_id]]
        if not any(held):
            continue  # it runs, and nothing is promised
        is_late = missed_at is not None or (due_at is not None and due_at < at)
        found[case_id][Measure(measure), started_at] = _Said(
            outcome=Outcome(outcome) if outcome != Outcome.RUNNING or not is_late else Outcome.MISSED,
            moments=[moment for moment, _version in turns[clock_id]],
            held=held,
        )
    return found


def _look(
    case_id: int,
    events: Sequence[Event],
    fits: _Fits,
    recorded: Mapping[tuple[Measure, datetime], _Said],
    plan: _Plan,
    trial: _Sum,
    at: datetime,
) -> None:
    """Add what would have become of one case's promises."""
    waits = waits_of(events)
    trial.untold += not events
    owned = {plan.past.owners[version] for clock in recorded.values() for version in clock.held if version is not None}
    was_there = fits.now is None or (fits.now in plan.past.made_at and plan.past.made_at[fits.now] <= fits.opened_at)
    stays = fits.was == fits.now and (was_there or plan.is_order)
    trial.held_before += plan.changed in owned
    trial.held += plan.changed in owned if stays else fits.now == plan.changed and bool(waits)
    for wait in waits:
        clock = recorded.get((wait.measure, wait.started_at))
        was = clock.outcome if clock else None
        now = _outcome(wait, clock, was, fits, recorded, plan, at, stays=stays)
        if was is not now:
            trial.changes.append(Change(case_id=case_id, measure=wait.measure, since=wait.started_at, was=was, now=now))
        elif was is not None:
            trial.same[wait.measure][was] += 1


def _outcome(
    wait: Wait,
    clock: _Said | None,
    was: Outcome | None,
    fits: _Fits,
    recorded: Mapping[tuple[Measure, datetime], _Said],
    plan: _Plan,
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
