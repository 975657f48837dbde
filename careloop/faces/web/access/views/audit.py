"""Administration: who did what, as a page and as a file."""

import base64
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.people import queries, rules
from careloop.domains.people.errors import MayNotAdministerPeople
from careloop.faces.web.access.wordings import Told, labels, worded
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.kernel.events import Recorded, known_events, trail
from careloop.kernel.paging import BadCursor

__all__ = ["audit_export", "audit_page"]

PAGE = 50
EXPORT_ROWS = 50_000
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


@require_safe
def audit_export(request: HttpRequest) -> HttpResponse:
    """Return the same as a CSV file in UTF-8, at most 50,000 acts, the newest first."""
    _refuse_unless_reader(request)
    found = _ask(_question(request), before=None, limit=EXPORT_ROWS + 1)
    answer = HttpResponse(
        "\ufeff" + _as_csv(worded(found[:EXPORT_ROWS]), is_cut=len(found) > EXPORT_ROWS),
        content_type="text/csv; charset=utf-8",
    )
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


def _as_csv(rows: Iterable[Told], *, is_cut: bool) -> str:
    file = StringIO()
    table = csv.writer(file)
    zone = timezone.get_current_timezone_name()
    table.writerow([_("Time (%(zone)s)") % {"zone": zone}, _("Who"), _("Act"), _("What happened"), _("Number")])
    for row in rows:
        at = timezone.localtime(row.at).isoformat(timespec="seconds")
        table.writerow([at, _harmless(row.who), _harmless(row.label), _harmless(row.sentence), row.id])
    if is_cut:
        table.writerow(["", "", "", _("Only the newest 50,000 acts are here. Choose a shorter period.")])
    return file.getvalue()


def _harmless(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula; a name can be chosen to do so.
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
