"""Sign-in, second factor, reset: safe against guessing, telling nobody who has an account."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from careloop.faces.web.jobs import send_account_mail
from careloop.kernel.events import history, subject
from careloop.kernel.scope import operation_scope
from tests.cast import PASSWORD, House

Browsers = Callable[[str], Client]
WRONG = "not the right words"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """Count from nothing: the counters live in the cache table."""
    cache.clear()


def sign_in(browser: Client, *, email: str = "ada@example.com", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/account/sign-in", {"login": email, "password": password, **more})


def events_of(user_id: int) -> list[str]:
    with operation_scope():
        return [recorded.name for recorded in history([subject("user", user_id)], limit=20)]


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def words(answer: Any) -> str:
    return unescape(re.sub(r'value="[^"]*"|"X-CSRFToken": "\w+"', "", answer.content.decode()))


class TestPassword:
    def test_opens_the_house_and_is_recorded(self, client: Client, house: House) -> None:
        answer = sign_in(client, email="Ada@Example.com")

        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.get("/")["Location"] == "/w/north/"
        assert events_of(house.ids["ada"])[0] == "account.signed_in"

    def test_answers_the_same_whether_the_account_exists(self, client: Client, house: House) -> None:
        known = sign_in(client, password=WRONG)
        unknown = sign_in(Client(), email="nobody@example.com", password=WRONG)

        assert known.status_code == unknown.status_code == 422
        assert words(known) == words(unknown)
        assert events_of(house.ids["ada"])[0] == "account.sign_in_failed"
        assert events_of(0) == ["account.sign_in_failed"]

    def test_keeps_addresses_out_of_the_log(self, client: Client, house: House) -> None:
        sign_in(client, email="nobody@example.com", password=WRONG)

        with operation_scope():
            (recorded,) = history([subject("user", 0)], limit=5)
        assert "nobody" not in repr(recorded)

    def test_closes_after_too_many_failures(self, client: Client, house: House, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}  # allauth's own limit would answer first
        for _attempt in range(10):
            sign_in(client, password=WRONG)

        assert sign_in(client).status_code == 429
        assert sign_in(Client(), email="grace@example.com").status_code == 302

    def test_is_slowed_down_before_that(self, client: Client, house: House) -> None:
        for _attempt in range(5):
            sign_in(client, password=WRONG)

        refused = sign_in(client)

        assert refused.status_code == 422
        assert "That was too often" in words(refused)

    @pytest.mark.parametrize(
        "target",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
    )
    def test_leads_nowhere_outside(self, client: Client, house: House, target: str) -> None:
        assert sign_in(client, next=target)["Location"] == "/"

    def test_leads_back_to_the_page_that_was_asked_for(self, client: Client, house: House) -> None:
        asked = client.get("/w/north/admin/teams?x=1")["Location"]

        page = client.get(asked).content.decode()
        assert 'value="/w/north/admin/teams?x=1"' in page
        assert sign_in(client, next="/w/north/admin/teams?x=1")["Location"] == "/w/north/admin/teams?x=1"

    def test_offers_no_sign_up(self, client: Client, house: House) -> None:
        answer = client.post("/account/sign-up", {"email": "eve@example.com", "password1": PASSWORD})

        assert "invitation" in words(answer)
        assert sign_in(client, email="eve@example.com").status_code == 422

    def test_ends_with_signing_out(self, signed_in: Browsers, house: House) -> None:
        browser = signed_in("ada")

        browser.post("/account/sign-out")

        assert browser.get("/w/north/admin/people").status_code == 302
        assert events_of(house.ids["ada"])[0] == "account.signed_out"


class TestSecondFactor:
    def _activated(self, browser: Client) -> str:
        assert browser.get("/account/second-factor/app")["Location"].startswith("/account/confirmation?next=")
        browser.post("/account/confirmation", {"password": PASSWORD})
        page = browser.get("/account/second-factor/app").content.decode()
        found = re.search(r'<code class="break-anywhere">([A-Z2-7]+)</code>', page)
        assert found is not None
        secret = found.group(1)
        answer = browser.post("/account/second-factor/app", {"code": code_for(secret)})
        assert answer.status_code == 302, answer.content.decode()
        return secret

    def test_is_asked_for_once_it_is_on(
        self, signed_in: Browsers, house: House, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            secret = self._activated(signed_in("ada"))
        browser = Client()

        assert sign_in(browser)["Location"] == "/account/second-factor/code"
        assert browser.get("/w/north/admin/people").status_code == 302
        cache.clear()  # a code works once; forget that this one was used
        assert browser.post("/account/second-factor/code", {"code": code_for(secret)}).status_code == 302
        assert browser.get("/w/north/admin/people").status_code == 200
        assert "account.second_factor_activated" in events_of(house.ids["ada"])

    def test_refuses_a_wrong_code(self, signed_in: Browsers, house: House) -> None:
        self._activated(signed_in("ada"))
        browser = Client()
        sign_in(browser)

        refused = browser.post("/account/second-factor/code", {"code": "000000"})

        assert refused.status_code == 422
        assert browser.get("/").status_code == 302
        assert events_of(house.ids["ada"])[0] == "account.sign_in_failed"

    def test_can_be_replaced_by_a_recovery_code_once(self, signed_in: Browsers, house: House) -> None:
        own = signed_in("ada")
        self._activated(own)
        page = own.get("/account/second-factor/recovery-codes").content.decode()
        found = re.search(r"<pre[^>]*>\s*(\w+)", page)
        assert found is not None
        code = found.group(1)
        first, second = Client(), Client()
        sign_in(first)
        sign_in(second)

        assert first.post("/account/second-factor/code", {"code": code}).status_code == 302
        assert second.post("/account/second-factor/code", {"code": code}).status_code == 422

    def test_keeps_its_secret_sealed(self, signed_in: Browsers, house: House) -> None:
        secret = self._activated(signed_in("ada"))

        stored = [str(row.data) for row in Authenticator.objects.filter(user_id=house.ids["ada"])]

        assert len(stored) == 2
        assert secret not in "".join(stored)

    def test_can_be_switched_off(self, signed_in: Browsers, house: House) -> None:
        browser = signed_in("ada")
        self._activated(browser)

        browser.post("/account/second-factor/app/removal")

        assert sign_in(Client())["Location"] == "/"
        assert events_of(house.ids["ada"]).count("account.second_factor_deactivated") == 1


class TestReset:
    def _mailed(self, sql: Any) -> Any:
        rows = sql("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'web.send_account_mail' ORDER BY id")
        for (arguments,) in rows:
            send_account_mail(**json.loads(arguments))
        return mail.outbox

    def test_answers_the_same_whether_the_account_exists(self, client: Client, house: House, sql: Any) -> None:
        known = client.post("/account/password/reset", {"email": "ada@example.com"})
        unknown = client.post("/account/password/reset", {"email": "nobody@example.com"})

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert [sent.to for sent in self._mailed(sql)] == [["ada@example.com"]]

    def test_keeps_the_link_sealed_until_it_is_sent(self, client: Client, house: House, sql: Any) -> None:
        client.post("/account/password/reset", {"email": "ada@example.com"})

        ((arguments,),) = sql("SELECT args::text FROM procrastinate_jobs")
        assert "/account/password/reset" not in arguments
        assert "/account/password/reset/" in self._mailed(sql)[0].body

    def test_changes_the_password_once(self, client: Client, house: House, sql: Any) -> None:
        client.post("/account/password/reset", {"email": "ada@example.com"})
        found = re.search(r"/account/password/reset/\S+-\S+", self._mailed(sql)[0].body)
        assert found is not None
        link = found.group(0)
        form = client.get(link)["Location"]
        new = "quiet water under the bridge"

        assert client.post(form, {"password1": new, "password2": new}).status_code == 302
        assert sign_in(Client(), password=new).status_code == 302
        assert sign_in(Client()).status_code == 422
        assert "account.password_reset" in events_of(house.ids["ada"])
        assert "used already" in words(Client().get(link, follow=True))


class TestPasswordChange:
    def test_signs_out_every_device(self, signed_in: Browsers, house: House) -> None:
        here, there = signed_in("ada"), signed_in("ada")
        new = "quiet water under the bridge"

        answer = here.post("/account/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})

        assert answer.status_code == 302
        assert there.get("/account/settings").status_code == 302
        assert "account.password_changed" in events_of(house.ids["ada"])

    def test_needs_the_old_password(self, signed_in: Browsers, house: House) -> None:
        new = "quiet water under the bridge"

        refused = signed_in("ada").post("/account/password", {"oldpassword": WRONG, "password1": new, "password2": new})

        assert refused.status_code == 422
        assert sign_in(Client()).status_code == 302
