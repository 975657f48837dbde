"""Files that people asked for, as they and the worker see them."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.boards.rules import may_export
from careloop.domains.exports.errors import ExportNotFound, ExportNotReady, MayNotExport
from careloop.domains.exports.models import Export
from careloop.domains.exports.states import ExportState, Why
from careloop.domains.exports.types import ExportAsked, ExportRow
from careloop.kernel.actors import Actor

__all__ = ["KEPT_FOR", "MOST", "blobs_of_exports", "check_reader", "export", "exports_of", "finished_export", "row_of"]

MOST: Final = 50
KEPT_FOR: Final = timedelta(days=1)


def exports_of(viewer: Actor) -> list[ExportRow]:
    """Return the files that a person asked for, the newest first; at most 50. Raises MayNotExport."""
    check_reader(viewer)
    return [row_of(one) for one in Export.objects.filter(maker_id=viewer.user_id).order_by("-asked_at", "-pk")[:MOST]]


def export(*, export_id: int, viewer: Actor) -> ExportRow:
    """Return a file that a person asked for. Raises MayNotExport; ExportNotFound for anybody else's, as if it were not there."""
    check_reader(viewer)
    found = Export.objects.filter(pk=export_id, maker_id=viewer.user_id).first()
    if found is None:
        raise ExportNotFound(_("There is no such file. Files are kept for a day; ask for it again."))
    return row_of(found)


def finished_export(*, export_id: int, viewer: Actor) -> ExportRow:
    """Return a file that can be handed out. Raises ExportNotReady beside what `export` raises."""
    found = export(export_id=export_id, viewer=viewer)
    if found.state is not ExportState.READY:
        raise ExportNotReady(
            _("This file is not ready yet. Come back in a moment.") if not found.why else found.why.label
        )
    return found


def blobs_of_exports(hashes: Collection[str]) -> set[str]:
    """Return those of some blobs that are somebody's file."""
    return set(Export.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))


def check_reader(viewer: Actor) -> int:
    """Return the person's id. Raises MayNotExport for whoever may not take facts out of the house."""
    if viewer.user_id is None or not may_export(viewer):
        raise MayNotExport(_("Facts are saved as files by team leads and above."))
    return viewer.user_id


def row_of(one: Export) -> ExportRow:
    """Freeze a row."""
    return ExportRow(
        id=one.pk,
        asked=ExportAsked(
            table=one.table, file_format=one.file_format, since=one.since, until=one.until, zone=one.zone
        ),
        maker_id=one.maker_id,
        asked_at=one.asked_at,
        state=ExportState(one.state),
        why=Why(one.why),
        rows_written=one.rows_written,
        rows_in_all=one.rows_in_all,
        size=one.size,
        sha256=one.sha256,
        settled_at=one.settled_at,
        expires_at=one.settled_at + KEPT_FOR if one.settled_at else None,
    )
