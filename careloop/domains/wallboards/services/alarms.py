"""Looking at every threshold, raising and ending alarms, and taking notice of one."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careloop.domains.people.queries import names_of
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.alarming import Limits, Standing, judged
from careloop.domains.wallboards.errors import AlarmIsOver, AlarmNotFound, AlreadyAcknowledged, MayNotAcknowledge
from careloop.domains.wallboards.events import AlarmAcknowledged, AlarmCleared, AlarmRaised
from careloop.domains.wallboards.measures import queue_value_of, value_of
from careloop.domains.wallboards.models import Alarm, Threshold
from careloop.domains.wallboards.news import say_changed
from careloop.domains.wallboards.queries.figures import WallFigures, figures
from careloop.domains.wallboards.queries.lengths import lengths_now
from careloop.domains.wallboards.queries.standings import queue_standings
from careloop.domains.wallboards.types import PEOPLE_FIGURES, Direction, Figure, Level
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import set_timer

__all__ = ["LOOK_EVERY", "WATCH", "acknowledge", "check_thresholds", "end_alarm"]

WATCH: Final = "wall.watch"
"""The timer that looks at the thresholds of a workspace; one for all of them, with the number 0."""
LOOK_EVERY: Final = timedelta(seconds=15)


@act
def check_thresholds(*, zone: ZoneInfo, actor: Actor, at: datetime, day_begins_s: int = 0) -> None:
    """Look at every threshold of the workspace in scope once, and look again in a moment as long as there is one.

    zone, day_begins_s: the workspace's, which say when its day begins.

    While the log is not being read nothing is judged: figures of an hour ago raise no alarm and end none. Queues and people are
    read as they stand, and are judged all the same.
    Records AlarmRaised and AlarmCleared.
    """
    thresholds = list(Threshold.objects.select_for_update().filter(is_active=True).order_by("pk"))
    if not thresholds:
        return
    set_timer(kind=WATCH, subject_id=0, due_at=at + LOOK_EVERY)
    walls: dict[int | None, WallFigures] = {}
    is_of_queues = any(threshold.queue_id is not None for threshold in thresholds)
    standings = queue_standings(viewer=actor) if is_of_queues else {}
    is_of_people = any(threshold.figure in PEOPLE_FIGURES for threshold in thresholds)
    lengths = lengths_now(viewer=actor, at=at) if is_of_people else None
    for threshold in thresholds:
        figure = Figure(threshold.figure)
        if lengths is not None and figure in PEOPLE_FIGURES:
            _look(threshold, lengths.longest(figure, team_id=threshold.team_id), actor=actor, at=at)
            continue
        if threshold.queue_id is not None:
            _look(threshold, queue_value_of(figure, standings.get(threshold.queue_id), at=at), actor=actor, at=at)
            continue
        wall = walls.get(threshold.team_id)
        if wall is None:
            wall = walls[threshold.team_id] = figures(
                viewer=actor, zone=zone, at=at, day_begins_s=day_begins_s, team_id=threshold.team_id
            )
        if not wall.is_stale:
            _look(threshold, value_of(figure, wall), actor=actor, at=at)


@act
def acknowledge(*, alarm_id: int, actor: Actor, at: datetime) -> None:
    """Say that one takes care of an alarm, which silences it on every screen.

    Raises MayNotAcknowledge, AlarmNotFound, AlarmIsOver, AlreadyAcknowledged. Records AlarmAcknowledged.
    """
    if not rules.may_acknowledge(actor):
        raise MayNotAcknowledge(_("People who work on cases acknowledge alarms."))
    alarm = Alarm.objects.select_for_update().filter(pk=alarm_id).first()
    if alarm is None:
        raise AlarmNotFound(_("There is no such alarm."))
    if alarm.acknowledged_by_id is not None and alarm.acknowledged_at is not None:
        raise AlreadyAcknowledged(
            _("%(name)s has acknowledged this at %(time)s.")
            % {
                "name": names_of([alarm.acknowledged_by_id]).get(alarm.acknowledged_by_id, ""),
                "time": date_format(timezone.localtime(alarm.acknowledged_at), "TIME_FORMAT"),
            }
        )
    if alarm.cleared_at is not None:
        raise AlarmIsOver(_("This is over already; there is nothing left to acknowledge."))
    alarm.acknowledged_by_id, alarm.acknowledged_at = actor.user_id, at
    alarm.save(update_fields=["acknowledged_by", "acknowledged_at"])
    about = subject("wall_alarm", alarm.pk)
    record(AlarmAcknowledged(subject=about, actor=str(actor), at=at, threshold_id=alarm.threshold_id))
    say_changed()


def end_alarm(threshold_id: int, *, actor: Actor, at: datetime) -> Alarm | None:
    """End what a threshold has raised, within the act of the caller, and return it. Records AlarmCleared."""
    alarm = Alarm.objects.select_for_update().filter(threshold_id=threshold_id, cleared_at__isnull=True).first()
    if alarm is None:
        return None
    alarm.cleared_at = at
    alarm.save(update_fields=["cleared_at"])
    record(
        AlarmCleared(
            subject=subject("wall_alarm", alarm.pk),
            actor=str(actor),
            at=at,
            threshold_id=threshold_id,
            open_seconds=int((at - alarm.raised_at).total_seconds()),
        )
    )
    return alarm


def _look(threshold: Threshold, value: float | None, *, actor: Actor, at: datetime) -> None:
    limits = Limits(
        direction=Direction(threshold.direction),
        warning=threshold.warning,
        alarm=threshold.alarm,
        margin=threshold.margin,
        hold=timedelta(seconds=threshold.hold_seconds),
    )
    was = Standing(
        level=Level(threshold.level),
        next_level=None if threshold.next_level is None else Level(threshold.next_level),
        next_since=threshold.next_since,
    )
    now = judged(was, value, limits=limits, at=at)
    threshold.level, threshold.next_level, threshold.next_since = now.level, now.next_level, now.next_since
    threshold.value, threshold.checked_at = value, at
    threshold.save(update_fields=["level", "next_level", "next_since", "value", "checked_at"])
    if now.level != was.level:
        before = end_alarm(threshold.pk, actor=actor, at=at)
        limit = limits.limit_of(now.level)
        if limit is not None and value is not None:
            # Whoever took care of the worse takes care of what is left of it; a worse one asks anew.
            _raise(threshold, now.level, limit, value, before if now.level < was.level else None, actor, at)
        say_changed()


def _raise(
    threshold: Threshold, level: Level, limit: float, value: float, before: Alarm | None, actor: Actor, at: datetime
) -> None:
    alarm = Alarm.objects.create(
        threshold=threshold,
        level=level,
        limit=limit,
        value=value,
        raised_at=at,
        acknowledged_by_id=before.acknowledged_by_id if before else None,
        acknowledged_at=before.acknowledged_at if before else None,
    )
    record(
        AlarmRaised(
            subject=subject("wall_alarm", alarm.pk),
            actor=str(actor),
            at=at,
            threshold_id=threshold.pk,
            figure=threshold.figure,
            level=level,
            value=value,
            limit=limit,
        )
    )
