"""A customer writes, follows, answers, closes and reopens; nobody else learns of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careloop.domains.cases.models import Case
from careloop.domains.commitments.services import finish_callback, promise_callback
from careloop.domains.commitments.states import Way
from careloop.domains.conversations.models import Attachment, Message
from careloop.domains.customers.services import recognize
from careloop.domains.customers.types import Met
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import receive_request
from careloop.processes.answering.types import Words
from tests.cast import NOW, House
from tests.faces.portal.conftest import INA, OMAR

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]


def hidden(answer: Any, name: str = "mark") -> str:
    """Return a hidden value of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found is not None, answer.content.decode()
    return found[1]


def write(browser: Client, *, workspace: str = "north", text: str = "Where is my parcel?", **more: object) -> Any:
    """Fill in and send the form for a new request."""
    address = f"/help/{workspace}/requests/new"
    fields = {"name": "Omar", "address": OMAR, "subject": "", "text": text, "mark": hidden(browser.get(address))}
    return browser.post(address, {**fields, **more})


class TestWritingARequest:
    def test_makes_a_case_and_says_what_happens_next(self, client: Client, house: House) -> None:
        answer = write(client, files=SimpleUploadedFile("label.txt", b"No. 7"))
        arrived = client.get(answer["Location"])

        assert arrived.status_code == 200
        assert "Its number is 1." in arrived.content.decode()
        with workspace_scope(house.north):
            case = Case.objects.get()
            assert (case.subject, case.channel, case.requester.name) == ("Where is my parcel?", "portal", "Omar")
            assert Message.objects.get().text == "Where is my parcel?"

    def test_sent_twice_is_one_request(self, client: Client, house: House) -> None:
        mark = hidden(client.get("/help/north/requests/new"))

        first, second = (write(client, mark=mark) for _ in range(2))

        assert first["Location"].rpartition("/")[0] == second["Location"].rpartition("/")[0]
        with workspace_scope(house.north):
            assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"text": " "}, "Please write something."),
            ({"address": "nobody"}, "This is not a mail address."),
            ({"name": ""}, "Please tell us your name."),
            ({"text": "nul\x00"}, "Null characters are not allowed."),
            ({"mark": "forged"}, "please send it again"),
        ],
    )
    def test_keeps_what_was_written_when_something_is_missing(
        self, client: Client, house: House, wrong: dict[str, str], sentence: str
    ) -> None:
        answer = write(client, **{"subject": "A tidy subject", **wrong})

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "A tidy subject" in answer.content.decode()
        with workspace_scope(house.north):
            assert not Case.objects.exists()

    def test_refuses_files_that_are_too_large_and_keeps_the_text(
        self, client: Client, house: House, settings: Any
    ) -> None:
        settings.ATTACHMENT_BYTES_LIMIT = 1024**2

        answer = write(client, files=SimpleUploadedFile("film.mp4", b"x" * (1024**2 + 1)))

        assert answer.status_code == 413
        assert "Where is my parcel?" in answer.content.decode()
        with workspace_scope(house.north):
            assert not Case.objects.exists()
        again = write(client, mark=hidden(answer))
        assert "Its number is 1." in client.get(again["Location"]).content.decode()
        with workspace_scope(house.north):
            assert Case.objects.count() == 1

    def test_refuses_files_on_an_answer_and_takes_it_without_them(
        self, client: Client, house: House, customer_browser: Browsers, settings: Any
    ) -> None:
        write(client)
        omar = customer_browser(OMAR)
        settings.ATTACHMENT_BYTES_LIMIT = 1024**2
        mark = hidden(omar.get("/help/north/requests/1"))
        answer = {"text": "See the film.", "mark": mark}
        film = SimpleUploadedFile("film.mp4", b"x" * (1024**2 + 1))

        refused = omar.post("/help/north/requests/1/replies", {**answer, "files": film})
        accepted = omar.post("/help/north/requests/1/replies", {**answer, "mark": hidden(refused)})
        repeated = omar.post("/help/north/requests/1/replies", {**answer, "mark": hidden(refused)})

        assert [refused.status_code, accepted.status_code, repeated.status_code] == [413, 302, 302]
        with workspace_scope(house.north):
            assert Message.objects.filter(text="See the film.").count() == 1


