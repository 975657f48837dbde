"""What is to alarm."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careloop.domains.people.queries import is_team
from careloop.domains.queues.queries import is_queue
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.errors import (
    MayNotSetThresholds,
    ThresholdNotFound,
    ThresholdUnclear,
    TooManyThresholds,
)
from careloop.domains.wallboards.events import ThresholdChanged
from careloop.domains.wallboards.measures import measure_of
from careloop.domains.wallboards.models import Threshold
from careloop.domains.wallboards.news import say_changed
from careloop.domains.wallboards.services.alarms import WATCH, end_alarm
from careloop.domains.wallboards.types import QUEUE_FIGURES, Direction, Level, Measure, NewThreshold
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["add_threshold", "change_threshold", "remove_threshold"]

MOST = 50
LONGEST_HOLD_SECONDS = 3600


@act
def add_threshold(new: NewThreshold, *, actor: Actor, at: datetime) -> int:
    """Watch a figure from now on, and return the threshold's id.

    Raises MayNotSetThresholds, ThresholdUnclear, TooManyThresholds. Records ThresholdChanged.
    """
    _check(new, actor)
    if Threshold.objects.filter(is_active=True).count() >= MOST:
        raise TooManyThresholds(_("A workspace has at most 50 thresholds: nobody could follow more."))
    threshold = Threshold(figure=new.figure, direction=new.direction, team_id=new.team_id, queue_id=new.queue_id)
    _write(threshold, new)
    # Set anew, so that looks that were given up begin again.
    clear_timer(WATCH, subject_id=0)
    set_timer(kind=WATCH, subject_id=0, due_at=at)
    _record(threshold, "made", actor, at)
    return threshold.pk


@act
def change_threshold(new: NewThreshold, *, threshold_id: int, actor: Actor, at: datetime) -> None:
    """Change from when on a watched figure is a warning or an alarm; what it watches stays as it is.

    Raises MayNotSetThresholds, ThresholdNotFound, ThresholdUnclear. Records ThresholdChanged.
    """
    _check(new, actor)
    threshold = _locked(threshold_id)
    if _watched(threshold) != _watched(new):
        raise ThresholdUnclear(_("What a threshold watches stays as it is; make another one for something else."))
    _write(threshold, new)
    _record(threshold, "changed", actor, at)


@act
def remove_threshold(*, threshold_id: int, actor: Actor, at: datetime) -> None:
    """Watch a figure no more; its alarm ends, and its history stays.

    Raises MayNotSetThresholds, ThresholdNotFound. Records ThresholdChanged, and AlarmCleared when one went on.
    """
    _may(actor)
    threshold = _locked(threshold_id)
    end_alarm(threshold.pk, actor=actor, at=at)
    threshold.is_active = False
    threshold.level, threshold.next_level, threshold.next_since = Level.NONE, None, None
    threshold.save(update_fields=["is_active", "level", "next_level", "next_since"])
    _record(threshold, "removed", actor, at)


def _may(actor: Actor) -> None:
    if not rules.may_set(actor):
        raise MayNotSetThresholds(_("Owners, managers and team leads say what is promised and what is to alarm."))


def _check(new: NewThreshold, actor: Actor) -> None:
    _may(actor)
    fields: dict[str, str | Promise] = {}
    for name, value in (("warning", new.warning), ("alarm", new.alarm), ("margin", new.margin)):
        if value is not None and value < 0:
            fields[name] = _("Give a number that is not below zero.")
        elif value is not None and measure_of(new.figure) is Measure.SHARE and value > 1:
            fields[name] = _("A share is at most 100%.")
    if new.warning is None and new.alarm is None:
        fields["warning"] = _("Give a value for the warning, for the alarm, or for both.")
    elif new.warning is not None and new.alarm is not None:
        is_above = new.direction == Direction.ABOVE
        if new.warning == new.alarm or (new.warning > new.alarm) == is_above:
            fields["alarm"] = _("The alarm comes after the warning: further up when rising, further down when falling.")
    if not 0 <= new.hold_seconds <= LONGEST_HOLD_SECONDS:
        fields["hold_seconds"] = _("Choose at most an hour.")
    if new.team_id is not None and not is_team(new.team_id):
        fields["team_id"] = _("There is no such team.")
    if new.figure in QUEUE_FIGURES:
        if new.queue_id is None:
            fields["queue_id"] = _("This is a figure of a queue: choose which one.")
        elif not is_queue(new.queue_id):
            fields["queue_id"] = _("There is no such queue.")
        if new.team_id is not None:
            fields["team_id"] = _("A queue's figure is of all who serve it, not of a team.")
    elif new.queue_id is not None:
        fields["queue_id"] = _("This is no figure of a queue: leave the queue out, or choose another figure.")
    if fields:
        raise ThresholdUnclear(_("The threshold needs another look."), fields=fields)


def _watched(one: Threshold | NewThreshold) -> tuple[str, str, int | None, int | None]:
    return (one.figure, one.direction, one.team_id, one.queue_id)


def _locked(threshold_id: int) -> Threshold:
    found = Threshold.objects.select_for_update().filter(pk=threshold_id, is_active=True).first()
    if found is None:
        raise ThresholdNotFound(_("There is no such threshold."))
    return found


def _write(threshold: Threshold, new: NewThreshold) -> None:
    threshold.warning, threshold.alarm = new.warning, new.alarm
    threshold.margin, threshold.hold_seconds = new.margin, new.hold_seconds
    threshold.save()


def _record(threshold: Threshold, change: str, actor: Actor, at: datetime) -> None:
    record(
        ThresholdChanged(
            subject=subject("wall_threshold", threshold.pk),
            actor=str(actor),
            at=at,
            change=change,
            figure=threshold.figure,
            direction=threshold.direction,
            team_id=threshold.team_id,
            warning=threshold.warning,
            alarm=threshold.alarm,
            queue_id=threshold.queue_id,
        )
    )
    say_changed()
