"""Boards are looked at, made and changed on pages."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from careloop.domains.boards.queries import board
from careloop.domains.boards.types import BoardRow, Comparison, TileKind
from careloop.domains.workspaces.services import change_workspace_settings
from careloop.insight import kpis
from careloop.insight.facts import read
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.beforehand import refresh
from careloop.processes.measuring.lakes import lake_root
from careloop.processes.workspace import workspace_facts
from tests.cast import House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
DAYS = "since=2026-11-01&until=2026-11-15"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 15)


def page(browser: Client, path: str, **headers: str) -> str:
    answer = browser.get(f"/w/north/{path}", headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return unescape(answer.content.decode())


def kept(house: House, key: str) -> BoardRow:
    with workspace_scope(house.north):
        return board(key=key, viewer=house.actor("ada"))


def fetched_alone(content: str) -> set[str]:
    return set(re.findall(r'hx-get="/w/north/boards/operations/tiles/(\d+)', content))


@pytest.fixture
def celled(house: House) -> House:
    """The house, whose north has facts of its own in this test, and cells of them."""
    root = lake_root(house.north)
    shared = root.resolve()
    root.unlink()
    shutil.copytree(shared, root)
    refresh(root, house.north, seconds=None)
    return house


@pytest.fixture
def noon(house: House) -> House:
    """The house, whose north begins its days at noon."""
    with workspace_scope(house.north):
        settings = replace(workspace_facts().settings, day_begins="12:00")
        change_workspace_settings(settings=settings, actor=house.actor("olga"), at=clock.now())
    return house


class TestDaysOfOperation:
    @pytest.mark.parametrize("has_cells", [False, True])
    def test_a_board_goes_by_them(
        self, noon: House, signed_in: Browsers, request: pytest.FixtureRequest, has_cells: bool
    ) -> None:
        if has_cells:
            request.getfixturevalue("celled")
        browser = signed_in("ada")
        (tile,) = (
            tile.key
            for tile in kept(noon, "operations").tiles
            if tile.content.metric == "contact_volume" and tile.content.kind is TileKind.SERIES
        )

        content = page(browser, f"boards/operations/tiles/{tile}?{DAYS}")

        with workspace_scope(noon.north):
            zone = ZoneInfo(workspace_facts().time_zone)
        noons = [datetime.combine(day, time(12), zone) for day in (FIRST, LAST + timedelta(1))]
        (result,) = kpis.measure_all(
            read(lake_root(noon.north)),
            [kpis.Asked.of(kpis.metric("contact_volume"), {})],
            by=["day"],
            since=noons[0],
            until=noons[1],
            day_begins_s=43_200,
        )
        (spec,) = re.findall(r'data-spec="(\{.*?\})"></chart-view>', content)
        drawn = [value["value"] for value in json.loads(spec)["data"]["values"]]
        assert drawn == [row.value for row in result.rows]
        assert "days from 12:00" in page(browser, f"boards/operations?{DAYS}")

    def test_a_card_and_its_command_go_by_them(self, noon: House, signed_in: Browsers) -> None:
        content = page(signed_in("grace"), f"numbers/contact_volume?{DAYS}")

        assert "2026-11-01T12:00:00" in content
        assert "--day-begins 12:00" in content
        assert "days from 12:00" in content


class TestLooking:
    def test_a_board_stands_at_once_and_its_tiles_come_later_together(self, house: House, signed_in: Browsers) -> None:
        content = page(signed_in("ada"), f"boards/operations?{DAYS}")

        assert f'hx-get="/w/north/boards/operations/tiles?{DAYS}"' in content
        assert f"/w/north/boards/operations/tiles/0?{DAYS}" in content  # for whoever has no scripts
        assert content.count("aria-busy") == 14

    def test_tiles_that_need_a_scan_are_fetched_one_by_one(self, house: House, signed_in: Browsers) -> None:
        content = page(signed_in("ada"), f"boards/operations/tiles?{DAYS}")

        assert content.count('hx-swap-oob="true"') == 14
        # Nothing is kept of these facts. Of the states of agents and of reasons there are none, which takes no time to say.
        assert len(fetched_alone(content)) == 12
        assert "States of agents" in content

    def test_tiles_that_stored_cells_can_tell_come_together(self, celled: House, signed_in: Browsers) -> None:
        content = page(signed_in("ada"), f"boards/operations/tiles?{DAYS}")

        # How long calls waited is a distribution.
        assert fetched_alone(content) <= {"7", "11"}
        assert content.count("likely between") >= 4

    def test_a_tile_says_the_same_alone_and_together(self, house: House, signed_in: Browsers, celled: House) -> None:
        browser = signed_in("ada")
        together = page(browser, f"boards/operations/tiles?{DAYS}")

        alone = page(browser, f"boards/operations/tiles/0?{DAYS}")

        assert alone.strip() in together

    def test_a_board_that_is_not_theirs_has_no_tiles_for_them(self, house: House, signed_in: Browsers) -> None:
        assert signed_in("ines").get("/w/north/boards/operations/tiles").status_code == 404
        assert signed_in("ada").get("/w/north/boards/4711/tiles").status_code == 404

    def test_a_number_says_how_far_it_can_be_trusted(self, house: House, signed_in: Browsers) -> None:
        tile = page(signed_in("ada"), f"boards/operations/tiles/0?{DAYS}")

        assert re.search(r"likely between [\d.]+ and [\d.]+%", tile)
        assert re.search(r"n = [\d,]+", tile)
        assert "<polyline" in tile

    @pytest.mark.parametrize("tile", ["4", "5", "6", "7"])
    def test_a_chart_has_its_table(self, house: House, signed_in: Browsers, tile: str) -> None:
        content = page(signed_in("ada"), f"boards/operations/tiles/{tile}?{DAYS}")

        (spec,) = re.findall(r'data-spec="(\{.*?\})"></chart-view>', content)
        values = json.loads(spec)["data"]["values"]
        assert values
        assert content.count("<tr>") >= len(values)

    def test_says_what_it_would_need_instead_of_zero(self, house: House, signed_in: Browsers) -> None:
        answer = signed_in("ines").get(f"/w/south/boards/operations/tiles/0?{DAYS}")

        content = unescape(answer.content.decode())
        assert "Not measured" in content
        assert "Legs of contacts, by queue and agent" in content

    def test_a_tile_that_may_not_be_seen_says_why(self, house: House, signed_in: Browsers) -> None:
        content = page(signed_in("ada"), "boards/determinants/tiles/10", **{"HX-Request": "true"})

        assert "only those who lead them see it" in content or "There is no metric" in content

    def test_ones_own_card_is_ones_own(self, house: House, signed_in: Browsers) -> None:
        content = page(signed_in("ada"), f"boards/own/tiles/0?{DAYS}", **{"HX-Request": "true"})

        assert "likely between" not in content


class TestMaking:
    def test_makes_a_board_and_puts_a_number_on_it(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        made = browser.post("/w/north/boards/new", {"name": "Mornings", "period": "today"})
        key = made["Location"].split("/")[-2]
        form = {"metric": "service_level", "kind": "number", "width": "2", "act": "keep"}
        target = {**form, "comparison": "target", "target": "80", "option-target_s": "30"}
        channel = {"row": "0", "field-0": "channel", "operator-0": "is", "value-0": "voice", "join": "and"}
        answer = browser.post(f"/w/north/boards/{key}/tiles/new", {**target, **channel})

        assert answer.status_code == 302
        (tile,) = kept(house, key).tiles
        assert tile.content.target == pytest.approx(0.8)
        assert tile.content.comparison is Comparison.TARGET
        assert tile.content.options == {"target_s": "30"}
        assert tile.content.conditions == {"and": [{"field": "channel", "operator": "is", "value": "voice"}]}
        shown = page(browser, f"boards/{key}/tiles/{tile.key}?{DAYS}")
        assert "Target 80.0%" in shown
        assert "channel is Phone" in page(browser, f"boards/{key}/form").lower().replace("phone", "Phone")

    def test_a_form_that_is_only_looked_at_keeps_nothing(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        key = browser.post("/w/north/boards/new", {"name": "Mornings", "period": "today"})["Location"].split("/")[-2]

        added = browser.post(f"/w/north/boards/{key}/tiles/new", {"metric": "asa", "kind": "table", "act": "add"})

        assert "Remove this condition" in added.content.decode()
        assert kept(house, key).tiles == ()

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"kind": "table"}, "Say by what"),
            ({"comparison": "target", "target": "much"}, "as a number"),
            ({"option-target_s": "soon"}, "soon"),
            ({"row": "0", "field-0": "wait_s", "operator-0": "at_least", "value-0": "long"}, "number"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(
        self, house: House, signed_in: Browsers, wrong: dict[str, str], says: str
    ) -> None:
        browser = signed_in("ada")
        key = browser.post("/w/north/boards/new", {"name": "Mornings", "period": "today"})["Location"].split("/")[-2]
        form = {"metric": "service_level", "kind": "number", "width": "1", "comparison": "none", "act": "keep"}

        answer = browser.post(f"/w/north/boards/{key}/tiles/new", {**form, **wrong})

        assert answer.status_code == 422
        assert says in unescape(answer.content.decode())
        assert kept(house, key).tiles == ()

    def test_agents_put_nobody_on_a_board(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        key = browser.post("/w/north/boards/new", {"name": "Mornings", "period": "today"})["Location"].split("/")[-2]

        answer = browser.post(
            f"/w/north/boards/{key}/tiles/new",
            {"metric": "service_level", "kind": "table", "by": "agent", "width": "1", "act": "keep"},
        )

        assert answer.status_code == 403
        assert kept(house, key).tiles == ()

    def test_copies_changes_orders_and_deletes(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        key = browser.post("/w/north/boards/operations/copies")["Location"].split("/")[-2]
        first, second = kept(house, key).tiles[:2]

        browser.post(f"/w/north/boards/{key}/form", {"name": "Ours", "period": "this_week"})
        browser.post(f"/w/north/boards/{key}/tiles/{first.key}/place", {"place": "1"})
        browser.post(f"/w/north/boards/{key}/tiles/{first.key}/removal")

        changed = kept(house, key)
        assert (changed.name, changed.period) == ("Ours", "this_week")
        assert changed.tiles[0] == second
        assert first not in changed.tiles
        browser.post(f"/w/north/boards/{key}/removal")
        assert browser.get(f"/w/north/boards/{key}").status_code == 404

    def test_nobody_changes_what_every_workspace_has(self, house: House, signed_in: Browsers) -> None:
        browser = signed_in("olga")

        assert browser.get("/w/north/boards/operations/form").status_code == 422
        assert browser.post("/w/north/boards/operations/form", {"name": "x"}).status_code == 422
        assert browser.post("/w/north/boards/operations/tiles/new", {"act": "keep"}).status_code == 422
