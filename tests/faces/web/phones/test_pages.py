"""A manager connects a telephone system: added, checked against a played Asterisk, people named, live."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.domains.telephony import queries
from careloop.kernel.scope import workspace_scope
from tests.cast import House
from tests.servers.manager import manager, recorded

pytestmark = pytest.mark.database

Browser = Callable[[str], Client]
HERE = "/w/north/admin/phones/"


def given(port: int, **other: str) -> dict[str, str]:
    plain = {"name": "Main", "host": "127.0.0.1", "port": str(port), "security": "plain", "user": "careloop"}
    return {
        **plain,
        "secret": "s3cret",
        "inbound": "from-carrier\n",
        "user_events": "CallbackRequest=callback",
        **other,
    }


def added(house: House, browser: Client, port: int, **other: str) -> int:
    answer = browser.post(f"{HERE}new", given(port, **other))
    assert answer.status_code == 302
    with workspace_scope(house.north):
        (one,) = queries.pbxes()
    return one.id


class TestPages:
    def test_lead_from_nothing_to_live(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")
        with manager(recorded("iax22")[:3000]) as pbx:
            pbx.play()
            pbx_id = added(house, mina, pbx.port)
            checked = mina.post(f"{HERE}{pbx_id}/checks").content.decode()
        assert "billing" in checked
        assert "Ben Okafor" in checked
        assert "s3cret" not in checked + mina.get(f"{HERE}{pbx_id}/settings").content.decode()

        with workspace_scope(house.north):
            seat = next(one for one in queries.seats(pbx_id) if one.name == "Ben Okafor")
        mina.post(f"{HERE}{pbx_id}/people", {f"seat-{seat.id}": str(house.ids["ada"])})
        mina.post(f"{HERE}{pbx_id}/opening")

        with workspace_scope(house.north):
            assert queries.people_behind(pbx_id) == {"Ben Okafor": house.ids["ada"]}
            assert queries.pbx(pbx_id).state == "live"
            assert queries.pbx(pbx_id).user_events == {"CallbackRequest": "callback"}
        assert "Main" in mina.get(HERE).content.decode()

    def test_say_what_does_not_work(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")
        with manager(secret="another") as pbx:
            pbx_id = added(house, mina, pbx.port)

            checked = mina.post(f"{HERE}{pbx_id}/checks").content.decode()

        assert "Asterisk refuses this user and secret" in checked

    @pytest.mark.parametrize("wrong", [{"user_events": "CallbackRequest=perhaps"}, {"port": "99999"}, {"secret": ""}])
    def test_refuse_what_cannot_be(self, house: House, signed_in: Browser, wrong: dict[str, str]) -> None:
        answer = signed_in("mina").post(f"{HERE}new", {**given(5038), **wrong})

        assert answer.status_code in (400, 422)
        with workspace_scope(house.north):
            assert queries.pbxes() == []

    def test_are_for_owners_and_managers_of_this_workspace(self, house: House, signed_in: Browser) -> None:
        pbx_id = added(house, signed_in("mina"), 5038)

        for path in ("", "new", f"{pbx_id}/", f"{pbx_id}/settings"):
            assert signed_in("grace").get(f"{HERE}{path}").status_code == 403
        for act in ("checks", "opening", "pause", "people"):
            assert signed_in("grace").post(f"{HERE}{pbx_id}/{act}").status_code == 403
            assert signed_in("ines").post(f"/w/south/admin/phones/{pbx_id}/{act}").status_code in (403, 404)

    def test_add_one_that_tells_through_the_api(self, house: House, signed_in: Browser) -> None:
        mina = signed_in("mina")

        empty = mina.post(f"{HERE}new-by-api", {"name": " "})
        made = mina.post(f"{HERE}new-by-api", {"name": "Cloud"})

        assert (empty.status_code, made.status_code) == (422, 302)
        with workspace_scope(house.north):
            (one,) = queries.pbxes()
        page = mina.get(f"{HERE}{one.id}/").content.decode()
        assert f"/api/v1/phones/{one.id}/call-events" in page
        mina.post(f"{HERE}{one.id}/settings", {"name": "Sky"})
        mina.post(f"{HERE}{one.id}/opening")
        with workspace_scope(house.north):
            assert (queries.pbx(one.id).name, queries.pbx(one.id).state) == ("Sky", "live")
        assert mina.post(f"{HERE}{one.id}/checks").status_code == 409
        provider = f"{HERE}{one.id}/provider"
        given = {
            "account": "AC123",
            "token": "t",
            "api_base": "https://api.twilio.com",
            "queue": "Orders",
            "numbers": "0",
        }
        assert [mina.post(provider, {**given, "numbers": number}).status_code for number in ("0", "+821012345678")] == [
            422,
            302,
        ]
        with workspace_scope(house.north):
            known = queries.provider_of(one.id)
        assert known is not None
        assert f"/in/north/phones/{known.key}/calls" in mina.get(provider).content.decode()
        assert signed_in("grace").get(provider).status_code == 403
        assert signed_in("ines").get(provider.replace("north", "south")).status_code == 404
        assert signed_in("grace").get(f"{HERE}new-by-api").status_code == 403
