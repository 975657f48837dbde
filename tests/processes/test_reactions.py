"""A reaction that fails on one event holds up no other event and no other reaction."""

from collections.abc import Sequence

import pytest

from careloop.domains.people.events import TeamCreated
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.events import Recorded, record, subject
from careloop.kernel.models import FailedReaction
from careloop.kernel.readers import catch_up, number_events
from careloop.kernel.scope import workspace_scope
from careloop.processes.reactions import PAUSES, reader_of, retry_failed
from tests.cast import NOW, House

pytestmark = pytest.mark.database


def happened(house: House, *names: str) -> None:
    with workspace_scope(house.north):
        for number, name in enumerate(names):
            record(TeamCreated(subject=subject("team", number), actor=str(HOUSE), at=NOW, name=name))
    number_events()


class Heard:
    """A reaction that keeps the names of teams and cannot bear some of them."""

    def __init__(self, *unbearable: str) -> None:
        self.unbearable = set(unbearable)
        self.names: list[str] = []
        self.calls = 0
        self.__module__, self.__qualname__ = "tests", f"Heard {unbearable}"

    def __call__(self, recorded: Sequence[Recorded]) -> None:
        self.calls += 1
        names = [one.event.name for one in recorded if isinstance(one.event, TeamCreated)]
        if self.unbearable & set(names):
            raise ValueError("unbearable")
        self.names += names


def test_all_events_of_a_batch_come_in_one_call(house: House) -> None:
    heard = Heard()
    happened(house, *"abcde")

    catch_up(reader_of({"team.created": (heard,)}))

    assert (heard.calls, heard.names) == (1, list("abcde"))


def test_one_bad_event_waits_alone(house: House) -> None:
    delicate, sturdy = Heard("c"), Heard()
    happened(house, *"abcde")

    catch_up(reader_of({"team.created": (delicate, sturdy)}))

    assert delicate.names == list("abde")
    assert sturdy.names == list("abcde")
    with workspace_scope(house.north):
        (failed,) = FailedReaction.objects.all()
    assert failed.reaction == "tests.Heard ('c',)"
    assert failed.error == "ValueError: unbearable"


def test_it_is_tried_again_alone_until_it_succeeds(house: House) -> None:
    delicate = Heard("c")
    subscriptions = {"team.created": (delicate,)}
    happened(house, *"abc")
    catch_up(reader_of(subscriptions))
    later = clock.now() + PAUSES[0] + PAUSES[1]

    assert retry_failed(house.north, subscriptions=subscriptions, at=later) == 1
    delicate.unbearable.clear()
    assert retry_failed(house.north, subscriptions=subscriptions, at=later) == 0
    assert retry_failed(house.north, subscriptions=subscriptions, at=later + PAUSES[1]) == 1

    assert delicate.names == list("abc")
    with workspace_scope(house.north):
        assert not FailedReaction.objects.exists()
