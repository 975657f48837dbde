"""Pages of numbers open for those they are meant for, and answer everybody else as if there were nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.boards import services
from careloop.domains.boards.types import TileContent, TileKind
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
LEADING = frozenset({"olga", "mina", "anh", "grace"})
WORKING = LEADING | {"ada"}
READING = WORKING | {"vera"}
DAYS = "since=2026-11-01&until=2026-11-15"
PAGES = {
    "boards/": READING,
    "boards/client": READING,
    "boards/client/tiles": READING,
    "boards/client/tiles/0": READING,
    f"numbers/contact_volume?board=client&tile=0&{DAYS}": READING,
    f"numbers/contact_volume/contacts?board=client&tile=0&{DAYS}": READING,
    "boards/operations": WORKING,
    "boards/operations/tiles": WORKING,
    "boards/operations/tiles/0": WORKING,
    "boards/own": WORKING,
    "boards/new": WORKING,
    "numbers/": WORKING,
    f"numbers/service_level?{DAYS}": WORKING,
    f"numbers/service_level?{DAYS}&by=queue": WORKING,
    f"numbers/service_level/contacts?{DAYS}": WORKING,
    f"numbers/service_level?{DAYS}&by=agent": LEADING,
    "facts/": LEADING,
    "facts/files": LEADING,
    f"boards/operations/tiles/5.csv?{DAYS}": WORKING,
    f"numbers/service_level.xlsx?{DAYS}&by=queue": WORKING,
    f"numbers/service_level.csv?{DAYS}&by=agent": LEADING,
    "numbers/service_level/change.csv?since=2026-11-09&until=2026-11-15&by=queue": WORKING,
    f"numbers/service_level/contacts.csv?{DAYS}": LEADING,
}


@pytest.mark.parametrize("name", ["olga", "mina", "anh", "grace", "ada", "cole", "vera"])
def test_opens_for_the_roles_it_is_meant_for(house: House, signed_in: Browsers, name: str) -> None:
    browser = signed_in(name)

    opened = {page for page in PAGES if browser.get(f"/w/north/{page}").status_code == 200}

    assert opened == {page for page, names in PAGES.items() if name in names}


@pytest.mark.parametrize("page", PAGES)
def test_answers_a_stranger_as_if_there_were_nothing(house: House, signed_in: Browsers, page: str) -> None:
    browser = signed_in("ines")

    assert browser.get(f"/w/north/{page}").status_code == browser.get(f"/w/nowhere/{page}").status_code == 404


def test_a_client_viewer_asks_nothing_else(house: House, signed_in: Browsers) -> None:
    """Neither another number, nor another filter, nor a split by people."""
    browser = signed_in("vera")
    card = f"/w/north/numbers/contact_volume?board=client&tile=0&{DAYS}"

    plain = browser.get(card).content.decode()
    split = browser.get(f"{card}&by=agent&o-series=handled").content.decode()

    assert browser.get(f"/w/north/numbers/contact_volume?{DAYS}").status_code == 404
    assert browser.get(f"/w/north/numbers/service_level?board=client&tile=0&{DAYS}").status_code == 404
    assert browser.get(f"/w/north/numbers/service_level?board=operations&tile=0&{DAYS}").status_code == 404
    assert 'name="by"' in plain
    assert "kim" not in split


def test_who_answered_stands_beside_contacts_for_those_who_lead(house: House, signed_in: Browsers) -> None:
    contacts = f"/w/north/numbers/answer_rate/contacts?{DAYS}"

    seen = {name: "kim" in signed_in(name).get(contacts).content.decode() for name in ("grace", "ada", "anh")}

    assert seen == {"grace": True, "ada": False, "anh": True}


def test_somebody_elses_board_is_not_there(house: House, signed_in: Browsers) -> None:
    with workspace_scope(house.north):
        ada = house.actor("ada")
        board = services.make_board(name="Mine", period="today", is_shared=False, actor=ada, at=NOW)
        content = TileContent(kind=TileKind.NUMBER, metric="asa")
        tile = services.add_tile(board_id=board, content=content, actor=ada, at=NOW)
    pages = [
        f"boards/{board}",
        f"boards/{board}/form",
        f"boards/{board}/tiles",
        f"boards/{board}/tiles/{tile}",
        f"boards/{board}/tiles/{tile}/form",
    ]
    acts = [f"boards/{board}/copies", f"boards/{board}/removal", f"boards/{board}/tiles/{tile}/place"]

    for name in ("olga", "vera"):
        browser = signed_in(name)
        assert {browser.get(f"/w/north/{page}").status_code for page in pages} == {404}
        assert {browser.post(f"/w/north/{act}", {"place": "0"}).status_code for act in acts} == {404}
    assert {signed_in("ada").get(f"/w/north/{page}").status_code for page in pages} == {200}
