"""One's own settings, devices and invitations."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from careloop.domains.people import services
from careloop.kernel import clock
from careloop.kernel.actors import Role
from careloop.kernel.scope import workspace_scope
from tests.cast import PASSWORD, House

Browsers = Callable[[str], Client]
SETTINGS = {
    "name": "Ada",
    "language": "ko",
    "time_zone": "Asia/Seoul",
    "theme": "dark",
    "signature": "",
    "mails_notifications": "on",
}


def invited(house: House, email: str) -> tuple[int, str]:
    with workspace_scope(house.north):
        issued = services.invite(
            email=email, role=Role.AGENT, link="{token}", actor=house.actor("olga"), at=clock.now()
        )
    return issued.id, f"/account/invitations/{issued.token}"


class TestSettings:
    def test_speak_the_persons_language_from_then_on(self, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        assert browser.post("/account/settings", SETTINGS).status_code == 302

        page = browser.get("/account/settings")
        assert page["Content-Language"] == "ko"
        assert b'lang="ko"' in page.content
        assert b'data-theme="dark"' in page.content

    def test_refuse_what_makes_no_sense_and_change_nothing(self, signed_in: Browsers) -> None:
        browser = signed_in("ada")

        refused = browser.post("/account/settings", {**SETTINGS, "time_zone": "Mars/Olympus"})

        assert refused.status_code == 422
        assert browser.get("/account/settings")["Content-Language"] == "en"


class TestDevices:
    def test_are_signed_out_one_by_one(self, signed_in: Browsers) -> None:
        here, there = signed_in("ada"), signed_in("ada")
        page = here.get("/account/sessions").context["devices"]
        other = next(one for one, _name in page if one.session_key == there.session.session_key)

        here.post(f"/account/sessions/{other.pk}/end")

        assert there.get("/account/settings").status_code == 302
        assert here.get("/account/settings").status_code == 200

    def test_are_signed_out_all_but_this(self, signed_in: Browsers) -> None:
        here, there, elsewhere = signed_in("ada"), signed_in("ada"), signed_in("ada")

        here.post("/account/sessions/others/end")

        assert there.get("/account/settings").status_code == elsewhere.get("/account/settings").status_code == 302
        assert here.get("/account/settings").status_code == 200

    def test_of_other_people_are_not_there(self, signed_in: Browsers) -> None:
        ada, grace = signed_in("ada"), signed_in("grace")
        ((own, _name),) = grace.get("/account/sessions").context["devices"]

        assert ada.post(f"/account/sessions/{own.pk}/end").status_code == 404
        assert grace.get("/account/settings").status_code == 200


class TestInvitation:
    def test_makes_an_account_and_leads_inside(self, client: Client, house: House) -> None:
        _id, link = invited(house, "minh@example.com")
        assert client.get(link).status_code == 200

        answer = client.post(link, {"name": "Minh", "password": PASSWORD, "time_zone": "UTC"})

        assert (answer.status_code, answer["Location"]) == (302, "/w/north/")
        assert client.get("/w/north/admin/people").status_code == 200
        assert client.get("/account/sessions").context["recent"][0].name == "account.signed_in"

    def test_shows_the_form_again_with_what_is_wrong(self, client: Client, house: House) -> None:
        _id, link = invited(house, "minh@example.com")

        answer = client.post(link, {"name": "Minh", "password": "password", "time_zone": "UTC"})

        assert answer.status_code == 422
        assert b"too common" in answer.content
        assert client.get("/").status_code == 302

    def test_is_refused_when_used_taken_back_or_guessed(self, client: Client, house: House) -> None:
        _id, used = invited(house, "minh@example.com")
        client.post(used, {"name": "Minh", "password": PASSWORD, "time_zone": "UTC"})
        revoked_id, revoked = invited(house, "lan@example.com")
        with workspace_scope(house.north):
            services.revoke_invitation(invitation_id=revoked_id, actor=house.actor("olga"), at=clock.now())

        assert [Client().get(link).status_code for link in (used, revoked, "/account/invitations/guess")] == [
            410,
            410,
            404,
        ]

    def test_is_refused_when_expired(self, client: Client, house: House) -> None:
        with workspace_scope(house.north):
            issued = services.invite(
                email="minh@example.com",
                role=Role.AGENT,
                link="{token}",
                actor=house.actor("olga"),
                at=clock.now() - timedelta(days=8),
            )

        answer = client.get(f"/account/invitations/{issued.token}")

        assert answer.status_code == 410
        assert b"Ask for a new one" in answer.content

    def test_is_accepted_by_an_account_that_is_signed_in(self, signed_in: Browsers, house: House) -> None:
        _id, link = invited(house, "ines@example.com")
        browser = signed_in("ines")

        assert browser.post(link)["Location"] == "/w/north/"
        assert browser.get("/w/north/admin/people").status_code == 200

    def test_asks_an_account_to_sign_in_first(self, client: Client, house: House) -> None:
        _id, link = invited(house, "ines@example.com")

        page = client.get(link).content.decode()
        client.post(link, {"name": "Eve", "password": PASSWORD, "time_zone": "UTC"})

        assert "/account/sign-in?next=" in page
        assert client.get("/").status_code == 302

    def test_is_not_for_somebody_else(self, signed_in: Browsers, house: House) -> None:
        _id, link = invited(house, "minh@example.com")

        assert signed_in("ines").post(link).status_code == 403
        assert signed_in("ines").get("/w/north/admin/people").status_code == 404
