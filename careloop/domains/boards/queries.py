"""Boards as people may see them, and answers that were worked out before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.boards import rules
from careloop.domains.boards.errors import BoardNotFound, MayNotSeeNumbers
from careloop.domains.boards.models import Board, Reading, Tile
from careloop.domains.boards.presets import SYSTEM_BOARDS
from careloop.domains.boards.types import BoardRow, Comparison, KeptReading, TileContent, TileKind, TileRow, Width
from careloop.kernel.actors import Actor, Role

__all__ = ["board", "board_names_of", "boards_of", "contents_everywhere", "readings", "tile"]

FOR_CLIENTS: Final = ("client",)


def boards_of(viewer: Actor) -> list[BoardRow]:
    """Return the boards a person has: every workspace's, the shared ones, their own. Raises MayNotSeeNumbers."""
    _refuse_unless_reader(viewer)
    made = [] if viewer.has_role(Role.CLIENT_VIEWER) else list(_visible(viewer))
    tiles: dict[int, list[Tile]] = {}
    for tile in Tile.objects.filter(board_id__in=[board.pk for board in made]).order_by("position", "pk"):
        tiles.setdefault(tile.board_id, []).append(tile)
    ready = [_system_board(key) for key in SYSTEM_BOARDS if _has(viewer, key)]
    return [*ready, *(_row(board, tiles.get(board.pk, [])) for board in made)]


def board(*, key: str, viewer: Actor) -> BoardRow:
    """Return a board by its key. Raises MayNotSeeNumbers; BoardNotFound for somebody else's, as if it were not there."""
    _refuse_unless_reader(viewer)
    if key in SYSTEM_BOARDS and _has(viewer, key):
        return _system_board(key)
    found = None
    if key.isascii() and key.isdigit() and len(key) < 18 and not viewer.has_role(Role.CLIENT_VIEWER):
        found = _visible(viewer).filter(pk=int(key)).first()
    if found is None:
        raise BoardNotFound(_("There is no such board."))
    return _row(found, list(Tile.objects.filter(board=found).order_by("position", "pk")))


def tile(*, board_key: str, key: str, viewer: Actor) -> tuple[BoardRow, TileRow]:
    """Return a tile with its board. Raises MayNotSeeNumbers and BoardNotFound."""
    found = board(key=board_key, viewer=viewer)
    for row in found.tiles:
        if row.key == key:
            return found, row
    raise BoardNotFound(_("There is no such tile on this board."))


def board_names_of(board_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of boards that people made, for the log of who did what."""
    return dict(Board.objects.filter(pk__in=list(board_ids)).values_list("pk", "name"))


def readings(keys: Iterable[str]) -> dict[str, KeptReading]:
    """Return what questions came to the last time they were worked out, by their keys; those never worked out are left out."""
    found = Reading.objects.filter(key__in=set(keys)).values_list("key", "lake", "answer", "made_at")
    return {key: KeptReading(lake=lake, answer=answer, made_at=at) for key, lake, answer, at in found}


def contents_everywhere() -> list[TileContent]:
    """Return what all boards of the workspace ask, whoever keeps them: for the house, which works numbers out beforehand."""
    made = [_content(tile) for tile in Tile.objects.order_by("pk")]
    return [*(content for preset in SYSTEM_BOARDS.values() for content in preset.tiles), *made]


def _refuse_unless_reader(viewer: Actor) -> None:
    if not rules.may_see(viewer):
        raise MayNotSeeNumbers(_("Numbers are for those who answer customers and those who lead them."))


def _has(viewer: Actor, key: str) -> bool:
    return key in FOR_CLIENTS or not viewer.has_role(Role.CLIENT_VIEWER)


def _visible(viewer: Actor) -> Any:
    return Board.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer.user_id)).order_by(
        F("owner_id").asc(nulls_first=True), "position", "name", "pk"
    )


def _system_board(key: str) -> BoardRow:
    preset = SYSTEM_BOARDS[key]
    return BoardRow(
        key=key,
        name=str(preset.name),
        note=str(preset.note),
        period=preset.period,
        tiles=tuple(TileRow(key=str(place), content=content) for place, content in enumerate(preset.tiles)),
        is_system=True,
        is_personal=preset.is_personal,
    )


def _row(found: Board, tiles: Sequence[Tile]) -> BoardRow:
    return BoardRow(
        key=str(found.pk),
        name=found.name,
        period=found.period,
        tiles=tuple(TileRow(key=str(tile.pk), content=_content(tile)) for tile in tiles),
        is_own=found.owner_id is not None,
    )


def _content(tile: Tile) -> TileContent:
    options: Mapping[str, str] = tile.options
    return TileContent(
        kind=TileKind(tile.kind),
        metric=tile.metric,
        options=options,
        by=tile.by,
        conditions=tile.conditions,
        period=tile.period,
        comparison=Comparison(tile.comparison),
        target=tile.target,
        width=Width(tile.width),
    )
