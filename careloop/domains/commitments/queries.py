"""What is promised, and how its clocks stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.calendars.queries import hours_by_id
from careloop.domains.calls.queries import call_seen_by
from careloop.domains.calls.standing import OF_STANDING
from careloop.domains.cases.queries import visible_among
from careloop.domains.cases.rules import may_read_notes
from careloop.domains.commitments import rules
from careloop.domains.commitments.callbacks import step_at
from careloop.domains.commitments.clock import Stretch, spent_s, stretches
from careloop.domains.commitments.errors import PolicyNotFound
from careloop.domains.commitments.lines import waits_in_call
from careloop.domains.commitments.models import Callback, Clock, ClockTurn, Policy, PolicyVersion
from careloop.domains.commitments.reading import current_versions, turns_of
from careloop.domains.commitments.states import OF_CASES, About, Measure, Outcome, Way, Whom, Why
from careloop.domains.commitments.types import (
    CallbackRow,
    ClockRow,
    DueCounts,
    Escalation,
    OwedCall,
    PolicyRow,
    PolicySettings,
    Standing,
    StretchRow,
    Targets,
    TermsRow,
    VersionRow,
)
from careloop.domains.tasks.queries import tasks_by_id
from careloop.domains.tasks.types import TaskRow
from careloop.kernel.actors import Actor
from careloop.kernel.events import stories, subject
from careloop.kernel.hours import Calendar

__all__ = [
    "call_owed_in",
    "callbacks_owed",
    "calls_owed",
    "cases_of_callbacks",
    "chat_of_clock",
    "clocks_of_call",
    "clocks_of_cases",
    "due_counts",
    "due_of_lines",
    "due_of_waits",
    "escalation_at",
    "policies_of",
    "policy_names",
    "policy_of",
    "promiser_of",
    "since_of_clock",
    "standings_of_cases",
    "task_of_clock",
    "terms_of",
    "versions_of",
]

SOON: Final = timedelta(hours=1)


def policies_of(viewer: Actor) -> list[PolicyRow]:
    """Return the policies in use, in the order in which they are asked."""
    return [_policy(version) for version in current_versions()] if rules.may_see_policies(viewer) else []


def policy_of(viewer: Actor, *, policy_id: int) -> PolicyRow:
    """Return one policy in use. Raises PolicyNotFound."""
    for row in policies_of(viewer):
        if row.id == policy_id:
            return row
    raise PolicyNotFound(_("There is no such policy."))


def versions_of(viewer: Actor, *, policy_id: int) -> list[VersionRow]:
    """Return all that a policy in use has ever said, the newest first. Raises PolicyNotFound."""
    policy_of(viewer, policy_id=policy_id)
    versions = PolicyVersion.objects.filter(policy_id=policy_id).select_related("policy").order_by("-version")
    return [
        VersionRow(
            version=version.version,
            effective_at=version.effective_at,
            made_by=version.made_by,
            settings=_policy(version).settings,
        )
        for version in versions
    ]


def escalation_at(*, version_id: int | None, share: float) -> Escalation | None:
    """Return what happens at a share of the time, None where nothing does. For the house.

    version_id: of a policy; None for what a person promised.
    """
    if version_id is None:
        return step_at(share)
    version = PolicyVersion.objects.select_related("policy").filter(pk=version_id).first()
    steps = _policy(version).settings.steps if version is not None else ()
    return next((step for step in steps if step.share == share), None)


def terms_of(*, policy_ids: Collection[int] = (), version_ids: Collection[int] = ()) -> list[TermsRow]:
    """Return all that some policies ever said, and some versions besides, the oldest first. For the house."""
    rows = PolicyVersion.objects.filter(Q(policy_id__in=policy_ids) | Q(pk__in=version_ids)).order_by("id")
    return [
        TermsRow(
            id=row.pk,
            policy_id=row.policy_id,
            version=row.version,
            effective_at=row.effective_at,
            calendar_id=row.calendar_id,
            targets=_targets(row),
            pauses=tuple(row.pauses),
            levels=_levels(row),
        )
        for row in rows
    ]


def policy_names(policy_ids: Collection[int]) -> dict[int, str]:
    """Return what policies are called, also those that are out of use."""
    return dict(Policy.objects.filter(pk__in=policy_ids).values_list("id", "name"))


def due_counts(*, at: datetime, team_id: int | None = None) -> DueCounts | None:
    """Count the promises of those who wait at this moment; an index of what runs answers, whatever the history.

    team_id: only those whose case lies with this team; None for all. Returns None where nothing was ever promised. For the house.
    Who waits in a chat stands among those who wait, with how long they have; so nobody is counted twice.
    """
    if not Policy.objects.exists() and not Clock.objects.exists():
        return None
    running = Clock.objects.filter(outcome=Outcome.RUNNING, case__is_spam=False, measure__in=OF_CASES)
    if team_id is not None:
        running = running.filter(case__team_id=team_id)
    is_over = Q(due_at__lt=at) | Q(missed_at__isnull=False)
    soon = Q(due_at__gte=at, due_at__lt=at + SOON, missed_at__isnull=True)
    counts = running.filter(Q(due_at__lt=at + SOON) | Q(missed_at__isnull=False)).aggregate(
        overdue=Count("pk", filter=is_over), due_soon=Count("pk", filter=soon)
    )
    return DueCounts(**counts)


def clocks_of_cases(case_ids: Collection[int], *, viewer: Actor, at: datetime) -> dict[int, list[ClockRow]]:
    """Return the clocks of those cases that the viewer may see, the oldest first, each with what it did up to a moment.

    A customer sees none: what we set ourselves is not theirs to watch. What we agreed among ourselves is for those who read notes.
    """
    seen = _seen(case_ids, viewer)
    known = Clock.objects.filter(case_id__in=seen).order_by("case_id", "started_at", "id")
    clocks = list(known if may_read_notes(viewer) else known.filter(task__isnull=True))
    turns = _turns(clocks)
    hours = hours_by_id(at=at) if clocks else {}
    words = _callbacks(clocks, viewer)
    asked = tasks_by_id([clock.task_id for clock in clocks if clock.task_id is not None])
    found: dict[int, list[ClockRow]] = defaultdict(list)
    for clock in clocks:
        if any(turn.target_s is not None for turn in turns[clock.pk]):
            found[clock.case_id or 0].append(_clock(clock, turns[clock.pk], hours, at, words.get(clock.pk), asked))
    return dict(found)


def clocks_of_call(call_id: int, *, viewer: Actor, at: datetime) -> list[ClockRow]:
    """Return the clocks of a call, the oldest first, each with what it did up to a moment; none where nothing was promised.

    Raises CallNotFound for a call that the viewer may not see.
    """
    clocks = list(Clock.objects.filter(call_id=call_id).order_by("started_at", "id"))
    if not clocks or not rules.may_see_promises(viewer):
        return []
    call_seen_by(viewer, call_id=call_id)
    told = [one.event for one in stories([subject("call", call_id)], names=OF_STANDING)]
    waits = {wait.since: (wait.queue, wait.how.value if wait.how else "") for wait in waits_in_call(told)}
    turns, hours = _turns(clocks), hours_by_id(at=at)
    rows = [_clock(clock, turns[clock.pk], hours, at, None, {}) for clock in clocks]
    stood = [waits.get(row.started_at, ("", "")) for row in rows]
    return [replace(row, queue=queue, left=left) for row, (queue, left) in zip(rows, stood, strict=True)]


def callbacks_owed(case_ids: Collection[int], *, viewer: Actor) -> dict[int, tuple[Way, datetime]]:
    """Return how and by when we come back to the customers of those cases that the viewer may see; they may see their own."""
    rows = Callback.objects.filter(
        clock__case_id__in=visible_among(case_ids, viewer=viewer),
        clock__outcome=Outcome.RUNNING,
        clock__due_at__isnull=False,
    )
    found = rows.values_list("clock__case_id", "way", "clock__due_at")
    return {case_id: (Way(way), due_at) for case_id, way, due_at in found if case_id is not None and due_at is not None}


def calls_owed(clock_ids: Collection[int] | None = None, *, limit: int = 500) -> dict[int, OwedCall]:
    """Return the customers whom we promised to call by the clock of the promise, the oldest first. For the house.

    clock_ids: these only; None: all of the workspace.
    """
    rows = Callback.objects.filter(clock__outcome=Outcome.RUNNING, clock__due_at__isnull=False, way=Way.CALL)
    if clock_ids is not None:
        rows = rows.filter(clock_id__in=clock_ids)
    return {
        row.clock_id: OwedCall(
            clock_id=row.clock_id,
            case_id=row.clock.case_id or 0,
            promised_by=row.promised_by,
            due_at=row.clock.due_at or row.clock.started_at,
            ready_at=_ready_at(row),
        )
        for row in rows.select_related("clock").order_by("clock_id")[:limit]
    }


def call_owed_in(case_id: int) -> int | None:
    """Return the clock of the call that is owed in a case; None where none is. For the house."""
    owed = Callback.objects.filter(clock__case_id=case_id, clock__outcome=Outcome.RUNNING, way=Way.CALL)
    return owed.values_list("clock_id", flat=True).first()


def cases_of_callbacks(clock_ids: Collection[int]) -> dict[int, tuple[int, datetime | None]]:
    """Return the case of each promise by its clock, and when it is due. For the house and for those who see what waits."""
    found = Clock.objects.filter(pk__in=clock_ids) if clock_ids else Clock.objects.none()
    return {key: (case_id or 0, due_at) for key, case_id, due_at in found.values_list("pk", "case_id", "due_at")}


def promiser_of(clock_id: int) -> str:
    """Return the actor who gave a customer their word, empty where a policy promises. For the house."""
    return Callback.objects.filter(clock_id=clock_id).values_list("promised_by", flat=True).first() or ""


def task_of_clock(clock_id: int) -> int | None:
    """Return the task that a clock times, None where it times something else. For the house."""
    return Clock.objects.filter(pk=clock_id).values_list("task_id", flat=True).first()


def chat_of_clock(clock_id: int) -> int | None:
    """Return the chat whose wait a clock times, None where it times something else. For the house."""
    return Clock.objects.filter(pk=clock_id).values_list("chat_id", flat=True).first()


def since_of_clock(clock_id: int) -> datetime | None:
    """Return since when somebody waits for what a clock times, None where it is gone. For the house."""
    return Clock.objects.filter(pk=clock_id).values_list("started_at", flat=True).first()


def due_of_lines(call_ids: Collection[int]) -> dict[int, datetime]:
    """Return by when somebody has to answer each of some calls; those to whose callers nothing was promised are left out.

    For the house and for those who see the calls.
    """
    running = Clock.objects.filter(call_id__in=call_ids, outcome=Outcome.RUNNING, due_at__isnull=False)
    found = running.order_by("started_at", "id").values_list("call_id", "due_at") if call_ids else ()
    return {call_id: due_at for call_id, due_at in found if call_id is not None and due_at is not None}


def due_of_waits(chat_ids: Collection[int]) -> dict[int, datetime]:
    """Return by when somebody has to join each of some chats; those to whose visitors nothing was promised are left out.

    For the house and for those who see what waits.
    """
    running = Clock.objects.filter(chat_id__in=chat_ids, outcome=Outcome.RUNNING, due_at__isnull=False)
    found = running.values_list("chat_id", "due_at") if chat_ids else ()
    return {chat_id: due_at for chat_id, due_at in found if chat_id is not None and due_at is not None}


def standings_of_cases(case_ids: Collection[int], *, viewer: Actor) -> dict[int, dict[Measure, Standing]]:
    """Return how the newest promise of each kind stands for those cases that the viewer may see, in two queries."""
    found: dict[int, dict[Measure, Standing]] = defaultdict(dict)
    was_promised = Exists(ClockTurn.objects.filter(clock=OuterRef("pk"), target_s__isnull=False))
    rows = Clock.objects.filter(was_promised, case_id__in=_seen(case_ids, viewer), measure__in=OF_CASES).order_by(
        "case_id", "started_at", "id"
    )
    for case_id, measure, outcome, due_at, ended_at in rows.values_list(
        "case_id", "measure", "outcome", "due_at", "ended_at"
    ):
        # The last of a kind is the newest.
        found[case_id or 0][Measure(measure)] = Standing(outcome=Outcome(outcome), due_at=due_at, ended_at=ended_at)
    return dict(found)


def _seen(case_ids: Collection[int], viewer: Actor) -> set[int]:
    return visible_among(case_ids, viewer=viewer) if rules.may_see_promises(viewer) else set()


def _ready_at(row: Callback) -> datetime | None:
    return row.again_at if row.tries else row.from_at or row.clock.started_at


def _callbacks(clocks: Sequence[Clock], viewer: Actor) -> dict[int, CallbackRow]:
    """Return by its clock what people gave their word for; the note only to those who read notes."""
    ids = [clock.pk for clock in clocks if clock.measure == Measure.CALLBACK]
    if not ids:
        return {}
    reads = may_read_notes(viewer)
    return {
        row.clock_id: CallbackRow(
            way=Way(row.way),
            note=row.note if reads else "",
            promised_by=row.promised_by,
            from_at=row.from_at,
            tries=row.tries,
            tried_at=row.tried_at,
            again_at=row.again_at,
        )
        for row in Callback.objects.filter(clock_id__in=ids)
    }


def _turns(clocks: Sequence[Clock]) -> dict[int, list[ClockTurn]]:
    """Return the turns of some clocks with the policies behind them, in order, by the clock's primary key."""
    turns: dict[int, list[ClockTurn]] = defaultdict(list)
    rows = ClockTurn.objects.filter(clock__in=clocks).select_related("version__policy")
    for turn in rows.order_by("clock_id", "at", "id"):
        turns[turn.clock_id].append(turn)
    return turns


