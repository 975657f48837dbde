"""The log of what rules did, as a page and as a file."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.automation import queries, rules
from careloop.domains.automation.errors import MayNotSeeRules
from careloop.domains.automation.states import Outcome
from careloop.domains.automation.types import RunRow
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.queries import case_id_of_number
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.refusals import refused
from careloop.faces.web.rules.wording import runs_shown
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.paging import Page
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream

__all__ = ["run_export", "run_list"]

PAGE: Final = 50
BATCH: Final = 500
MOST_ROWS: Final = 50_000


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Show what rules did, the newest first, by rule, outcome and case."""
    viewer = actor_of(request)
    page = _ask(request, viewer, before_id=_number(request.GET.get("cursor", "")), limit=PAGE)
    parameters = request.GET.copy()
    parameters.pop("cursor", None)
    older = parameters.copy()
    if page.next_cursor:
        older["cursor"] = page.next_cursor
    context = {
        "rows": runs_shown(page.items, viewer=viewer),
        "rules": [(str(row.id), row.settings.name) for row in queries.rules_of(viewer, at=clock.now())],
        "outcomes": Outcome.choices,
        "asked": request.GET,
        "filter": parameters.urlencode(),
        "older": f"?{older.urlencode()}" if page.next_cursor else "",
        "newest": f"?{parameters.urlencode()}" if "cursor" in request.GET else "",
    }
    return render(request, "rules/runs.html", context)


@opens_own_scope
@require_safe
def run_export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the same as a CSV file in UTF-8, at most 50,000 runs, the newest first; each batch in a scope of its own."""
    workspace_id = workspace_of(request).id
    if not rules.may_see_rules(actor_of(request)):
        refusal = MayNotSeeRules(_("Team leads, managers and owners see what the house does by itself."))
        with workspace_scope(workspace_id):
            return refused(request, refusal)  # type: ignore[return-value]  # a page instead of a file
    answer = stream(request, _pieces(request, workspace_id), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rules-{workspace_of(request).key}.csv"'
    return answer


def _pieces(request: HttpRequest, workspace_id: int) -> Iterator[bytes]:
    language = translation.get_language() or "en"
    viewer, before_id, count = actor_of(request), None, 0
    head = ["time", "rule", "version", "case", "outcome", "reason", "actions"]
    yield b"\xef\xbb\xbf" + _line(head).encode()
    while count < MOST_ROWS:
        with workspace_scope(workspace_id), translation.override(language):
            page = _ask(request, viewer, before_id=before_id, limit=BATCH)
            piece = "".join(
                _line(
                    [
                        one.row.at.isoformat(),
                        one.row.rule,
                        one.row.version,
                        one.case.number if one.case else "",
                        one.outcome,
                        one.problem,
                        "; ".join(f"{words} ({result})" for words, result in one.steps),
                    ]
                )
                for one in runs_shown(page.items, viewer=viewer)
            )
        yield piece.encode()
        count += len(page.items)
        if page.next_cursor is None:
            return
        before_id = int(page.next_cursor)


def _ask(request: HttpRequest, viewer: Actor, *, before_id: int | None, limit: int) -> Page[RunRow]:
    outcome, number = request.GET.get("outcome", ""), _number(request.GET.get("case", ""))
    case_id = None
    if number is not None:
        try:
            case_id = case_id_of_number(number=number, viewer=viewer)
        except CaseNotFound:
            return Page(items=[], next_cursor=None)
    return queries.runs_of(
        viewer,
        rule_id=_number(request.GET.get("rule", "")),
        case_id=case_id,
        outcome=Outcome(outcome) if outcome in Outcome.values else None,
        before_id=before_id,
        limit=limit,
    )


def _number(text: str) -> int | None:
    """Return the number in a text; what is none is no filter."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _line(cells: list[Any]) -> str:
    written = StringIO()
    # A cell that begins like a formula is text for every spreadsheet.
    safe = [f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell for cell in cells]
    csv.writer(written).writerow(safe)
    return written.getvalue()
