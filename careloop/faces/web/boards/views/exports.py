"""Facts as files: what there is, asking for one, how far each is, and handing it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.boards.periods import PERIODS, Span
from careloop.domains.boards.services import note_export
from careloop.domains.exports import queries, services
from careloop.domains.exports.states import ExportState
from careloop.domains.exports.types import ExportAsked, ExportRow
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.boards.periods import period_or, span_words, zone_words
from careloop.faces.web.boards.saving import FORMATS
from careloop.faces.web.boards.tables import GROUPS, TITLES
from careloop.faces.web.boards.wording import moment_words
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.kernel.streaming import blob_stream
from careloop.processes.exporting import ask_export, held_tables
from careloop.processes.measuring.errors import MeasuringMissing
from careloop.processes.measuring.exporting import MEDIA_TYPES, FileFormat

__all__ = ["export_file", "export_list", "export_removal", "table_exports"]

USUAL: Final = "last_28_days"


class FileGone(NotFound):
    """Its bytes are not on the disk any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOffered:
    """A table that can be saved. rows: about how many, in all periods together."""

    name: str
    title: str | Promise
    rows: int

    @property
    def shown(self) -> str:
        return formats.number_format(self.rows, 0, force_grouping=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportShown:
    """A file in words. note: how far it is, or why there is none. is_lively: a worker has still to do with it."""

    row: ExportRow
    title: str | Promise
    format: str
    span: str
    note: str
    is_lively: bool
    is_ready: bool


@require_http_methods(["GET", "HEAD", "POST"])
def table_exports(request: HttpRequest) -> HttpResponse:
    """Offer every table of facts that has rows, and ask for one as a file."""
    viewer, workspace, given = actor_of(request), workspace_of(request), request.POST or request.GET
    queries.check_reader(viewer)
    chosen = period_or(USUAL, given, now=clock.now(), workspace=workspace)
    problem, status = "", 200
    if request.method == "POST":
        table, _dot, file_format = request.POST.get("file", "").partition(".")
        asked = ExportAsked(
            table=table,
            file_format=file_format,
            since=chosen.span.since,
            until=chosen.span.until,
            zone=timezone.get_current_timezone_name(),
        )
        try:
            ask_export(asked=asked, actor=viewer, at=clock.now())
        except Refusal as refusal:
            problem, status = str(refusal.message), refusal.status
        else:
            return redirect(f"{reverse('table_exports', args=[workspace.key])}?{chosen.encoded}")
    try:
        held = held_tables(workspace.id)
    except MeasuringMissing as missing:
        held, problem = {}, problem or str(missing.message)
    context = {
        "chosen": chosen,
        "periods": list(PERIODS.items()),
        "span": span_words(chosen.span),
        "zone": zone_words(workspace),
        "own_zone": timezone.get_current_timezone_name(),
        "groups": [(title, offered) for title, titles in GROUPS if (offered := _offered(titles, held))],
        "formats": FORMATS,
        "problem": problem,
        **_files(request),
    }
    return render(request, "boards/exports.html", context, status=status)


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """Show how far one's files are; the page asks again while any is being written."""
    return render(request, "boards/exports.html#files", _files(request))


@require_safe
def export_file(request: HttpRequest, export_id: int) -> HttpResponse:
    """Hand out a file that is ready; who saved it stands in the log."""
    viewer, workspace = actor_of(request), workspace_of(request)
    row = queries.finished_export(export_id=export_id, viewer=viewer)
    try:
        answer = blob_stream(request, sha256=row.sha256, content_type=MEDIA_TYPES[FileFormat(row.asked.file_format)])
    except FileNotFoundError:
        raise FileGone(_("This file is gone. Ask for it again.")) from None
    note_export(
        table=row.asked.table,
        file_format=row.asked.file_format,
        row_count=row.rows_written,
        actor=viewer,
        at=clock.now(),
    )
    first = row.asked.since.astimezone(ZoneInfo(workspace.time_zone))
    name = f"{row.asked.table}-{workspace.key}-{first:%Y%m%d}.{row.asked.file_format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]  # a stream is an answer, too


@require_POST
def export_removal(request: HttpRequest, export_id: int) -> HttpResponse:
    """Throw a file away, or stop writing it."""
    services.remove(export_id=export_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The file is gone."))
    return redirect("table_exports", workspace=workspace_of(request).key)


def _files(request: HttpRequest) -> dict[str, object]:
    files = [_shown(row, workspace_of(request)) for row in queries.exports_of(actor_of(request))]
    return {"files": files, "is_lively": any(one.is_lively for one in files)}


def _offered(titles: Mapping[str, str | Promise], held: Mapping[str, int]) -> list[TableOffered]:
    return [TableOffered(name=name, title=title, rows=held[name]) for name, title in titles.items() if name in held]


def _shown(row: ExportRow, workspace: WorkspaceFacts) -> ExportShown:
    asked = row.asked
    since = asked.since.astimezone(ZoneInfo(workspace.time_zone))
    span = Span(since=since, until=asked.until, before=(since, asked.until), day_begins_s=workspace.day_begins_s)
    return ExportShown(
        row=row,
        title=TITLES.get(asked.table, asked.table),
        format=dict(FORMATS)[FileFormat(asked.file_format)],
        span=span_words(span),
        note=_note(row),
        is_lively=not row.is_settled,
        is_ready=row.state is ExportState.READY,
    )


def _note(row: ExportRow) -> str:
    written = formats.number_format(row.rows_written, 0, force_grouping=True)
    match row.state:
        case ExportState.WAITING:
            return str(row.state.label)
        case ExportState.WRITING if row.rows_in_all is None:
            return _("Counting the rows…")
        case ExportState.WRITING:
            in_all = formats.number_format(row.rows_in_all or 0, 0, force_grouping=True)
            return _("%(written)s of %(all)s rows") % {"written": written, "all": in_all}
        case ExportState.FAILED:
            return str(row.why.label)
    rows = ngettext("%(rows)s row", "%(rows)s rows", row.rows_written) % {"rows": written}
    until = moment_words(row.expires_at.isoformat()) if row.expires_at else ""
    size = filesizeformat(row.size or 0)
    return _("%(rows)s, %(size)s; kept until %(moment)s") % {"rows": rows, "size": size, "moment": until}
