"""A form on another site: without cookies, only where it may be shown, and no toy for machines."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from careloop.domains.cases.models import Case
from careloop.domains.channels.services import add_web_form, change_web_form
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.faces.portal.conftest import OMAR
from tests.faces.portal.test_requests import hidden

pytestmark = pytest.mark.database

FORM = "/help/north/forms/contact"


@pytest.fixture
def form_id(house: House) -> int:
    with workspace_scope(house.north):
        return add_web_form(
            key="contact",
            name="Write to us",
            language="en",
            team_id=None,
            mailbox_id=None,
            allowed_origins=["https://www.shop.example", "https://shop.example:8443"],
            actor=house.actor("mina"),
            at=clock.now(),
        )


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass: later(4) makes it four seconds later."""
    begun = clock.now()

    def pass_by(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=seconds))

    return pass_by


def filled(browser: Client, **more: object) -> Any:
    fields = {"name": "Omar", "address": OMAR, "subject": "", "text": "Is it red?", "website": ""}
    return browser.post(FORM, {**fields, **more})


class TestAForm:
    def test_makes_a_case_without_cookies(self, house: House, form_id: int, later: Callable[[float], None]) -> None:
        visitor = Client(enforce_csrf_checks=True)
        shown = visitor.get(FORM)
        later(20)

        answer = filled(visitor, mark=hidden(shown))
        thanks = visitor.get(answer["Location"])

        assert answer.status_code == 302
        assert "Its number is 1." in thanks.content.decode()
        assert visitor.cookies == {}
        with workspace_scope(house.north):
            assert Case.objects.get().channel == "web_form"

    @pytest.mark.parametrize("path", [FORM, "sent"])
    def test_stands_in_frames_of_its_own_sites_only(
        self, client: Client, house: House, form_id: int, later: Callable[[float], None], path: str
    ) -> None:
        shown = client.get(FORM)
        later(20)
        answer = shown if path == FORM else client.get(filled(client, mark=hidden(shown))["Location"])

        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))

        assert policy["frame-ancestors"] == "https://www.shop.example https://shop.example:8443"
        assert policy["default-src"] == "'none'"
        assert "X-Frame-Options" not in answer

    def test_of_no_site_stands_in_no_frame(self, client: Client, house: House, form_id: int) -> None:
        with workspace_scope(house.north):
            change_web_form(
                form_id=form_id,
                name="Write to us",
                language="en",
                team_id=None,
                mailbox_id=None,
                allowed_origins=[],
                is_active=True,
                actor=house.actor("mina"),
                at=clock.now(),
            )

        assert "frame-ancestors 'none'" in client.get(FORM)["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["", "requests/new", "sign-in"])
    def test_leaves_every_other_page_out_of_frames(self, client: Client, house: House, path: str) -> None:
        answer = client.get(f"/help/north/{path}")

        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"

    def test_that_is_switched_off_is_not_there(self, client: Client, house: House, form_id: int) -> None:
        with workspace_scope(house.north):
            change_web_form(
                form_id=form_id,
                name="Write to us",
                language="en",
                team_id=None,
                mailbox_id=None,
                allowed_origins=[],
                is_active=False,
                actor=house.actor("mina"),
                at=clock.now(),
            )

        assert client.get(FORM).status_code == 404

    def test_belongs_to_its_workspace(self, client: Client, house: House, form_id: int) -> None:
        assert client.get(FORM.replace("north", "south")).status_code == 404


class TestMachines:
    @pytest.mark.parametrize(
        ("seconds", "trap", "sentence"),
        [
            (20, "https://pills.example", "people do not see"),
            (1, "", "very quick"),
            (43_300, "", "open for a long time"),
        ],
    )
    def test_are_stopped_and_a_person_among_them_just_sends_again(
        self,
        client: Client,
        house: House,
        form_id: int,
        later: Callable[[float], None],
        seconds: float,
        trap: str,
        sentence: str,
    ) -> None:
        mark = hidden(client.get(FORM))
        later(seconds)

        answer = filled(client, mark=mark, website=trap)

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "Is it red?" in answer.content.decode()
        assert "pills" not in answer.content.decode()
        with workspace_scope(house.north):
            assert not Case.objects.exists()
        later(seconds + 10)
        assert filled(client, mark=hidden(answer)).status_code == 302

    @pytest.mark.parametrize("mark", ["", "forged", "of another form"])
    def test_cannot_make_up_a_mark(
        self, client: Client, house: House, form_id: int, later: Callable[[float], None], mark: str
    ) -> None:
        if mark == "of another form":
            mark = hidden(client.get("/help/north/requests/new"))
        later(20)

        assert filled(client, mark=mark).status_code == 422

    def test_sent_twice_is_one_request(
        self, client: Client, house: House, form_id: int, later: Callable[[float], None]
    ) -> None:
        mark = hidden(client.get(FORM))
        later(20)

        answers = [filled(client, mark=mark) for _ in range(2)]

        numbers = [re.search(r"number is (\d+)", client.get(a["Location"]).content.decode()) for a in answers]
        assert [number and number[1] for number in numbers] == ["1", "1"]
        with workspace_scope(house.north):
            assert Case.objects.count() == 1

    def test_wait_after_ten_requests_from_one_address(
        self, client: Client, house: House, form_id: int, later: Callable[[float], None]
    ) -> None:
        answers = [filled(client, mark="x") for _ in range(11)]

        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert "Is it red?" in answers[-1].content.decode()

    def test_are_counted_for_the_whole_hour(
        self, client: Client, house: House, form_id: int, sql: Callable[..., list[tuple[Any, ...]]]
    ) -> None:
        for _ in range(2):
            filled(client, mark="x")

        ((least,),) = sql("SELECT min(expires - now()) FROM kernel_cache")
        assert least > timedelta(minutes=50)

    def test_do_not_escape_by_changing_the_address(
        self, client: Client, house: House, form_id: int, later: Callable[[float], None]
    ) -> None:
        answers = [filled(client, mark="x", address=f"a{n}@bots.example") for n in range(31)]

        assert answers[-1].status_code == 429
        assert filled(Client(REMOTE_ADDR="192.0.2.7"), mark="x").status_code == 422


class TestAdministration:
    def test_makes_a_form_and_gives_its_lines(
        self, house: House, signed_in: Callable[[str], Client], client: Client
    ) -> None:
        mina = signed_in("mina")

        made = mina.post(
            "/w/north/admin/forms/",
            {"name": "Say “hi” & more", "key": "hello", "language": "ko", "allowed_origins": "https://a.example"},
        )
        shown = mina.get(made["Location"]).content.decode()

        assert "&lt;iframe src=&quot;http://127.0.0.1:8000/help/north/forms/hello&quot;" in shown
        assert client.get("/help/north/forms/hello")["Content-Language"] == "ko"

    def test_changes_and_switches_off(
        self, house: House, form_id: int, signed_in: Callable[[str], Client], client: Client
    ) -> None:
        answer = signed_in("olga").post(f"/w/north/admin/forms/{form_id}", {"name": "New name", "language": "vi"})

        assert answer.status_code == 302
        assert client.get(FORM).status_code == 404

    @pytest.mark.parametrize(
        ("fields", "status"),
        [({"key": "contact"}, 409), ({"key": "other", "allowed_origins": "javascript:alert(1)"}, 422)],
    )
    def test_keeps_what_was_typed_when_it_cannot_be(
        self, house: House, form_id: int, signed_in: Callable[[str], Client], fields: dict[str, str], status: int
    ) -> None:
        answer = signed_in("mina").post("/w/north/admin/forms/", {"name": "My form", "language": "en", **fields})

        assert answer.status_code == status
        assert "My form" in answer.content.decode()

    def test_is_for_owners_and_managers(self, house: House, form_id: int, signed_in: Callable[[str], Client]) -> None:
        for name, status in (("ada", 403), ("grace", 403), ("vera", 403), ("ines", 404), ("olga", 200)):
            browser = signed_in(name)
            assert browser.get("/w/north/admin/forms/").status_code == status, name
            assert browser.get(f"/w/north/admin/forms/{form_id}").status_code == status, name
