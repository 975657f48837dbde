"""Acts on boards: the only code that writes these tables."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import rules
from careloop.domains.boards.errors import BoardNotFound, BoardUnclear, MayNotKeepBoards
from careloop.domains.boards.events import BoardChanged, BoardDeleted, BoardMade, TableExported
from careloop.domains.boards.models import Board, Reading, Tile
from careloop.domains.boards.periods import PERIODS
from careloop.domains.boards.queries import board as board_of
from careloop.domains.boards.types import Comparison, TileContent
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.events import record, subject

__all__ = [
    "add_tile",
    "change_board",
    "change_tile",
    "copy_board",
    "delete_board",
    "keep_readings",
    "make_board",
    "move_tile",
    "note_export",
    "remove_tile",
]

MOST_TILES: Final = 60
MOST_BOARDS: Final = 200
# Answers of periods that are over stay true until the facts change; nobody misses one that was not asked for in this time.
KEPT_FOR: Final = timedelta(days=14)


@act
def make_board(*, name: str, period: str, is_shared: bool, actor: Actor, at: datetime) -> int:
    """Make an empty board and return its id.

    name: at most 80 characters. period: a name of PERIODS. is_shared: for everybody who may see numbers.

    Raises MayNotKeepBoards, BoardUnclear. Records BoardMade.
    """
    return _made(name=name, period=period, is_shared=is_shared, copied_from="", actor=actor, at=at)


@act
def copy_board(*, key: str, name: str, is_shared: bool, actor: Actor, at: datetime) -> int:
    """Make a board with the tiles of another one that the actor sees, and return its id.

    key: of the other board, also of one that every workspace has. name: of the copy.

    Raises MayNotKeepBoards, BoardNotFound, BoardUnclear. Records BoardMade.
    """
    model = board_of(key=key, viewer=actor)
    if model.is_personal:
        raise BoardUnclear(_("Everybody has this board already, each with their own numbers. It cannot be copied."))
    made = _made(name=name, period=model.period, is_shared=is_shared, copied_from=key, actor=actor, at=at)
    Tile.objects.bulk_create(
        Tile(board_id=made, position=position, **_columns(tile.content)) for position, tile in enumerate(model.tiles)
    )
    return made


@act
def change_board(*, board_id: int, name: str, period: str, is_shared: bool, actor: Actor, at: datetime) -> None:
    """Give a board another name, period or circle of readers. Raises as make_board, and BoardNotFound. Records BoardChanged."""
    found = _locked(board_id, actor)
    _check(actor, is_shared=is_shared)
    found.name, found.period = _name(name), _period(period)
    found.owner_id = None if is_shared else actor.user_id
    found.save(update_fields=["name", "period", "owner_id"])
    _record(board_id, "settings", actor, at)


@act
def delete_board(*, board_id: int, actor: Actor, at: datetime) -> None:
    """Throw a board away. Raises MayNotKeepBoards, BoardNotFound. Records BoardDeleted."""
    found = _locked(board_id, actor)
    tile_count = Tile.objects.filter(board=found).count()
    found.delete()
    record(BoardDeleted(subject=subject("board", board_id), actor=str(actor), at=at, tile_count=tile_count))


@act
def add_tile(*, board_id: int, content: TileContent, actor: Actor, at: datetime) -> int:
    """Put a tile at the end of a board and return its id.

    content: checked against the catalogue by the caller (processes.measuring.tiles), which knows it.

    Raises MayNotKeepBoards, BoardNotFound, BoardUnclear. Records BoardChanged.
    """
    _locked(board_id, actor)
    beside = _tiles(board_id)
    if len(beside) >= MOST_TILES:
        raise BoardUnclear(_("A board has at most %(most)d tiles. Make another board.") % {"most": MOST_TILES})
    tile = Tile.objects.create(board_id=board_id, position=len(beside), **_columns(content))
    _record(board_id, "tile_added", actor, at)
    return tile.pk


@act
def change_tile(*, board_id: int, tile_id: int, content: TileContent, actor: Actor, at: datetime) -> None:
    """Let a tile ask something else. Raises as add_tile. Records BoardChanged."""
    _locked(board_id, actor)
    tile = _tile(board_id, tile_id)
    columns = _columns(content)
    for name, value in columns.items():
        setattr(tile, name, value)
    tile.save(update_fields=list(columns))
    _record(board_id, "tile_changed", actor, at)


@act
def move_tile(*, board_id: int, tile_id: int, place: int, actor: Actor, at: datetime) -> None:
    """Move a tile to another place of its board.

    place: 0 for the first; beyond either end it becomes the first or the last.

    Raises MayNotKeepBoards, BoardNotFound. Records BoardChanged when anything moved.
    """
    _locked(board_id, actor)
    was = _tiles(board_id)
    tile = _tile(board_id, tile_id)
    others = [one for one in was if one.pk != tile_id]
    place = min(max(place, 0), len(others))
    now = [*others[:place], tile, *others[place:]]
    if [one.pk for one in now] == [one.pk for one in was]:
        return
    for position, one in enumerate(now):
        one.position = position
    Tile.objects.bulk_update(now, ["position"])
    _record(board_id, "tile_moved", actor, at)


@act
def remove_tile(*, board_id: int, tile_id: int, actor: Actor, at: datetime) -> None:
    """Take a tile off its board. Raises MayNotKeepBoards, BoardNotFound. Records BoardChanged."""
    _locked(board_id, actor)
    _tile(board_id, tile_id).delete()
    _record(board_id, "tile_removed", actor, at)


@act
def note_export(*, table: str, file_format: str, row_count: int, actor: Actor, at: datetime) -> None:
    """Note that somebody saved facts as a file. Raises MayNotKeepBoards. Records TableExported."""
    if not rules.may_export(actor):
        raise MayNotKeepBoards(_("Facts are saved as files by team leads and above."))
    record(
        TableExported(
            subject=subject("user", actor.id),
            actor=str(actor),
            at=at,
            table=table,
            file_format=file_format,
            row_count=row_count,
        )
    )


@act
def keep_readings(answers: Mapping[str, Mapping[str, Any]], *, lake: str, at: datetime) -> None:
    """Keep what questions came to, and forget what nobody asked for in a fortnight; nothing happened, so records nothing.

    answers: by the key of the question. lake: the state of the facts that they were worked out from.
    """
    Reading.objects.bulk_create(
        # In one order, so that two who keep the same do not wait for each other.
        [Reading(key=key, lake=lake, answer=answer, made_at=at) for key, answer in sorted(answers.items())],
        update_conflicts=True,
        unique_fields=["workspace_id", "key"],
        update_fields=["lake", "answer", "made_at"],
    )
    Reading.objects.filter(made_at__lt=at - KEPT_FOR).delete()


def _made(*, name: str, period: str, is_shared: bool, copied_from: str, actor: Actor, at: datetime) -> int:
    _check(actor, is_shared=is_shared)
    owner_id = None if is_shared else actor.user_id
    position = Board.objects.filter(owner_id=owner_id).count()
    if position >= MOST_BOARDS:
        raise BoardUnclear(_("There are enough boards. Delete one that nobody looks at."))
    made = Board.objects.create(name=_name(name), period=_period(period), owner_id=owner_id, position=position)
    record(
        BoardMade(
            subject=subject("board", made.pk), actor=str(actor), at=at, is_shared=is_shared, copied_from=copied_from
        )
    )
    return made.pk


def _check(actor: Actor, *, is_shared: bool) -> None:
    if not rules.may_keep(actor):
        raise MayNotKeepBoards(_("You may look at boards, not make them."))
    if is_shared and not rules.may_share(actor):
        raise MayNotKeepBoards(_("Boards for everybody are made by team leads and above. Keep this one for yourself."))


def _locked(board_id: int, actor: Actor) -> Board:
    found = Board.objects.select_for_update().filter(pk=board_id).first()
    if found is None or found.owner_id not in {None, actor.user_id} or not rules.may_see_catalogue(actor):
        raise BoardNotFound(_("There is no such board."))
    _check(actor, is_shared=found.owner_id is None)
    return found


def _tiles(board_id: int) -> list[Tile]:
    return list(Tile.objects.filter(board_id=board_id).order_by("position", "pk"))


def _tile(board_id: int, tile_id: int) -> Tile:
    found = Tile.objects.filter(pk=tile_id, board_id=board_id).first()
    if found is None:
        raise BoardNotFound(_("There is no such tile on this board."))
    return found


def _columns(content: TileContent) -> dict[str, Any]:
    if content.period:
        _period(content.period)
    if (content.comparison is Comparison.TARGET) is (content.target is None):
        raise BoardUnclear(_("A target needs a number, and a number here is a target."))
    return {
        "kind": content.kind,
        "metric": content.metric,
        "options": dict(content.options),
        "by": content.by,
        "conditions": dict(content.conditions),
        "period": content.period,
        "comparison": content.comparison,
        "target": content.target,
        "width": content.width,
    }


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise BoardUnclear(_("Give the board a name of at most 80 characters."))
    return name


def _period(period: str) -> str:
    if period not in PERIODS:
        raise BoardUnclear(_("Choose one of the periods offered."))
    return period


def _record(board_id: int, change: str, actor: Actor, at: datetime) -> None:
    record(BoardChanged(subject=subject("board", board_id), actor=str(actor), at=at, change=change))
