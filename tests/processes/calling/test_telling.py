"""What a program tells of calls, in any order and any number of times, stands as if we had listened to it ourselves."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careloop.domains.calls.course import CallCourse
from careloop.domains.calls.queries import call_at_hand
from careloop.domains.calls.standing import Left
from careloop.domains.calls.states import CallState, Ending
from careloop.domains.commitments.queries import calls_owed
from careloop.domains.customers.services import create_customer
from careloop.domains.queues.services import make_queue
from careloop.domains.queues.states import Kind
from careloop.domains.queues.types import QueueSettings
from careloop.domains.telephony import queries
from careloop.domains.telephony import services as telephony
from careloop.domains.telephony.errors import MayNotKeepPhones, NotListening, NotTold, PbxNotFound, PbxUnclear
from careloop.domains.telephony.models import Seat
from careloop.domains.telephony.types import Taken, Told, ToldCall, ToldKind, Way
from careloop.domains.workforce.queries import seat_of
from careloop.domains.workforce.states import State
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import stories, subject
from careloop.kernel.scope import workspace_scope
from careloop.processes.calling import follow_phones
from careloop.processes.calling.translating import course_of, followed
from careloop.processes.lake.keys import ours
from careloop.processes.phoning import QUIET
from careloop.processes.routing.presence import change_state
from tests.calling import rows
from tests.cast import NOW, House
from tests.processes.test_phoning import folded, legs

AT = datetime(2026, 11, 22, tzinfo=UTC)
NUMBER = "+82 10 1234 5678"


@pytest.fixture(autouse=True)
def lakes(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LAKE_ROOT = tmp_path / "lakes"
    monkeypatch.setattr("careloop.kernel.clock.now", lambda: AT)
    return tmp_path / "lakes"


def call(*told: tuple[ToldKind, float, dict[str, Any]], key: str = "c1", way: Way = Way.IN) -> tuple[Told, ...]:
    """Return a call that begins ten minutes ago. told: what, after how many seconds, and what else is said."""
    began = AT - timedelta(minutes=10)
    return tuple(
        Told(id=f"{key}-{place}", call=key, kind=kind, at=began + timedelta(seconds=s), way=way, number=NUMBER, **more)
        for place, (kind, s, more) in enumerate(told)
    )


K = ToldKind
HANDLED = call(
    (K.WAITING, 0, {"queue": "billing", "line": "1588"}),
    (K.RINGING, 2, {"seat": "Ben"}),
    (K.MISSED, 12, {"seat": "Ben"}),
    (K.RINGING, 13, {"seat": "Ada"}),
    (K.ANSWERED, 16, {"seat": "Ada"}),
    (K.HELD, 30, {}),
    (K.RESUMED, 40, {}),
    (K.ENDED, 76, {"by_customer": True}),
)
PASSED_ON = call(
    (K.WAITING, 0, {"queue": "billing"}),
    (K.RINGING, 1, {"seat": "Ada"}),
    (K.ANSWERED, 3, {"seat": "Ada"}),
    (K.TRANSFERRED, 63, {"queue": "returns"}),
    (K.RINGING, 64, {"seat": "Ben"}),
    (K.ANSWERED, 68, {"seat": "Ben"}),
    (K.ENDED, 98, {"by_customer": False}),
    key="c2",
)
GIVEN_UP = call((K.WAITING, 0, {"queue": "billing"}), (K.ENDED, 45, {"by_customer": True}), key="c3")
LET_GO = call((K.WAITING, 0, {"queue": "billing"}), (K.ENDED, 60, {"by_customer": False}), key="c4")
OURS = call(
    (K.RINGING, 0, {"seat": "Ada"}), (K.ANSWERED, 8, {}), (K.ENDED, 68, {"by_customer": True}), key="c5", way=Way.OUT
)
UNENDED = call((K.WAITING, 0, {"queue": "billing"}), (K.ANSWERED, 5, {"seat": "Ben"}), key="c6")
ALL = (*HANDLED, *PASSED_ON, *GIVEN_UP, *LET_GO, *OURS)


def stood(told: Sequence[Told]) -> CallCourse:
    course = course_of(ToldCall(key=told[0].call, heard=tuple(told)))
    assert course is not None
    return course


class TestCourse:
    def test_is_that_of_a_call_which_is_listened_to(self) -> None:
        handled, passed_on = stood(HANDLED), stood(PASSED_ON)

        assert (handled.state, handled.ending, handled.seat, handled.missed) == ("ended", "handled", "Ada", ("Ben",))
        assert (passed_on.queue, passed_on.seat, passed_on.ending) == ("returns", "Ben", Ending.HANDLED)
        assert (stood(GIVEN_UP).ending, stood(LET_GO).ending) == (Ending.GIVEN_UP, Ending.LEFT)
        assert (stood(OURS).is_outbound, stood(OURS[:1]).state, stood(OURS).ending) == (True, "calling", "handled")
        assert stood(PASSED_ON[:4]).state == CallState.WAITING
        assert course_of(ToldCall(key="c1", heard=HANDLED[-1:])) is None

    def test_says_until_when_and_how_the_caller_stood_in_each_queue(self) -> None:
        sent = call((K.WAITING, 0, {"queue": "billing"}), (K.TRANSFERRED, 20, {"to": "15880000"}), (K.ENDED, 90, {}))
        rings = call((K.RINGING, 5, {"queue": "billing", "seat": "Ada"}), (K.ANSWERED, 9, {"seat": "Ada"}))

        left = [
            (one.queue, (one.at - told[0].at).total_seconds(), one.how.value)
            for told in (HANDLED, PASSED_ON, GIVEN_UP, LET_GO, OURS, sent, rings)
            for one in followed(ToldCall(key=told[0].call, heard=told))[1]
            if isinstance(one, Left)
        ]

        assert left == [
            ("billing", 16, "answered"),
            ("billing", 3, "answered"),
            ("returns", 68, "answered"),
            ("billing", 45, "given_up"),
            ("billing", 60, "passed_on"),
            ("billing", 20, "passed_on"),
            ("billing", 4, "answered"),
        ]

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        kinds=st.lists(st.tuples(st.sampled_from(list(K)), st.sampled_from(["", "billing"])), min_size=1, max_size=12)
    )
    def test_is_never_open_after_an_end_or_without_one_given_up(self, kinds: list[tuple[ToldKind, str]]) -> None:
        told = call(*((kind, place, {"queue": queue, "seat": "Ada"}) for place, (kind, queue) in enumerate(kinds)))

        course = course_of(ToldCall(key="c1", heard=told), is_given_up=True)

        assert course is None or (course.state == CallState.ENDED and course.ended_at is not None)


@pytest.mark.database
class TestTelling:
    @pytest.fixture
    def pbx_id(self, house: House) -> int:
        with workspace_scope(house.north):
            of_api = telephony.PbxSettings(name="Cloud", kind="told")
            pbx_id = telephony.add_pbx(settings=of_api, actor=house.actor("mina"), at=NOW)
            telephony.note_names(pbx_id=pbx_id, names=["Ada", "Ben"], actor=HOUSE, at=NOW)
            Seat.objects.filter(name="Ada").update(person_id=house.ids["ada"])
            telephony.go_live(pbx_id=pbx_id, actor=house.actor("mina"), at=NOW)
        return pbx_id

    def tell(self, house: House, pbx_id: int, told: Sequence[Told], *, at: datetime = AT) -> list[Taken]:
        """Tell some things, and follow them as far as there is something to follow."""
        with workspace_scope(house.north):
            found = telephony.take_told(pbx_id=pbx_id, told=told, actor=house.actor("mina"), at=at)
        self.follow(at)
        return [one.became for one in found]

    def follow(self, at: datetime) -> None:
        while follow_phones(at=at):
            pass

    def shown(self, house: House, pbx_id: int) -> dict[str, tuple[object, ...]]:
        with workspace_scope(house.north):
            names = ("queue", "seat", "ending", "began_at", "answered_at", "ended_at", "missed", "is_outbound")
            return {
                row.contact_key.partition(":")[2]: tuple(getattr(row, name) for name in names)
                for row in rows()
                if row.pbx_id == pbx_id
            }

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_says_the_same_in_any_order_any_number_of_times(
        self, house: House, pbx_id: int, lakes: Path, seed: int
    ) -> None:
        shuffled = [*ALL, *ALL]
        random.Random(seed).shuffle(shuffled)

        became = [
            one for place in range(0, len(shuffled), 3) for one in self.tell(house, pbx_id, shuffled[place : place + 3])
        ]

        assert (became.count(Taken.TAKEN), became.count(Taken.KNOWN)) == (len(ALL), len(ALL))
        shown = self.shown(house, pbx_id)
        assert {key: row[2] for key, row in shown.items()} == {
            "c1": "handled",
            "c2": "handled",
            "c3": "given_up",
            "c4": "left",
            "c5": "handled",
        }
        assert shown["c1"][:2] == ("billing", "Ada")
        # Of each time that somebody stands in a queue it is said once that they came, and once how they left.
        with workspace_scope(house.north):
            stands = [
                (one.subject_id, one.event.queued_at, one.event.queue)  # type: ignore[attr-defined]
                for one in stories([subject("call", row.id) for row in rows()], names=("call.left_queue",))
            ]
        assert len(stands) == len(set(stands))
        assert {"billing", "returns"} == {queue for _call, _at, queue in stands}

        self.follow(AT + QUIET * 2)
        found = folded(house, lakes)

        ada = ours("user", house.ids["ada"])
        assert legs(found["contact_segment"]) == {
            "c1/1": ("billing", ada, "answered", "customer", "none"),
            "c2/1": ("billing", ada, "answered", "unknown", "cold"),
            "c2/2": ("returns", "Ben", "answered", "agent", "none"),
            "c3/1": ("billing", None, "abandoned", None, None),
            "c4/1": ("billing", None, "system_disconnect", None, None),
        }
        (first,) = [row for row in found["contact_segment"] if row["segment_id"].endswith("c1/1")]
        assert (first["wait_s"], first["ring_s"], first["talk_s"], first["hold_s"]) == (16, 3, 50, 10)
        outcomes = {row["contact_id"].partition(":")[2]: (row["direction"], row["outcome"]) for row in found["contact"]}
        assert outcomes["c5"] == ("outbound", "handled")
        assert outcomes["c3"] == ("inbound", "abandoned_queue")
        assert self.tell(house, pbx_id, [replace(HANDLED[0], id="new")], at=AT + QUIET * 3) == [Taken.LATE]
        assert self.shown(house, pbx_id) == shown

    def test_brings_the_caller_to_the_screen_and_the_agent_to_the_caller(self, house: House, pbx_id: int) -> None:
        recent = [replace(one, at=one.at + timedelta(minutes=10)) for one in PASSED_ON]
        with workspace_scope(house.north):
            ada = house.actor("ada")
            omar = create_customer(
                name="Omar", kind="phone", value=NUMBER, language="en", source="by_hand", actor=ada, at=NOW
            )
            change_state(user_id=ada.user_id or 0, state=State.AVAILABLE, actor=ada, at=NOW)

        def doing(at: datetime) -> tuple[State, int | None, str]:
            with workspace_scope(house.north):
                found = call_at_hand(ada, at=at)
                seat = seat_of(ada, user_id=ada.user_id or 0, at=at)
                return seat.state, found.customer_id if found else None, found.state if found else ""

        self.tell(house, pbx_id, recent[:2])
        assert doing(AT) == (State.AVAILABLE, omar, "ringing")
        self.tell(house, pbx_id, recent[2:3], at=AT + timedelta(seconds=4))
        assert doing(AT + timedelta(seconds=4)) == (State.CONTACT, omar, "talking")
        talk = recent[2]
        for place, kind, state in ((1, K.HELD, State.HOLD), (2, K.RESUMED, State.CONTACT)):
            said = replace(
                talk, id=f"hold-{place}", kind=kind, at=talk.at + timedelta(seconds=place), queue="", seat=""
            )
            self.tell(house, pbx_id, [said], at=AT + timedelta(seconds=4 + place))
            assert doing(AT + timedelta(seconds=4 + place))[0] == state
        # The queue it goes on to is told before it is told that she is done.
        self.tell(house, pbx_id, recent[4:5], at=AT + timedelta(seconds=65))
        self.tell(house, pbx_id, recent[3:4], at=AT + timedelta(seconds=66))
        assert doing(AT + timedelta(seconds=66))[0] == State.WRAP

    def test_promises_a_callback_once_to_who_asks_for_it(self, house: House, pbx_id: int) -> None:
        with workspace_scope(house.north):
            settings = QueueSettings(name="Calls back", kinds=(Kind.CALLBACK,), is_by_language=False)
            make_queue(settings=settings, actor=HOUSE, at=NOW)
        asks = call((K.WAITING, 0, {"queue": "billing"}), (K.CALLBACK, 40, {}), (K.ENDED, 41, {}), key="c9")

        for told in (asks[1:2], asks, asks[1:2], asks[::-1]):
            self.tell(house, pbx_id, told)
        self.follow(AT + QUIET + timedelta(seconds=1))

        with workspace_scope(house.north):
            assert len(calls_owed()) == 1
            (row,) = rows()
        assert (row.state, row.case_id is not None) == ("ended", True)

    def test_ends_in_its_time_a_call_of_whose_end_nobody_tells(self, house: House, pbx_id: int, lakes: Path) -> None:
        self.tell(house, pbx_id, UNENDED)

        self.follow(AT + timedelta(hours=11))
        lasting = self.shown(house, pbx_id)["c6"]
        self.follow(AT + timedelta(hours=13))
        (segment,) = folded(house, lakes)["contact_segment"]

        assert (lasting[5], self.shown(house, pbx_id)["c6"][5]) == (None, UNENDED[-1].at)
        assert (segment["exit"], segment["release_party"], segment["talk_s"]) == ("answered", "unknown", None)

    def test_keeps_nothing_on_trial_but_the_names(self, house: House) -> None:
        with workspace_scope(house.north):
            mina = house.actor("mina")
            pbx_id = telephony.add_pbx(settings=telephony.PbxSettings(name="Cloud", kind="told"), actor=mina, at=NOW)

        assert set(self.tell(house, pbx_id, HANDLED)) == {Taken.TRIED}

        with workspace_scope(house.north):
            assert [seat.name for seat in queries.seats(pbx_id)] == ["Ada", "Ben"]
            assert queries.pbx(pbx_id).heard_at == AT
            assert queries.heard_after(pbx_id, number=0, limit=9) == (0, frozenset())
            telephony.go_live(pbx_id=pbx_id, actor=mina, at=AT)
        assert (house.north, pbx_id) in queries.live_pbxes_everywhere()
        assert (house.north, pbx_id) not in queries.listened_pbxes_everywhere()

    def test_is_refused_where_it_makes_no_sense(self, house: House, pbx_id: int) -> None:
        def refused(expected: type[Exception], pbx: int, told: Sequence[Told], *, name: str = "mina") -> None:
            with workspace_scope(house.south if name == "ines" else house.north), pytest.raises(expected):
                telephony.take_told(pbx_id=pbx, told=told, actor=house.actor(name), at=AT)

        with workspace_scope(house.north):
            listened = telephony.PbxSettings(name="Main", host="pbx.example", user="careloop", secret="x")
            other_id = telephony.add_pbx(settings=listened, actor=HOUSE, at=NOW)
        refused(NotTold, other_id, HANDLED)
        refused(MayNotKeepPhones, pbx_id, HANDLED, name="ada")
        refused(PbxNotFound, pbx_id, HANDLED, name="ines")
        refused(PbxUnclear, pbx_id, [replace(HANDLED[0], at=AT + timedelta(hours=1))])
        refused(PbxUnclear, pbx_id, [replace(HANDLED[0], seat="Ada\nEvent: Hangup")])
        refused(PbxUnclear, pbx_id, HANDLED * 63)
        with workspace_scope(house.north):
            telephony.pause_pbx(pbx_id=pbx_id, actor=house.actor("mina"), at=NOW)
        refused(NotListening, pbx_id, HANDLED)
        assert self.shown(house, pbx_id) == {}
        with workspace_scope(house.north):
            telephony.go_live(pbx_id=pbx_id, actor=house.actor("mina"), at=NOW)
        assert self.tell(house, pbx_id, [replace(HANDLED[0], at=AT - timedelta(hours=25))]) == [Taken.LATE]
