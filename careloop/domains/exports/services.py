"""Acts on files of facts: the only code that writes this table."""

from datetime import datetime
from typing import Final
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from careloop.domains.exports.errors import ExportNotFound, ExportUnclear, TooManyExports
from careloop.domains.exports.events import ExportAskedFor, ExportRemoved, ExportSettled
from careloop.domains.exports.models import Export
from careloop.domains.exports.queries import KEPT_FOR, MOST, check_reader, row_of
from careloop.domains.exports.states import MOVES, SETTLED, ExportState, Why
from careloop.domains.exports.types import ExportAsked, ExportRow
from careloop.kernel.actors import HOUSE, Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject
from careloop.kernel.timers import clear_timer, set_timer

__all__ = ["EXPORT_OVER", "ask", "begin", "expire", "fail", "finish", "remove", "tell_progress"]

EXPORT_OVER: Final = "exports.over"
"""The timer that throws a file away. Its subject is the export."""
AT_ONCE: Final = 3


@act
def ask(*, asked: ExportAsked, actor: Actor, at: datetime) -> int:
    """Ask for facts as a file and return its id; a worker writes it. The caller knows that there is such a table.

    Raises MayNotExport, ExportUnclear, TooManyExports. Records ExportAskedFor.
    """
    maker_id = check_reader(actor)
    if asked.since >= asked.until:
        problem = _("The period ends before it begins.")
        raise ExportUnclear(problem, fields={"until": _("Choose a later moment.")})
    if asked.zone not in available_timezones():
        raise ExportUnclear(_("There is no such time zone."), fields={"zone": _("Write one such as Asia/Seoul.")})
    mine = Export.objects.filter(maker_id=maker_id)
    if mine.exclude(state__in=SETTLED).count() >= AT_ONCE:
        raise TooManyExports(_("Three files are being written for you. Wait until one of them is ready."))
    if mine.count() >= MOST:
        raise TooManyExports(_("You have 50 files here. Remove some that you have saved."))
    made = Export.objects.create(
        table=asked.table,
        file_format=asked.file_format,
        since=asked.since,
        until=asked.until,
        zone=asked.zone,
        maker_id=maker_id,
        asked_at=at,
    )
    record(
        ExportAskedFor(
            subject=subject("export", made.pk),
            actor=str(actor),
            at=at,
            table=asked.table,
            file_format=asked.file_format,
        )
    )
    return made.pk


@act
def begin(*, export_id: int) -> ExportRow | None:
    """Let a worker write a file, from the beginning; None where it was removed or is settled. A step, so records nothing."""
    found = _locked(export_id)
    if found is None or ExportState.WRITING not in MOVES[ExportState(found.state)]:
        return None
    found.state, found.rows_written, found.rows_in_all = ExportState.WRITING, 0, None
    found.save(update_fields=["state", "rows_written", "rows_in_all"])
    return row_of(found)


@act
def tell_progress(*, export_id: int, rows_written: int, rows_in_all: int) -> bool:
    """Note how far a file is; return whether it is still wanted. A step, so records nothing."""
    return bool(
        Export.objects.filter(pk=export_id, state=ExportState.WRITING).update(
            rows_written=rows_written, rows_in_all=rows_in_all
        )
    )


@act
def finish(*, export_id: int, sha256: str, size: int, row_count: int, at: datetime) -> None:
    """Hand over a written file, for a day. Does nothing where it is not wanted any more. Records ExportSettled."""
    found = _locked(export_id)
    if found is not None and ExportState.READY in MOVES[ExportState(found.state)]:
        found.sha256, found.size = sha256, size
        found.rows_written = found.rows_in_all = row_count
        _settle(found, ExportState.READY, Why.NOTHING, at)


@act
def fail(*, export_id: int, why: Why, at: datetime) -> None:
    """Say that there will be no file. Does nothing where it is not wanted any more. Records ExportSettled."""
    found = _locked(export_id)
    if found is not None and ExportState.FAILED in MOVES[ExportState(found.state)]:
        _settle(found, ExportState.FAILED, why, at)


@act
def remove(*, export_id: int, actor: Actor, at: datetime) -> None:
    """Throw a file away, also one that is being written. Raises MayNotExport, ExportNotFound. Records ExportRemoved."""
    check_reader(actor)
    found = _locked(export_id)
    if found is None or found.maker_id != actor.user_id:
        raise ExportNotFound(_("There is no such file. Files are kept for a day; ask for it again."))
    _throw_away(found, actor, at)


@act
def expire(*, export_id: int, at: datetime) -> None:
    """Throw a file away because its day is over. Records ExportRemoved."""
    found = _locked(export_id)
    if found is not None:
        _throw_away(found, HOUSE, at)


def _settle(found: Export, state: ExportState, why: Why, at: datetime) -> None:
    found.state, found.why, found.settled_at = state, why, at
    found.save(update_fields=["state", "why", "settled_at", "sha256", "size", "rows_written", "rows_in_all"])
    set_timer(kind=EXPORT_OVER, subject_id=found.pk, due_at=at + KEPT_FOR)
    row_count = found.rows_written if state is ExportState.READY else 0
    record(
        ExportSettled(
            subject=subject("export", found.pk),
            actor=str(HOUSE),
            at=at,
            state=state.value,
            why=why.value,
            row_count=row_count,
        )
    )


def _throw_away(found: Export, actor: Actor, at: datetime) -> None:
    clear_timer(EXPORT_OVER, subject_id=found.pk)
    record(ExportRemoved(subject=subject("export", found.pk), actor=str(actor), at=at, table=found.table))
    found.delete()


def _locked(export_id: int) -> Export | None:
    return Export.objects.select_for_update().filter(pk=export_id).first()
