"""What is said behind the counter never reaches a customer's page: every page is read for the words that must not stand there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careloop.domains.cases.models import Case
from careloop.domains.cases.services import add_note, add_participant, assign, tag
from careloop.domains.channels.models import Mailbox
from careloop.domains.commitments.queries import clocks_of_cases
from careloop.domains.conversations.models import Attachment
from careloop.domains.conversations.services import move_delivery
from careloop.domains.conversations.states import DeliveryState
from careloop.domains.customers.queries import customer_of_address
from careloop.domains.customers.services import add_note as note_on_customer
from careloop.domains.files.services import keep_file
from careloop.kernel import clock
from careloop.kernel.scope import workspace_scope
from careloop.processes.answering import forward, reply, take_back
from careloop.processes.answering.types import Words
from tests.cast import House
from tests.faces.portal.conftest import INA, OMAR
from tests.faces.portal.test_requests import write
from tests.promising import follow, promise

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]
SECRET = "XYZZY"


def case_with_secrets(house: House) -> tuple[int, list[int]]:
    """Put the secret word wherever colleagues write; return the case and the files that no customer may have."""
    ada, at = house.actor("ada"), clock.now()
    case_id = Case.objects.get(number=1).pk
    file_id = keep_file(
        name=f"{SECRET}.txt", declared_type="text/plain", content=SECRET.encode(), is_loose=True, actor=ada, at=at
    )
    assign(case_id=case_id, assignee_id=house.ids["grace"], team_id=None, actor=ada, at=at)
    add_note(case_id=case_id, html=f"<p>{SECRET} note</p>", text=f"{SECRET} note", mentions=(), actor=ada, at=at)
    tag(case_id=case_id, add=[SECRET], remove=[], actor=ada, at=at)
    customer_id = customer_of_address(OMAR)
    assert customer_id is not None
    note_on_customer(customer_id=customer_id, text=f"{SECRET} about Omar", actor=ada, at=at)
    forward(
        case_id=case_id,
        to="lab@partner.example",
        words=Words(text=f"{SECRET} to the lab", html="", file_ids=[file_id]),
        actor=ada,
        at=at,
    )
    recalled = reply(case_id=case_id, words=Words(text=f"{SECRET} recalled", html=""), actor=ada, at=at)
    take_back(message_id=recalled, actor=ada, at=at + timedelta(seconds=1))
    reply(case_id=case_id, words=Words(text=f"{SECRET} can still be taken back", html=""), actor=ada, at=at)
    return case_id, [file_id]


class TestWhatACustomerReads:
    def test_holds_no_word_from_behind_the_counter(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        promise(house, name=f"{SECRET} promise", calendar_id=None)
        write(client)
        follow()
        with workspace_scope(house.north):
            case_id, file_ids = case_with_secrets(house)
            assert clocks_of_cases([case_id], viewer=house.actor("ada"), at=clock.now()), "something was promised"
            house_says = reply(
                case_id=case_id,
                words=Words(text="PLUGH is the answer", html="<p>PLUGH is the answer</p>"),
                actor=house.actor("ada"),
                at=clock.now() - timedelta(minutes=1),
            )
            move_delivery(
                message_id=house_says, to=DeliveryState.QUEUED, detail="", actor=house.actor("ada"), at=clock.now()
            )
        omar = customer_browser(OMAR)

        pages = [
            omar.get(f"/help/north/{path}").content.decode()
            for path in (
                "",
                "requests",
                "requests/new",
                "requests/1",
                "requests/1/conversation",
                "requests/1/conversation?seen=0",
            )
        ]

        assert "PLUGH is the answer" in pages[3]
        assert "Ada (North Help)" in pages[3]
        for text in pages:
            assert SECRET not in text
            assert "due-mark" not in text
            assert "Grace" not in text
            assert "example.com" not in text
        for file_id in file_ids:
            for ending in ("", "/preview"):
                assert omar.get(f"/help/north/requests/1/files/{file_id}{ending}").status_code == 404

    def test_is_harmless_and_tells_nobody_that_it_was_read(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        write(
            client,
            text="<script>alert(1)</script> {{ 7|add:7 }} <c-icon name='x' />",
            subject="<b>bold</b>",
            name="<i>O</i>",
        )
        with workspace_scope(house.north):
            Mailbox.objects.update(smtp_host="")
            case_id = Case.objects.get().pk
            Case.objects.update(subject="'\"><img src=x onerror=alert(1)>")
            reply(
                case_id=case_id,
                words=Words(
                    text="Hello",
                    html='<p onclick="x()">Hello<img src="https://tracker.example/1.gif"><script>alert(2)</script></p>',
                ),
                actor=house.actor("ada"),
                at=clock.now(),
            )
        omar = customer_browser(OMAR)

        for path in ("", "requests", "requests/1"):
            text = omar.get(f"/help/north/{path}").content.decode()
            assert "<script>alert" not in text
            assert "onclick" not in text
            assert "<img src=x" not in text
            assert ' src="https://tracker.example' not in text
        assert "{{ 7|add:7 }}" in text

    def test_is_also_a_participants(self, client: Client, house: House, customer_browser: Browsers) -> None:
        write(client)
        write(client, name="Ina", address=INA)
        ina = customer_browser(INA)
        assert ina.get("/help/north/requests/1").status_code == 404

        with workspace_scope(house.north):
            ina_id = customer_of_address(INA)
            assert ina_id is not None
            add_participant(
                case_id=Case.objects.get(number=1).pk, customer_id=ina_id, actor=house.actor("ada"), at=clock.now()
            )

        assert ina.get("/help/north/requests/1").status_code == 200
        assert ina.get("/help/north/requests").content.decode().count('request-line"') == 2

    def test_gives_files_to_be_saved_and_never_run(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        write(client, files=SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html"))
        with workspace_scope(house.north):
            file_id = Attachment.objects.get().file_id

        answer = customer_browser(OMAR).get(f"/help/north/requests/1/files/{file_id}")

        assert answer.getvalue() == b"<script>alert(1)</script>"
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


class TestAClosedRequest:
    def test_explains_and_offers_a_new_one(self, client: Client, house: House, customer_browser: Browsers) -> None:
        from careloop.domains.cases.services import close_solved
        from careloop.kernel.actors import HOUSE

        write(client)
        with workspace_scope(house.north):
            close_solved(case_id=Case.objects.get().pk, actor=HOUSE, at=clock.now())
        omar = customer_browser(OMAR)

        shown = omar.get("/help/north/requests/1").content.decode()
        answers = [omar.post(f"/help/north/requests/1/{act}") for act in ("solution", "reopening")]

        assert "/help/north/requests/new?about=1" in shown
        assert "requests/1/replies" not in shown
        assert [answer.status_code for answer in answers] == [409, 409]
        assert "About my request 1" in omar.get("/help/north/requests/new?about=1").content.decode()
