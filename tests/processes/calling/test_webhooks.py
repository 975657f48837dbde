"""A provider's webhooks ring the agents, take messages and tell of calls: each once, however often and late it comes.

What is posted is transcribed from Twilio's documentation: "TwiML Voice: Twilio's request", "<Dial>" (action), "<Number>" (status
callbacks) and "<Record>" (action and recording status callbacks), www.twilio.com/docs/voice/twiml. Nothing here was run live.
"""

import io
import wave
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as house_settings
from django.test import Client

from careloop.domains.calendars.services import create_calendar
from careloop.domains.calendars.types import CalendarSettings
from careloop.domains.calls import services as calls
from careloop.domains.commitments.queries import calls_owed
from careloop.domains.conversations.models import Message
from careloop.domains.customers.services import create_customer
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import MayNotKeepPhones, NotTold, PbxUnclear
from careloop.domains.telephony.models import CallHook, Left, Provider, Seat
from careloop.domains.telephony.queries import provider_of
from careloop.domains.telephony.services import ProviderSettings
from careloop.gateways.texting import MediaTrouble, signature_of
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.calendars import Span
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import fetch_recording, follow_phones
from tests.calling import rows
from tests.cast import NOW, House
from tests.servers.provider import Provider as Desk
from tests.servers.provider import provider

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CALL, LEG, OTHER = "CA" + "1" * 32, "CA" + "2" * 32, "CA" + "3" * 32
TAPE = "RE" + "1" * 32
OURS, OMARS, ADAS, BENS = "+15017122661", "+15558675310", "+821011112222", "+821033334444"
TOKEN = "t0ken"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def still(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LAKE_ROOT = tmp_path / "lakes"
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with provider() as found:
        yield found


@pytest.fixture
def pbx_id(house: House, desk: Desk) -> int:
    with workspace_scope(house.north):
        mina = house.actor("mina")
        pbx_id = telephony.add_pbx(settings=telephony.PbxSettings(name="Cloud", kind="told"), actor=mina, at=NOW)
        connect(house, pbx_id, api_base=desk.base)
        Seat.objects.filter(name=ADAS).update(person_id=house.ids["ada"])
        telephony.go_live(pbx_id=pbx_id, actor=mina, at=NOW)
    return pbx_id


def connect(house: House, pbx_id: int, *, name: str = "mina", **other: Any) -> None:
    given = {"account": "AC123", "token": TOKEN, "queue": "billing", "numbers": ["+82 10-3333-4444", ADAS], **other}
    telephony.connect_provider(pbx_id=pbx_id, settings=ProviderSettings(**given), actor=house.actor(name), at=NOW)


def post(house: House, pbx_id: int, kind: str, *, signature: str = "", **fields: str) -> tuple[int, str]:
    """Post a webhook, signed unless a signature is given, and return the answer."""
    with workspace_scope(house.north):
        found = provider_of(pbx_id)
    assert found is not None
    posted = {
        "CallSid": CALL,
        "AccountSid": "AC123",
        "From": OMARS,
        "To": OURS,
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        **fields,
    }
    path = f"/in/north/phones/{found.key}/{kind}"
    signed = signature or signature_of(f"{house_settings.PUBLIC_URL}{path}", posted.items(), token=TOKEN)
    answer = Client().post(
        path,
        urlencode(posted),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )
    return answer.status_code, answer.content.decode()


def leg(sid: str, number: str, status: str, *, after: int = 0) -> dict[str, str]:
    """What is called back of an agent's telephone."""
    return {
        "CallSid": sid,
        "ParentCallSid": CALL,
        "To": number,
        "CallStatus": status,
        "Direction": "outbound-dial",
        "Timestamp": (AT + timedelta(seconds=after)).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "1",
    }


def follow(at: datetime = AT) -> None:
    while follow_phones(at=at):
        pass


def stood(house: House, pbx_id: int) -> tuple[object, ...]:
    with workspace_scope(house.north):
        (row,) = [one for one in rows() if one.pbx_id == pbx_id]
        return row.queue, row.seat, row.ending, tuple(row.missed)


def sound() -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return kept.getvalue()


class TestCall:
    def test_rings_the_agents_and_is_counted_once_however_often_and_late_it_is_told(
        self, house: House, pbx_id: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def tell_all() -> list[tuple[int, str]]:
            said = [post(house, pbx_id, "calls")]
            monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT + MINUTE)
            post(house, pbx_id, "legs", **leg(LEG, BENS, "in-progress", after=8))
            post(house, pbx_id, "legs", **leg(LEG, BENS, "ringing", after=2))
            post(house, pbx_id, "legs", **leg(OTHER, ADAS, "canceled", after=8))
            said.append(post(house, pbx_id, "next", CallStatus="in-progress", DialCallStatus="completed"))
            post(house, pbx_id, "statuses", CallStatus="completed", CallDuration="52")
            follow(AT + MINUTE)
            return said

        first = tell_all()
        again = [tell_all() for _time in range(4)]

        ringing, over = first[0][1], first[1][1]
        assert (f">{BENS}</Number>" in ringing, ADAS in ringing) == (True, False)  # Ada is not there
        assert 'statusCallbackEvent="ringing answered completed"' in ringing
        assert "<Hangup></Hangup>" in over
        assert all(one == first for one in again)
        assert stood(house, pbx_id) == ("billing", BENS, "handled", ())
        with workspace_scope(house.north):
            (row,) = [one for one in rows() if one.pbx_id == pbx_id]
            assert row.answered_at == AT + timedelta(seconds=8)
            assert CallHook.objects.count() == 6
            assert not CallHook.objects.filter(settled_at__isnull=True).exists()

    def test_is_given_up_by_who_hangs_up_while_it_rings(self, house: House, pbx_id: int) -> None:
        post(house, pbx_id, "calls")
        post(house, pbx_id, "legs", **leg(LEG, BENS, "ringing"))
        follow()
        _status, said = post(house, pbx_id, "next", CallStatus="completed", DialCallStatus="no-answer")
        post(house, pbx_id, "statuses", CallStatus="no-answer")
        follow()

        assert said.endswith("<Response></Response>")
        assert stood(house, pbx_id)[2] == "given_up"

    def test_is_refused_unsigned_and_not_taken_before_it_is_live(self, house: House, pbx_id: int) -> None:
        assert post(house, pbx_id, "calls", signature="x")[0] == 403
        assert post(house, pbx_id, "calls", CallSid="")[0] == 422
        assert post(house, pbx_id, "shouts")[0] == 404
        with workspace_scope(house.north):
            telephony.pause_pbx(pbx_id=pbx_id, actor=house.actor("mina"), at=AT)
        assert "<Reject" in post(house, pbx_id, "calls")[1]
        with workspace_scope(house.north):
            assert not CallHook.objects.exists()


class TestMessage:
    def left(self, house: House, pbx_id: int, desk: Desk) -> int:
        """Let a caller leave a message after nobody picked up, and return its webhook."""
        post(house, pbx_id, "calls")
        _status, said = post(house, pbx_id, "next", CallStatus="in-progress", DialCallStatus="no-answer")
        assert "<Record" in said
        assert 'recordingStatusCallbackEvent="completed"' in said
        after = {"CallStatus": "completed", "RecordingSid": TAPE, "RecordingDuration": "7", "Digits": "hangup"}
        assert "<Record" not in post(house, pbx_id, "next", RecordingUrl=f"{desk.base}/tape", **after)[1]
        for _time in range(5):
            told = {"RecordingSid": TAPE, "RecordingStatus": "completed", "RecordingDuration": "7"}
            post(house, pbx_id, "recordings", RecordingUrl=f"{desk.base}/tape", CallStatus="completed", **told)
            follow()
        with workspace_scope(house.north):
            return CallHook.objects.get(kind="recordings").pk

    def test_stands_in_a_case_once_and_the_call_was_let_go(self, house: House, pbx_id: int, desk: Desk) -> None:
        desk.files["/tape"] = (200, {"Content-Type": "audio/x-wav"}, sound())
        hook_id = self.left(house, pbx_id, desk)

        for _time in range(2):
            fetch_recording(workspace_id=house.north, hook_id=hook_id)

        assert stood(house, pbx_id)[2] == "left"
        with workspace_scope(house.north):
            (left,) = Left.objects.all()
            (message,) = Message.objects.all()
            (row,) = [one for one in rows() if one.pbx_id == pbx_id]
            assert (left.number, left.seconds, message.pk) == (OMARS, 7, left.message_id)
            assert (message.warnings, row.case_id is not None) == ([], True)
        assert all(key.startswith("Basic ") for path, key in desk.tokens if path == "/tape")

    def test_is_not_needed_by_who_presses_a_key_to_be_called_back(self, house: House, pbx_id: int) -> None:
        post(house, pbx_id, "calls")
        _status, said = post(house, pbx_id, "next", CallStatus="in-progress", DialCallStatus="no-answer")
        assert ('<Gather numDigits="1"' in said, "Press 1" in said, "<Record" in said) == (True, True, True)

        other = post(house, pbx_id, "next", CallStatus="in-progress", Digits="7")[1]
        promised = {post(house, pbx_id, "next", CallStatus="in-progress", Digits="1")[1] for _time in range(5)}
        follow()
        post(house, pbx_id, "statuses", CallStatus="completed")
        follow()

        assert "<Gather" in other
        assert len(promised) == 1
        assert all("We will call you back." in one and "<Hangup" in one for one in promised)
        assert stood(house, pbx_id)[2] == "left"
        with workspace_scope(house.north):
            assert len(calls_owed()) == 1

    def test_offers_no_callback_to_a_withheld_number(self, house: House, pbx_id: int) -> None:
        post(house, pbx_id, "calls", From="anonymous")
        after = {"From": "anonymous", "CallStatus": "in-progress", "DialCallStatus": "no-answer"}
        said = post(house, pbx_id, "next", **after)[1]

        assert ("<Gather" in said, "<Record" in said, "call you back" in said) == (False, True, False)

    @pytest.mark.parametrize("owners", [1, 2])
    def test_promises_nothing_to_who_does_not_want_calls_or_may_be_another(
        self, house: House, pbx_id: int, owners: int
    ) -> None:
        post(house, pbx_id, "calls")
        offered = post(house, pbx_id, "next", CallStatus="in-progress", DialCallStatus="no-answer")[1]
        with workspace_scope(house.north):
            for number in range(owners):
                customer_id = create_customer(
                    name=f"Omar {number}",
                    kind="phone",
                    value=OMARS if number == 0 else OMARS.removeprefix("+1"),
                    language="",
                    source="phone",
                    actor=HOUSE,
                    at=NOW,
                )
            if owners == 1:
                calls.decline_calls(customer_id=customer_id, actor=house.actor("mina"), at=NOW)
        pressed = post(house, pbx_id, "next", CallStatus="in-progress", Digits="1")[1]
        follow()

        assert "Press 1" in offered
        assert ("<Record" in pressed, "<Gather" in pressed, "call you back" in pressed) == (True, False, False)
        assert stood(house, pbx_id)[2] == ""
        with workspace_scope(house.north):
            assert not calls_owed()

    def test_that_cannot_be_fetched_is_told_without_it_after_three_tries(
        self, house: House, pbx_id: int, desk: Desk
    ) -> None:
        desk.files["/tape"] = (404, {}, b"")
        hook_id = self.left(house, pbx_id, desk)

        for _time in range(2):
            with pytest.raises(MediaTrouble):
                fetch_recording(workspace_id=house.north, hook_id=hook_id)
        fetch_recording(workspace_id=house.north, hook_id=hook_id)

        with workspace_scope(house.north):
            (message,) = Message.objects.all()
            assert message.warnings == ["file_missing"]

    def test_is_taken_at_once_outside_opening_hours_in_the_words_of_the_workspace(
        self, house: House, pbx_id: int, desk: Desk
    ) -> None:
        with workspace_scope(house.north):
            monday = (Span(opens=time(9), closes=time(18)),)
            closed = CalendarSettings(name="Mondays", zone="Asia/Seoul", weekly=(monday, (), (), (), (), (), ()))
            calendar_id = create_calendar(settings=closed, actor=house.actor("mina"), at=NOW)
            connect(house, pbx_id, api_base=desk.base, token="", calendar_id=calendar_id)

        _status, said = post(house, pbx_id, "calls")

        assert ('<Say language="en-US">' in said, "<Record" in said, "<Dial" in said) == (True, True, False)


def test_a_provider_is_connected_by_who_may_with_what_can_be(house: House, pbx_id: int, desk: Desk) -> None:
    with workspace_scope(house.north):
        listened = telephony.PbxSettings(name="Main", host="pbx.example", user="careloop", secret="x")
        other_id = telephony.add_pbx(settings=listened, actor=HOUSE, at=clock.now())
        refused: tuple[dict[str, Any], ...] = (
            {"account": "a b"},
            {"numbers": ["123"]},
            {"numbers": [f"+8210{number:08}" for number in range(11)]},
            {"queue": " "},
            {"api_base": "http://outside.example"},
            {"token": "", "account": "AC999"},
            {"calendar_id": 999_999},
            {"offers": ["listen"]},
        )
        for wrong in refused:
            with pytest.raises(PbxUnclear):
                connect(house, pbx_id, **{"api_base": desk.base, **wrong})
        with pytest.raises(NotTold):
            connect(house, other_id)
        with pytest.raises(MayNotKeepPhones):
            connect(house, pbx_id, name="ada")
        assert Provider.objects.get().account == "AC123"