def _clock(
    clock: Clock,
    turns: Sequence[ClockTurn],
    hours: Mapping[int, Calendar],
    at: datetime,
    callback: CallbackRow | None,
    asked: Mapping[int, TaskRow],
) -> ClockRow:
    read, until = turns_of(turns, hours), clock.ended_at or at
    last = next(turn for turn in reversed(turns) if turn.target_s is not None)
    # Several turns at one moment are one stretch: the last of them says what it was.
    kept = {turn.at: turn for turn in turns}
    told = tuple(_stretch(stretch, kept[stretch.since]) for stretch in stretches(read, until=until))
    return ClockRow(
        id=clock.pk,
        case_id=clock.case_id,
        measure=Measure(clock.measure),
        outcome=Outcome(clock.outcome),
        started_at=clock.started_at,
        ended_at=clock.ended_at,
        due_at=clock.due_at,
        spent_s=spent_s(read, until=until),
        target_s=last.target_s,
        runs=clock.ended_at is None and turns[-1].runs,
        policy=_name(last.version),
        stretches=told,
        callback=callback,
        task_id=clock.task_id,
        chat_id=clock.chat_id,
        call_id=clock.call_id,
        title=asked[clock.task_id].title if clock.task_id is not None and clock.task_id in asked else "",
    )


