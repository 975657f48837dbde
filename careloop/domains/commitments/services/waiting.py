"""Keep the clocks of visitors who wait in a chat and of callers in a queue, by what happens to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.calls.events import CallQueued
from careloop.domains.calls.standing import OF_STANDING
from careloop.domains.cases.queries import first_fitting
from careloop.domains.cases.types import Priority
from careloop.domains.chats.queries import chat_rows
from careloop.domains.commitments.callers import call_tree, callers_of, first_holding
from careloop.domains.commitments.lines import waits_in_call
from careloop.domains.commitments.models import Clock
from careloop.domains.commitments.reading import current_versions
from careloop.domains.commitments.services.keeping import Fitting, Running, count, end, promise, turns_by_clock
from careloop.domains.commitments.states import About, Measure, Outcome, Why
from careloop.domains.commitments.waits import OF_WAITS, waits_in_chat
from careloop.kernel.acts import act
from careloop.kernel.events import Event, Recorded, stories, subject
from careloop.kernel.hours import Calendar

__all__ = ["call_off_waits", "follow_calls", "follow_chats"]


@act
def follow_chats(recorded: Sequence[Recorded]) -> None:
    """Start the clock of a visitor who begins to wait in a chat, and end it when somebody joins or the chat is over.

    What was promised when they began to wait holds to the end of that wait: a priority that rises on the way makes nobody late.
    Who is put back in line waits anew, and so does their clock. Whoever leaves before the time is over calls it off; whoever
    leaves after it was kept waiting too long, and it is missed.

    The story of each chat is read whole, so that news told late or twice gives the same clocks. Records what becomes of each
    promise.
    """
    last, subjects = recorded[-1].event.at, {one.subject_id for one in recorded}
    versions = current_versions(About.CASES)
    known = {
        (clock.chat_id, clock.started_at): clock
        for clock in Clock.objects.select_for_update().filter(chat_id__in=subjects).order_by("pk")
    }
    if not known and not any(Measure.WAIT in version.targets for version in versions):
        return
    chats, hours = chat_rows(subjects), hours_by_id(at=last)
    case_ids = {row.case_id for row in chats.values()}
    fitting = first_fitting(case_ids, [version.conditions for version in versions], now=last)
    news = {(one.subject_id, one.event.at) for one in recorded}
    for chat_id, events in _stories("chat", chats, OF_WAITS).items():
        case_id = chats[chat_id].case_id
        if case_id not in fitting:
            continue  # erased since
        fits = fitting[case_id]
        case = Fitting(version=None if fits.index is None else versions[fits.index], priority=fits.priority)
        for wait in waits_in_chat(events):
            clock = known.get((chat_id, wait.since))
            if clock is None and (chat_id, wait.since) in news:
                clock = _begun(Clock(chat_id=chat_id, case_id=case_id), case, hours, at=wait.since)
            if clock is not None and wait.until is not None:
                _end([clock], hours, at=wait.until, is_done=wait.is_answered)


@act
def follow_calls(recorded: Sequence[Recorded]) -> None:
    """Start the clock of a caller who comes into a queue, and end it when they leave it.

    What was promised when they came holds until they leave: who they are, and what a policy says, is asked once. Each time is a
    clock of its own. Only an answer in time keeps it; whoever leaves in another way before the time is over calls it off, and
    whoever leaves after it was kept waiting too long. Where nobody heard how they left, they stood there as long as we heard of
    them. Who was found in a queue has no clock, because nobody knows since when they stand there.

    The story of each call is read whole, so that news told late or twice gives the same clocks. Records what becomes of each
    promise.
    """
    last, subjects = recorded[-1].event.at, {one.subject_id for one in recorded}
    versions = current_versions(About.CALLS)
    running = Clock.objects.select_for_update().filter(call_id__in=subjects).order_by("pk")
    known = {(clock.call_id, clock.started_at): clock for clock in running}
    if not known and not versions:
        return
    callers, hours = callers_of(subjects), hours_by_id(at=last)
    trees = [call_tree(version.conditions) for version in versions]
    news = {(one.subject_id, one.event.at) for one in recorded if isinstance(one.event, CallQueued)}
    for call_id, events in _stories("call", callers, OF_STANDING).items():
        for wait in waits_in_call(events):
            clock = known.get((call_id, wait.since))
            if clock is None and (call_id, wait.since) in news:
                index = first_holding(trees, callers[call_id].facts(queue=wait.queue), now=wait.since)
                said = Fitting(version=None if index is None else versions[index], priority=Priority.NORMAL)
                clock = _begun(Clock(call_id=call_id), said, hours, at=wait.since)
            if clock is not None and wait.until is not None:
                _end([clock], hours, at=wait.until, is_done=wait.is_answered)


def call_off_waits(case_id: int, hours: Mapping[int, Calendar], *, at: datetime) -> None:
    """Call off what visitors wait for whose case lies in the spam: nobody waits there. What was missed stays missed."""
    waits = Clock.objects.select_for_update().filter(case_id=case_id, measure=Measure.WAIT, outcome=Outcome.RUNNING)
    _end(waits.order_by("pk"), hours, at=at, is_done=False)


def _stories(kind: str, keys: Iterable[int], names: Collection[str]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for one in stories([subject(kind, key) for key in keys], names=names):
        found[one.subject_id].append(one.event)
    return found


def _begun(clock: Clock, said: Fitting, hours: Mapping[int, Calendar], *, at: datetime) -> Clock | None:
    """Begin the clock of a wait, and return it; None where nothing is promised. clock: says whose it is, and is not kept yet."""
    if said.promised(Measure.WAIT, None) == (None, None):
        return None
    clock.measure, clock.started_at = Measure.WAIT, at
    clock.save()
    held = Running(clock=clock)
    held.turn(at, Why.STARTED, version=None, target_s=None, runs=True)
    promise(held, said, at=at)
    count(held, hours, at=at)
    return clock


def _end(clocks: Iterable[Clock], hours: Mapping[int, Calendar], *, at: datetime, is_done: bool) -> None:
    for clock in clocks:
        if clock.outcome == Outcome.RUNNING:
            end(Running(clock=clock, turns=turns_by_clock([clock])[clock.pk]), at, hours, is_done=is_done)
