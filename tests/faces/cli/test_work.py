"""The worker goes on: past a poisonous workspace, over one connection, and through a restart of its database."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection, connections

from careloop.domains.customers.services import create_organization
from careloop.domains.wallboards.queries import figures
from careloop.faces.cli.management.commands import work
from careloop.faces.cli.management.commands.work import follow, keep_calls, keep_walls
from careloop.gateways.postgres import Cluster
from careloop.insight.facts import FactStore
from careloop.kernel import clock
from careloop.kernel.actors import HOUSE
from careloop.kernel.claims import Claim
from careloop.kernel.events import Recorded
from careloop.kernel.readers import Reader
from careloop.kernel.scope import current_workspace, workspace_scope
from careloop.processes import working
from careloop.processes.phoning import Folds
from tests.cast import NOW, open_house
from tests.faces.cli.conftest import careloop, started

PATIENCE_SECONDS = 90.0
NORTH, SOUTH = 1, 2


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def a_worker_that_follows(loop: Callable[[threading.Event], None] = follow) -> Iterator[None]:
    """Let a worker's loop run in a thread for the length of a block."""
    stopping = threading.Event()

    def run() -> None:
        try:
            loop(stopping)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def reached(found: Sequence[int], count: int) -> bool:
    return len(found) >= count


def something_happens_in(workspace_id: int) -> None:
    with workspace_scope(workspace_id):
        create_organization(name=f"Parcels {time.monotonic()}", domains=frozenset(), actor=HOUSE, at=NOW)


def waiting_in(workspace_id: int) -> int | None:
    with workspace_scope(workspace_id):
        return figures(viewer=HOUSE, zone=ZoneInfo("UTC"), at=clock.now()).total.waiting


@pytest.mark.database
@pytest.mark.usefixtures("committed", "quick_passwords")
def test_facts_that_come_in_are_on_the_wall_a_moment_later(settings: LazySettings, tmp_path: Path) -> None:
    house, settings.LAKE_ROOT = open_house(), tmp_path
    now = clock.now()
    caller = {
        "segment_id": "a",
        "contact_id": "a",
        "seq": 1,
        "queue_id": "billing",
        "channel": "voice",
        "queued_at": now,
    }

    with a_worker_that_follows(keep_walls):
        assert waiting_in(house.north) == 0
        lake = FactStore(tmp_path / str(house.north))
        lake.append("contact_segment", [caller], source="pbx", at=now, complete_through=now)

        assert eventually(lambda: waiting_in(house.north) == 1)

    assert waiting_in(house.south) == 0


