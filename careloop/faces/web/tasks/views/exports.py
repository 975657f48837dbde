"""The lists of tasks as a file."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.cases.queries import case_briefs
from careloop.domains.tasks import rules
from careloop.domains.tasks.errors import MayNotDoTask
from careloop.domains.tasks.queries import tasks_of
from careloop.domains.tasks.states import Which
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.casepage.case_tasks import TaskShown, tasks_shown
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import stream

__all__ = ["task_export"]

BATCH: Final = 500
MOST_ROWS: Final = 50_000
HEAD: Final = (
    "case",
    "task",
    "words",
    "state",
    "asked_by",
    "asked_at",
    "asked",
    "wished_by",
    "agreed_by",
    "taken_by",
    "taken_at",
    "ended_by",
    "ended_at",
    "said",
)


@opens_own_scope
@require_safe
def task_export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream a list of tasks as a CSV file in UTF-8, at most 50,000 of them; each batch in a scope of its own."""
    workspace_id = workspace_of(request).id
    if not rules.may_list(actor_of(request)):
        refusal = MayNotDoTask(_("Your role is not asked for tasks."))
        with workspace_scope(workspace_id):
            return refused(request, refusal)  # type: ignore[return-value]  # a page instead of a file
    answer = stream(request, _pieces(request, workspace_id), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tasks-{workspace_of(request).key}.csv"'
    return answer


def _pieces(request: HttpRequest, workspace_id: int) -> Iterator[bytes]:
    language = translation.get_language() or "en"
    wanted = request.GET.get("show", "")
    which = Which(wanted) if wanted in Which.values else Which.OURS
    viewer, cursor, count = actor_of(request), None, 0
    yield b"\xef\xbb\xbf" + _line(HEAD).encode()
    while count < MOST_ROWS:
        with workspace_scope(workspace_id), translation.override(language):
            page = tasks_of(viewer=viewer, which=which, cursor=cursor, limit=BATCH)
            numbers = {key: case.number for key, case in case_briefs({row.case_id for row in page.items}).items()}
            shown = tasks_shown(page.items, viewer=viewer, now=clock.now(), in_case=False)
            piece = "".join(_line(_cells(one, numbers[one.row.case_id])) for one in shown)
        yield piece.encode()
        count += len(page.items)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _cells(task: TaskShown, number: int) -> tuple[Any, ...]:
    row = task.row
    moments = (row.due_at, row.agreed_at, row.taken_at, row.ended_at)
    wished, agreed, taken, ended = (at.isoformat() if at is not None else "" for at in moments)
    asked = (number, row.title, row.words, task.state, task.asker, row.asked_at.isoformat(), task.whom)
    return (*asked, wished, agreed, task.taker, taken, task.ender, ended, row.said)


def _line(cells: tuple[Any, ...]) -> str:
    written = StringIO()
    # A cell that begins like a formula is text for every spreadsheet.
    safe = [f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell for cell in cells]
    csv.writer(written).writerow(safe)
    return written.getvalue()
