"""A voicemail stands in a case of its caller and is played there, once however often it is handed over."""

import io
import wave
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careloop.domains.calls.queries import calls
from careloop.domains.conversations.models import Message
from careloop.domains.people.types import Scope
from careloop.domains.telephony import services as telephony
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones
from tests.cast import House
from tests.faces.api.conftest import Machine

pytestmark = pytest.mark.database

NUMBER = "+82 10 1234 5678"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def sound() -> bytes:
    """Return a tenth of a second of silence."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return kept.getvalue()


@pytest.fixture
def pbx_id(house: House) -> int:
    with workspace_scope(house.north):
        settings = telephony.PbxSettings(name="Cloud", kind="told")
        pbx_id = telephony.add_pbx(settings=settings, actor=HOUSE, at=clock.now())
        telephony.go_live(pbx_id=pbx_id, actor=HOUSE, at=clock.now())
    return pbx_id


@pytest.fixture
def hand_over(machine_of: Callable[..., Machine], pbx_id: int) -> Callable[..., Any]:
    token = machine_of("mina", scopes=[Scope.CALLS_TELL]).token

    def over(what: str = "voicemails", *, token: str = token, **other: Any) -> Any:
        content = other.pop("content", PDF if what == "faxes" else sound())
        name = "page.pdf" if what == "faxes" else "message.wav"
        at = (clock.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        form = {"id": "v-1", "at": at, "number": NUMBER, **other, "file": SimpleUploadedFile(name, content)}
        headers = {"Authorization": f"Bearer {token}"}
        return Client().post(f"/api/v1/phones/{pbx_id}/{what}", form, headers=headers)

    return over


class TestVoicemail:
    def test_opens_a_case_and_the_next_one_joins_it_until_it_is_closed(
        self, house: House, machine_of: Callable[..., Machine], hand_over: Callable[..., Any]
    ) -> None:
        mina = machine_of("mina")

        became = [hand_over(seconds=42).json(), hand_over(seconds=42).json(), hand_over(id="v-2").json()]

        assert [one["became"] for one in became] == ["taken", "known", "taken"]
        (case,) = mina.get("/cases").json()["items"]
        assert (case["channel"], NUMBER in case["subject"]) == ("voice", True)
        said = mina.get(f"/cases/{case['number']}/messages").json()["items"]
        assert [len(one["files"]) for one in said] == [1, 1]
        assert mina.post(f"/cases/{case['number']}/closing").status_code < 300
        hand_over(id="v-3")
        hand_over(id="v-4", number="")
        assert len(mina.get("/cases").json()["items"]) == 3
        with workspace_scope(house.north):
            assert Message.objects.count() == 4

    def test_is_played_on_the_case_page_by_who_may_see_it(
        self, house: House, machine_of: Callable[..., Machine], hand_over: Callable[..., Any], signed_in: Any
    ) -> None:
        hand_over(seconds=102)
        (case,) = machine_of("mina").get("/cases").json()["items"]
        (message,) = machine_of("mina").get(f"/cases/{case['number']}/messages").json()["items"]
        address = f"/w/north/files/{message['files'][0]['file_id']}/sound"
        mina = signed_in("mina")

        page = mina.get(f"/w/north/cases/{case['number']}")
        whole, part, behind, last = (
            mina.get(address, headers={"Range": asked} if asked else {})
            for asked in ("", "bytes=4-7", "bytes=99999-", "bytes=-4")
        )

        body = sound()
        assert f'src="{address}"' in page.content.decode()
        assert "Voicemail, 1:42" in page.content.decode()
        assert "media-src 'self'" in page["Content-Security-Policy"]
        assert (whole.status_code, b"".join(whole), whole["Content-Type"][:6]) == (200, body, "audio/")
        assert (part.status_code, b"".join(part), part["Content-Range"]) == (206, body[4:8], f"bytes 4-7/{len(body)}")
        assert (behind.status_code, last.status_code, b"".join(last)) == (416, 206, body[-4:])
        assert signed_in("ines").get(address).status_code in (403, 404)
        assert signed_in("ines").get(address.replace("north", "south")).status_code == 404

    def test_belongs_to_the_call_in_which_it_was_left(
        self, house: House, machine_of: Callable[..., Machine], pbx_id: int, hand_over: Callable[..., Any]
    ) -> None:
        now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        waits = {"id": "1", "call": "c1", "kind": "waiting", "at": now, "queue": "billing", "number": NUMBER}
        machine_of("mina").post(f"/phones/{pbx_id}/call-events", {"events": [waits]})
        follow_phones(at=clock.now())

        hand_over(call="c1")

        with workspace_scope(house.north):
            ended = calls(viewer=HOUSE).items
        (live,) = machine_of("mina").get("/live-calls").json()["items"]
        (case,) = machine_of("mina").get("/cases").json()["items"]
        assert (ended, live["case_number"]) == ([], case["number"])

    def test_is_a_sound_and_a_fax_a_document(
        self, machine_of: Callable[..., Machine], hand_over: Callable[..., Any]
    ) -> None:
        refused = [
            hand_over(content=PDF).status_code,
            hand_over(content=b"<html><script>alert(1)</script>").status_code,
            hand_over("faxes", content=sound()).status_code,
            hand_over(seconds="long").status_code,
            hand_over(id=" ").status_code,
            hand_over(at="2999-01-01T00:00:00Z").status_code,
        ]

        assert set(refused) == {422}
        assert hand_over(token=machine_of("ada").token).status_code == 403
        assert hand_over(token=machine_of("ines").token).status_code == 404
        assert machine_of("mina").get("/cases").json()["items"] == []
        assert hand_over("faxes").json() == {"id": "v-1", "became": "taken"}
        (case,) = machine_of("mina").get("/cases").json()["items"]
        assert case["channel"] == "letter"
