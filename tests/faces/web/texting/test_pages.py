"""A manager connects a number: added, checked at a provider, live; and an agent sees what a text message can carry."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.channels import queries
from careloop.domains.channels.services import quarantine_hook
from careloop.kernel.actors import HOUSE
from careloop.kernel.clock import now
from careloop.kernel.scope import workspace_scope
from careloop.processes.working import drain
from tests.cast import House
from tests.processes.conftest import ready
from tests.servers.provider import provider
from tests.texting import OURS, TOKEN, post_hook, told

pytestmark = pytest.mark.database

Browser = Callable[[str], Client]
HERE = "/w/north/admin/texts/"


def given(api_base: str = "https://api.twilio.com", **other: str) -> dict[str, str]:
    return {"name": "Orders", "number": OURS, "account": "AC123", "token": TOKEN, "api_base": api_base, **other}


def added(house: House, browser: Client, **other: str) -> int:
    answer = browser.post(f"{HERE}new", given(**other))
    assert answer.status_code == 302, answer.content.decode()
    with workspace_scope(house.north):
        (one,) = queries.messengers()
    return one.id


class TestPages:
    def test_lead_from_nothing_to_an_answer(self, house: House, signed_in: Browser) -> None:
        ready(house)
        mina, ada = signed_in("mina"), signed_in("ada")
        with provider() as desk:
            number_id = added(house, mina, api_base=desk.base)
            checked = mina.post(f"{HERE}{number_id}/checks").content.decode()
            mina.post(f"{HERE}{number_id}/opening")
            with workspace_scope(house.north):
                row = queries.messenger(number_id)
            page = mina.get(f"{HERE}{number_id}/").content.decode()
            post_hook(row, told("Where is it?"))
            drain()
            case = ada.get("/w/north/cases/1").content.decode()
            refused = ada.post("/w/north/cases/1/words", {"kind": "answer", "body": "<p>" + "a" * 1601 + "</p>"})
            sent = ada.post("/w/north/cases/1/words", {"kind": "answer", "body": "<p>Soon</p>"})

        assert "lets us in" in checked
        assert TOKEN not in checked + page + mina.get(f"{HERE}{number_id}/settings").content.decode()
        assert f"/in/north/texts/{row.key}/messages" in page
        assert "never been run live" in page
        assert "at most 1600 characters" in case
        assert refused.status_code == 422
        assert "Make it shorter" in refused.content.decode()
        assert sent.status_code == 302
        assert "in 1 piece" in ada.get("/w/north/cases/1").content.decode()

    def test_say_what_does_not_work(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")
        with provider() as desk:
            desk.files["/2010-04-01/Accounts/AC123.json"] = (401, {}, b'{"message": "Authenticate"}')
            number_id = added(house, mina, api_base=desk.base)

            checked = mina.post(f"{HERE}{number_id}/checks").content.decode()

        assert "does not let us in" in checked
        assert "Check the account and its token" in mina.get(HERE).content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": "my number"},
            {"token": ""},
            {"account": "A/../B"},
            {"api_base": "http://api.twilio.com"},
            {"api_base": "https://a:b@c"},
            {"api_base": "ftp://10.0.0.1"},
        ],
    )
    def test_refuse_what_cannot_be(self, house: House, signed_in: Browser, wrong: dict[str, str]) -> None:
        answer = signed_in("mina").post(f"{HERE}new", {**given(), **wrong})

        assert answer.status_code in (400, 422)
        with workspace_scope(house.north):
            assert queries.messengers() == []

    def test_never_hand_the_token_to_another_account(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")
        number_id = added(house, mina)

        answer = mina.post(f"{HERE}{number_id}/settings", given(api_base="https://elsewhere.example", token=""))

        assert answer.status_code == 422
        assert "Enter it again" in answer.content.decode()

    def test_are_for_owners_and_managers_of_this_workspace(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")
        number_id = added(house, mina)
        with workspace_scope(house.north):
            row = queries.messenger(number_id)
        post_hook(row, told("Win", sender="PRIZES"))
        with workspace_scope(house.north):
            (hook_id,) = queries.waiting_hooks(number_id, limit=9)
            quarantine_hook(hook_id=hook_id, reason="no_sender", detail="", actor=HOUSE, at=now())
        acts = ("checks", "opening", "pause", f"quarantine/{hook_id}/retry", f"quarantine/{hook_id}/discarding")

        for path in ("", "new", f"{number_id}/", f"{number_id}/settings"):
            assert signed_in("grace").get(f"{HERE}{path}").status_code == 403
        for act in acts:
            assert signed_in("grace").post(f"{HERE}{number_id}/{act}").status_code == 403
            assert signed_in("ines").post(f"/w/south/admin/texts/{number_id}/{act}").status_code in (403, 404)
        assert mina.post(f"{HERE}{number_id}/quarantine/{hook_id}/discarding").status_code == 302
        assert mina.post(f"{HERE}{number_id}/quarantine/{hook_id}/retry").status_code == 404
