"""The house on a real port, with the chat on a shop's site."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from careloop.domains.chats.queries import widget_secret
from careloop.domains.chats.types import WidgetRow
from careloop.domains.people.attendance import note_here
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import PASSWORD, House
from tests.chatting import put_on_site
from tests.faces.web.live.conftest import bare_house, port
from tests.fixtures import quick_passwords, signed_in
from tests.processes.conftest import house

__all__ = ["SITE", "Shop", "bare_house", "house", "port", "quick_passwords", "shop", "signed_in"]

SITE = "http://shop.localhost"


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's site, on which the chat stands. port: where the house is."""

    house: House
    port: int
    widget: WidgetRow

    def open(self, tab: Any, *, identity: str = "", **options: Any) -> Page:
        """Open the shop's page as a visitor's browser does."""
        page: Page = tab("about:blank", **options)
        script = f"http://127.0.0.1:{self.port}/help/north/chat/shop/widget.js"
        said = f'<script>window.careloopChat = {{ identity: "{identity}" }}</script>' if identity else ""
        line = f'<script type="module" src="{script}"></script>'
        body = f'<!doctype html><html lang="en"><title>Shop</title>{said}<h1>Shop</h1>{line}'
        page.route(f"{SITE}/**", lambda route: route.fulfill(content_type="text/html", body=body))
        page.context.grant_permissions(["local-network-access"])
        page.goto(f"{SITE}/parcels")
        return page

    def desk(self, tab: Any, who: str = "ada", path: str = "chats/") -> Page:
        """Open the house as one of ours."""
        page: Page = tab(f"http://127.0.0.1:{self.port}/account/sign-in")
        page.fill("[name=login]", f"{who}@example.com")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/w/**")
        page.goto(f"http://127.0.0.1:{self.port}/w/north/{path}")
        return page

    def secret(self) -> str:
        with workspace_scope(self.house.north):
            return widget_secret(widget_id=self.widget.id, viewer=HOUSE)


@pytest.fixture
def shop(house: House, port: int) -> Shop:
    with workspace_scope(house.north):
        widget = put_on_site(allowed_origins=(SITE,), greetings={"en": "Ask us about your parcel."})
        note_here(user_id=house.ids["ada"], at=clock.now())
    return Shop(house, port, widget)
