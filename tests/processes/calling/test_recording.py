"""The recording of a call: consent by agent and telephone system, pauses that surely are ones, and who hears it."""

from collections.abc import Iterator

import pytest

from careloop.domains.calls import services as calls
from careloop.domains.calls.errors import (
    AlreadyPaused,
    CallNotFound,
    CallUnclear,
    MayNotHandleCalls,
    MayNotHear,
    NoPhone,
    NotYourCall,
    PhoneRefused,
    PhoneUnsure,
)
from careloop.domains.calls.events import CallRecordingResumed
from careloop.domains.calls.models import Followed
from careloop.domains.calls.queries import recording_of
from careloop.domains.calls.types import RecordingRow
from careloop.domains.telephony.models import Pbx
from careloop.kernel.errors import Refusal
from careloop.kernel.events import history, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import pause_recording, resume_recording, say_consent
from tests.calling import KEY, talking
from tests.cast import NOW, House
from tests.processes.calling.test_intervening import in_talk
from tests.processes.calling.test_passing import OVER
from tests.processes.calling.test_placing import AT, SEAT, Place, asked
from tests.servers.manager import Manager, manager

pytestmark = pytest.mark.database

URL = "https://pbx.example/heard/{key}.wav"


class Booth(Place):
    """Ada talks to a customer whose call is recorded."""

    def __init__(self, house: House, port: int) -> None:
        super().__init__(house, port)
        with workspace_scope(house.north):
            Pbx.objects.update(offers=["recording"], recording_url=URL)
            self.call_id = talking(self.pbx_id, people={SEAT: house.ids["ada"]}, at=NOW)
            Followed.objects.update(piece=0)

    def consent(self, said: str, who: str = "ada") -> None:
        say_consent(workspace_id=self.house.north, call_id=self.call_id, consent=said, actor=self.actor(who))

    def pause(self, who: str = "ada") -> None:
        workspace_id = self.house.south if who == "ines" else self.house.north
        pause_recording(workspace_id=workspace_id, call_id=self.call_id, actor=self.actor(who))

    def resume(self, who: str = "ada") -> None:
        resume_recording(workspace_id=self.house.north, call_id=self.call_id, actor=self.actor(who))

    def known(self) -> RecordingRow:
        with workspace_scope(self.house.north):
            return recording_of(call_id=self.call_id, viewer=self.house.actor("mina"))

    def spans(self) -> list[tuple[str, str, str, bool]]:
        return [(one.state, one.begun_by, one.ended_by, one.is_forced) for one in self.known().pauses]

    def open(self, who: str) -> str:
        with workspace_scope(self.house.north):
            return calls.open_recording(call_id=self.call_id, actor=self.house.actor(who), at=NOW)

    def told_of(self) -> list[str]:
        with workspace_scope(self.house.north):
            names = [one.name for one in history([subject("call", self.call_id)], limit=40)]
        return [name.removeprefix("call.recording_") for name in reversed(names) if "recording" in name]


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)


@pytest.fixture
def pbx() -> Iterator[Manager]:
    with manager(in_talk()) as running:
        running.play()
        yield running


@pytest.fixture
def booth(house: House, pbx: Manager) -> Booth:
    return Booth(house, pbx.port)


def muted(state: str) -> dict[str, str]:
    return {"Event": "MixMonitorMute", "Uniqueid": KEY, "Linkedid": KEY, "Direction": "both", "State": state}


def agrees(said: str) -> dict[str, str]:
    return {"Event": "UserEvent", "UserEvent": "CareloopConsent", "Uniqueid": KEY, "Linkedid": KEY, "Consent": said}


class TestConsent:
    def test_is_noted_by_the_agent_and_a_refusal_ends_the_recording(self, pbx: Manager, booth: Booth) -> None:
        assert booth.known().consent == "unknown"
        for said in ("asked", "given"):
            booth.consent(said)
        assert (asked(pbx, "StopMixMonitor"), booth.known().consent) == ([], "given")

        booth.consent("refused")

        (action,) = asked(pbx, "StopMixMonitor")
        assert action["Channel"] == "PJSIP/carrier-1"
        assert (booth.known().consent, booth.known().consent_by) == ("refused", "Ada")
        assert booth.told_of() == ["consent"] * 3

    def test_is_told_by_the_dialplan_and_the_same_again_changes_nothing(self, booth: Booth) -> None:
        booth.told(agrees("Given"), agrees("Given"))
        booth.told(agrees("perhaps"), seconds=6)
        assert (booth.known().consent, booth.known().consent_by) == ("given", "")

        booth.told(agrees("Refused"), seconds=7)
        booth.told(agrees("Given"), seconds=6.5)

        assert booth.known().consent == "refused"
        assert booth.told_of() == ["consent", "consent"]

    def test_stays_noted_where_the_telephone_system_fails(self, house: House) -> None:
        with manager(in_talk(), may_act=False) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            with pytest.raises(PhoneRefused):
                booth.consent("refused")
        with pytest.raises(PhoneUnsure):
            booth.consent("refused")

        assert booth.known().consent == "refused"


