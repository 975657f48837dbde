"""Boards and their tiles."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from careloop.domains.boards import queries, services
from careloop.domains.boards.errors import BoardNotFound
from careloop.domains.boards.types import Comparison, TileContent, TileKind, Width
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.boards import BoardGiven, BoardList, BoardShown, CopyGiven, TileGiven
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.settings import PlaceGiven
from careloop.faces.api.visits import visit_of
from careloop.processes.measuring.tiles import checked

__all__ = ["room"]

room = Room()


@room.opens("GET", "/boards", Scope.NUMBERS_READ, BoardList)
def list_boards(request: HttpRequest) -> Any:
    """List every workspace's boards, the shared ones, and one's own."""
    return {"items": queries.boards_of(visit_of(request).actor)}


@room.opens("POST", "/boards", Scope.NUMBERS_WRITE, BoardShown, status=201)
def make_board(request: HttpRequest, given: BoardGiven) -> Any:
    """Make an empty board."""
    visit = visit_of(request)
    made = services.make_board(
        name=given.name, period=given.period, is_shared=given.is_shared, actor=visit.actor, at=visit.at
    )
    return Status(201, queries.board(key=str(made), viewer=visit.actor))


@room.opens("GET", "/boards/{board_key}", Scope.NUMBERS_READ, BoardShown)
def get_board(request: HttpRequest, board_key: str) -> Any:
    """Get a board with its tiles."""
    return queries.board(key=board_key, viewer=visit_of(request).actor)


@room.opens("PUT", "/boards/{board_key}", Scope.NUMBERS_WRITE, BoardShown)
def change_board(request: HttpRequest, board_key: str, given: BoardGiven) -> Any:
    """Give a board another name, period or circle of readers."""
    visit = visit_of(request)
    services.change_board(
        board_id=_made(board_key),
        name=given.name,
        period=given.period,
        is_shared=given.is_shared,
        actor=visit.actor,
        at=visit.at,
    )
    return queries.board(key=board_key, viewer=visit.actor)


@room.opens("DELETE", "/boards/{board_key}", Scope.NUMBERS_WRITE, None, status=204)
def delete_board(request: HttpRequest, board_key: str) -> Any:
    """Throw a board away."""
    visit = visit_of(request)
    services.delete_board(board_id=_made(board_key), actor=visit.actor, at=visit.at)
    return Status(204, None)


@room.opens("POST", "/boards/{board_key}/copies", Scope.NUMBERS_WRITE, BoardShown, status=201)
def copy_board(request: HttpRequest, board_key: str, given: CopyGiven) -> Any:
    """Make a board with the tiles of another one."""
    visit = visit_of(request)
    made = services.copy_board(
        key=board_key, name=given.name, is_shared=given.is_shared, actor=visit.actor, at=visit.at
    )
    return Status(201, queries.board(key=str(made), viewer=visit.actor))


@room.opens("POST", "/boards/{board_key}/tiles", Scope.NUMBERS_WRITE, BoardShown, status=201)
def add_tile(request: HttpRequest, board_key: str, given: TileGiven) -> Any:
    """Put a tile at the end of a board."""
    visit = visit_of(request)
    queries.board(key=board_key, viewer=visit.actor)
    content = _content(request, given)
    services.add_tile(board_id=_made(board_key), content=content, actor=visit.actor, at=visit.at)
    return Status(201, queries.board(key=board_key, viewer=visit.actor))


@room.opens("PUT", "/boards/{board_key}/tiles/{tile_id}", Scope.NUMBERS_WRITE, BoardShown)
def change_tile(request: HttpRequest, board_key: str, tile_id: PathId, given: TileGiven) -> Any:
    """Let a tile ask something else."""
    visit = visit_of(request)
    queries.tile(board_key=board_key, key=str(tile_id), viewer=visit.actor)
    content = _content(request, given)
    services.change_tile(board_id=_made(board_key), tile_id=tile_id, content=content, actor=visit.actor, at=visit.at)
    return queries.board(key=board_key, viewer=visit.actor)


@room.opens("POST", "/boards/{board_key}/tiles/{tile_id}/place", Scope.NUMBERS_WRITE, BoardShown)
def move_tile(request: HttpRequest, board_key: str, tile_id: PathId, given: PlaceGiven) -> Any:
    """Move a tile to another place of its board."""
    visit = visit_of(request)
    services.move_tile(board_id=_made(board_key), tile_id=tile_id, place=given.place, actor=visit.actor, at=visit.at)
    return queries.board(key=board_key, viewer=visit.actor)


@room.opens("DELETE", "/boards/{board_key}/tiles/{tile_id}", Scope.NUMBERS_WRITE, None, status=204)
def remove_tile(request: HttpRequest, board_key: str, tile_id: PathId) -> Any:
    """Take a tile off its board."""
    visit = visit_of(request)
    services.remove_tile(board_id=_made(board_key), tile_id=tile_id, actor=visit.actor, at=visit.at)
    return Status(204, None)


def _made(key: str) -> int:
    """Return the id of a board that somebody made. Raises BoardNotFound for those of every workspace, which nobody changes."""
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        raise BoardNotFound(_("There is no such board."))
    return int(key)


def _content(request: HttpRequest, given: TileGiven) -> TileContent:
    visit = visit_of(request)
    content = TileContent(
        kind=TileKind(given.kind),
        metric=given.metric,
        options=given.options,
        by=given.by,
        conditions=given.conditions,
        period=given.period,
        comparison=Comparison(given.comparison),
        target=given.target,
        width=Width(given.width),
    )
    return checked(content, viewer=visit.actor, workspace=visit.workspace, now=visit.at)
