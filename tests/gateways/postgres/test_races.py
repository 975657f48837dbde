"""Several processes start, look at, leave and delete one private PostgreSQL at the same time."""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from careloop.gateways.postgres import Cluster
from careloop.gateways.postgres import server as servers
from careloop.gateways.postgres.record import locked
from tests.gateways.postgres.test_cluster import postmaster

COMER_AND_GOER = """
import sys
from pathlib import Path
import psycopg
from careloop.gateways.postgres import Cluster
for _round in range(5):
    with Cluster(Path(sys.argv[1]), fsync=False).running() as address:
        for _look in range(3):
            psycopg.connect(address).close()
"""
PATIENCE_SECONDS = 30.0


@contextmanager
def somebody_looking(cluster: Cluster) -> Iterator[int]:
    """Be in the middle of a look whether the server lives, for the length of a block."""
    descriptor = os.open(cluster.place.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def impatient(seconds: int) -> None:
    """Fail instead of waiting for ever."""
    assert seconds < PATIENCE_SECONDS, "It waits for something that never comes."


class TestLooking:
    def test_two_that_look_do_not_take_each_other_for_the_server(self, cluster: Cluster) -> None:
        with somebody_looking(cluster):
            assert not servers.is_alive(cluster.place)

    def test_a_look_does_not_make_a_start_fail(self, cluster: Cluster) -> None:
        with somebody_looking(cluster) as descriptor:
            threading.Timer(0.3, fcntl.flock, (descriptor, fcntl.LOCK_UN)).start()

            cluster.start()

        psycopg.connect(cluster.url).close()


class TestComingAndGoing:
    def test_whoever_uses_the_server_has_it_however_many_leave(self, home: Path) -> None:
        goers = [
            subprocess.Popen([sys.executable, "-c", COMER_AND_GOER, str(home)], stderr=subprocess.PIPE, text=True)
            for _process in range(3)
        ]

        assert [goer.communicate()[1] for goer in goers] == ["", "", ""]
        assert not Cluster(home).is_ready

    def test_a_forked_child_that_leaves_takes_the_server_from_nobody(self, cluster: Cluster) -> None:
        cluster.start()

        child = os.fork()
        if child == 0:
            cluster.leave()
            os._exit(0)
        os.waitpid(child, 0)

        assert cluster.is_ready

    def test_a_server_that_has_just_begun_is_stopped_all_the_same(self, cluster: Cluster) -> None:
        cluster.start()
        pid_file = cluster.place.data / "postmaster.pid"
        pid_file.rename(pid_file.with_name("not-written-yet"))
        stopping = threading.Thread(target=cluster.stop, daemon=True)
        stopping.start()
        stopping.join(0.2)
        assert cluster.is_ready

        pid_file.with_name("not-written-yet").rename(pid_file)
        stopping.join(PATIENCE_SECONDS)

        assert not stopping.is_alive()
        assert not cluster.is_ready

    def test_nothing_is_deleted_under_somebody_who_starts(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        data = cluster.place.data
        deleting = threading.Thread(target=Cluster(home).destroy, daemon=True)
        with locked(home / "postgres.start.lock"):
            deleting.start()
            deleting.join(1.0)
            assert data.exists()

        deleting.join(PATIENCE_SECONDS)
        assert not data.exists()


class TestCleanedAway:
    def test_a_server_whose_socket_somebody_deleted_comes_back(self, cluster: Cluster) -> None:
        cluster.start()
        before = postmaster(cluster)
        (cluster.place.socket_folder / ".s.PGSQL.5432").unlink()

        cluster.start(progress=impatient)

        assert postmaster(cluster) != before
        psycopg.connect(cluster.url).close()

    def test_a_server_whose_whole_socket_folder_was_deleted_comes_back(self, home: Path) -> None:
        cluster = Cluster(home / ("long-name-" * 12), fsync=False)
        cluster.start()
        sockets = cluster.place.socket_folder
        for file in sockets.iterdir():
            file.unlink()
        sockets.rmdir()

        cluster.start(progress=impatient)

        psycopg.connect(cluster.url).close()
        cluster.destroy()
