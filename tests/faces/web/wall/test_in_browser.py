"""A wall in Chromium: it moves by itself, says when it cannot, comes back, and sounds until somebody takes care."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from careloop.domains.people.attendance import attendance_of
from careloop.domains.wallboards.queries import alarms
from careloop.domains.wallboards.services import add_threshold, check_thresholds
from careloop.domains.wallboards.types import Direction, Figure, NewThreshold
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import PASSWORD, House
from tests.domains.wallboards.floor import Floor, open_floor, read_all
from tests.domains.wallboards.test_alarms import SEOUL
from tests.faces.web.live.conftest import Listen, bare_house, listen, port
from tests.processes.conftest import house
from tests.serving import PATIENCE_SECONDS, serving

__all__ = ["bare_house", "house", "listen", "port"]

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

pytestmark = [
    pytest.mark.database,
    pytest.mark.browser,
    # Our server in this process serves the built assets too, file by file, as Django warns.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


@pytest.fixture
def floor(house: House) -> Floor:
    with workspace_scope(house.north):
        return open_floor(house)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A device of its own."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def open_screen(page: Page, port: int, name: str = "ada", address: str = "/w/north/wall/screen") -> None:
    """Sign somebody in and leave the wall on their screen."""
    base = f"http://127.0.0.1:{port}"
    page.goto(f"{base}/account/sign-in")
    page.fill("[name=login]", f"{name}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url, timeout=PATIENCE_MS)
    page.goto(f"{base}{address}")


def someone_writes(floor: Floor, matter: int) -> None:
    with workspace_scope(floor.house.north):
        floor.writes(matter, at=clock.now())
    read_all()


def warn_of_waiting(house: House) -> None:
    """Raise an alarm as soon as anybody waits."""
    new = NewThreshold(figure=Figure.WAITING, direction=Direction.ABOVE, warning=None, alarm=1, hold_seconds=0)
    with workspace_scope(house.north):
        add_threshold(new, actor=house.actor("grace"), at=clock.now())
        check_thresholds(zone=SEOUL, actor=HOUSE, at=clock.now())


class TestStream:
    def test_tells_a_screen_to_look_again(self, floor: Floor, listen: Listen) -> None:
        stream = listen("ada", key="north/wall")
        stream.hear("wall")
        someone_writes(floor, 0)

        stream.hear("wall")

        assert {detail["name"] for _id, detail in stream.heard} == {"wall"}

    def test_is_closed_to_strangers(self, floor: Floor, listen: Listen) -> None:
        assert listen("ines", key="north/wall").status == 404
        assert listen("cole", key="north/wall").ends()

    def test_notes_which_agents_are_here(self, floor: Floor, listen: Listen) -> None:
        listen("ada")
        listen("cole")
        until, here = clock.now() + timedelta(seconds=PATIENCE_SECONDS), 0
        while not here and clock.now() < until:
            with workspace_scope(floor.house.north):
                here = attendance_of(at=clock.now()).here

        assert here == 1


def test_moves_by_itself_and_comes_back_when_the_server_does(floor: Floor, page: Page) -> None:
    with serving() as port:
        open_screen(page, port)
        expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("0")
        someone_writes(floor, 0)
        expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("1")
        expect(page.locator("[data-wall-away]")).to_be_hidden()

    expect(page.locator("[data-wall-away]")).to_be_visible()
    assert "do not move" in page.locator("[data-wall-away]").inner_text()
    someone_writes(floor, 3)

    with serving(port):
        expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("2")
        expect(page.locator("[data-wall-away]")).to_be_hidden()
        page.goto("about:blank")


def test_sounds_when_asked_to_until_somebody_takes_care(floor: Floor, port: int, page: Page) -> None:
    page.add_init_script(
        "window.sounded = []; document.addEventListener('wall:sounded', (event) => window.sounded.push(event.detail));"
    )
    open_screen(page, port)
    page.get_by_role("button", name="Turn sound on").click()
    expect(page.get_by_role("button", name="Sound is on")).to_have_attribute("aria-pressed", "true")
    someone_writes(floor, 0)
    warn_of_waiting(floor.house)

    expect(page.locator(".wall-raised")).to_contain_text("Alarm: Waiting for a first answer")
    page.wait_for_function("window.sounded.length > 0")
    assert page.evaluate("window.sounded") == ["alarm"]
    expect(page.locator("[data-wall-news]")).to_contain_text("Alarm: Waiting for a first answer")

    page.locator(".wall-acknowledge").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".wall-raised")).to_contain_text("Ada takes care since")
    expect(page.locator("[data-wall-news]")).to_be_empty()
    with workspace_scope(floor.house.north):
        assert alarms(viewer=HOUSE).items[0].acknowledged_by == floor.house.ids["ada"]

    page.reload()
    expect(page.locator(".wall-click")).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_role("button", name="Sound is on")).to_be_visible()
    page.get_by_role("button", name="Sound is on").click()
    expect(page.get_by_role("button", name="Turn sound on")).to_be_visible()


def test_redraws_at_most_once_a_second(floor: Floor, port: int, page: Page) -> None:
    asked: list[str] = []
    open_screen(page, port)
    page.on("request", lambda request: asked.append(request.url) if "wall/figures" in request.url else None)
    for matter in range(6):
        someone_writes(floor, matter)
    expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("6")
    began = clock.now()
    page.wait_for_timeout(3000)
    for matter in range(6):
        with workspace_scope(floor.house.north):
            floor.answers(matter, at=clock.now())
        read_all()
    expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("0")

    assert len(asked) <= (clock.now() - began).total_seconds() + 8


def test_several_workspaces_move_too(floor: Floor, port: int, page: Page) -> None:
    open_screen(page, port, "mina", "/wall/")
    expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("0")
    someone_writes(floor, 0)
    expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("1")


def test_who_is_signed_out_is_led_to_signing_in(floor: Floor, port: int, page: Page) -> None:
    open_screen(page, port)
    expect(page.locator(".wall-tile-waiting .wall-value")).to_have_text("0")
    page.context.clear_cookies()
    someone_writes(floor, 0)

    page.wait_for_url(lambda url: "sign-in" in url, timeout=PATIENCE_MS)
