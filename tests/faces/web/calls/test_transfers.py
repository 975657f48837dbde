"""Passing a call on from its page: the form, what the colleague sees on their card, and what is said when it cannot be."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from careloop.domains.calls.models import RecordingPause, Transfer
from careloop.domains.calls.services import attach_call
from careloop.domains.telephony.models import Pbx
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW, House
from tests.faces.api.conftest import machine
from tests.processes.calling.test_intervening import in_talk
from tests.processes.calling.test_passing import DONE, GONE, Desk, rang
from tests.processes.calling.test_placing import SEAT, asked
from tests.servers.manager import Manager, manager

pytestmark = pytest.mark.database

SignedIn = Callable[[str], Client]
NOTE = "Wants her money back <b>."


class TestPassingOn:
    def test_goes_from_page_to_card_and_back(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            self.goes(house, pbx, Desk(house, pbx.port), signed_in)

    def goes(self, house: House, pbx: Manager, desk: Desk, signed_in: SignedIn) -> None:
        ada, grace, here = signed_in("ada"), signed_in("grace"), f"/w/north/calls/{desk.call_id}/"
        with workspace_scope(house.north):
            attach_call(call_id=desk.call_id, case_id=desk.case_id, actor=house.actor("ada"), at=NOW)
        page = ada.get(here).content.decode()
        assert "Grace (Available)" in page
        assert "Pass the call on" not in grace.get(here).content.decode()

        body = {"to": f"person-{house.ids['grace']}", "kind": "blind", "note": NOTE}
        empty = ada.post(f"{here}transfer", {"kind": "blind"})
        went = ada.post(f"{here}transfer", body)
        twice = ada.post(f"{here}transfer", body)

        assert (empty.status_code, went.headers["Location"], twice.status_code) == (422, here, 409)
        assert "Choose a colleague or a queue." in empty.content.decode()
        assert "being passed on already" in twice.content.decode()
        assert len(asked(pbx, "BlindTransfer")) == 1
        card = grace.get("/w/north/calls/at-hand").content.decode()
        assert "Ada passes the call on to Grace." in card
        assert "Wants her money back &lt;b&gt;." in card
        assert "/w/north/cases/1" in card
        shown = ada.get("/w/north/calls/at-hand")
        key = shown.content.decode().partition('name="shown_call" value="')[2].partition('"')[0]
        assert ada.get("/w/north/calls/at-hand", {"shown_call": key}).status_code == 204

        desk.told(GONE, DONE, rang("200", "NOANSWER"))
        told = ada.get("/w/north/calls/at-hand", {"shown_call": key}).content.decode()
        assert "Grace did not take the call from Ada." in told
        assert "Nobody picked up." in told
        assert grace.get("/w/north/calls/at-hand").content == b""
        listed = machine(house, "grace").get(f"/calls/{desk.call_id}/transfers").json()["items"]
        assert [(one["state"], one["why"], one["note"]) for one in listed] == [("refused", "no_answer", NOTE)]

    def test_is_shut_to_strangers_and_where_it_is_not_offered(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            desk = Desk(house, pbx.port)
            path, body = f"/calls/{desk.call_id}/transfer", {"receiver_id": house.ids["grace"], "queue": ""}
            form = {"to": f"person-{house.ids['grace']}", "kind": "blind"}

            assert signed_in("ines").post(f"/w/south{path}", form).status_code == 404
            assert signed_in("cole").post(f"/w/north{path}", form).status_code == 404
            to_ada = {**form, "to": f"person-{house.ids['ada']}"}
            assert signed_in("grace").post(f"/w/north{path}", to_ada).status_code == 403
            assert machine(house, "grace").post(path, body).status_code == 403
            assert machine(house, "ines").get(f"/calls/{desk.call_id}/transfers").status_code == 404
            with workspace_scope(house.north):
                Pbx.objects.update(offers=["call"])
            assert "Pass the call on" not in signed_in("ada").get(f"/w/north/calls/{desk.call_id}/").content.decode()
            assert machine(house, "ada").post(path, body).status_code == 409
            with workspace_scope(house.north):
                Pbx.objects.update(offers=["transfer"])
            targets = machine(house, "ada").get(f"/calls/{desk.call_id}/transfer-targets").json()
            assert ([one["name"] for one in targets["people"]], targets["queues"]) == (["Grace"], ["tech"])
            assert machine(house, "ada").post(path, {"queue": "tech"}).status_code == 204
            assert [one["Exten"] for one in asked(pbx, "BlindTransfer")] == ["600"]

    def test_costs_the_same_however_often_a_call_was_passed_on(self, house: House, signed_in: SignedIn) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            desk, ada = Desk(house, pbx.port), signed_in("ada")

        def queries(path: str) -> int:
            with CaptureQueriesContext(connection) as asked_for:
                assert ada.get(f"/w/north/calls/{path}").status_code == 200
            return len(asked_for)

        def once_more(times: int) -> None:
            past = {"sender_seat": SEAT, "sender_phone": "PJSIP/100", "asked_at": NOW, "ended_at": NOW}
            with workspace_scope(house.north):
                for _time in range(times):
                    Transfer.objects.create(
                        call_id=desk.call_id,
                        sender_id=house.ids["ada"],
                        receiver_id=house.ids["grace"],
                        kind="blind",
                        state="refused",
                        **past,
                    )
                    RecordingPause.objects.create(call_id=desk.call_id, state="over", began_at=NOW, ended_at=NOW)

        def on_pages() -> list[int]:
            return [queries(path) for path in (f"{desk.call_id}/", "at-hand", "")]

        once_more(1)
        on_pages()  # whoever comes first fills what is remembered
        once = on_pages()
        once_more(4)

        assert on_pages() == once
        assert max(once) <= 40
