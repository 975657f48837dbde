"""What was promised in a case or to a caller, made ready for its panel: how each promise stands, and why it is due when it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from careloop.domains.calendars.queries import calendars_by_id, own_hours, unusual_days
from careloop.domains.calendars.types import CalendarRow, Holiday
from careloop.domains.calls.states import Leaving
from careloop.domains.cases.states import Category
from careloop.domains.cases.types import CaseRow
from careloop.domains.commitments.queries import clocks_of_call, clocks_of_cases
from careloop.domains.commitments.states import Measure, Outcome, Way
from careloop.domains.commitments.types import CallbackRow, ClockRow, StretchRow
from careloop.domains.people.queries import names_of
from careloop.kernel import hours
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.hours import Calendar
from careloop.ui.moments import length, length_to_second

__all__ = ["PromiseShown", "Promises", "promises_of_call", "promises_shown"]

PROMISED: Final = {
    Measure.FIRST_RESPONSE: gettext_lazy("The policy “%(policy)s” promises a first answer within %(length)s."),
    Measure.NEXT_RESPONSE: gettext_lazy("The policy “%(policy)s” promises the next answer within %(length)s."),
    Measure.RESOLUTION: gettext_lazy("The policy “%(policy)s” promises a solution within %(length)s."),
    Measure.WAIT: gettext_lazy("The policy “%(policy)s” promises that nobody waits longer than %(length)s in a chat."),
    Measure.TASK: gettext_lazy("The policy “%(policy)s” gives other teams %(length)s for a task."),
}
STARTED: Final = {
    Measure.FIRST_RESPONSE: gettext_lazy("The clock started (%(when)s) when the customer wrote."),
    Measure.NEXT_RESPONSE: gettext_lazy("The clock started (%(when)s) when the customer wrote again."),
    Measure.RESOLUTION: gettext_lazy("The clock started (%(when)s) when the case was opened."),
    Measure.WAIT: gettext_lazy("The clock started (%(when)s) when the visitor began to wait."),
    Measure.TASK: gettext_lazy("The clock started (%(when)s) when another team was asked."),
}
PROMISED_TO_CALLERS: Final = gettext_lazy(
    "The policy “%(policy)s” promises that no caller waits longer than %(length)s in a queue."
)
CAME: Final = gettext_lazy("The clock started (%(when)s) when the caller came into the queue.")

GIVEN: Final = {
    Way.CALL: gettext_lazy("%(who)s promised (%(when)s) to call the customer by %(due)s."),
    Way.WRITE: gettext_lazy("%(who)s promised (%(when)s) to write to the customer by %(due)s."),
}
CALLBACK_LINES: Final = {
    Way.CALL: gettext_lazy("%(who)s promised to call."),
    Way.WRITE: gettext_lazy("%(who)s promised to write."),
}
# Of a wait in a chat, and of everything else.
LATE: Final = {
    True: gettext_lazy("due %(due)s, waited until %(when)s"),
    False: gettext_lazy("due %(due)s, done %(when)s"),
}
CALLED_OFF: Final = {
    True: gettext_lazy("%(when)s, the chat ended before the time was over"),
    False: gettext_lazy("%(when)s, nobody waits for it any more"),
}
LEFT_QUEUE: Final = gettext_lazy("%(when)s, the caller left the queue before the time was over")
NOT_HEARD: Final = gettext_lazy("heard of until %(when)s; nobody heard how the wait ended")
ENDED: Final = {
    Outcome.KEPT: (gettext_lazy("Kept"), "solved", "circle-check"),
    Outcome.MISSED: (gettext_lazy("Missed"), "missed", "circle-x"),
    Outcome.CALLED_OFF: (gettext_lazy("Called off"), "closed", "circle-minus"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseShown:
    """A promise as its panel prints it.

    state: in words; empty while it is due, which the due mark says itself. tone, icon: of the kit. due_at: what the mark shows.
    line: one phrase more. question: what opens the reasons. reasons: sentences, from the promise to what follows.
    """

    measure: str
    state: str = ""
    tone: str = "neutral"
    icon: str = "clock"
    due_at: datetime | None = None
    line: str = ""
    question: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What was promised in a case. now: the newest of each kind. before: those before, the newest first.

    owed: the callback that somebody gave their word for, while it is not done.
    """

    now: Sequence[PromiseShown]
    before: Sequence[PromiseShown]
    owed: ClockRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What stands around the promises of a case; case: None for those to a caller.

    names: of those who gave their word. hours: the workspace's own.
    is_to_second: what is timed is over so soon that seconds are told.
    """

    case: CaseRow | None
    calendars: Mapping[int, CalendarRow]
    now: datetime
    names: Mapping[int, str]
    hours: Calendar | None
    is_to_second: bool = False

    def length(self, seconds: float) -> str:
        """Say how long something takes."""
        return length_to_second(seconds) if self.is_to_second else length(seconds)

    def when(self, at: datetime) -> str:
        """Say a moment in the reader's zone: the time alone if it is today."""
        local, today = timezone.localtime(at), timezone.localtime(self.now)
        time = f"{local:%H:%M:%S}" if self.is_to_second else date_format(local, "TIME_FORMAT")
        if local.date() == today.date():
            return time
        if local.year != today.year and not self.is_to_second:
            return date_format(local, "DATETIME_FORMAT")
        day = date_format(local, "MONTH_DAY_FORMAT" if local.year == today.year else "DATE_FORMAT")
        return _("%(day)s, %(time)s") % {"day": day, "time": time}