@pytest.mark.database
def test_calls_are_left_to_whoever_has_the_claim_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fold remembers is a file that one process at a time may open."""
    held, closed = iter([True]), threading.Event()

    def fold(folds: Folds, **_about: object) -> int:
        folds[NORTH, 1] = Mock(live=Mock(close=closed.set))
        return 1

    monkeypatch.setattr(work, "fold_phones", fold)
    monkeypatch.setattr(Claim, "hold", lambda _claim: next(held, False))

    with a_worker_that_follows(keep_calls):
        assert closed.wait(PATIENCE_SECONDS)


@pytest.mark.database
@pytest.mark.usefixtures("committed")
class TestFollow:
    def test_a_poisonous_workspace_stops_neither_other_workspaces_nor_other_readers(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read, tries = set[tuple[str, int]](), list[float]()

        def picky(_events: Sequence[Recorded]) -> None:
            if current_workspace() == NORTH:
                tries.append(time.monotonic())
                raise KeyError("a bug that only north meets")
            read.add(("picky", current_workspace()))

        def plain(_events: Sequence[Recorded]) -> None:
            read.add(("plain", current_workspace()))

        readers = [Reader(name="test.picky", read=picky), Reader(name="test.plain", read=plain)]
        monkeypatch.setattr(working, "READERS", readers)
        something_happens_in(NORTH)
        something_happens_in(SOUTH)

        with a_worker_that_follows():
            assert eventually(lambda: read >= {("picky", SOUTH), ("plain", NORTH), ("plain", SOUTH)})
            assert eventually(lambda: len(tries) >= 2)

        assert ("picky", NORTH) not in read
        assert tries[1] - tries[0] >= 2  # it waits, and does not spin

    def test_a_failing_timer_room_stops_no_other_workspace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rung = list[int]()

        def ring_due(workspace_id: int, **_facts: object) -> int:
            if workspace_id == NORTH:
                raise KeyError("a bug that only north meets")
            rung.append(workspace_id)
            return 0

        monkeypatch.setattr(working, "due_workspaces", lambda _at: [NORTH, SOUTH])
        monkeypatch.setattr(working, "ring_due", ring_due)

        with a_worker_that_follows():
            assert eventually(lambda: rung.count(SOUTH) >= 2)

    def test_what_fails_everywhere_is_tried_again_after_a_pause(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tries = list[float]()

        def number() -> int:
            tries.append(time.monotonic())
            raise KeyError("a bug that everybody meets")

        monkeypatch.setattr(working, "number_events", number)

        with a_worker_that_follows():
            assert eventually(lambda: len(tries) >= 2)

        assert tries[1] - tries[0] >= 1

    def test_keeps_its_connection_from_turn_to_turn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        backends = list[int]()

        def remember(_events: Sequence[Recorded]) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backends.append(cursor.fetchone()[0])

        monkeypatch.setattr(working, "READERS", [Reader(name="test.remember", read=remember)])

        with a_worker_that_follows():
            for turn in range(1, 4):
                something_happens_in(NORTH)
                assert eventually(partial(reached, backends, turn))

        assert len(set(backends)) == 1


class TestDatabaseRestart:
    def test_the_worker_lives_on_and_reads_what_happens_afterwards(self, home: Path) -> None:
        migrated = careloop("migrate", home=home)
        assert migrated.returncode == 0, migrated.stderr
        cluster = Cluster(home)
        cluster.start()
        worker = started("work", home=home)
        try:
            assert happens_and_is_read(cluster, at_least=1)
            before = jobs_workers(cluster)
            assert before

            cluster.stop()
            cluster.start()

            assert happens_and_is_read(cluster, at_least=2)
            assert eventually(lambda: bool(jobs_workers(cluster) - before))
            assert worker.poll() is None
        finally:
            worker.send_signal(signal.SIGTERM)
            _said, complained = worker.communicate()
            cluster.stop()
        assert worker.returncode == 0
        assert complained.count("worker.failed loop=log failures=1") == 1

    def test_jobs_wait_for_no_pool_while_the_database_is_away(self, home: Path) -> None:
        assert careloop("migrate", home=home).returncode == 0
        cluster = Cluster(home)
        cluster.start()
        worker = started("work", home=home)
        assert worker.stderr is not None
        try:
            assert jobs_workers(cluster)

            cluster.stop()
            told = list[str]()
            while "loop=jobs failures=2" not in (line := worker.stderr.readline()):
                assert line, "The worker ended."
                told.append(line)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.communicate()

        assert any("loop=jobs failures=1" in line for line in told)
        assert not any("couldn't get a connection" in line for line in told)


def happens_and_is_read(cluster: Cluster, *, at_least: int) -> bool:
    """Record an event as the owner may, and say whether the worker's reader came to it."""
    with psycopg.connect(cluster.url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO kernel_event (workspace_id, name, subject, actor, at, data)"
            " VALUES (1, 'test.unknown', 'thing:1', 'house:test', now(), '{}')"
        )

        def is_read() -> bool:
            row = owner.execute("SELECT min(position) FROM kernel_reader_cursor WHERE workspace_id = 1").fetchone()
            return row is not None and (row[0] or 0) >= at_least

        return eventually(is_read)


def jobs_workers(cluster: Cluster) -> set[int]:
    """Return the numbers of the jobs' workers that have registered."""
    found = set[int]()

    def any_registered() -> bool:
        with psycopg.connect(cluster.url) as owner:
            found.update(row[0] for row in owner.execute("SELECT id FROM procrastinate_workers"))
        return bool(found)

    eventually(any_registered)
    return found
