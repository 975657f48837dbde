"""Administration: who did what, as a page and as a file."""

import base64
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import StringIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.people import queries, rules
from careloop.domains.people.errors import MayNotAdministerPeople
from careloop.faces.web.access.wordings import Told, labels, worded
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.refusals import refused
from careloop.kernel.errors import Refusal
from careloop.kernel.events import Recorded, known_events, trail
from careloop.kernel.paging import BadCursor
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream

__all__ = ["audit_export", "audit_page"]

PAGE = 50
EXPORT_ROWS = 50_000
BATCH = 500
EARLIEST_YEAR, LATEST_YEAR = 1970, 2999
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to see of the log. actor: as the log writes it, or None for all."""

    actor: str | None
    names: tuple[str, ...]
    since: datetime | None
    until: datetime | None


@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """Show who did what, newest first, by person, act and period."""
    _refuse_unless_reader(request)
    question = _question(request)
    found = _ask(question, before=_before(request.GET.get("cursor", "")), limit=PAGE + 1)
    shown = found[:PAGE]
    parameters = request.GET.copy()
    parameters.pop("cursor", None)
    older = parameters.copy()
    if len(found) > PAGE:
        older["cursor"] = _cursor(shown[-1])
    context = {
        "rows": worded(shown),
        "people": [(f"user:{one.id}", one.name) for one in queries.people_of(actor_of(request))],
        "acts": labels(),
        "asked": request.GET,
        "filter": parameters.urlencode(),
        "older": f"?{older.urlencode()}" if "cursor" in older else "",
        "newest": f"?{parameters.urlencode()}" if "cursor" in request.GET else "",
    }
    return render(request, "access/audit.html", context)


@opens_own_scope
@require_safe
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the same as a CSV file in UTF-8, at most 50,000 acts, the newest first; each batch in a scope of its own."""
    workspace_id = workspace_of(request).id
    try:
        _refuse_unless_reader(request)
    except Refusal as refusal:
        with workspace_scope(workspace_id):
            return refused(request, refusal)  # type: ignore[return-value]  # a page instead of a file
    pieces = _pieces(_question(request), workspace_id=workspace_id)
    answer = stream(request, pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{workspace_of(request).key}.csv"'
    return answer


def _refuse_unless_reader(request: HttpRequest) -> None:
    if not rules.may_read_audit(actor_of(request)):
        raise MayNotAdministerPeople(_("Only an owner or a manager can see who did what in the whole workspace."))


def _question(request: HttpRequest) -> Question:
    who, act = request.GET.get("who", ""), request.GET.get("act", "")
    kind, _colon, key = who.partition(":")
    last = _day(request.GET.get("until", ""))
    return Question(
        actor=who if kind == "user" and key.isdecimal() else None,
        names=(act,) if act in known_events() else (),
        since=_day(request.GET.get("since", "")),
        until=last + timedelta(days=1) if last else None,
    )


def _ask(question: Question, *, before: tuple[datetime, int] | None, limit: int) -> list[Recorded]:
    return trail(
        actor=question.actor,
        names=question.names,
        since=question.since,
        until=question.until,
        before=before,
        limit=limit,
    )


def _day(text: str) -> datetime | None:
    """Return the beginning of a day in the reader's zone; what is no day is no filter."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


def _cursor(recorded: Recorded) -> str:
    return base64.urlsafe_b64encode(f"{recorded.event.at.isoformat()} {recorded.id}".encode()).decode().rstrip("=")


def _before(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    try:
        moment, _space, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        at, event_id = datetime.fromisoformat(moment), int(number)
    except ValueError:
        at, event_id = datetime.min, 0  # noqa: DTZ901 - refused in the next line
    if at.tzinfo is None or not 0 < event_id < 2**63:
        raise BadCursor(_("This page link is not valid any more. Start again from the first page."))
    return at, event_id


def _pieces(question: Question, *, workspace_id: int) -> Iterator[bytes]:
    # The answer outlives the request's own language and zone, so it takes them along.
    language, zone = translation.get_language(), timezone.get_current_timezone()
    with translation.override(language), timezone.override(zone):
        name = timezone.get_current_timezone_name()
        head = [_("Time (%(zone)s)") % {"zone": name}, _("Who"), _("Act"), _("What happened"), _("Number")]
        cut = ["", "", "", _("Only the newest 50,000 acts are here. Choose a shorter period.")]
    yield "\ufeff".encode() + _lines([head])
    before: tuple[datetime, int] | None = None
    written = 0
    while written < EXPORT_ROWS:
        most = min(BATCH, EXPORT_ROWS - written)
        with workspace_scope(workspace_id), translation.override(language), timezone.override(zone):
            found = _ask(question, before=before, limit=most + 1)
            shown = found[:most]
            lines = _lines(_cells(row) for row in worded(shown))
        written += len(shown)
        yield lines
        if len(found) == len(shown):
            return
        before = (shown[-1].event.at, shown[-1].id)
    yield _lines([cut])


def _cells(row: Told) -> list[str | int]:
    at = timezone.localtime(row.at).isoformat(timespec="seconds")
    return [at, _harmless(row.who), _harmless(row.label), _harmless(row.sentence), row.id]


def _lines(rows: Iterable[Iterable[str | int]]) -> bytes:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _harmless(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula; a name can be chosen to do so.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
