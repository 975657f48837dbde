"""A list of cases as a file, streamed page by page."""

import csv
from collections.abc import Iterable, Iterator
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
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.desk.listing import Listing, listing_of
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream

__all__ = ["case_export"]

MOST_ROWS = 10_000
BATCH = 500
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
MOMENTS = frozenset({"opened", "activity", "waiting"})


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
        head = _line(_head(name) for name in columns)
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
            lines = b"".join(_line(_cell(row, name) for name in columns) for row in page.items)
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


def _head(name: str) -> str:
    label = _(COLUMNS[name])
    if name not in MOMENTS:
        return label
    return _("%(column)s (%(zone)s)") % {"column": label, "zone": timezone.get_current_timezone_name()}


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
    return str(getattr(row, name))


def _written(moment: datetime | None) -> str:
    return "" if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")


def _line(cells: Iterable[str]) -> bytes:
    file = StringIO()
    csv.writer(file).writerow([_harmless(cell) for cell in cells])
    return file.getvalue().encode()


def _harmless(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula, also after blanks; a subject can be chosen to do so.
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
