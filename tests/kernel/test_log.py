"""The event log: nothing is recorded apart from its act, nothing is read twice, nothing is passed over."""

import contextlib
import threading
from collections.abc import Sequence

import psycopg
import pytest
from django.db import connection, connections

from careloop.kernel.acts import act, attempt
from careloop.kernel.events import Event, Recorded, event_type, events_between, history, record
from careloop.kernel.readers import Reader, catch_up, number_events
from careloop.kernel.scope import workspace_scope
from tests.cast import NOW

pytestmark = pytest.mark.database


@event_type("test.noted")
class Noted(Event):
    number: int
    words: tuple[str, ...] = ()


def noted(number: int) -> Noted:
    return Noted(subject=f"thing:{number}", actor="house:test", at=NOW, number=number)


def numbers(events: Sequence[Recorded]) -> list[int]:
    return [recorded.event.number for recorded in events if isinstance(recorded.event, Noted)]


@act
def note(*what: int) -> None:
    for number in what:
        record(noted(number))


class TestRecord:
    def test_refuses_outside_a_transaction(self, committed: None) -> None:
        with pytest.raises(RuntimeError, match="in the transaction of its act"):
            record(noted(1))

    def test_keeps_fields_and_order(self, db: None) -> None:
        with workspace_scope(1):
            record(Noted(subject="thing:1", actor="house:test", at=NOW, number=1, words=("가", "b")))
            note(2, 3)
        number_events()

        with workspace_scope(1):
            found = events_between(0, 2**60, limit=10)
        assert numbers(found) == [1, 2, 3]
        assert found[0].event == Noted(subject="thing:1", actor="house:test", at=NOW, number=1, words=("가", "b"))

    def test_an_act_within_an_act_writes_once_and_in_order(self, db: None) -> None:
        @act
        def outer() -> None:
            record(noted(1))
            note(2)
            record(noted(3))

        with workspace_scope(1):
            outer()

        with workspace_scope(1):
            assert numbers(list(reversed(history(["thing:1", "thing:2", "thing:3"], limit=9)))) == [1, 2, 3]

    def test_what_was_undone_is_not_told(self, db: None) -> None:
        @act
        def outer() -> None:
            record(noted(1))
            with contextlib.suppress(ZeroDivisionError), attempt():
                note(2)
                raise ZeroDivisionError
            record(noted(3))

        with workspace_scope(1):
            outer()

        with workspace_scope(1):
            assert numbers(history(["thing:1", "thing:2", "thing:3"], limit=9)) == [3, 1]

    def test_a_refused_act_leaves_no_event(self, db: None) -> None:
        @act
        def refused() -> None:
            note(1)
            raise ZeroDivisionError

        with workspace_scope(1):
            with pytest.raises(ZeroDivisionError):
                refused()
            note(2)

        with workspace_scope(1):
            assert numbers(history(["thing:1", "thing:2"], limit=9)) == [2]

    def test_the_serving_role_cannot_rewrite_history(self, db: None) -> None:
        with workspace_scope(1):
            note(1)

        for statement in ("UPDATE kernel_event SET actor = 'nobody'", "DELETE FROM kernel_event"):
            with (
                pytest.raises(Exception, match="permission denied"),
                workspace_scope(1),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_another_workspace_reads_nothing(self, db: None) -> None:
        with workspace_scope(1):
            note(1)
        number_events()

        with workspace_scope(2):
            assert events_between(0, 2**60, limit=10) == []


class TestNumbering:
    def test_passes_over_no_slow_transaction(self, committed: None, database_url: str) -> None:
        with psycopg.connect(database_url) as slow:
            slow.execute(
                "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data) "
                "VALUES (1, 'test.noted', 'thing:1', 'house:test', now(), '{\"number\": 1}')"
            )
            with workspace_scope(1):
                note(2)
            number_events()
            with workspace_scope(1):
                before = events_between(0, 2**60, limit=10)
            slow.commit()
        number_events()

        with workspace_scope(1):
            after = events_between(before[-1].position, 2**60, limit=10)
        assert numbers(before) == [2]
        assert numbers(after) == [1]

    def test_gives_each_position_once_however_many_number(self, committed: None) -> None:
        with workspace_scope(1):
            note(*range(200))
        start = threading.Barrier(4)

        def number() -> None:
            start.wait()
            while number_events(most=17):
                pass
            connection.close()

        threads = [threading.Thread(target=number) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with workspace_scope(1):
            positions = [recorded.position for recorded in events_between(0, 2**60, limit=500)]
        assert positions == list(range(positions[0], positions[0] + 200))


class TestCatchUp:
    def test_reads_every_event_once_in_batches(self, db: None) -> None:
        read: list[int] = []
        reader = Reader(name="test.once", read=lambda events: read.extend(numbers(events)))
        with workspace_scope(1):
            note(*range(25))
        number_events()

        while catch_up(reader, batch=10):
            pass
        assert read == list(range(25))

    def test_a_reader_that_dies_in_the_middle_of_a_batch_reads_it_again_and_keeps_nothing_twice(
        self, committed: None
    ) -> None:
        with workspace_scope(1):
            note(1, 2, 3)
        number_events()

        def write_then_die(events: Sequence[Recorded]) -> None:
            note(*(100 + number for number in numbers(events)))
            raise ConnectionError("killed")

        with pytest.raises(ConnectionError):
            catch_up(Reader(name="test.dies", read=write_then_die))
        catch_up(Reader(name="test.dies", read=lambda events: note(*(100 + n for n in numbers(events)))))

        number_events()
        with workspace_scope(1):
            assert numbers(events_between(0, 2**60, limit=50)) == [1, 2, 3, 101, 102, 103]

    def test_two_workers_share_one_reader(self, committed: None) -> None:
        read: list[int] = []
        for workspace_id in (1, 2):
            with workspace_scope(workspace_id):
                note(*range(100))
        number_events()
        start = threading.Barrier(2)

        def work() -> None:
            reader = Reader(name="test.shared", read=lambda events: read.extend(numbers(events)))
            start.wait()
            for _ in range(100):
                catch_up(reader, batch=7)
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(read) == sorted([*range(100), *range(100)])
