"""What a policy would have changed had it held lately: asked before it is saved, from what happened, and never written."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.calls.queries import calls_lately
from careloop.domains.calls.standing import OF_STANDING
from careloop.domains.cases.queries import first_fitting, opened_lately
from careloop.domains.cases.types import Priority
from careloop.domains.chats.queries import chats_of_cases
from careloop.domains.commitments import rules
from careloop.domains.commitments.callers import call_tree, callers_of, first_holding
from careloop.domains.commitments.errors import MayNotPromise, PolicyNotFound
from careloop.domains.commitments.judging import Fits, Order, Past, Plan, Tally, look, recorded_clocks
from careloop.domains.commitments.lines import InLine, waits_in_call
from careloop.domains.commitments.models import PolicyVersion
from careloop.domains.commitments.reading import current_versions
from careloop.domains.commitments.replay import Mark, Terms, Wait, waits_of
from careloop.domains.commitments.services.policies import checked
from careloop.domains.commitments.states import TRIED, About, Measure
from careloop.domains.commitments.steps import TURNING
from careloop.domains.commitments.types import PolicySettings, Targets, Trial
from careloop.domains.commitments.waits import OF_WAITS
from careloop.kernel.actors import Actor
from careloop.kernel.events import Event, stories, subject
from careloop.kernel.hours import Calendar

__all__ = ["MOST_CASES", "what_moving_would_change", "what_retiring_would_change", "what_would_change"]

MOST_CASES: Final = 3000
AT_ONCE: Final = 500
NEW: Final = 0
"""Stands for a policy that is not made yet; primary keys begin with 1."""


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
    most: how many cases or calls are looked at, the newest first.

    Which policy fits is asked of a case or a caller as they are today, because it is not kept what every field of them was; where
    the answer is the policy that fits them anyway, what held in fact still holds. Hours are counted as the calendars say today.

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

    def moved(policies: Order) -> Order:
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


def _tried(plan: Plan, *, at: datetime, days: int, most: int) -> Trial:
    since = at - timedelta(days=days)
    trial = Tally()
    try_on = _try_on_cases if plan.about is About.CASES else _try_on_calls
    count, is_cut = try_on(plan, trial, since=since, at=at, most=most)
    return Trial(
        about=plan.about,
        since=since,
        case_count=count,
        is_cut=is_cut,
        held_count=trial.held,
        held_before_count=trial.held_before,
        changes=tuple(trial.changes),
        untold_count=trial.untold,
        same={key: dict(counts) for key, counts in trial.same.items()},
    )


def _try_on_cases(plan: Plan, trial: Tally, *, since: datetime, at: datetime, most: int) -> tuple[int, bool]:
    """Look at the newest cases, and return how many they were, and whether there are more."""
    opened = opened_lately(since=since, limit=most + 1)
    ids = list(opened)[:most]
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        recorded = recorded_clocks(About.CASES, part, at)
        before = first_fitting(part, [one for _id, one in plan.before], now=at)
        after = first_fitting(part, [one for _id, one in plan.after], now=at)
        events: dict[int, list[Event]] = defaultdict(list)
        for case_id, event in _told(part):
            events[case_id].append(event)
        for case_id in part:
            if case_id not in before or case_id not in after:
                continue  # erased meanwhile
            fits = Fits(
                was=_at(plan.before, before[case_id].index),
                now=_at(plan.after, after[case_id].index),
                began_at=opened[case_id],
            )
            trial.untold += not events[case_id]
            look(waits_of(events[case_id]), fits, recorded.get(case_id, {}), plan, trial, at, case_id=case_id)
    return len(ids), len(opened) > most


def _try_on_calls(plan: Plan, trial: Tally, *, since: datetime, at: datetime, most: int) -> tuple[int, bool]:
    """Look at the newest calls, and return how often their callers stood in queues, and whether there are more."""
    ids = calls_lately(since=since, limit=most + 1)
    before, after = ([call_tree(one) for _id, one in order] for order in (plan.before, plan.after))
    count = 0
    for start in range(0, len(ids[:most]), AT_ONCE):
        part = ids[:most][start : start + AT_ONCE]
        recorded, callers = recorded_clocks(About.CALLS, part, at), callers_of(part)
        events: dict[int, list[Event]] = defaultdict(list)
        for one in stories([subject("call", call_id) for call_id in callers], names=OF_STANDING):
            events[one.subject_id].append(one.event)
        for call_id, told in events.items():
            for line in waits_in_call(told):
                facts = callers[call_id].facts(queue=line.queue)
                fits = Fits(
                    was=_at(plan.before, first_holding(before, facts, now=line.since)),
                    now=_at(plan.after, first_holding(after, facts, now=line.since)),
                    began_at=line.since,
                )
                clock = recorded.get(call_id, {}).get((Measure.WAIT, line.since))
                kept = {(Measure.WAIT, line.since): clock} if clock is not None else {}
                look([_wait(line)], fits, kept, plan, trial, at, call_id=call_id)
                count += 1
    return count, len(ids) > most


def _wait(line: InLine) -> Wait:
    mark = Mark(at=line.since, priority=Priority.NORMAL)
    return Wait(
        measure=Measure.WAIT, started_at=line.since, ended_at=line.until, is_done=line.is_answered, marks=[mark]
    )


def _told(case_ids: Sequence[int]) -> Iterator[tuple[int, Event]]:
    """Yield what happened to some cases and in their chats, each with its case, the oldest first."""
    about_cases = stories([subject("case", case_id) for case_id in case_ids], names=TURNING)
    told = [(one.id, one.subject_id, one.event) for one in about_cases]
    if chats := chats_of_cases(case_ids):
        in_chats = stories([subject("chat", chat_id) for chat_id in chats], names=OF_WAITS)
        told += [(one.id, chats[one.subject_id], one.event) for one in in_chats]
    return ((case_id, event) for _id, case_id, event in sorted(told, key=itemgetter(0)))


def _rearranged(policy_id: int, order: Callable[[Order], Order], *, at: datetime) -> Plan:
    """Return the policies in another order; what each of them says stays. Raises PolicyNotFound."""
    current, hours = current_versions(), hours_by_id(at=at)
    changed = next((version.policy for version in current if version.policy_id == policy_id), None)
    if changed is None:
        raise PolicyNotFound(_("There is no such policy."))
    past = _past(hours)
    # Only policies about the same compete; their place is among all of them.
    same = {version.policy_id for version in current if version.policy.about == changed.about}
    everything = [(version.policy_id, version.conditions) for version in current]
    return Plan(
        changed=policy_id,
        about=About(changed.about),
        before=[pair for pair in everything if pair[0] in same],
        after=[pair for pair in order(everything) if pair[0] in same],
        said={version.policy_id: past.versions[version.pk] for version in current},
        touched=frozenset(),
        past=past,
        is_order=True,
    )


def _plan(policy_id: int | None, settings: PolicySettings, at: datetime) -> Plan:
    said, current, hours = checked(settings, at=at), current_versions(settings.about), hours_by_id(at=at)
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
    return Plan(
        changed=changed,
        about=settings.about,
        before=before,
        after=after,
        said={**{version.policy_id: past.versions[version.pk] for version in current}, changed: terms},
        touched=touched,
        past=past,
    )


def _past(hours: Mapping[int, Calendar]) -> Past:
    versions = list(PolicyVersion.objects.all())
    made = PolicyVersion.objects.values_list("policy_id").annotate(made_at=Min("effective_at"))
    return Past(
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
