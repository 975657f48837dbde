"""How callers stand in queues: each time they come, each time they leave, and how, whatever a telephone system says first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from careloop.domains.calls import services as calls
from careloop.domains.calls.course import CallCourse, Happened, Step, stepped
from careloop.domains.calls.standing import OF_STANDING, Came, Left, stood
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import stories, subject
from tests.calling import SEAT, connect, rows, tell, waiting
from tests.cast import NOW, House

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
H = Happened


def told(*said: tuple[Happened, float, str], at: datetime = AT) -> list[Step]:
    return [Step(what=what, key="1.1", at=at + timedelta(seconds=s), queue=q, seat=SEAT) for what, s, q in said]


def standing(*said: tuple[Happened, float, str]) -> list[tuple[object, ...]]:
    """Return what is said of the queue, with the seconds since the first step."""
    course: CallCourse | None = None
    found: list[Came | Left] = []
    for step in told(*said):
        now = stepped(course, step)
        if now is not None:
            found += stood(course, step, now)
        course = now
    return [
        (one.queue, (one.at - AT).total_seconds())
        if isinstance(one, Came)
        else (one.queue, (one.came_at - AT).total_seconds(), (one.at - AT).total_seconds(), one.how.value)
        for one in found
    ]


class TestStood:
    @pytest.mark.parametrize(
        ("steps", "left"),
        [
            # Asterisk says that somebody has left before it says whom they talk to.
            ([(H.LEFT, 9, "a"), (H.ANSWERED, 9.003, "a")], (9.003, "answered")),
            ([(H.RANG, 2, "a"), (H.UNANSWERED, 8, "a"), (H.ANSWERED, 9, "a")], (9, "answered")),
            ([(H.GAVE_UP, 9, "a"), (H.LEFT, 9.001, "a"), (H.HUNG_UP, 9.002, "")], (9, "given_up")),
            # It calls it given up, too, when a queue's time is over: then the caller hears a mailbox or a menu.
            ([(H.GAVE_UP, 9, "a"), (H.LEFT, 9.001, "a"), (H.HUNG_UP, 30, "")], (9, "passed_on")),
            ([(H.LEFT, 9, "a"), (H.HUNG_UP, 30, "")], (9, "passed_on")),
            ([(H.HUNG_UP, 9, "")], (9, "passed_on")),
            # Nobody heard them leave: they stood there as long as we heard of them.
            ([(H.RANG, 4, "a"), (H.GONE, 600, "")], (4, "unknown")),
            ([(H.RANG, 4, "a"), (H.NOT_WAITING, 600, "")], (4, "unknown")),
            ([(H.RANG, 4, "a"), (H.WAITS, 500, "a"), (H.ANSWERED, 600, "a")], (4, "unknown")),
            ([(H.RANG, 4, "a"), (H.WAITS, 1, "b"), (H.ANSWERED, 600, "b")], (4, "unknown")),
            ([(H.RANG, 4, "a"), (H.ANSWERED, 600, "b")], (4, "unknown")),
        ],
    )
    def test_tells_until_when_and_how_somebody_left(
        self, steps: list[tuple[Happened, float, str]], left: tuple[float, str]
    ) -> None:
        assert standing((H.BEGAN, 0, ""), (H.QUEUED, 1, "a"), *steps) == [("a", 1), ("a", 1, *left)]

    def test_counts_each_time_they_come(self) -> None:
        overflown = [(H.QUEUED, 1, "a"), (H.GAVE_UP, 20, "a"), (H.LEFT, 20.001, "a"), (H.QUEUED, 20.003, "b")]
        back = [(H.ANSWERED, 30, "b"), (H.PASSED_ON, 60, ""), (H.QUEUED, 61, "a"), (H.ANSWERED, 65, "a")]

        assert standing(*overflown, *back) == [
            ("a", 1),
            ("a", 1, 20, "overflow"),
            ("b", 20.003),
            ("b", 20.003, 30, "answered"),
            ("a", 61),
            ("a", 61, 65, "answered"),
        ]

    def test_goes_on_when_the_same_is_told_again_or_found_as_it_was(self) -> None:
        again = [(H.QUEUED, 1, "a"), (H.QUEUED, 1, "a"), (H.RANG, 5, "a"), (H.WAITS, 1, "a"), (H.RANG, 8, "a")]

        assert standing(*again) == [("a", 1)]

    def test_knows_nothing_of_who_was_found_in_a_queue(self) -> None:
        assert standing((H.WAITS, 1, "a"), (H.RANG, 5, "a"), (H.ANSWERED, 9, "a"), (H.HUNG_UP, 60, "")) == []


def log(call_id: int) -> list[tuple[str, str]]:
    """Return what the log says of the queues of a call: the queue, or how they left it."""
    found = stories([subject("call", call_id)], names=OF_STANDING)
    return [(one.name, getattr(one.event, "how", "") or one.event.queue) for one in found]  # type: ignore[attr-defined]


@pytest.mark.database
class TestLog:
    @pytest.fixture
    def people(self, north: House) -> dict[str, int]:
        return {SEAT: north.ids["ada"]}

    @pytest.fixture
    def pbx_id(self, north: House) -> int:
        return connect(user_id=north.ids["ada"], at=NOW)

    def hear(self, pbx_id: int, said: Sequence[Step], people: dict[str, int]) -> int:
        tell(pbx_id, said, people=people, at=NOW)
        return rows()[0].id

    def test_says_so_once_somebody_left_for_nobody_knows_whom(self, pbx_id: int, people: dict[str, int]) -> None:
        call_id = self.hear(pbx_id, told((H.BEGAN, 0, ""), (H.QUEUED, 1, "a"), (H.LEFT, 20, "a"), at=NOW), people)
        assert log(call_id) == [("call.queued", "a")]

        # Whatever is heard on the line a while later says that nobody of the queue has answered.
        other = Step(what=H.BEGAN, key="2.2", at=NOW + timedelta(seconds=40))
        self.hear(pbx_id, [other], people)

        assert log(call_id) == [("call.queued", "a"), ("call.left_queue", "passed_on")]

    def test_says_so_of_whom_a_gap_in_the_line_has_taken_out_of_the_queue(
        self, pbx_id: int, people: dict[str, int]
    ) -> None:
        answered, still = waiting(pbx_id, people=people, at=NOW), waiting(pbx_id, people=people, at=NOW, key="2.2")
        back = NOW + timedelta(minutes=10)

        calls.follow_calls(
            pbx_id=pbx_id,
            piece=9_000_021,
            steps=[],
            present=frozenset({row.contact_key.partition(":")[2] for row in rows()}),
            waiting=frozenset({"2.2"}),
            standing_at=back,
            people=people,
            actor=HOUSE,
            at=back,
        )

        assert [log(key)[-1] for key in (answered, still)] == [
            ("call.left_queue", "unknown"),
            ("call.queued", "billing"),
        ]
