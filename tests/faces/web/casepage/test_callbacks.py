"""The word that is given to a customer, on the page of their case and on their own."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from careloop.domains.calendars import services as calendars
from careloop.domains.commitments.queries import clocks_of_cases
from careloop.domains.commitments.services import promise_callback
from careloop.domains.commitments.states import Measure, Outcome, Way
from careloop.domains.commitments.types import ClockRow
from careloop.domains.people.models import User
from careloop.faces.web.casepage.callbacks import usual_time
from careloop.faces.web.casepage.promises import promises_shown
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW
from tests.faces.web.casepage.conftest import Browsers, Opened
from tests.faces.web.casepage.test_acts import draw_in_cole

pytestmark = pytest.mark.database
STORY_STATEMENTS = 34
"""What is new in a story needs neither what stands beside it nor what was promised."""


def words(*, hours: float = 3, **said: str) -> dict[str, str]:
    """Return what is typed to promise a call, on a clock in UTC."""
    due_at = clock.now() + timedelta(hours=hours)
    return {"due_at": f"{due_at:%Y-%m-%dT%H:%M}", "way": "call", "note": "About the refund", **said}


def callback_of(opened: Opened) -> ClockRow | None:
    with workspace_scope(opened.house.north):
        found = clocks_of_cases([opened.id], viewer=HOUSE, at=clock.now()).get(opened.id, [])
    return next((one for one in reversed(found) if one.measure is Measure.CALLBACK), None)


@pytest.fixture
def utc(opened: Opened) -> None:
    User.objects.update(time_zone="UTC")


@pytest.mark.usefixtures("utc")
class TestPage:
    def test_promises_moves_and_keeps_it(self, signed_in: Browsers, opened: Opened) -> None:
        browser = signed_in("ada")

        assert browser.post(f"{opened.address}/callback", words()).status_code == 302
        page = browser.get(opened.address).content.decode()
        assert "We come back to the customer" in page
        assert "About the refund" in page
        assert "Ada promised to call." in page

        moved = {**words(hours=30), "reason": "customer_asked"}
        assert browser.post(f"{opened.address}/callback/move", moved).status_code == 302
        assert browser.post(f"{opened.address}/callback/completion").status_code == 302

        owed = callback_of(opened)
        assert owed is not None
        assert owed.outcome is Outcome.KEPT
        story = browser.get(f"{opened.address}/story", {"since": "0.0.0"}).content.decode()
        assert "Ada promised the customer to call by" in story
        assert "Reason: The customer asked for it." in story
        assert "Ada came back to the customer as promised." in story
        assert "Promise kept: Promised callback" not in story

    def test_takes_it_back(self, signed_in: Browsers, opened: Opened) -> None:
        browser = signed_in("ada")
        browser.post(f"{opened.address}/callback", words())

        browser.post(f"{opened.address}/callback/cancellation", {"reason": "not_needed"})

        owed = callback_of(opened)
        assert owed is not None
        assert owed.outcome is Outcome.CALLED_OFF

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            (words(hours=-1), "This time is over. Promise one that lies ahead."),
            (words(due_at="soon"), "By when:"),
            (words(way="fax"), "How:"),
        ],
    )
    def test_refuses_and_keeps_what_was_typed(
        self, signed_in: Browsers, opened: Opened, typed: dict[str, str], sentence: str
    ) -> None:
        answer = signed_in("ada").post(f"{opened.address}/callback", typed, HTTP_HX_REQUEST="true")

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "About the refund" in answer.content.decode()
        assert callback_of(opened) is None

    def test_says_what_came_of_a_try(self, signed_in: Browsers, opened: Opened) -> None:
        browser, window = signed_in("ada"), words(from_at=words(hours=1)["due_at"])
        browser.post(f"{opened.address}/callback", window)

        assert browser.post(f"{opened.address}/callback/attempt", {"outcome": "gone"}).status_code == 422
        pages = []
        for _try in range(3):
            assert browser.post(f"{opened.address}/callback/attempt", {"outcome": "busy"}).status_code == 302
            pages.append(browser.get(opened.address).content.decode())

        assert "Not before" in pages[0]
        assert "Called once, and not reached." in pages[0]
        assert "Next try" in pages[0]
        assert "Called 3 times, and not reached." in pages[2]
        assert "Next try" not in pages[2]
        story = browser.get(f"{opened.address}/story", {"since": "0.0.0"}).content.decode()
        assert "did not reach the customer: The line was busy. We call again from" in story
        assert "That was the last try." in story

    @pytest.mark.parametrize("act", ["attempt", "move", "completion", "cancellation"])
    def test_says_when_there_is_none(self, signed_in: Browsers, opened: Opened, act: str) -> None:
        typed = {**words(), "reason": "customer_asked", "outcome": "busy"}

        assert signed_in("ada").post(f"{opened.address}/callback/{act}", typed).status_code == 404

    @pytest.mark.parametrize("who", ["anh", "cole", "vera"])
    def test_a_reader_may_not(self, signed_in: Browsers, opened: Opened, who: str) -> None:
        draw_in_cole(opened)
        browser = signed_in(who)

        assert browser.post(f"{opened.address}/callback", words()).status_code == 403
        assert "Promise a callback" not in browser.get(opened.address).content.decode()
        assert callback_of(opened) is None

    def test_a_stranger_learns_nothing(self, signed_in: Browsers, opened: Opened) -> None:
        assert signed_in("ines").post(f"{opened.address}/callback", words()).status_code == 404

    def test_the_client_reads_the_promise_without_the_note(self, signed_in: Browsers, opened: Opened) -> None:
        signed_in("ada").post(f"{opened.address}/callback", words())

        page = signed_in("vera").get(opened.address).content.decode()
        assert "Ada promised to call." in page
        assert "About the refund" not in page

    def test_stands_in_the_list_of_what_is_due_and_in_the_export(self, signed_in: Browsers, opened: Opened) -> None:
        browser = signed_in("ada")
        browser.post(f"{opened.address}/callback", words())

        due = reverse("case_view", args=["north", "due"])
        assert f"/cases/{opened.number}" in browser.get(due).content.decode()
        export = browser.get(reverse("case_export", args=["north", "due"]), {"column": "promises"})
        heads = b"".join(export).decode()
        assert "Promised callback, due (UTC)" in heads


def test_says_that_a_time_lies_outside_the_hours(opened: Opened) -> None:
    sunday = datetime.fromisoformat("2026-11-22T03:00:00+00:00")
    with workspace_scope(opened.house.north):
        calendars.set_up(name="Office", zone="Asia/Seoul", actor=HOUSE, at=NOW)
        promise_callback(
            case_id=opened.id, due_at=sunday, way=Way.WRITE, note="", actor=opened.house.actor("ada"), at=NOW
        )
        with timezone.override("Asia/Seoul"):
            shown = promises_shown(opened.detail_in_scope().row, viewer=opened.house.actor("ada"), now=NOW)

    (one,) = shown.now
    assert one.due_at == sunday
    assert one.line == "Ada promised to write. Outside the opening hours."
    assert "This time lies outside the workspace's opening hours. It counts all the same." in one.reasons


def test_the_usual_time_is_a_full_hour_ahead() -> None:
    usual = usual_time(NOW + timedelta(minutes=17))

    assert (usual.minute, usual.second) == (0, 0)
    assert timedelta(hours=1) <= usual - NOW <= timedelta(hours=2)


def test_what_is_new_in_a_story_asks_nothing_about_promises(signed_in: Browsers, opened: Opened) -> None:
    browser = signed_in("ada")
    browser.get(f"{opened.address}/story", {"since": "0.0.0"})
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"{opened.address}/story", {"since": "0.0.0"}, HTTP_HX_REQUEST="true")

    assert not [one for one in asked.captured_queries if "commitments_" in one["sql"] or "calendars_" in one["sql"]]
    assert len(asked) <= STORY_STATEMENTS
