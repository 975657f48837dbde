"""Links from one's own mail let their owner in, once, here, for half an hour; and tell nobody who is known."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from careloop.domains.channels.models import Mailbox
from careloop.domains.customers.models import Identity
from careloop.domains.sign_ins.models import CustomerSession, SignInLink
from careloop.domains.workspaces.models import Workspace
from careloop.gateways.mime import Limits, parse
from careloop.gateways.smtp import Outcome
from careloop.gateways.smtp.fake import Fault, Outbox
from careloop.kernel import clock
from careloop.kernel.events import trail
from careloop.kernel.scope import workspace_scope
from careloop.processes.portal_access.links import LinkNotMailed, mail_link
from tests.cast import House
from tests.faces.portal.conftest import INA, OMAR, new_link
from tests.faces.portal.test_requests import faceless, write

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]
DOOR = "/help/north/sign-in"


def asked(address: str, *, browser: Client, **more: str) -> Any:
    return browser.post(DOOR, {"address": address, **more})


def deferred() -> list[dict[str, Any]]:
    """Return what the sign-in jobs were told, oldest first."""
    return list(
        ProcrastinateJob.objects.filter(task_name="mail_sign_in_link").order_by("id").values_list("args", flat=True)
    )


class TestAskingForALink:
    def test_answers_alike_whoever_is_asked_about(self, client: Client, house: House) -> None:
        write(client)

        known, unknown = (asked(address, browser=client) for address in (OMAR, "nobody@customer.example"))

        assert known.status_code == unknown.status_code == 302
        assert known["Location"] == unknown["Location"] == f"{DOOR}/sent"
        assert dict(known.headers) == dict(unknown.headers)
        # The page did the same for both; only the worker will find out who is known.
        first, second = deferred()
        assert first.keys() == second.keys()
        assert OMAR not in str(first)
        with workspace_scope(house.north):
            assert not SignInLink.objects.exists()

    def test_mails_the_known_through_the_workspaces_mailbox(self, client: Client, house: House) -> None:
        write(client)
        asked(OMAR, browser=client, next="/help/north/requests/1")
        outbox = Outbox()

        mail_link(**deferred()[0], wire=outbox)

        (sent,) = outbox.sent
        letter = parse(sent.raw, limits=Limits())
        assert sent.recipients == (OMAR,)
        assert sent.envelope_from == "help@north.example"
        assert b"Auto-Submitted: auto-generated" in sent.raw
        token = re.search(r"http://127.0.0.1:8000/help/north/sign-in/links/(\S+)", letter.text)
        assert token is not None
        answer = client.post(f"{DOOR}/links/{token[1]}")
        assert (answer.status_code, answer["Location"]) == (302, "/help/north/requests/1")
        with workspace_scope(house.north):
            assert token[1] not in str(SignInLink.objects.values())

    def test_mails_nobody_who_is_unknown(self, client: Client, house: House) -> None:
        asked("nobody@customer.example", browser=client)
        outbox = Outbox()

        mail_link(**deferred()[0], wire=outbox)

        assert outbox.sent == []
        assert mail.outbox == []

    def test_goes_through_the_houses_own_mail_without_a_mailbox(self, client: Client, house: House) -> None:
        write(client)
        with workspace_scope(house.north):
            Mailbox.objects.update(smtp_host="")
        asked(OMAR, browser=client)

        mail_link(**deferred()[0])

        assert [letter.to for letter in mail.outbox] == [[OMAR]]
        assert "/help/north/sign-in/links/" in mail.outbox[0].body

    def test_tries_again_when_the_mail_server_is_away(self, client: Client, house: House) -> None:
        write(client)
        asked(OMAR, browser=client)
        outbox = Outbox()
        outbox.faults.append(Fault(outcome=Outcome.TEMPORARY, code=451, text="later"))

        with pytest.raises(LinkNotMailed):
            mail_link(**deferred()[0], wire=outbox)
        mail_link(**deferred()[0], wire=outbox)

        assert len(outbox.sent) == 1

    def test_asks_to_wait_after_five_letters_and_says_how_long(self, client: Client, house: House) -> None:
        answers = [asked(OMAR, browser=client) for _ in range(6)]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert 1 <= int(answers[-1]["Retry-After"]) <= 900
        assert OMAR in answers[-1].content.decode()
        assert len(deferred()) == 5

    def test_counts_a_machine_that_asks_about_many(self, client: Client, house: House) -> None:
        answers = [asked(f"guess{n}@customer.example", browser=client) for n in range(21)]

        assert answers[-1].status_code == 429

    def test_a_demo_shows_the_link_and_mails_nothing(self, client: Client, house: House) -> None:
        write(client)
        Workspace.objects.update(may_send=False)

        answer = asked(OMAR, browser=client).content.decode()

        assert "Only in this demo" in answer
        assert "/help/north/sign-in/links/" in answer
        assert deferred() == []

    def test_a_demo_on_a_public_installation_shows_nothing(self, client: Client, house: House, settings: Any) -> None:
        write(client)
        Workspace.objects.update(may_send=False)
        settings.IS_PRODUCTION = True

        answer = asked(OMAR, browser=client)
        outbox = Outbox()
        mail_link(**deferred()[0], wire=outbox)

        assert answer["Location"] == f"{DOOR}/sent"
        assert outbox.sent == []


class TestALink:
    def test_is_not_used_up_by_looking_at_it(self, client: Client, house: House) -> None:
        write(client)
        token = new_link(house.north, OMAR)

        for _scan in range(3):
            assert client.get(f"{DOOR}/links/{token}").status_code == 200
            assert client.head(f"{DOOR}/links/{token}").status_code == 200
        answer = client.post(f"{DOOR}/links/{token}")

        assert answer.status_code == 302
        assert "no-store" in answer["Cache-Control"]

    def test_proves_the_address_and_stands_in_the_log(self, client: Client, house: House) -> None:
        write(client)

        client.post(f"{DOOR}/links/{new_link(house.north, OMAR)}")

        with workspace_scope(house.north):
            assert Identity.objects.get(value=OMAR).verified_at is not None
            assert "customer.signed_in" in [recorded.name for recorded in trail(limit=50)]

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_works_once(self, client: Client, house: House, method: str) -> None:
        write(client)
        token = new_link(house.north, OMAR)
        client.post(f"{DOOR}/links/{token}")

        stranger = Client()
        answer = getattr(stranger, method)(f"{DOOR}/links/{token}")

        assert answer.status_code == 410
        assert "used already" in answer.content.decode()
        assert "Send me a link" in answer.content.decode()
        assert "careloop_customer" not in stranger.cookies

    def test_ends_with_its_sisters(self, client: Client, house: House) -> None:
        write(client)
        first, second = (new_link(house.north, OMAR) for _ in range(2))

        client.post(f"{DOOR}/links/{second}")

        assert Client().post(f"{DOOR}/links/{first}").status_code == 410

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_grows_old(self, client: Client, house: House, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
        write(client)
        token = new_link(house.north, OMAR)
        later = clock.now() + timedelta(minutes=30)
        monkeypatch.setattr(clock, "now", lambda: later)

        answer = getattr(client, method)(f"{DOOR}/links/{token}")

        assert answer.status_code == 410
        assert "30 minutes" in answer.content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_opens_its_own_workspace_only(self, client: Client, house: House, method: str) -> None:
        write(client, workspace="south")
        token = new_link(house.south, OMAR)

        foreign = getattr(client, method)(f"{DOOR}/links/{token}")
        invented = getattr(client, method)(f"{DOOR}/links/{'x' * 43}")

        assert foreign.status_code == invented.status_code == 404
        assert faceless(foreign).replace(token, "") == faceless(invented).replace("x" * 43, "")
        assert client.post(f"/help/south/sign-in/links/{token}").status_code == 302

    @pytest.mark.parametrize(
        "onward",
        ["https://evil.example/", "//evil.example", "/w/north/", "/help/south/requests", "/help/north/../../w/north/"],
    )
    def test_leads_nowhere_but_into_the_portal(self, client: Client, house: House, onward: str) -> None:
        write(client)

        answer = client.post(f"{DOOR}/links/{new_link(house.north, OMAR, next_path=onward)}")

        assert answer["Location"] == "/help/north/requests"


class TestASession:
    def test_is_fresh_and_kept_from_scripts_and_other_workspaces(self, client: Client, house: House) -> None:
        write(client)
        client.cookies["careloop_customer"] = "planted"

        client.post(f"{DOOR}/links/{new_link(house.north, OMAR)}")

        cookie = client.cookies["careloop_customer"]
        assert cookie.value != "planted"
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/help/north/", True, "Lax")
        with workspace_scope(house.north):
            assert cookie.value not in str(CustomerSession.objects.values())

    def test_of_one_workspace_says_nothing_in_another(
        self, client: Client, house: House, customer_browser: Browsers
    ) -> None:
        write(client)
        write(client, workspace="south")
        omar = customer_browser(OMAR)

        # Even a browser that hands its cookie to everybody.
        omar.cookies["careloop_customer"]["path"] = "/"

        assert omar.get("/help/south/requests").status_code == 302

    def test_ends_here_or_everywhere(self, client: Client, house: House, customer_browser: Browsers) -> None:
        write(client)
        phone, laptop, tablet = (customer_browser(OMAR) for _ in range(3))

        phone.post("/help/north/sign-out")
        assert [b.get("/help/north/requests").status_code for b in (phone, laptop, tablet)] == [302, 200, 200]
        laptop.post("/help/north/sign-out/everywhere")
        assert [b.get("/help/north/requests").status_code for b in (laptop, tablet)] == [302, 302]

    def test_that_ended_keeps_what_was_written(self, client: Client, house: House) -> None:
        write(client)

        answer = client.post("/help/north/requests/1/replies", {"text": "A long and careful answer", "mark": "x"})

        assert answer.status_code == 403
        assert "A long and careful answer" in answer.content.decode()

    def test_is_no_session_of_our_own_people(
        self, client: Client, house: House, customer_browser: Browsers, signed_in: Callable[[str], Client]
    ) -> None:
        write(client)

        assert customer_browser(OMAR).get("/w/north/admin/people").status_code == 302
        assert signed_in("olga").get("/help/north/requests").status_code == 302


def test_the_job_knows_the_act() -> None:
    assert "mail_sign_in_link" in app.tasks


def test_another_customer_keeps_their_own_session(client: Client, house: House, customer_browser: Browsers) -> None:
    write(client)
    write(client, name="Ina", address=INA)
    ina = customer_browser(INA)
    customer_browser(OMAR).post("/help/north/sign-out/everywhere")

    assert ina.get("/help/north/requests").status_code == 200