class TestOwnRequests:
    def test_leads_the_unknown_to_the_door_and_back(self, client: Client, house: House) -> None:
        write(client)

        there, nowhere = (client.get(f"/help/north/requests/{number}") for number in (1, 999))

        assert there.status_code == nowhere.status_code == 302
        assert there["Location"] == "/help/north/sign-in?next=%2Fhelp%2Fnorth%2Frequests%2F1"
        assert nowhere["Location"] == there["Location"].replace("F1", "F999")

    def test_shows_a_request_in_plain_words(self, client: Client, house: House, customer_browser: Browsers) -> None:
        write(client)
        omar = customer_browser(OMAR)

        listed, story = omar.get("/help/north/requests"), omar.get("/help/north/requests/1")

        assert "We have it" in listed.content.decode()
        assert "Where is my parcel?" in story.content.decode()

    def test_are_paged_and_each_stands_once(self, client: Client, house: House, customer_browser: Browsers) -> None:
        with workspace_scope(house.north):
            for number in range(23):
                receive_request(
                    channel="api",
                    address=OMAR,
                    name="Omar",
                    language="en",
                    subject_line=f"Matter {number}",
                    words=Words(text="Please look.", html=""),
                    actor=HOUSE,
                    at=NOW + timedelta(minutes=number),
                )
        omar = customer_browser(OMAR)

        first = omar.get("/help/north/requests").content.decode()
        onward = re.search(r'href="(\?after=[^"]+)"', first)
        assert onward is not None
        second = omar.get(f"/help/north/requests{onward[1]}").content.decode()

        shown = [re.findall(r"Matter (\d+)", text) for text in (first, second)]
        assert [int(n) for n in shown[0] + shown[1]] == list(range(22, -1, -1))
        assert omar.get("/help/north/requests?after=nonsense").status_code == 400

    def test_teach_the_first_step_where_there_are_none(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        with workspace_scope(house.north):
            recognize([Met(address=INA, name="Ina", at=NOW)], source="mail", actor=HOUSE)

        assert "No requests yet" in customer_browser(INA).get("/help/north/requests").content.decode()

    def test_costs_the_same_however_much_was_said(
        self,
        client: Client,
        house: House,
        customer_browser: Browsers,
        django_assert_max_num_queries: Callable[..., Any],
    ) -> None:
        write(client)
        omar = customer_browser(OMAR)
        for number in range(4):
            mark = hidden(omar.get("/help/north/requests/1"))
            omar.post("/help/north/requests/1/replies", {"text": f"Word {number}", "mark": mark})

        with django_assert_max_num_queries(25) as captured:
            omar.get("/help/north/requests/1")
        many = len(captured)
        write(client)
        with django_assert_max_num_queries(25) as captured:
            omar.get("/help/north/requests/2")

        assert len(captured) == many

    def test_takes_an_answer_a_solution_and_a_reopening(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        write(client)
        omar = customer_browser(OMAR)
        mark = hidden(omar.get("/help/north/requests/1"))

        assert omar.post("/help/north/requests/1/replies", {"text": "It is urgent.", "mark": mark}).status_code == 302
        assert omar.post("/help/north/requests/1/solution").status_code == 302
        assert "Solved" in omar.get("/help/north/requests/1").content.decode()
        assert omar.post("/help/north/requests/1/reopening").status_code == 302
        shown = omar.get("/help/north/requests/1").content.decode()
        assert "We are working on it" in shown
        assert "It is urgent." in shown

    def test_answers_strangers_as_if_there_were_nothing(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        write(client, files=SimpleUploadedFile("label.txt", b"No. 7"))
        write(client, name="Ina", address=INA)
        write(client, workspace="south", name="Ina", address=INA)
        write(client, workspace="south", name="Ina", address=INA)
        with workspace_scope(house.north):
            file_id = Attachment.objects.get().file_id
        for stranger, number in ((customer_browser(INA), 1), (customer_browser(OMAR), 2)):
            for path in ("", "/conversation", f"/files/{file_id}", f"/files/{file_id}/preview"):
                hidden_page = stranger.get(f"/help/north/requests/{number}{path}")
                missing = stranger.get(f"/help/north/requests/999{path}")
                assert hidden_page.status_code == missing.status_code == 404
                assert faceless(hidden_page) == faceless(missing)
            for act in ("replies", "solution", "reopening"):
                answers = [stranger.post(f"/help/north/requests/{n}/{act}", {"text": "Mine!"}) for n in (number, 999)]
                assert [answer.status_code for answer in answers] == [404, 404]
        with workspace_scope(house.north):
            assert not Message.objects.filter(text="Mine!").exists()


def faceless(answer: Any) -> str:
    """Return a page without what differs by its own address and by chance."""
    text = re.sub(r"/requests/\d+", "/requests/N", answer.content.decode())
    return re.sub(r'csrf[^>]*value="[^"]*"|X-CSRFToken": "[^"]*"', "", text)


def test_says_by_when_we_come_back(house: House, customer_browser: Browsers) -> None:
    with workspace_scope(house.north):
        case_id = receive_request(
            channel="portal",
            address=OMAR,
            name="Omar",
            language="en",
            subject_line="Parcel",
            words=Words(text="Where is it?", html=""),
            actor=HOUSE,
            at=NOW,
        )
        due_at, number = clock.now() + timedelta(hours=3), Case.objects.get(pk=case_id).number
        ada = house.actor("ada")
        promise_callback(case_id=case_id, due_at=due_at, way=Way.CALL, note="Secret", actor=ada, at=clock.now())
    browser, address = customer_browser(OMAR), f"/help/north/requests/{number}"

    owed = browser.get(address).content.decode()
    with workspace_scope(house.north):
        finish_callback(case_id=case_id, actor=ada, at=clock.now())
    done = browser.get(address).content.decode()

    assert "We will call you by" in owed
    assert "Secret" not in owed
    assert "We will call you by" not in done
