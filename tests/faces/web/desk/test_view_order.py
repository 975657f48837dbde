"""Views stand where their owners put them: shared ones for everybody, by those who may share; own ones by anybody."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.cases.queries import views_of
from careloop.domains.cases.services import save_view
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
VIEWS = "/w/north/views/"


def kept(house: House, name: str, *, by: str, is_shared: bool = False) -> int:
    """Keep a view."""
    return save_view(
        view_id=None,
        name=name,
        conditions={},
        columns=["subject"],
        order="-activity_at",
        is_shared=is_shared,
        actor=house.actor(by),
        at=NOW,
    )


@pytest.fixture
def views(house: House) -> dict[str, int]:
    """Three shared views, and three of Ada's own."""
    with workspace_scope(house.north):
        shared = {name: kept(house, name, by="grace", is_shared=True) for name in ("Late", "Big", "Calls")}
        return {**shared, **{name: kept(house, name, by="ada") for name in ("z-mine", "y-mine", "x-mine")}}


def order_of(house: House, name: str) -> list[str]:
    """Return the kept views as somebody has them."""
    with workspace_scope(house.north):
        return [row.name for row in views_of(house.actor(name)) if not row.is_system]


def place(browser: Client, view_id: int, to: int | str) -> int:
    """Ask for another place and return the answer's status."""
    return browser.post(f"{VIEWS}{view_id}/place", {"place": str(to)}).status_code


def test_a_new_view_comes_last_among_its_like(house: House, views: dict[str, int]) -> None:
    assert order_of(house, "ada") == ["Late", "Big", "Calls", "z-mine", "y-mine", "x-mine"]


def test_a_lead_orders_the_shared_ones_for_everybody(house: House, views: dict[str, int], signed_in: Browsers) -> None:
    assert place(signed_in("grace"), views["Calls"], 0) == 302

    assert order_of(house, "grace") == ["Calls", "Late", "Big"]
    assert order_of(house, "ada") == ["Calls", "Late", "Big", "z-mine", "y-mine", "x-mine"]


def test_everybody_orders_their_own(house: House, views: dict[str, int], signed_in: Browsers) -> None:
    ada = signed_in("ada")

    place(ada, views["z-mine"], 99)
    page = ada.get(VIEWS).content.decode()

    assert order_of(house, "ada")[3:] == ["y-mine", "x-mine", "z-mine"]
    assert re.search(rf'<button[^>]* disabled id="down-{views["z-mine"]}"', page)
    assert not re.search(rf'<button[^>]* disabled id="up-{views["z-mine"]}"', page)
    assert f'id="up-{views["Late"]}"' not in page


@pytest.mark.parametrize(
    ("who", "view", "status"),
    [("ada", "Late", 403), ("vera", "Late", 403), ("grace", "z-mine", 404), ("ines", "Late", 404)],
)
def test_whoever_may_not_changes_no_order(
    house: House, views: dict[str, int], signed_in: Browsers, who: str, view: str, status: int
) -> None:
    before = order_of(house, "ada")

    assert place(signed_in(who), views[view], 2) == status

    assert order_of(house, "ada") == before


@pytest.mark.parametrize("nonsense", ["", "first", "9" * 30])
def test_nonsense_is_refused_in_words(house: House, views: dict[str, int], signed_in: Browsers, nonsense: str) -> None:
    assert place(signed_in("ada"), views["z-mine"], nonsense) == 422
    assert order_of(house, "ada")[3:] == ["z-mine", "y-mine", "x-mine"]
