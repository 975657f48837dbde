"""What tiles show: those of a board together, fetched once the board stands; one alone where facts have to be scanned for it."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from careloop.domains.boards import queries
from careloop.domains.boards.types import BoardRow, TileRow
from careloop.faces.web.actors import actor_of, opens_own_scope, workspace_of
from careloop.faces.web.boards.periods import Chosen, chosen_period
from careloop.faces.web.boards.saving import format_named, handed, said_of
from careloop.faces.web.boards.shown import flags_address, tile_shown
from careloop.faces.web.refusals import refused
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.catalogue import card
from careloop.processes.measuring.sheets import SheetPart, sheet_of
from careloop.processes.measuring.tiles import Asked, TileAnswer, asked, measured, measured_together

__all__ = ["board_tile", "board_tiles", "tile_file"]


@opens_own_scope
@require_safe
def board_tile(request: HttpRequest, key: str, tile: str) -> HttpResponse:
    """Measure a tile and show it. No transaction waits meanwhile."""
    workspace, viewer, name = workspace_of(request), actor_of(request), ""
    try:
        with workspace_scope(workspace.id):
            _board, row = queries.tile(board_key=key, key=tile, viewer=viewer)
            name = _name(row)
        chosen, board, row, found = _measured(request, key, tile, clock.now())
        with workspace_scope(workspace.id):
            content = _content(found, request, board, row, chosen)
    except Refusal as refusal:
        # A tile says for itself why it is empty; the board around it stays.
        content = render_to_string("boards/tile.html#refused", {"refusal": refusal, "name": name})
        return HttpResponse(content, status=200 if request.headers.get("HX-Request") else refusal.status)
    return HttpResponse(content)


@opens_own_scope
@require_safe
def tile_file(request: HttpRequest, key: str, tile: str, file_format: str) -> HttpResponse | StreamingHttpResponse:
    """Save what a tile shows as rows."""
    workspace, form = workspace_of(request), format_named(file_format)
    try:
        _chosen, _board, row, found = _measured(request, key, tile, clock.now())
        with workspace_scope(workspace.id):
            part = SheetPart(
                metric=card(row.content.metric, language=get_language() or "en", options=row.content.options),
                question=found.asked.main,
                answer=found.main,
                of=said_of(found.main.rows),
            )
            table = sheet_of([part])
        return handed(request, table, form, name=f"{row.content.metric}-{workspace.key}")
    except Refusal as refusal:
        with workspace_scope(workspace.id):
            return refused(request, refusal)


@opens_own_scope
@require_safe
def board_tiles(request: HttpRequest, key: str) -> HttpResponse:
    """Measure the tiles of a board in one go and show them; those that take a scan of the facts are left to be fetched alone."""
    workspace, viewer, now = workspace_of(request), actor_of(request), clock.now()
    chosen = chosen_period(request.GET, now=now, workspace=workspace)
    questions: dict[str, Asked] = {}
    found: dict[str, TileAnswer | Refusal | None] = {}
    with workspace_scope(workspace.id):
        try:
            board = queries.board(key=key, viewer=viewer)
        except Refusal as refusal:
            return refused(request, refusal)
        for row in board.tiles:
            try:
                questions[row.key] = asked(
                    row.content,
                    board=board,
                    span=chosen.span if chosen else None,
                    viewer=viewer,
                    workspace=workspace,
                    now=now,
                )
            except Refusal as refusal:
                found[row.key] = refusal
    try:
        found |= measured_together(questions, workspace_id=workspace.id, now=now, without_scans=True)
    except Refusal as refusal:
        found |= dict.fromkeys(questions, refusal)
    query = f"?{chosen.encoded}" if chosen else ""
    with workspace_scope(workspace.id):
        places = [
            {
                "tile": row,
                "url": reverse("board_tile", args=[workspace.key, board.key, row.key]) + query,
                "content": _shown(found[row.key], request, board, row, chosen),
            }
            for row in board.tiles
        ]
    return render(request, "boards/tiles.html", {"places": places})


def _measured(
    request: HttpRequest, key: str, tile: str, now: datetime
) -> tuple[Chosen | None, BoardRow, TileRow, TileAnswer]:
    workspace, viewer = workspace_of(request), actor_of(request)
    chosen = chosen_period(request.GET, now=now, workspace=workspace)
    with workspace_scope(workspace.id):
        board, row = queries.tile(board_key=key, key=tile, viewer=viewer)
        questions = asked(
            row.content,
            board=board,
            span=chosen.span if chosen else None,
            viewer=viewer,
            workspace=workspace,
            now=now,
        )
    return chosen, board, row, measured(questions, workspace_id=workspace.id, now=now)


def _shown(
    found: TileAnswer | Refusal | None, request: HttpRequest, board: BoardRow, row: TileRow, chosen: Chosen | None
) -> str:
    """Return what a tile shows; nothing where it waits."""
    match found:
        case None:
            return ""
        case TileAnswer():
            return _content(found, request, board, row, chosen)
    try:
        name = _name(row)
    except Refusal:
        name = ""
    return render_to_string("boards/tile.html#refused", {"refusal": found, "name": name})


def _content(found: TileAnswer, request: HttpRequest, board: BoardRow, row: TileRow, chosen: Chosen | None) -> str:
    period: Mapping[str, str] = chosen.query if chosen else {}
    key = workspace_of(request).key
    shown = tile_shown(
        found,
        workspace_key=key,
        board=board,
        tile=row,
        period=period,
        viewer=actor_of(request),
        flags_at=flags_address(actor_of(request), key),
    )
    return render_to_string("boards/tile.html", {"tile": shown})


def _name(row: TileRow) -> str:
    return card(row.content.metric, language=get_language() or "en").name