def promises_shown(row: CaseRow, *, viewer: Actor, now: datetime) -> Promises:
    """Return what was promised in a case; nothing for a customer."""
    clocks = clocks_of_cases([row.id], viewer=viewer, at=now).get(row.id, [])
    ids = {stretch.calendar_id for clock in clocks for stretch in clock.stretches}
    words = [clock.callback for clock in clocks if clock.callback is not None]
    around = _Around(
        case=row,
        calendars=calendars_by_id(ids - {None}),  # type: ignore[arg-type]
        now=now,
        names=names_of({key for key in map(_promiser, words) if key}) if words else {},
        hours=own_hours(at=now) if words else None,
    )
    newest = {clock.measure: clock.id for clock in clocks if clock.task_id is None}
    # Of tasks and of chats there may be several at a time.
    several = (Measure.TASK, Measure.WAIT)
    still_open = {clock.id for clock in clocks if clock.measure in several and clock.outcome == Outcome.RUNNING}
    latest = {*newest.values(), *still_open}
    now_on = [clock for measure in Measure for clock in clocks if clock.measure is measure and clock.id in latest]
    before = [clock for clock in reversed(clocks) if clock.id not in latest]
    return Promises(
        now=[_shown(clock, around) for clock in now_on],
        before=[_shown(clock, around) for clock in before],
        owed=next((clock for clock in now_on if clock.callback and clock.outcome == Outcome.RUNNING), None),
    )


def promises_of_call(call_id: int, *, viewer: Actor, now: datetime) -> Promises:
    """Return what was promised to the caller of a call, each time they came into a queue. Raises CallNotFound."""
    clocks = clocks_of_call(call_id, viewer=viewer, at=now)
    if not clocks:
        return Promises(now=(), before=(), owed=None)
    ids = {stretch.calendar_id for clock in clocks for stretch in clock.stretches}
    calendars = calendars_by_id(ids - {None})  # type: ignore[arg-type]
    around = _Around(case=None, calendars=calendars, now=now, names={}, hours=None)
    told = [_shown(clock, around) for clock in reversed(clocks)]
    return Promises(now=told[:1], before=told[1:], owed=None)


def _shown(clock: ClockRow, around: _Around) -> PromiseShown:
    if clock.callback is not None:
        return _callback(clock, clock.callback, around)
    is_wait = clock.measure is Measure.WAIT
    around = replace(around, is_to_second=is_wait)
    ended = around.when(clock.ended_at) if clock.ended_at else ""
    due = around.when(clock.due_at) if clock.due_at else ""
    used = _("%(spent)s of %(target)s used") % {
        "spent": around.length(clock.spent_s),
        "target": around.length(clock.target_s or 0),
    }
    reasons = list(_reasons(clock, around))
    question = _("Why %(when)s?") % {"when": due} if due else _("Why?")
    measure = str(clock.measure.label)
    if clock.title or clock.queue:
        measure = _("%(what)s: %(value)s") % {"what": measure, "value": clock.title or clock.queue}
    if clock.outcome != Outcome.RUNNING:
        state, tone, icon = ENDED[clock.outcome]
        line = _("%(when)s, %(used)s") % {"when": ended, "used": used}
        if clock.outcome == Outcome.MISSED:
            line = LATE[is_wait] % {"due": due, "when": ended} if due else ended
        elif clock.outcome == Outcome.CALLED_OFF:
            line = _called_off(clock) % {"when": ended}
    elif clock.due_at is not None:
        line = _("%(when)s, %(used)s") % {"when": due, "used": used}
        return PromiseShown(measure=measure, due_at=clock.due_at, line=line, question=question, reasons=reasons)
    elif clock.runs:
        line = _("Nothing is promised for the case as it is now.")
        state, tone, icon = gettext_lazy("No promise"), "closed", "circle-minus"
    else:
        line = used
        state, tone, icon = gettext_lazy("Stands still"), "waiting", "circle-pause"
    return PromiseShown(
        measure=measure, state=str(state), tone=tone, icon=icon, line=line, question=question, reasons=reasons
    )


