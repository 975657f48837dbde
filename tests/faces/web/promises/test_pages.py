"""The pages on which managers say what is promised, and when they are open."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.calendars import services as calendars
from careloop.domains.calendars.queries import calendar_of, calendars_of
from careloop.domains.calendars.types import CalendarRow
from careloop.domains.commitments import services
from careloop.domains.commitments.queries import policies_of, policy_of
from careloop.domains.commitments.states import About, Measure
from careloop.domains.commitments.types import PolicyRow
from careloop.domains.queues.services import make_queue, retire_queue
from careloop.domains.queues.types import QueueSettings
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.domains.commitments.conftest import Desk, open_desk

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
WEEK: dict[str, str] = {f"day_{day}": "09:00-18:00" for day in range(5)}
HOURS = {"name": "상담 시간", "zone": "Asia/Seoul", "country": "KR", **WEEK, "day_5": "", "day_6": ""}
POLICY: dict[str, Any] = {
    "name": "Parcels",
    "time-first_response-2": "4 h",
    "time-resolution-2": "18 h",
    "level-resolution": "90",
    "calendar": "",
    "pause": ["waiting"],
    "step": ["0"],
    "share-0": "75",
    "tell-0": ["assignee"],
    "raise-0": "3",
    "row": ["0"],
    "field-0": "channel",
    "operator-0": "is",
    "value-0": "email",
    "days": "30",
}


@pytest.fixture
def desk(house: House) -> Desk:
    """A workspace with a calendar, a policy and one case of yesterday that was answered within an hour."""
    with workspace_scope(house.north):
        desk = open_desk(house)
        desk.promise(calendar_id=None)
        at = clock.now() - timedelta(days=1)
        desk.answers(desk.opens(at=at), at=at + timedelta(hours=1))
    with workspace_scope(house.north):
        desk.follow()
    return desk


def policies(house: House) -> list[PolicyRow]:
    with workspace_scope(house.north):
        return policies_of(HOUSE)


def calendar(house: House, calendar_id: int) -> CalendarRow:
    with workspace_scope(house.north):
        return calendar_of(HOUSE, calendar_id=calendar_id)


def seen_in(text: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', text)
    assert found is not None
    return found[1]


class TestCalendars:
    def test_are_made_and_changed(self, house: House, signed_in: SignedIn) -> None:
        mina = signed_in("mina")

        made = mina.post("/w/north/admin/hours/new", HOURS)
        address = made.headers["Location"]
        changed = mina.post(address, {**HOURS, "day_5": "09:00-12:00, 13:00-15:00"})

        assert (made.status_code, changed.status_code) == (302, 302)
        row = calendar(house, int(address.rpartition("/")[2]))
        assert (row.settings.name, row.settings.country, len(row.settings.weekly[5])) == ("상담 시간", "KR", 2)

    def test_show_the_coming_holidays_of_their_country(self, desk: Desk, signed_in: SignedIn) -> None:
        mina = signed_in("mina")
        address = f"/w/north/admin/hours/{desk.calendar}"
        mina.post(address, {**HOURS, "country": "CN", "name": "China"})

        text = mina.get(address).content.decode()

        assert "Coming holidays" in text
        assert "New Year&#x27;s Day" in text

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "required"),
            ({"day_0": "9 to 5"}, "Write hours such as"),
            ({"day_0": "18:00-09:00"}, "end before they begin"),
            ({"day_0": "09:00-12:00, 11:00-13:00"}, "overlap"),
            (dict.fromkeys(WEEK, ""), "at least one weekday"),
            ({"country": "XX"}, "not one of the available choices"),
        ],
    )
    def test_say_what_cannot_be_and_change_nothing(
        self, desk: Desk, signed_in: SignedIn, wrong: dict[str, str], sentence: str
    ) -> None:
        before = calendar(desk.house, desk.calendar)

        answer = signed_in("mina").post(f"/w/north/admin/hours/{desk.calendar}", {**HOURS, **wrong})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert calendar(desk.house, desk.calendar) == before

    def test_offer_the_regions_of_a_chosen_country_without_keeping_anything(
        self, desk: Desk, signed_in: SignedIn
    ) -> None:
        before = calendar(desk.house, desk.calendar)

        answer = signed_in("mina").post(
            f"/w/north/admin/hours/{desk.calendar}", {**HOURS, "country": "US", "act": "refresh"}
        )

        assert answer.status_code == 200
        assert 'value="CA"' in answer.content.decode()
        assert calendar(desk.house, desk.calendar) == before

    def test_have_days_of_their_own(self, desk: Desk, signed_in: SignedIn) -> None:
        mina, address = signed_in("mina"), f"/w/north/admin/hours/{desk.calendar}"
        day = {"date": "2030-05-06", "day_name": "Outing", "hours": ""}

        assert mina.post(f"{address}/days", {**day, "hours": "x"}).status_code == 422
        assert mina.post(f"{address}/days", {**day, "day_name": ""}).status_code == 422
        assert mina.post(f"{address}/days", day).status_code == 302
        assert [one.name for one in calendar(desk.house, desk.calendar).days] == ["Outing"]
        assert "Outing" in mina.get(address).content.decode()
        assert mina.post(f"{address}/days/removal", {"date": "2030-05-06"}).status_code == 302
        assert calendar(desk.house, desk.calendar).days == ()
        assert mina.post(f"{address}/days/removal", {"date": "2030-05-06"}).status_code == 404
        assert mina.post(f"{address}/days/removal", {"date": "x"}).status_code == 404

    def test_pass_the_workspaces_own_hours_on_before_they_go(self, desk: Desk, signed_in: SignedIn) -> None:
        mina, address = signed_in("mina"), f"/w/north/admin/hours/{desk.calendar}"

        assert mina.post(f"{address}/use").status_code == 302
        refused = mina.post(f"{address}/retirement")
        assert refused.status_code == 409
        assert "own hours" in refused.content.decode()
        with workspace_scope(desk.house.north):
            week = calendar_of(HOUSE, calendar_id=desk.calendar).settings
            other = calendars.create_calendar(
                settings=type(week)(name="Other", zone="UTC", weekly=week.weekly), actor=HOUSE, at=clock.now()
            )
        assert mina.post(f"/w/north/admin/hours/{other}/use").status_code == 302
        with workspace_scope(desk.house.north):
            counting = desk.promise("Counts in them")
        refused = mina.post(f"{address}/retirement")
        assert refused.status_code == 409
        assert "The policy “Counts in them” promises in these hours." in refused.content.decode()
        mina.post(f"/w/north/admin/promises/{counting}/retirement")
        with workspace_scope(desk.house.north):
            asked = QueueSettings(name="Daily work", calendar_id=desk.calendar)
            queue = make_queue(settings=asked, actor=HOUSE, at=clock.now())
        refused = mina.post(f"{address}/retirement")
        assert refused.status_code == 409
        assert "The queue “Daily work” is open in these hours." in refused.content.decode()
        with workspace_scope(desk.house.north):
            retire_queue(queue_id=queue, actor=HOUSE, at=clock.now())
        assert mina.post(f"{address}/retirement").status_code == 302
        with workspace_scope(desk.house.north):
            assert [row.id for row in calendars_of(HOUSE)] == [other]

    def test_show_what_a_day_off_moves_before_it_is_saved(self, desk: Desk, signed_in: SignedIn) -> None:
        with workspace_scope(desk.house.north):
            desk.promise("In the hours", targets={Measure.RESOLUTION: {2: 9 * 3600}})
            (first, *_others) = policies_of(HOUSE)
            services.retire_policy(policy_id=first.id, actor=HOUSE, at=clock.now())
            desk.opens(at=clock.now())
            desk.follow()
            week = calendar_of(HOUSE, calendar_id=desk.calendar).settings
        mina, address = signed_in("mina"), f"/w/north/admin/hours/{desk.calendar}"
        open_days = {f"day_{day}": "00:00-24:00" for day in range(7)}
        posted = {"name": week.name, "zone": week.zone, "country": "", **open_days}

        shown = mina.post(address, posted)
        assert shown.status_code == 200
        assert "1 open promise would be due at another time" in shown.content.decode()
        assert calendar(desk.house, desk.calendar).settings == week
        seen = seen_in(shown.content.decode())
        other = mina.post(address, {**posted, "day_0": "", "seen": seen})
        assert "Nothing is saved yet" in other.content.decode()
        assert mina.post(address, {**posted, "seen": seen}).status_code == 302
        assert calendar(desk.house, desk.calendar).settings.weekly[6]

        tomorrow = f"{(clock.now() + timedelta(hours=9)).date()}"
        off = {"date": tomorrow, "day_name": "Closed", "hours": ""}
        shown = mina.post(f"{address}/days", off)
        assert "Add the day and move them" in shown.content.decode()
        assert calendar(desk.house, desk.calendar).days == ()
        assert mina.post(f"{address}/days", {**off, "seen": seen_in(shown.content.decode())}).status_code == 302


class TestPolicies:
    def test_are_saved_only_after_what_they_would_have_changed_was_shown(self, desk: Desk, signed_in: SignedIn) -> None:
        mina, address = signed_in("mina"), f"/w/north/admin/promises/{policies(desk.house)[0].id}"

        unseen = mina.post(address, {**POLICY, "act": "keep"})
        other = mina.post(address, {**POLICY, "name": "Else", "seen": seen_in(unseen.content.decode()), "act": "keep"})
        assert [unseen.status_code, other.status_code] == [200, 200]
        assert "What it would have changed" in unseen.content.decode()
        assert [row.settings.name for row in policies(desk.house)] == ["Four hours"]
        kept = mina.post(address, {**POLICY, "seen": seen_in(unseen.content.decode()), "act": "keep"})

        assert kept.status_code == 302
        (row,) = policies(desk.house)
        assert (row.settings.name, row.version) == ("Parcels", 2)
        assert row.settings.targets == {Measure.FIRST_RESPONSE: {2: 14_400}, Measure.RESOLUTION: {2: 64_800}}
        assert row.settings.levels == {Measure.RESOLUTION: 0.9}
        assert [(step.share, step.priority) for step in row.settings.steps] == [(0.75, 3)]

    def test_are_made_and_asked_last(self, desk: Desk, signed_in: SignedIn) -> None:
        mina = signed_in("mina")
        tried = mina.post("/w/north/admin/promises/new", {**POLICY, "act": "try"})

        kept = mina.post(
            "/w/north/admin/promises/new", {**POLICY, "seen": seen_in(tried.content.decode()), "act": "keep"}
        )

        assert kept.status_code == 302
        assert [row.settings.name for row in policies(desk.house)] == ["Four hours", "Parcels"]

    def test_of_calls_promise_one_time_and_ask_about_callers(self, desk: Desk, signed_in: SignedIn) -> None:
        mina, address = signed_in("mina"), "/w/north/admin/promises/new"
        begun = mina.get(f"{address}?about=calls").content.decode()
        assert "time-wait-2" in begun
        assert "time-resolution-2" not in begun
        assert "raise-0" not in begun
        asked = {"row": ["0"], "field-0": "queue", "operator-0": "any_of", "value-0": "billing, claims"}
        said = {
            "about": "calls",
            "name": "A minute",
            "time-wait-2": "1 min",
            "level-wait": "80",
            "calendar": "",
            **asked,
        }
        steps = {"step": ["0"], "share-0": "75", "tell-0": ["leads"]}

        tried = mina.post(address, {**said, **steps, "act": "try"})
        assert "times that a caller stood in a queue" in tried.content.decode()
        kept = mina.post(address, {**said, **steps, "seen": seen_in(tried.content.decode()), "act": "keep"})

        assert kept.status_code == 302
        row = policies(desk.house)[-1]
        assert (row.settings.about, row.settings.targets) == (
            About.CALLS,
            {Measure.WAIT: dict.fromkeys(range(1, 5), 60)},
        )
        assert "Queue has one of “billing” or “claims”" in mina.get("/w/north/admin/promises/").content.decode()
        shown = mina.get(f"/w/north/admin/promises/{row.id}").content.decode()
        assert 'value="1 min"' in shown

    def test_show_the_cases_behind_each_change(self, desk: Desk, signed_in: SignedIn) -> None:
        address = f"/w/north/admin/promises/{policies(desk.house)[0].id}"
        shorter = {"name": "Half", "time-first_response-2": "30 min", "calendar": "", "act": "try"}

        text = signed_in("mina").post(address, shorter).content.decode()

        assert "Kept → Missed: 1" in text
        assert re.search(r'href="/w/north/cases/\d+">#\d+</a> My parcel', text)

    def test_are_looked_at_without_writing_anything(self, desk: Desk, signed_in: SignedIn) -> None:
        with workspace_scope(desk.house.north):
            before = (policies_of(HOUSE), [one.id for one in trail(limit=1000)])
        mina = signed_in("mina")

        for act in ("try", "add", "step", "unstep-0", "remove-0", "refresh", ""):
            assert mina.post("/w/north/admin/promises/new", {**POLICY, "act": act}).status_code == 200

        with workspace_scope(desk.house.north):
            trails = [one.id for one in trail(limit=1000) if not one.name.startswith("account.")]
            assert (policies_of(HOUSE), trails) == before

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": ""}, "1 to 80 characters"),
            ({"time-first_response-2": "soon"}, "hours, minutes and seconds"),
            ({"time-first_response-2": "2 d"}, "hours, minutes and seconds"),
            ({"time-first_response-2": "", "time-resolution-2": "", "level-resolution": ""}, "at least one time"),
            ({"calendar": "999999"}, "does not exist any more"),
            ({"level-resolution": "most"}, "share of the promises"),
            ({"level-next_response": "90"}, "Promise a time first"),
            ({"time-wait-2": "4 s"}, "at least 5 seconds"),
            ({"time-first_response-2": "45 s"}, "at least one minute"),
            ({"share-0": "x"}, "whole number of percent"),
            ({"share-0": "0"}, "from 1 % to 1000 %"),
            ({"tell-0": [], "raise-0": ""}, "whom to tell"),
            ({"value-0": "pigeon"}, "pigeon"),
        ],
    )
    def test_say_what_cannot_be_promised(
        self, desk: Desk, signed_in: SignedIn, wrong: dict[str, Any], sentence: str
    ) -> None:
        answer = signed_in("mina").post("/w/north/admin/promises/new", {**POLICY, **wrong, "act": "try"})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert len(policies(desk.house)) == 1

    def test_are_moved_and_retired_and_tell_their_past(self, desk: Desk, signed_in: SignedIn) -> None:
        with workspace_scope(desk.house.north):
            second = desk.promise("Second", calendar_id=None)
        mina, address = signed_in("mina"), f"/w/north/admin/promises/{second}"

        assert mina.post(f"{address}/place", {"place": "0"}).status_code == 302
        assert next(row.id for row in policies(desk.house)) == second
        assert "Version 1" in mina.get(address).content.decode()
        assert "Move Second down" in mina.get("/w/north/admin/promises/").content.decode()
        assert mina.post(f"{address}/retirement").status_code == 302
        assert mina.get(address).status_code == 404
        log = mina.get("/w/north/admin/audit").content.decode()
        assert "took the policy Second out of use" in log


@pytest.mark.parametrize("who", ["grace", "ada", "cole", "vera", "anh"])
def test_pages_are_for_owners_and_managers(desk: Desk, signed_in: SignedIn, who: str) -> None:
    somebody, policy = signed_in(who), policies(desk.house)[0].id
    pages = ["hours/", "hours/new", f"hours/{desk.calendar}", "promises/", "promises/new", f"promises/{policy}"]
    acts = [f"hours/{desk.calendar}/use", f"hours/{desk.calendar}/retirement", f"promises/{policy}/retirement"]

    assert {page: somebody.get(f"/w/north/admin/{page}").status_code for page in pages} == dict.fromkeys(pages, 403)
    assert {act: somebody.post(f"/w/north/admin/{act}").status_code for act in acts} == dict.fromkeys(acts, 403)


def test_nothing_of_another_workspace_is_there(desk: Desk, signed_in: SignedIn) -> None:
    olga, policy = signed_in("ines"), policies(desk.house)[0].id

    for page in (f"hours/{desk.calendar}", f"promises/{policy}"):
        assert olga.get(f"/w/north/admin/{page}").status_code == 404
        assert olga.get(f"/w/south/admin/{page}").status_code in {403, 404}
    with workspace_scope(desk.house.north):
        assert policy_of(HOUSE, policy_id=policy).settings.name == "Four hours"


def test_another_order_and_an_end_are_shown_before_they_are_made(desk: Desk, signed_in: SignedIn) -> None:
    with workspace_scope(desk.house.north):
        second = desk.promise("Second", calendar_id=None, targets={Measure.FIRST_RESPONSE: {2: 1800}})
    mina, address = signed_in("mina"), f"/w/north/admin/promises/{second}"

    moving = mina.get(f"{address}/place", {"place": "0", "days": "7"})
    ending = mina.get(f"{address}/retirement")

    assert [moving.status_code, ending.status_code] == [200, 200]
    assert "Ask Second earlier?" in moving.content.decode()
    assert "Kept → Missed: 1" in moving.content.decode()
    assert "Take Second out of use?" in ending.content.decode()
    assert [row.settings.name for row in policies(desk.house)] == ["Four hours", "Second"]
    assert mina.get(f"{address}/place", {"place": "x"}).status_code == 422
    assert mina.get("/w/north/admin/promises/99999/retirement").status_code == 404
    assert signed_in("ada").get(f"{address}/retirement").status_code == 403
