"""What fails in one workspace waits there; whoever comes next goes on."""

import logging

import pytest
from django.db import OperationalError, connection

from careloop.kernel.shelter import LONGEST_PAUSE_SECONDS, Shelter

pytestmark = pytest.mark.database


class Hands:
    """Work that fails until it is mended, and counts how often it was tried."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.tries = 0

    def __call__(self) -> int:
        self.tries += 1
        if self.problem is not None:
            raise self.problem
        return 3


class Watch:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shelter(db: None, watch: Watch) -> Shelter:
    connection.ensure_connection()
    return Shelter(seconds=watch)


class TestShelter:
    def test_lets_go_on_what_has_nothing_to_do_with_it(self, shelter: Shelter) -> None:
        poison, sound = Hands(ZeroDivisionError()), Hands()

        done = [
            shelter("reader a", 1, poison),
            shelter("reader a", 2, sound),
            shelter("reader b", 1, sound),
            shelter("reader a", 1, poison),
        ]

        assert done == [0, 3, 3, 0]
        assert (poison.tries, sound.tries) == (1, 2)

    def test_tries_again_with_growing_pauses(self, shelter: Shelter, watch: Watch) -> None:
        poison, pauses = Hands(ZeroDivisionError()), []
        for _try in range(12):
            shelter("timers", 1, poison)
            tries, began = poison.tries, watch.seconds
            while poison.tries == tries:
                watch.seconds += 1
                shelter("timers", 1, poison)
            pauses.append(watch.seconds - began)

        assert pauses[:4] == [2, 4, 8, 16]
        assert pauses[-1] == LONGEST_PAUSE_SECONDS

    def test_forgets_the_failures_once_it_works(self, shelter: Shelter, watch: Watch) -> None:
        hands = Hands(ZeroDivisionError())
        shelter("timers", 1, hands)
        hands.problem = None
        watch.seconds += 2

        assert [shelter("timers", 1, hands) for _turn in range(3)] == [3, 3, 3]

    def test_tells_the_whole_story_once(self, shelter: Shelter, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
        for _try in range(3):
            shelter("reader a", 7, Hands(ZeroDivisionError("at home")))
            watch.seconds += 1000

        told = [(record.levelno, record.getMessage(), bool(record.exc_info)) for record in caplog.records]
        assert told == [
            (logging.ERROR, "work.failed", True),
            (logging.WARNING, "work.still_failing", False),
            (logging.WARNING, "work.still_failing", False),
        ]
        assert vars(caplog.records[0])["work"] == "reader a"
        assert vars(caplog.records[0])["workspace_id"] == 7

    def test_a_dead_connection_is_everybodys_trouble(self, shelter: Shelter, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(connection._connections[connection._alias]), "is_usable", lambda _self: False)  # type: ignore[attr-defined]

        with pytest.raises(OperationalError):
            shelter("timers", 1, Hands(OperationalError("the server went away")))
