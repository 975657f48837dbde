"""Pages of doubted numbers: who opens them, answering, and what stands beside numbers."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.integrity import queries
from careloop.domains.integrity.states import State
from careloop.domains.integrity.types import About, FlagFilter, FlagRow
from careloop.domains.notifications.queries import notices_of, unread_count
from careloop.kernel.scope import workspace_scope
from careloop.processes.working import drain
from tests.cast import House
from tests.domains.integrity.found import SENTENCE, finding, look

pytestmark = pytest.mark.database
Browsers = Callable[[str], Client]
WHY = "The callback test line was switched on for two days."
DAYS = "since=2026-11-01&until=2026-11-15"
LEADING = frozenset({"olga", "mina", "anh", "grace"})


def flags(house: House) -> list[FlagRow]:
    with workspace_scope(house.north):
        return list(queries.flags(viewer=house.actor("mina"), wanted=FlagFilter()).items)


@pytest.fixture
def whole(house: House) -> FlagRow:
    """A severe flag on everything."""
    look(house.north, [finding(metrics=("service_level", "asa", "aht"))])
    return flags(house)[0]


@pytest.fixture
def about_grace(house: House) -> FlagRow:
    """A severe flag on one person's work."""
    grace = house.ids["grace"]
    look(house.north, [finding(about=About.AGENT, key=f"user:{grace:012}", user_id=grace)])
    return flags(house)[0]


class TestOpens:
    @pytest.mark.parametrize("name", ["olga", "mina", "anh", "grace", "ada", "cole", "vera"])
    def test_for_those_who_may(self, house: House, whole: FlagRow, signed_in: Browsers, name: str) -> None:
        browser = signed_in(name)
        may = name in LEADING | {"ada"}

        for page in ("flags/", f"flags/{whole.id}", f"flags/{whole.id}/contacts"):
            assert (browser.get(f"/w/north/{page}").status_code == 200) is may, page

    def test_a_flag_about_somebody_to_no_peer(self, about_grace: FlagRow, signed_in: Browsers) -> None:
        ada, grace = signed_in("ada"), signed_in("grace")

        assert SENTENCE not in ada.get("/w/north/flags/?state=all").content.decode()
        for page in ("", "/contacts"):
            assert ada.get(f"/w/north/flags/{about_grace.id}{page}").status_code == 404
            assert grace.get(f"/w/north/flags/{about_grace.id}{page}").status_code == 200
        for act in ("answer", "doubt"):
            assert ada.post(f"/w/north/flags/{about_grace.id}/{act}", {"words": WHY}).status_code == 404

    def test_nothing_to_a_stranger(self, whole: FlagRow, signed_in: Browsers) -> None:
        browser = signed_in("ines")

        for page in ("", f"{whole.id}", f"{whole.id}/contacts"):
            assert browser.get(f"/w/north/flags/{page}").status_code == 404
        assert browser.get(f"/w/south/flags/{whole.id}").status_code == 404
        assert SENTENCE not in browser.get("/w/south/flags/?state=all").content.decode()

    def test_nonsense_as_if_it_were_not_there(self, whole: FlagRow, signed_in: Browsers) -> None:
        browser = signed_in("mina")

        assert browser.get("/w/north/flags/?state=x&severity=y&metric=").status_code == 200
        assert browser.get("/w/north/flags/?metric=no_such_number").status_code == 404
        assert browser.get("/w/north/flags/?cursor=x").status_code == 400
        assert browser.get(f"/w/north/flags/{whole.id}/contacts?page=99999999").status_code == 200