class TestPausing:
    def test_leaves_out_what_is_said_and_keeps_the_span(self, pbx: Manager, booth: Booth) -> None:
        booth.pause()
        with pytest.raises(AlreadyPaused):
            booth.pause()
        assert booth.known().is_paused
        booth.resume()
        with pytest.raises(AlreadyPaused):
            booth.resume()

        assert [(one["Channel"], one["Direction"], one["State"]) for one in asked(pbx, "MixMonitorMute")] == [
            ("PJSIP/carrier-1", "both", "1"),
            ("PJSIP/carrier-1", "both", "0"),
        ]
        assert booth.spans() == [("over", "Ada", "Ada", False)]
        assert booth.told_of() == ["paused", "resumed"]

    def test_never_resumes_silently(self, house: House, booth: Booth) -> None:
        booth.pause()
        booth.resume("grace")
        booth.pause()
        booth.told(muted("1"), muted("0"), seconds=9)

        assert booth.spans() == [("over", "Ada", "Grace", True), ("over", "Ada", "", True)]
        with workspace_scope(house.north):
            told = [one.event for one in history([subject("call", booth.call_id)], limit=40)]
        resumed = [one for one in told if isinstance(one, CallRecordingResumed)]
        assert all(one.is_forced and house.ids["ada"] in one.people for one in resumed)
        assert len(resumed) == 2

    def test_keeps_what_was_paused_on_the_telephone_system(self, booth: Booth) -> None:
        booth.told(muted("1"))
        assert booth.known().is_paused
        booth.told(muted("0"), seconds=8)

        assert booth.spans() == [("over", "", "", False)]

    def test_ends_with_the_call(self, booth: Booth) -> None:
        booth.pause()
        booth.told(OVER)

        assert booth.spans() == [("over", "Ada", "", False)]

    @pytest.mark.parametrize(
        ("manner", "error", "span"),
        [
            ({"may_act": False}, PhoneRefused, ("failed", "Ada", "", False)),
            ({"goes_silent_at": "MixMonitorMute"}, PhoneUnsure, ("asked", "Ada", "", False)),
        ],
    )
    def test_says_when_it_is_not_surely_paused(
        self, house: House, manner: dict[str, object], error: type[Refusal], span: tuple[str, str, str, bool]
    ) -> None:
        with manager(in_talk(), **manner) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            with pytest.raises(error, match="recording goes on"):
                booth.pause()
            assert booth.spans() == [span]
            booth.told(muted("1"), seconds=3)
        assert booth.known().pauses[-1].state == "on"

    def test_stays_paused_where_nobody_is_reached(self, house: House) -> None:
        with manager(in_talk()) as pbx:
            pbx.play()
            booth = Booth(house, pbx.port)
            booth.pause()
        with pytest.raises(NoPhone):
            booth.resume()

        assert booth.spans() == [("on", "Ada", "", False)]
        assert booth.told_of() == ["paused", "resumed", "pause_failed"]

    def test_is_for_the_agent_and_those_who_lead(self, house: House, pbx: Manager, booth: Booth) -> None:
        for who, error in (("anh", MayNotHandleCalls), ("cole", CallNotFound), ("ines", CallNotFound)):
            with pytest.raises(error):
                booth.pause(who)
        with workspace_scope(house.north):
            theirs = talking(booth.pbx_id, people={SEAT: house.ids["grace"]}, at=NOW, key="3.3")
            with pytest.raises((NotYourCall, CallNotFound)):
                calls.begin_pause(call_id=theirs, actor=house.actor("ada"), at=NOW)
            Pbx.objects.update(offers=["call"])
        with pytest.raises(NoPhone):
            booth.pause()

        assert asked(pbx, "MixMonitorMute") == []


class TestHearing:
    def test_leads_to_the_telephone_system_and_stands_in_the_log(self, booth: Booth) -> None:
        with pytest.raises(CallUnclear):
            booth.open("grace")
        booth.consent("given")

        assert [booth.open(who) for who in ("grace", "anh")] == [f"https://pbx.example/heard/{KEY}.wav"] * 2
        assert booth.told_of() == ["consent", "opened", "opened"]

    def test_is_not_for_agents_nor_where_it_was_refused(self, booth: Booth) -> None:
        booth.consent("given")
        with pytest.raises(MayNotHear):
            booth.open("ada")
        with pytest.raises(CallNotFound):
            booth.open("cole")
        booth.consent("refused")
        with pytest.raises(CallUnclear):
            booth.open("grace")

        assert "opened" not in booth.told_of()