def _called_off(clock: ClockRow) -> str:
    """Return why nobody waits for something any more, with a place for when."""
    if clock.call_id is None:
        return str(CALLED_OFF[clock.measure is Measure.WAIT])
    return str(NOT_HEARD if clock.left == Leaving.UNKNOWN else LEFT_QUEUE)


def _callback(clock: ClockRow, callback: CallbackRow, around: _Around) -> PromiseShown:
    """Return what somebody gave their word for."""
    reasons = list(_words(clock, callback, around))
    measure, question = str(clock.measure.label), _("What was promised?")
    if clock.outcome == Outcome.RUNNING:
        line = CALLBACK_LINES[callback.way] % {"who": _who(callback, around)}
        if _is_outside(clock.due_at, around):
            line = _("%(line)s Outside the opening hours.") % {"line": line}
        return PromiseShown(measure=measure, due_at=clock.due_at, line=line, question=question, reasons=reasons)
    state, tone, icon = ENDED[clock.outcome]
    due, ended = (around.when(at) if at else "" for at in (clock.due_at, clock.ended_at))
    line = ended
    if clock.outcome == Outcome.MISSED:
        line = _("due %(due)s, done %(when)s") % {"due": due, "when": ended}
    return PromiseShown(
        measure=measure, state=str(state), tone=tone, icon=icon, line=line, question=question, reasons=reasons
    )