class TestAnswer:
    def test_is_kept_and_shown(self, house: House, whole: FlagRow, signed_in: Browsers) -> None:
        browser = signed_in("mina")
        page = f"/w/north/flags/{whole.id}"

        sent = browser.post(f"{page}/answer", {"said": "explained", "words": WHY})

        assert (sent.status_code, sent.headers["Location"]) == (302, page)
        assert flags(house)[0].state is State.ANSWERED
        assert WHY in browser.get(page).content.decode()
        assert SENTENCE not in browser.get("/w/north/flags/").content.decode()
        assert SENTENCE in browser.get("/w/north/flags/?state=answered").content.decode()

    @pytest.mark.parametrize("sent", [{}, {"said": "explained", "words": "ok"}, {"said": "nobody", "words": WHY}])
    def test_that_says_nothing_is_refused_with_what_was_written(
        self, house: House, whole: FlagRow, signed_in: Browsers, sent: dict[str, str]
    ) -> None:
        answer = signed_in("mina").post(f"/w/north/flags/{whole.id}/answer", sent)

        assert answer.status_code == 422
        assert sent.get("words", "") in answer.content.decode()
        assert flags(house)[0].state is State.OPEN

    def test_by_who_may_not_is_refused(self, house: House, whole: FlagRow, signed_in: Browsers) -> None:
        for name in ("grace", "ada"):
            browser = signed_in(name)
            assert "/answer" not in browser.get(f"/w/north/flags/{whole.id}").content.decode()
            sent = browser.post(f"/w/north/flags/{whole.id}/answer", {"said": "explained", "words": WHY})
            assert sent.status_code == 403
        assert flags(house)[0].state is State.OPEN

    def test_can_be_doubted(self, house: House, whole: FlagRow, signed_in: Browsers) -> None:
        page = f"/w/north/flags/{whole.id}"
        signed_in("mina").post(f"{page}/answer", {"said": "corrected", "words": WHY})
        browser = signed_in("anh")

        assert browser.post(f"{page}/doubt", {"words": "no"}).status_code == 422
        assert browser.post(f"{page}/doubt", {"words": "The import was not run again."}).status_code == 302
        shown = browser.get(page).content.decode()
        assert flags(house)[0].state is State.OPEN
        assert WHY in shown
        assert "The import was not run again." in shown


class TestBeside:
    """What stands beside a number; DAYS lie in the month of the flag."""

    def test_a_severe_flag_stands_on_tile_and_card_with_a_way_to_it(self, whole: FlagRow, signed_in: Browsers) -> None:
        browser = signed_in("ada")
        for page in (f"boards/operations/tiles/0?{DAYS}", f"numbers/service_level?{DAYS}"):
            shown = browser.get(f"/w/north/{page}").content.decode()
            assert SENTENCE in shown, page
            assert f"/w/north/flags/{whole.id}" in shown, page
        assert SENTENCE not in browser.get(f"/w/north/numbers/contact_volume?{DAYS}").content.decode()
        assert (
            SENTENCE
            not in browser.get("/w/north/numbers/service_level?since=2026-09-01&until=2026-09-30").content.decode()
        )

    def test_the_clients_reader_sees_the_sign_and_no_way_in(self, house: House, signed_in: Browsers) -> None:
        look(house.north, [finding(metrics=("contact_volume",))])
        shown = signed_in("vera").get(f"/w/north/boards/client/tiles/0?{DAYS}").content.decode()

        assert SENTENCE in shown
        assert "/flags/" not in shown

    def test_an_answer_makes_it_quiet(self, whole: FlagRow, signed_in: Browsers) -> None:
        browser = signed_in("mina")
        card = f"/w/north/numbers/service_level?{DAYS}"
        assert "Not to be trusted" in browser.get(card).content.decode()

        browser.post(f"/w/north/flags/{whole.id}/answer", {"said": "explained", "words": WHY})
        quiet = browser.get(card).content.decode()
        assert "Not to be trusted" not in quiet
        assert "There is a good reason" in quiet

    def test_the_wall_says_what_is_wrong_today(self, house: House, signed_in: Browsers) -> None:
        look(house.north, [finding(until=finding().until.replace(year=2099))])
        for name in ("ada", "vera"):
            assert SENTENCE in signed_in(name).get("/w/north/wall/figures").content.decode()


class TestNotice:
    def test_leads_to_the_flag_and_is_read_there(self, house: House, whole: FlagRow, signed_in: Browsers) -> None:
        drain()
        browser = signed_in("mina")
        listed = browser.get("/w/north/notices/").content.decode()
        assert f"/w/north/flags/{whole.id}" in listed
        assert SENTENCE in listed

        browser.get(f"/w/north/flags/{whole.id}")
        with workspace_scope(house.north):
            assert unread_count(viewer=house.actor("mina")) == 0
            (row,) = notices_of(viewer=house.actor("mina")).items
        assert (row.flag_id, row.case_id) == (whole.id, None)

    def test_comes_once_however_often_it_is_found(self, house: House, whole: FlagRow) -> None:
        drain()
        look(house.north, [finding(count=21.0)])
        drain()
        with workspace_scope(house.north):
            assert len(notices_of(viewer=house.actor("olga")).items) == 1
