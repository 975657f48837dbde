"""A list of cases as a file, streamed page by page."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import StringIO

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from careloop.domains.cases import queries
from careloop.domains.cases.conditions import COLUMNS, REGISTRY
from careloop.domains.cases.types import CaseRow
from careloop.domains.commitments.queries import standings_of_cases
from careloop.domains.commitments.states import OF_CASES, Measure
from careloop.domains.commitments.types import Standing
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.desk.listing import Listing, listing_of
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream
from careloop.processes.measuring.exporting import harmless

__all__ = ["case_export"]

MOST_ROWS = 10_000
BATCH = 500
MOMENTS = frozenset({"opened", "activity", "waiting", "due"})


@opens_own_scope
@require_safe
def case_export(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """Stream a list as CSV in UTF-8, at most 10,000 cases, in the order of the list; only what the reader may see.

    Times are in the reader's zone, which the head of each such column names. Each batch is read in a scope of its own.
    """
    workspace_id = workspace_of(request).id
    with workspace_scope(workspace_id):
        try:
            listing = listing_of(request, key)
        except Refusal as refusal:
            return refused(request, refusal)  # type: ignore[return-value]  # a page instead of a file
    pieces = _pieces(listing, workspace_id=workspace_id, viewer=actor_of(request), now=clock.now())
    answer = stream(request, pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{workspace_of(request).key}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _pieces(listing: Listing, *, workspace_id: int, viewer: Actor, now: datetime) -> Iterator[bytes]:
    # The answer outlives the request's own language and zone, so it takes them along.
    language, zone = translation.get_language(), timezone.get_current_timezone()
    columns = ("number", *(name for name in listing.columns if name != "number"))
    with translation.override(language), timezone.override(zone):
        head = _line(cell for name in columns for cell in _heads(name))
    yield "\ufeff".encode() + head
    cursor, written = None, 0
    while written < MOST_ROWS:
        with workspace_scope(workspace_id), translation.override(language), timezone.override(zone):
            page = queries.cases(
                viewer=viewer,
                condition=listing.condition,
                order=listing.order,
                cursor=cursor,
                limit=min(BATCH, MOST_ROWS - written),
                now=now,
            )
            promised = (
                standings_of_cases([row.id for row in page.items], viewer=viewer) if "promises" in columns else {}
            )
            lines = b"".join(
                _line(cell for name in columns for cell in _cells(row, name, promised.get(row.id, {})))
                for row in page.items
            )
        cursor, written = page.next_cursor, written + len(page.items)
        yield lines
        if cursor is None:
            return
    with translation.override(language):
        note = ngettext(
            "Only the first %(most)d case is here. Narrow the list to get the others.",
            "Only the first %(most)d cases are here. Narrow the list to get the others.",
            MOST_ROWS,
        )
        yield _line([note % {"most": MOST_ROWS}])


def _heads(name: str) -> list[str]:
    """Return what stands above a column; what was promised fills three for each kind of promise."""
    if name == "promises":
        return [
            head
            for measure in OF_CASES
            for head in (
                str(measure.label),
                _with_zone(_("%(promise)s, due") % {"promise": measure.label}),
                _with_zone(_("%(promise)s, done") % {"promise": measure.label}),
            )
        ]
    label = _(COLUMNS[name])
    return [_with_zone(label) if name in MOMENTS else label]


def _with_zone(column: str) -> str:
    return _("%(column)s (%(zone)s)") % {"column": column, "zone": timezone.get_current_timezone_name()}


def _cells(row: CaseRow, name: str, promised: Mapping[Measure, Standing]) -> list[str]:
    if name != "promises":
        return [_cell(row, name)]
    cells: list[str] = []
    for measure in OF_CASES:
        standing = promised.get(measure)
        cells += (
            ["", "", ""]
            if standing is None
            else [str(standing.outcome.label), _written(standing.due_at), _written(standing.ended_at)]
        )
    return cells


def _cell(row: CaseRow, name: str) -> str:
    match name:
        case "number":
            return str(row.number)
        case "priority":
            return _(REGISTRY["priority"].choices[str(row.priority)])
        case "channel":
            return _(REGISTRY["channel"].choices.get(row.channel, row.channel))
        case "tags":
            return ", ".join(row.tags)
        case "opened":
            return _written(row.opened_at)
        case "activity":
            return _written(row.activity_at)
        case "waiting":
            return _written(row.waiting_since)
        case "due":
            return _written(row.due_at)
    return str(getattr(row, name))


def _written(moment: datetime | None) -> str:
    return "" if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")


def _line(cells: Iterable[str]) -> bytes:
    file = StringIO()
    csv.writer(file).writerow([harmless(cell) for cell in cells])
    return file.getvalue().encode()
