"""Boards: the list of them, and one with its tiles."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.boards import queries, rules, services
from careloop.domains.boards.errors import MayNotKeepBoards
from careloop.domains.boards.periods import PERIODS
from careloop.domains.boards.types import BoardRow, TileRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.boards.periods import chosen_period, period_or, span_words, zone_words
from careloop.faces.web.boards.views.editing import changeable, tiles_shown
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal

__all__ = ["board_copies", "board_form", "board_list", "board_new", "board_page", "board_removal", "may_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardShown:
    """A board in the list of boards. period: in words."""

    row: BoardRow
    period: str
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A tile that is still to be fetched. url: where its content is."""

    tile: TileRow
    url: str


def may_change(board: BoardRow, viewer: Actor) -> bool:
    """Say whether somebody may change a board that they see."""
    return not board.is_system and (rules.may_keep(viewer) if board.is_own else rules.may_share(viewer))


@require_safe
def board_list(request: HttpRequest) -> HttpResponse:
    """List the boards a person has."""
    viewer = actor_of(request)
    rows = queries.boards_of(viewer)
    context = {
        "rows": [
            BoardShown(row=row, period=str(PERIODS[row.period]), may_change=may_change(row, viewer)) for row in rows
        ],
        "may_keep": rules.may_keep(viewer),
        "may_export": rules.may_export(viewer),
        "may_see_catalogue": rules.may_see_catalogue(viewer),
    }
    return render(request, "boards/boards.html", context)


@require_safe
def board_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show a board at once, as places for its tiles, which come together afterwards."""
    viewer, workspace = actor_of(request), workspace_of(request)
    board = queries.board(key=key, viewer=viewer)
    chosen = chosen_period(request.GET, now=clock.now(), workspace=workspace)
    shown = period_or(board.period, request.GET, now=clock.now(), workspace=workspace)
    query = f"?{chosen.encoded}" if chosen else ""
    context = {
        "board": board,
        "places": [
            Place(tile=tile, url=reverse("board_tile", args=[workspace.key, board.key, tile.key]) + query)
            for tile in board.tiles
        ],
        "tiles_url": reverse("board_tiles", args=[workspace.key, board.key]) + query,
        "chosen": shown,
        "span": span_words(shown.span),
        "periods": list(PERIODS.items()),
        "zone": zone_words(workspace),
        "may_change": may_change(board, viewer),
        "may_copy": rules.may_keep(viewer) and not board.is_personal,
    }
    return render(request, "boards/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def board_new(request: HttpRequest) -> HttpResponse:
    """Make an empty board."""
    given, viewer = request.POST, actor_of(request)
    if not rules.may_keep(viewer):
        raise MayNotKeepBoards(_("You may look at boards, not make them."))
    context: dict[str, Any] = {
        "periods": list(PERIODS.items()),
        "may_share": rules.may_share(viewer),
        "name": given.get("name", ""),
        "period": given.get("period", "last_28_days"),
        "is_shared": "is_shared" in given,
        "is_new": True,
    }
    if request.method != "POST":
        return render(request, "boards/board_form.html", context)
    try:
        board_id = services.make_board(
            name=context["name"],
            period=context["period"],
            is_shared=context["is_shared"],
            actor=viewer,
            at=clock.now(),
        )
    except Refusal as refusal:
        problem = {**context, "problem": refusal.message}
        return render(request, "boards/board_form.html", problem, status=refusal.status)
    return redirect("board_form", workspace=workspace_of(request).key, key=str(board_id))


@require_http_methods(["GET", "HEAD", "POST"])
def board_form(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a board is called and whose it is; its tiles stand below, each with what can be done to it."""
    viewer = actor_of(request)
    board, board_id = changeable(key, viewer)
    given = request.POST if request.method == "POST" else None
    context: dict[str, Any] = {
        "board": board,
        "tiles": tiles_shown(board, viewer=viewer),
        "periods": list(PERIODS.items()),
        "may_share": rules.may_share(viewer),
        "name": board.name if given is None else given.get("name", ""),
        "period": board.period if given is None else given.get("period", ""),
        "is_shared": not board.is_own if given is None else "is_shared" in given,
    }
    if not may_change(board, viewer):
        raise MayNotKeepBoards(_("This board is shared by team leads and above. Make a copy and change that."))
    if given is None:
        return render(request, "boards/board_form.html", context)
    try:
        services.change_board(
            board_id=board_id,
            name=context["name"],
            period=context["period"],
            is_shared=context["is_shared"],
            actor=viewer,
            at=clock.now(),
        )
    except Refusal as refusal:
        problem = {**context, "problem": refusal.message}
        return render(request, "boards/board_form.html", problem, status=refusal.status)
    messages.success(request, _("The board is kept."))
    return redirect("board", workspace=workspace_of(request).key, key=key)


@require_POST
def board_copies(request: HttpRequest, key: str) -> HttpResponse:
    """Make a board of one's own out of one that one sees."""
    viewer = actor_of(request)
    board = queries.board(key=key, viewer=viewer)
    name = (_("Copy of %(name)s") % {"name": board.name})[:80]
    copy = services.copy_board(key=key, name=name, is_shared=False, actor=viewer, at=clock.now())
    messages.success(request, _("This copy is yours. Change it as you like."))
    return redirect("board_form", workspace=workspace_of(request).key, key=str(copy))


@require_POST
def board_removal(request: HttpRequest, key: int) -> HttpResponse:
    """Throw a board away; the numbers on it stay."""
    services.delete_board(board_id=key, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The board is gone; its numbers stay."))
    return redirect("board_list", workspace=workspace_of(request).key)
