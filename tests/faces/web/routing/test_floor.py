"""The floor: who sees it, what it says, and what a supervisor does there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.cases.queries import find_cases
from careloop.domains.queues.types import QueueSettings
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from careloop.processes.routing import keeping
from tests.cast import NOW, House
from tests.flooring import make_wait, offer, put_into, waiting

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]


@pytest.fixture
def wait(house: House, queue: int) -> int:
    """Something that waits since two minutes, and nobody is there."""
    return make_wait(house, queue, since=NOW - timedelta(minutes=2), at=NOW)


def assignee(house: House) -> int | None:
    with workspace_scope(house.north):
        (row,) = find_cases(text="parcel", viewer=HOUSE)
    return row.assignee_id


def names_of_events(house: House) -> list[str]:
    with workspace_scope(house.north):
        return [one.name for one in trail(limit=50)]


class TestSight:
    @pytest.mark.parametrize(
        ("name", "status"), [("olga", 200), ("mina", 200), ("grace", 200), ("anh", 200), ("ada", 403), ("vera", 403)]
    )
    def test_is_for_who_leads_or_judges(
        self, house: House, wait: int, signed_in: SignedIn, name: str, status: int
    ) -> None:
        person = signed_in(name)

        for address in ("floor/", "floor/news", f"floor/waiting/{wait}"):
            assert person.get(f"/w/north/{address}").status_code == status

    def test_is_closed_to_strangers(self, house: House, wait: int, signed_in: SignedIn) -> None:
        ines = signed_in("ines")

        assert ines.get("/w/north/floor/").status_code == 404
        assert ines.get(f"/w/south/floor/waiting/{wait}").status_code == 404

    def test_is_empty_where_nothing_waits(self, house: House, signed_in: SignedIn) -> None:
        assert "No queue yet" in signed_in("ines").get("/w/south/floor/").content.decode()


class TestWords:
    def test_say_why_nobody_gets_what_waits(self, house: House, wait: int, signed_in: SignedIn) -> None:
        put_into(house, "mina", State.AVAILABLE, at=NOW)

        page = signed_in("grace").get("/w/north/floor/").content.decode()

        assert "#1 Where is my parcel?" in page
        assert "Nobody with Korean is here." in page

    def test_say_that_all_who_could_are_busy(self, house: House, wait: int, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.MEETING, at=NOW)

        row = signed_in("grace").get(f"/w/north/floor/waiting/{wait}").content.decode()

        assert "The 1 person who could take it has no room now." in row

    def test_say_to_whom_it_is_offered(self, house: House, wait: int, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.AVAILABLE, at=NOW)
        offer(house, wait, at=NOW)

        page = signed_in("grace").get("/w/north/floor/").content.decode()

        assert "Being offered to Ada." in page
        assert "Is asked for #1 Where is my parcel?" in page

    def test_of_news_put_only_words_in_place(self, house: House, wait: int, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.BREAK, at=NOW, reason="rest")

        news = signed_in("grace").get("/w/north/floor/news").content.decode()

        assert f'<div id="doing-{house.ids["ada"]}" hx-swap-oob="innerHTML">' in news
        assert "Break (Rest)" in news
        assert "<form" not in news


class TestMoves:
    def test_go_into_another_queue_with_the_time_it_waited(self, house: House, wait: int, signed_in: SignedIn) -> None:
        with workspace_scope(house.north):
            other = keeping.make_queue(settings=QueueSettings(name="Second"), actor=house.actor("mina"), at=NOW)
        (row,) = waiting(house)

        answer = signed_in("grace").post(
            f"/w/north/floor/waiting/{wait}/queue", {"queue_id": other, "revision": row.revision}
        )

        assert answer.status_code == 302
        (moved,) = waiting(house)
        assert (moved.queue_id, moved.entered_at) == (other, row.entered_at)
        assert "waiting.moved" in names_of_events(house)

    def test_put_it_into_somebodys_hands(self, house: House, wait: int, signed_in: SignedIn) -> None:
        (row,) = waiting(house)

        signed_in("grace").post(
            f"/w/north/floor/waiting/{wait}/person", {"user_id": house.ids["ada"], "revision": row.revision}
        )

        assert assignee(house) == house.ids["ada"]
        assert waiting(house) == []
        assert "Grace gave it to Ada." in signed_in("ada").get("/w/north/cases/1").content.decode()

    def test_take_it_over(self, house: House, wait: int, signed_in: SignedIn) -> None:
        (row,) = waiting(house)

        signed_in("grace").post(
            f"/w/north/floor/waiting/{wait}/person", {"user_id": house.ids["grace"], "revision": row.revision}
        )

        assert assignee(house) == house.ids["grace"]

    def test_of_what_was_moved_meanwhile_are_refused(self, house: House, wait: int, signed_in: SignedIn) -> None:
        (row,) = waiting(house)

        answer = signed_in("grace").post(
            f"/w/north/floor/waiting/{wait}/person", {"user_id": house.ids["ada"], "revision": row.revision - 1}
        )

        assert answer.status_code == 409
        assert assignee(house) is None

    @pytest.mark.parametrize(("name", "status"), [("ada", 403), ("anh", 403), ("vera", 403), ("ines", 404)])
    def test_are_for_who_leads(self, house: House, wait: int, signed_in: SignedIn, name: str, status: int) -> None:
        (row,) = waiting(house)

        answer = signed_in(name).post(
            f"/w/north/floor/waiting/{wait}/person", {"user_id": house.ids["ada"], "revision": row.revision}
        )

        assert answer.status_code == status
        assert assignee(house) is None

    @pytest.mark.parametrize("form", [{}, {"user_id": "x", "revision": "1"}, {"user_id": "99999", "revision": "1"}])
    def test_refuse_nonsense(self, house: House, wait: int, signed_in: SignedIn, form: dict[str, str]) -> None:
        assert signed_in("grace").post(f"/w/north/floor/waiting/{wait}/person", form).status_code in {404, 422}
        assert assignee(house) is None


class TestForcedStates:
    def test_are_recorded_with_who_did_it(self, house: House, signed_in: SignedIn) -> None:
        put_into(house, "ada", State.AVAILABLE, at=NOW)

        signed_in("grace").post(f"/w/north/floor/people/{house.ids['ada']}/state", {"doing": "offline:end_of_shift"})

        with workspace_scope(house.north):
            row = seat_of(HOUSE, user_id=house.ids["ada"], at=NOW)
            newest = next(one.event for one in trail(limit=20) if one.name == "presence.changed")
        assert (row.state, row.reason) == (State.OFFLINE, "end_of_shift")
        assert row.forced_by == newest.actor == f"user:{house.ids['grace']}"

    @pytest.mark.parametrize(("name", "status"), [("ada", 403), ("anh", 403), ("ines", 404)])
    def test_are_for_who_leads(self, house: House, signed_in: SignedIn, name: str, status: int) -> None:
        address = f"/w/north/floor/people/{house.ids['grace']}/state"

        assert signed_in(name).post(address, {"doing": "offline:end_of_shift"}).status_code == status


def test_marks_who_is_at_it_for_longer_than_is_watched_for(
    house: House, queue: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into(house, "ada", State.BREAK, reason="meal", at=NOW)
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: NOW + timedelta(minutes=16))
    grace, given = signed_in("grace"), {"figure": "longest_break_seconds", "direction": "above", "hold_seconds": "0"}
    assert "every 15s" not in grace.get("/w/north/floor/").content.decode()

    grace.post("/w/north/wall/thresholds", {**given, "warning": "15", "alarm": "30"})

    page = grace.get("/w/north/floor/").content.decode()
    assert "Longest break: over 15 min" in page
    assert "every 15s" in page
    assert "Longest break: over 15 min" in grace.get("/w/north/floor/news").content.decode()
