"""The tables of a number's card as files: its rows, what a change is made of, and the contacts behind it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.boards import rules
from careloop.domains.boards.errors import MayNotSeeNumbers
from careloop.domains.boards.services import note_export
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.card_asking import CardAsked, asked_for
from careloop.faces.web.boards.saving import format_named, handed, said_of
from careloop.faces.web.refusals import refused
from careloop.insight.changes import split
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.behind import table_behind
from careloop.processes.measuring.catalogue import card
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.sheets import SheetPart, sheet_of, split_sheet

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["change_file", "contacts_file", "number_file"]

Made = Callable[[HttpRequest, CardAsked], "pa.Table"]
Answered = HttpResponse | StreamingHttpResponse


@opens_own_scope
@require_safe
def number_file(request: HttpRequest, metric: str, file_format: str) -> Answered:
    """Save a number, and each of its parts where it is split."""
    return _handed(request, metric, file_format, _rows)


@opens_own_scope
@require_safe
def change_file(request: HttpRequest, metric: str, file_format: str) -> Answered:
    """Save what the change of a number is made of."""
    return _handed(request, metric, file_format, _change)


@opens_own_scope
@require_safe
def contacts_file(request: HttpRequest, metric: str, file_format: str) -> Answered:
    """Save the contacts behind a number; who did stands in the log."""
    return _handed(request, metric, file_format, _contacts)


def _handed(request: HttpRequest, metric: str, file_format: str, made: Made) -> Answered:
    workspace, form = workspace_of(request), format_named(file_format)
    try:
        with workspace_scope(workspace.id):
            asked = asked_for(
                request.GET, metric=metric, viewer=actor_of(request), workspace=workspace, now=clock.now()
            )
        return handed(request, made(request, asked), form, name=f"{metric}-{workspace.key}")
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


def _rows(request: HttpRequest, asked: CardAsked) -> "pa.Table":
    workspace = workspace_of(request)
    found = asked.measured(workspace_id=workspace.id, now=clock.now())
    if asked.split is not None and "split" not in found:
        raise QuestionUnclear(_("This number cannot be split like that."))
    answer = found.get("split", found["main"])
    with workspace_scope(workspace.id):
        metric = card(asked.metric, language=get_language() or "en", options=asked.main.options)
        question = asked.split or asked.main
        return sheet_of([SheetPart(metric=metric, question=question, answer=answer, of=said_of(answer.rows))])


def _change(request: HttpRequest, asked: CardAsked) -> "pa.Table":
    workspace = workspace_of(request)
    found = asked.measured(workspace_id=workspace.id, now=clock.now())
    is_split = {"split", "split_before"} <= found.keys() and found["before"].reaches_back
    made = split(found["split"].rows, found["split_before"].rows, by=asked.by) if is_split else None
    if made is None:
        raise QuestionUnclear(_("There is nothing to split in this period."))
    with workspace_scope(workspace.id):
        of = said_of([*found["split"].rows, *found["split_before"].rows])
        return split_sheet(made, by=asked.by, of=of)


def _contacts(request: HttpRequest, asked: CardAsked) -> "pa.Table":
    workspace, viewer = workspace_of(request), actor_of(request)
    if not rules.may_export(viewer):
        raise MayNotSeeNumbers(_("Facts are saved as files by team leads and above."))
    total = asked.measured(workspace_id=workspace.id, now=clock.now())["main"].total
    if total is None or total.standing == "hidden":
        raise QuestionUnclear(_("The contacts are not shown, because the number is not."))
    table = table_behind(asked.main, workspace_id=workspace.id, names_people=True)
    if table is None:
        raise QuestionUnclear(_("There are no facts in this workspace yet."))
    with workspace_scope(workspace.id):
        note_export(
            table=asked.metric,
            file_format=request.path.rpartition(".")[2],
            row_count=table.num_rows,
            actor=viewer,
            at=clock.now(),
        )
    return table
