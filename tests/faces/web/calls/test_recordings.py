"""Consent and pauses on the card and on the call's page, and the way to a recording."""

from collections.abc import Callable

import pytest
from django.test import Client

from careloop.kernel.scope import workspace_scope
from tests.calling import talking
from tests.cast import NOW, House
from tests.faces.api.conftest import machine
from tests.processes.calling.test_intervening import in_talk
from tests.processes.calling.test_placing import SEAT
from tests.processes.calling.test_recording import Booth
from tests.servers.manager import manager

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


class TestRecordings:
    def test_are_agreed_to_paused_and_heard(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            here, ada, grace = f"/w/north/calls/{booth.call_id}/", signed_in("ada"), signed_in("grace")

            card = ada.post(f"{here}recording-consent", {"consent": "given"}, headers=HTMX).content.decode()
            assert "Given" in card
            assert "Pause the recording" in card
            paused = ada.post(f"{here}recording-pause", headers=HTMX).content.decode()
            twice = ada.post(f"{here}recording-pause", headers=HTMX)
            assert "Resume the recording" in paused
            assert (twice.status_code, "paused already" in twice.content.decode()) == (409, True)

            assert grace.post(f"{here}recording-resumption").headers["Location"] == here
            assert "Grace resumed it." in ada.get("/w/north/calls/at-hand").content.decode()

            assert "Open the recording" not in ada.get(here).content.decode()
            assert "pbx.example" not in grace.get(here).content.decode()
            opened = grace.post(f"{here}recording-opening")
            assert "https://pbx.example/heard/" in opened.content.decode()
            assert opened.headers["Cache-Control"] == "no-store"
        assert booth.told_of() == ["consent", "paused", "resumed", "opened"]

    def test_say_so_when_the_recording_goes_on(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk(), may_act=False) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            refused = signed_in("ada").post(f"/w/north/calls/{booth.call_id}/recording-pause", headers=HTMX)

        assert refused.status_code == 409
        assert "Do not take down a card now." in refused.content.decode()

    def test_are_shut_to_strangers_and_agents(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            booth.consent("given")
            path = f"/calls/{booth.call_id}"
            for act in ("recording-consent", "recording-pause", "recording-resumption", "recording-opening"):
                body = {"consent": "given"}
                assert signed_in("ines").post(f"/w/south{path}/{act}", body).status_code == 404
                assert signed_in("cole").post(f"/w/north{path}/{act}", body).status_code == 404
            assert signed_in("ada").post(f"/w/north{path}/recording-opening").status_code == 403
            assert signed_in("ada").post(f"/w/north{path}/recording-consent", {"consent": "maybe"}).status_code == 400
            assert machine(house, "ada").post(f"{path}/recording-opening", {}).status_code == 403
            assert machine(house, "anh").post(f"{path}/recording-opening", {}).json()["url"].startswith("https://pbx.")
            assert machine(house, "ada").post(f"{path}/recording-pause", {}).status_code == 204
            known = machine(house, "ada").get(f"{path}/recording").json()
            assert (known["consent"], known["is_paused"], len(known["pauses"])) == ("given", True, 1)
            with workspace_scope(house.north):
                theirs = talking(booth.pbx_id, people={SEAT: house.ids["grace"]}, at=NOW, key="3.3")
            assert machine(house, "ada").get(f"/calls/{theirs}/recording").status_code == 404