def _words(clock: ClockRow, callback: CallbackRow, around: _Around) -> Iterator[str]:
    """Yield what was said to the customer, when, by whom, and what became of the time."""
    # The clock counts all hours from its start on, so what it promises is a moment.
    moments = [(one.since, clock.started_at + timedelta(seconds=one.target_s or 0)) for one in clock.stretches]
    moments = moments or [(clock.started_at, clock.due_at or clock.started_at)]
    (since, due_at), *moves = moments
    values = {"who": _who(callback, around), "when": around.when(since), "due": around.when(due_at)}
    yield str(GIVEN[callback.way]) % values
    for moved_at, moved_to in moves:
        yield _("%(when)s: moved to %(due)s.") % {"when": around.when(moved_at), "due": around.when(moved_to)}
    if callback.note:
        yield _("It is about: %(note)s") % {"note": callback.note}
    if _is_outside(clock.due_at, around):
        yield _("This time lies outside the workspace's opening hours. It counts all the same.")
    yield _("All times are in your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}


def _who(callback: CallbackRow, around: _Around) -> str:
    return around.names.get(_promiser(callback), "Careloop")


def _promiser(callback: CallbackRow) -> int:
    kind, _colon, key = callback.promised_by.partition(":")
    return int(key) if kind == ActorKind.USER and key.isdigit() else 0


def _is_outside(at: datetime | None, around: _Around) -> bool:
    return at is not None and around.hours is not None and not hours.is_open(around.hours, at)


def _reasons(clock: ClockRow, around: _Around) -> Iterator[str]:
    """Yield why a promise is due when it is, in the order in which one would tell it."""
    first = next((stretch for stretch in clock.stretches if stretch.target_s is not None), None)
    if first is not None:
        promised = PROMISED[clock.measure] if around.case is not None else PROMISED_TO_CALLERS
        yield str(promised) % {"policy": first.policy, "length": around.length(first.target_s or 0)}
        yield _hours(first.calendar_id, around)
    started: str | Promise = STARTED[clock.measure]
    if around.case is None:
        started = CAME
    elif clock.measure == Measure.RESOLUTION and clock.started_at > around.case.opened_at:
        started = _("The clock started (%(when)s) when the case was opened again.")
    yield str(started) % {"when": around.when(clock.started_at)}
    for index, stretch in enumerate(clock.stretches):
        if index:
            yield from _change(clock.stretches[index - 1], stretch, around)
        is_going_on = clock.ended_at is None and stretch is clock.stretches[-1]
        yield _course(clock, stretch, around, is_going_on=is_going_on)
    if clock.left and clock.ended_at is not None:
        yield _("How the wait ended (%(when)s): %(how)s.") % {
            "when": around.when(clock.ended_at),
            "how": Leaving(clock.left).label,
        }
    yield from _days(clock, around)
    if clock.due_at is not None:
        values = {"length": around.length(clock.target_s or 0), "when": around.when(clock.due_at)}
        if clock.due_at > (clock.ended_at or around.now):
            yield _("By %(when)s, %(length)s are used up.") % values
        else:
            yield _("By %(when)s, %(length)s were used up.") % values
    elif clock.ended_at is None and not clock.runs and clock.target_s is not None:
        left = around.length(max(0.0, clock.target_s - clock.spent_s))
        yield _("%(length)s are left. They count as soon as the clock goes on.") % {"length": left}
    yield _("All times are in your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}


def _hours(calendar_id: int | None, around: _Around) -> str:
    calendar = around.calendars.get(calendar_id or 0)
    if calendar is None:
        return _("Time counts around the clock.")
    return _("Time counts in the hours of “%(calendar)s” (%(zone)s).") % {
        "calendar": calendar.settings.name,
        "zone": calendar.settings.zone,
    }


def _change(before: StretchRow, after: StretchRow, around: _Around) -> Iterator[str]:
    """Yield what changed in what is promised, and in whose hours."""
    if (before.policy, before.target_s, before.calendar_id) == (after.policy, after.target_s, after.calendar_id):
        return
    values = {
        "when": around.when(after.since),
        "policy": after.policy,
        "length": around.length(after.target_s or 0),
        "before": around.length(before.target_s or 0),
    }
    if after.target_s is None:
        yield _("%(when)s: the promise ended, nothing is promised for the case as it was then.") % values
    elif before.target_s is None:
        yield _("%(when)s: the policy “%(policy)s” began to apply.") % values
    elif before.policy == after.policy:
        yield _("%(when)s: the priority changed, %(length)s are promised instead of %(before)s.") % values
    else:
        yield _("%(when)s: the policy “%(policy)s” began to apply, %(length)s instead of %(before)s.") % values
    if after.target_s is not None and before.target_s is not None and before.calendar_id != after.calendar_id:
        yield _hours(after.calendar_id, around)


def _course(clock: ClockRow, stretch: StretchRow, around: _Around, *, is_going_on: bool) -> str:
    """Say whether the clock ran for a while, and what stopped it."""
    values = {
        "since": around.when(stretch.since),
        "until": around.when(stretch.until),
        "length": around.length(stretch.spent_s),
    }
    if stretch.runs and stretch.target_s is None:
        return _("From %(since)s to %(until)s nothing was promised; %(length)s counted all the same.") % values
    if stretch.runs and is_going_on:
        return _("It has been running since %(since)s: %(length)s so far.") % values
    if stretch.runs:
        return _("It ran from %(since)s to %(until)s: %(length)s.") % values
    # Only the solution waits for customers; everything else stands still for spam alone.
    if (
        clock.measure != Measure.RESOLUTION
        or not stretch.pauses
        or (is_going_on and around.case and around.case.is_spam)
    ):
        if is_going_on:
            return _("It has stood still since %(since)s, because the case lies in the spam.") % values
        return _("It stood still from %(since)s to %(until)s, because the case lay in the spam.") % values
    if stretch.pauses == (Category.WAITING,):
        if is_going_on:
            return _("It has stood still since %(since)s, because we wait for the customer.") % values
        return _("It stood still from %(since)s to %(until)s, because we waited for the customer.") % values
    if is_going_on:
        return _("It has stood still since %(since)s, because of the status of the case.") % values
    return _("It stood still from %(since)s to %(until)s, because of the status of the case.") % values


def _days(clock: ClockRow, around: _Around) -> Iterator[str]:
    """Yield the holidays and the days with other hours between the start of a clock and its end."""
    calendar_id = next((stretch.calendar_id for stretch in reversed(clock.stretches) if stretch.policy), None)
    calendar = around.calendars.get(calendar_id or 0)
    if calendar is None:
        return
    until = clock.due_at or clock.ended_at or around.now
    days = unusual_days(
        calendar, since=clock.started_at, until=max(until, clock.started_at), language=get_language() or "en"
    )
    if off := [_day(day) for day in days if not day.is_worked]:
        yield _("Closed in between: %(days)s.") % {"days": ", ".join(off)}
    if other := [_day(day) for day in days if day.is_worked]:
        yield _("Open at other hours in between: %(days)s.") % {"days": ", ".join(other)}


def _day(day: Holiday) -> str:
    on = date_format(day.date, "MONTH_DAY_FORMAT")
    return _("%(day)s (%(name)s)") % {"day": on, "name": day.name} if day.name else on
