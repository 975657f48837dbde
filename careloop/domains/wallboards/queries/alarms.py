"""What is watched, what alarms now, and what alarmed before."""

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.queues.rules import may_see_queues
from careloop.domains.wallboards import rules
from careloop.domains.wallboards.errors import AlarmNotFound, MayNotSeeWall, ThresholdNotFound
from careloop.domains.wallboards.models import Alarm, Threshold
from careloop.domains.wallboards.types import PEOPLE_FIGURES, AlarmRow, Direction, Figure, Level, ThresholdRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged

__all__ = ["alarm", "alarms", "open_alarms", "subjects_of_alarms", "subjects_of_thresholds", "threshold", "thresholds"]

MOST_OPEN = 50


def thresholds(*, viewer: Actor) -> list[ThresholdRow]:
    """Return what is watched in the workspace in scope, in the order in which it was made. Raises MayNotSeeWall."""
    _check(viewer)
    rows = Threshold.objects.filter(_seen_by(viewer), is_active=True)
    return [_threshold(row) for row in rows.order_by("pk")[:MOST_OPEN]]


def threshold(*, threshold_id: int, viewer: Actor) -> ThresholdRow:
    """Return one threshold. Raises MayNotSeeWall, ThresholdNotFound."""
    _check(viewer)
    for row in Threshold.objects.filter(_seen_by(viewer), pk=threshold_id, is_active=True):
        return _threshold(row)
    raise ThresholdNotFound(_("There is no such threshold."))


def open_alarms(*, viewer: Actor, team_id: int | None = None) -> list[AlarmRow]:
    """Return what alarms now: what nobody takes care of first, the worst, then the newest. Raises MayNotSeeWall.

    team_id: only what concerns this team, which what concerns everybody does, and the queues it serves; None for all.
    """
    _check(viewer)
    found = Alarm.objects.filter(_seen_by(viewer, "threshold__"), cleared_at__isnull=True).select_related("threshold")
    if team_id is not None:
        served = Q(threshold__queue=None) | Q(threshold__queue__team_ids=[])
        served |= Q(threshold__queue__team_ids__contains=[team_id])
        found = found.filter(Q(threshold__team_id=team_id) | Q(threshold__team_id=None) & served)
    return _alarms(
        found.order_by(F("acknowledged_at").asc(nulls_first=True), "-level", "-raised_at", "-pk")[:MOST_OPEN]
    )


def alarms(*, viewer: Actor, cursor: str | None = None, limit: int = 50) -> Page[AlarmRow]:
    """Return one page of the history of alarms, the newest first. Raises MayNotSeeWall, BadCursor."""
    _check(viewer)
    found = Alarm.objects.filter(_seen_by(viewer, "threshold__")).select_related("threshold")
    page = paged(found, order=[Order(column="raised_at"), Order(column="id")], cursor=cursor, limit=limit)
    return Page(items=_alarms(page.items), next_cursor=page.next_cursor)


def alarm(*, alarm_id: int, viewer: Actor) -> AlarmRow:
    """Return one alarm. Raises MayNotSeeWall, AlarmNotFound."""
    _check(viewer)
    for row in _alarms(Alarm.objects.filter(_seen_by(viewer, "threshold__"), pk=alarm_id).select_related("threshold")):
        return row
    raise AlarmNotFound(_("There is no such alarm."))


def subjects_of_thresholds(threshold_ids: Iterable[int]) -> dict[int, str]:
    """Return which figure each of some thresholds stands on, also of those removed, for the log of who did what."""
    return dict(Threshold.objects.filter(pk__in=set(threshold_ids)).values_list("pk", "figure"))


def subjects_of_alarms(alarm_ids: Iterable[int]) -> dict[int, str]:
    """Return which figure each of some alarms was raised on, for the log of who did what."""
    return dict(Alarm.objects.filter(pk__in=set(alarm_ids)).values_list("pk", "threshold__figure"))


def _check(viewer: Actor) -> None:
    if not rules.may_see(viewer):
        raise MayNotSeeWall(_("Only people who see every case of the workspace see its live figures."))


def _seen_by(viewer: Actor, to_threshold: str = "") -> Q:
    """Leave out what is about queues or people for those who do not see them. to_threshold: from the row to its threshold."""
    seen = Q() if may_see_queues(viewer) else Q(**{f"{to_threshold}queue": None})
    return seen if rules.may_see_people(viewer) else seen & ~Q(**{f"{to_threshold}figure__in": PEOPLE_FIGURES})


def _threshold(row: Threshold) -> ThresholdRow:
    return ThresholdRow(
        id=row.pk,
        figure=Figure(row.figure),
        direction=Direction(row.direction),
        team_id=row.team_id,
        queue_id=row.queue_id,
        warning=row.warning,
        alarm=row.alarm,
        margin=row.margin,
        hold_seconds=row.hold_seconds,
        level=Level(row.level),
        value=row.value,
        checked_at=row.checked_at,
    )


def _alarms(rows: Iterable[Alarm]) -> list[AlarmRow]:
    return [
        AlarmRow(
            id=row.pk,
            figure=Figure(row.threshold.figure),
            direction=Direction(row.threshold.direction),
            team_id=row.threshold.team_id,
            queue_id=row.threshold.queue_id,
            level=Level(row.level),
            limit=row.limit,
            value=row.value,
            raised_at=row.raised_at,
            cleared_at=row.cleared_at,
            acknowledged_by=row.acknowledged_by_id,
            acknowledged_at=row.acknowledged_at,
        )
        for row in rows
    ]
