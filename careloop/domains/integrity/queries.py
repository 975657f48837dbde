"""Flags as those who may see them read them, and what stands beside a number."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careloop.domains.integrity import rules
from careloop.domains.integrity.errors import FlagNotFound, MayNotSeeFlags
from careloop.domains.integrity.models import Flag, FlagStep, LastExamination
from careloop.domains.integrity.states import Reason, Said, State, Step
from careloop.domains.integrity.types import About, Examination, FlagFilter, FlagRow, Method, Part, Severity, StepRow
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Order, Page, paged

__all__ = [
    "flag",
    "flags",
    "last_examination",
    "open_months",
    "sentences_of_flags",
    "severe_open_count",
    "standing",
    "steps_of",
    "touching",
]

MOST_COUNTED: Final = 100
MOST_BESIDE: Final = 200
_STANDING: Final = (State.OPEN, State.ANSWERED)
_RANK: Final = (Severity.SEVERE, Severity.WARNING, Severity.NOTE)


def flags(*, viewer: Actor, wanted: FlagFilter, cursor: str | None = None, limit: int = 50) -> Page[FlagRow]:
    """Return a page of flags, the newest first. Raises MayNotSeeFlags, BadCursor."""
    found = _visible(viewer)
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.severity is not None:
        found = found.filter(severity=wanted.severity)
    if wanted.about is not None:
        found = found.filter(about=wanted.about)
    if wanted.metric:
        found = found.filter(metrics__contains=[wanted.metric])
    page = paged(found, order=[Order(column="opened_at"), Order(column="id")], cursor=cursor, limit=limit)
    return page.map(lambda row: _row(row, viewer))


def flag(*, flag_id: int, viewer: Actor) -> FlagRow:
    """Return one flag. Raises MayNotSeeFlags; FlagNotFound also for one that this reader must not know of."""
    for row in _visible(viewer).filter(pk=flag_id):
        return _row(row, viewer)
    raise FlagNotFound(_("There is no such flag."))


def steps_of(*, flag_id: int, viewer: Actor) -> list[StepRow]:
    """Return the history of a flag, the newest first. Raises as `flag`."""
    flag(flag_id=flag_id, viewer=viewer)
    return [
        StepRow(
            step=Step(one.step),
            at=one.at,
            user_id=one.user_id,
            said=Said(one.said) if one.said else None,
            reason=Reason(one.reason) if one.reason else None,
            words=one.words,
            value=one.value,
            count=one.count,
        )
        for one in FlagStep.objects.filter(flag_id=flag_id).order_by("-at", "-pk")[:MOST_COUNTED]
    ]


def standing(*, since: datetime, until: datetime) -> list[FlagRow]:
    """Return the flags that may stand beside numbers of a period, open or answered; `touching` says beside which.

    Without the parts, for everybody who may ask a number may know what is wrong with it.
    """
    found = Flag.objects.filter(state__in=_STANDING, since__lt=until, until__gt=since).order_by("-opened_at", "-pk")
    return [_shown(row, parts=()) for row in found[:MOST_BESIDE]]


def touching(
    rows: Iterable[FlagRow],
    *,
    metrics: Collection[str],
    since: datetime,
    until: datetime,
    narrowed: Mapping[str, Collection[str]],
) -> list[FlagRow]:
    """Return those flags that stand beside one of some numbers in a period, the gravest first.

    narrowed: to which queues and agents the number is narrowed, by the names of About. A flag about a part stands beside numbers
    of that part only: for everything together the check was passed.
    """
    found = [
        row
        for row in rows
        if row.since < until
        and row.until > since
        and set(metrics) & set(row.metrics)
        and (row.about is About.WHOLE or row.key in narrowed.get(row.about, ()))
    ]
    return sorted(found, key=lambda row: (not row.is_doubtful, _RANK.index(row.severity)))


def severe_open_count() -> int:
    """Count the severe flags that nobody has answered, up to a hundred; for those who see all of them."""
    return Flag.objects.filter(state=State.OPEN, severity=Severity.SEVERE)[:MOST_COUNTED].count()


def open_months(*, before: date, most: int) -> list[date]:
    """Return months before that one in which flags wait for an answer, or for corrected data; the newest first."""
    found = Flag.objects.filter(Q(state=State.OPEN) | Q(state=State.ANSWERED, said=Said.CORRECTED), month__lt=before)
    return list(found.order_by("-month").values_list("month", flat=True).distinct()[:most])


def last_examination() -> Examination | None:
    """Return when the checks of the workspace were made the last time; None before the first time."""
    found = LastExamination.objects.filter(at__isnull=False).first()
    if found is None or found.at is None:
        return None
    return Examination(at=found.at, lake=found.lake, last=found.last, seconds=found.seconds, seen=found.seen)


def sentences_of_flags(flag_ids: Iterable[int]) -> dict[int, str]:
    """Return what some flags say, in the active language: for notices, and for the log of who did what."""
    language = (get_language() or "en").lower()
    found = Flag.objects.filter(pk__in=set(flag_ids)).values_list("pk", "sentence")
    return {key: str(sentence.get(language) or sentence["en"]) for key, sentence in found}


def _visible(viewer: Actor) -> Any:
    if not rules.may_see_some(viewer):
        raise MayNotSeeFlags(_("Doubts about numbers are for those who answer customers and those who lead them."))
    if rules.may_see_all(viewer):
        return Flag.objects.all()
    return Flag.objects.filter(~Q(about=About.AGENT) | Q(user_id=viewer.user_id))


def _row(row: Flag, viewer: Actor) -> FlagRow:
    parts = tuple(map(Part.read, row.parts))
    if not rules.may_see_all(viewer):
        # Supervisors and evaluators are somebody, too.
        parts = tuple(part for part in parts if part.of == About.QUEUE)
    return _shown(row, parts=parts)


def _shown(row: Flag, *, parts: tuple[Part, ...]) -> FlagRow:
    return FlagRow(
        id=row.pk,
        check=row.check_id,
        method=Method(row.method),
        severity=Severity(row.severity),
        sentence=row.sentence,
        metrics=tuple(row.metrics),
        about=About(row.about),
        key=row.key,
        user_id=row.user_id,
        month=row.month,
        since=row.since,
        until=row.until,
        value=row.value,
        limit=row.limit,
        count=row.count,
        of_count=row.of_count,
        parts=parts,
        state=State(row.state),
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        said=Said(row.said) if row.said else None,
        words=row.words,
        answered_by=row.answered_by_id,
        answered_at=row.answered_at,
    )
