"""Boards are kept by those who may, and seen by nobody else."""

import pytest

from careloop.domains.boards import queries, services
from careloop.domains.boards.errors import BoardNotFound, BoardUnclear, MayNotKeepBoards, MayNotSeeNumbers
from careloop.domains.boards.models import Board, Tile
from careloop.domains.boards.presets import DETERMINANTS, SYSTEM_BOARDS
from careloop.domains.boards.types import Comparison, TileContent, TileKind
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

pytestmark = pytest.mark.database
ASA = TileContent(kind=TileKind.NUMBER, metric="asa")


def made(house: House, name: str = "ada", *, is_shared: bool = False) -> int:
    return services.make_board(name="Mornings", period="today", is_shared=is_shared, actor=house.actor(name), at=NOW)


def metrics_on(house: House, board_id: int, name: str = "ada") -> list[str]:
    return [row.content.metric for row in queries.board(key=str(board_id), viewer=house.actor(name)).tiles]


class TestSeeing:
    def test_every_workspace_has_the_same_boards(self, north: House) -> None:
        keys = [row.key for row in queries.boards_of(north.actor("ada"))]

        assert keys == list(SYSTEM_BOARDS)
        determinants = queries.board(key="determinants", viewer=north.actor("ada"))
        assert tuple(row.content.metric for row in determinants.tiles) == DETERMINANTS

    def test_a_client_viewer_sees_the_client_report_only(self, north: House) -> None:
        vera, shared = north.actor("vera"), made(north, "grace", is_shared=True)

        assert [row.key for row in queries.boards_of(vera)] == ["client"]
        for key in ("operations", "own", str(shared)):
            with pytest.raises(BoardNotFound):
                queries.board(key=key, viewer=vera)

    def test_a_colleague_of_another_department_sees_none(self, north: House) -> None:
        with pytest.raises(MayNotSeeNumbers):
            queries.boards_of(north.actor("cole"))

    def test_ones_own_is_nobody_elses(self, north: House) -> None:
        board_id = made(north, "ada")

        assert str(board_id) in {row.key for row in queries.boards_of(north.actor("ada"))}
        assert str(board_id) not in {row.key for row in queries.boards_of(north.actor("olga"))}
        with pytest.raises(BoardNotFound):
            queries.board(key=str(board_id), viewer=north.actor("olga"))

    def test_another_workspaces_is_not_there(self, house: House) -> None:
        with workspace_scope(house.north):
            board_id = made(house, "grace", is_shared=True)

        with workspace_scope(house.south):
            ines = house.actor("ines")
            with pytest.raises(BoardNotFound):
                queries.board(key=str(board_id), viewer=ines)
            with pytest.raises(BoardNotFound):
                services.delete_board(board_id=board_id, actor=ines, at=NOW)


class TestKeeping:
    def test_makes_fills_orders_and_deletes(self, north: House) -> None:
        ada, board_id = north.actor("ada"), made(north)
        first, second = (
            services.add_tile(
                board_id=board_id, content=TileContent(kind=TileKind.NUMBER, metric=metric), actor=ada, at=NOW
            )
            for metric in ("asa", "aht")
        )

        services.move_tile(board_id=board_id, tile_id=second, place=0, actor=ada, at=NOW)
        assert metrics_on(north, board_id) == ["aht", "asa"]
        services.change_tile(
            board_id=board_id,
            tile_id=first,
            content=TileContent(kind=TileKind.NUMBER, metric="acw", comparison=Comparison.TARGET, target=30.0),
            actor=ada,
            at=NOW,
        )
        services.remove_tile(board_id=board_id, tile_id=second, actor=ada, at=NOW)
        assert metrics_on(north, board_id) == ["acw"]
        services.delete_board(board_id=board_id, actor=ada, at=NOW)

        assert not Board.objects.exists()
        assert not Tile.objects.exists()
        told = trail(actor=str(ada), names=(), since=None, until=None, before=None, limit=20)
        assert [one.name for one in reversed(told)] == [
            "board.made", *["board.changed"] * 5, "board.deleted"
        ]  # fmt: skip

    def test_agents_keep_their_own_and_leads_share(self, north: House) -> None:
        with pytest.raises(MayNotKeepBoards):
            made(north, "ada", is_shared=True)
        shared = made(north, "grace", is_shared=True)
        with pytest.raises(MayNotKeepBoards):
            services.add_tile(board_id=shared, content=ASA, actor=north.actor("ada"), at=NOW)
        with pytest.raises(MayNotKeepBoards):
            made(north, "vera")

        assert metrics_on(north, shared) == []

    def test_a_copy_stands_by_itself(self, north: House) -> None:
        ada = north.actor("ada")
        copy = services.copy_board(key="determinants", name="Thirteen", is_shared=False, actor=ada, at=NOW)
        tile = queries.board(key=str(copy), viewer=ada).tiles[0]

        services.remove_tile(board_id=copy, tile_id=int(tile.key), actor=ada, at=NOW)

        assert len(queries.board(key=str(copy), viewer=ada).tiles) == len(DETERMINANTS) - 1
        assert len(queries.board(key="determinants", viewer=ada).tiles) == len(DETERMINANTS)
        with pytest.raises(BoardUnclear):
            services.copy_board(key="own", name="Mine", is_shared=False, actor=ada, at=NOW)

    @pytest.mark.parametrize(("name", "period"), [("", "today"), ("x" * 81, "today"), ("Mornings", "someday")])
    def test_refuses_what_is_no_board(self, north: House, name: str, period: str) -> None:
        with pytest.raises(BoardUnclear):
            services.make_board(name=name, period=period, is_shared=False, actor=north.actor("ada"), at=NOW)

        assert not Board.objects.exists()

    def test_a_target_and_its_number_come_together(self, north: House) -> None:
        board_id = made(north)
        for content in (
            TileContent(kind=TileKind.NUMBER, metric="asa", comparison=Comparison.TARGET),
            TileContent(kind=TileKind.NUMBER, metric="asa", target=3.0),
        ):
            with pytest.raises(BoardUnclear):
                services.add_tile(board_id=board_id, content=content, actor=north.actor("ada"), at=NOW)

        assert metrics_on(north, board_id) == []