def _stretch(stretch: Stretch, turn: ClockTurn) -> StretchRow:
    version = turn.version
    return StretchRow(
        since=stretch.since,
        until=stretch.until,
        runs=stretch.runs,
        why=Why(turn.why),
        policy=_name(version),
        target_s=turn.target_s,
        spent_s=stretch.spent_s,
        calendar_id=version.calendar_id if version is not None else None,
        pauses=tuple(version.pauses) if version is not None else (),
    )


def _name(version: PolicyVersion | None) -> str:
    return "" if version is None else version.policy.name


def _policy(version: PolicyVersion) -> PolicyRow:
    return PolicyRow(
        id=version.policy_id,
        position=version.policy.position,
        version=version.version,
        effective_at=version.effective_at,
        settings=PolicySettings(
            name=version.policy.name,
            targets=_targets(version),
            conditions=version.conditions,
            calendar_id=version.calendar_id,
            pauses=tuple(version.pauses),
            steps=tuple(
                Escalation(share=step["share"], tell=tuple(map(Whom, step["tell"])), priority=step["priority"])
                for step in version.steps
            ),
            levels=_levels(version),
            about=About(version.policy.about),
        ),
    )


def _targets(version: PolicyVersion) -> Targets:
    return {
        Measure(measure): {int(priority): seconds for priority, seconds in by_priority.items()}
        for measure, by_priority in version.targets.items()
    }


def _levels(version: PolicyVersion) -> Mapping[Measure, float]:
    return {Measure(measure): share for measure, share in version.levels.items()}
