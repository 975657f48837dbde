"""Killing the server or its supervisor at any moment loses nothing and needs no hand."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from careloop.gateways.postgres import Cluster
from careloop.gateways.postgres.server import explained
from tests.gateways.postgres.test_cluster import postmaster

SUPERVISOR = """
import sys, time
from pathlib import Path
from careloop.gateways.postgres import Cluster
Cluster(Path(sys.argv[1]), fsync=False).start()
print("ready", flush=True)
time.sleep(600)
"""


def supervisor(home: Path) -> "subprocess.Popen[str]":
    """Another process that started the server and holds it."""
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


class TestServerKilled:
    def test_committed_work_is_there_after_the_next_start(self, cluster: Cluster) -> None:
        cluster.start()
        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        with psycopg.connect(cluster.url) as connection:
            connection.execute("INSERT INTO kept VALUES (-1)")
            os.kill(postmaster(cluster), signal.SIGKILL)
            connection.close()

        cluster.start()

        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT count(*), min(number) FROM kept").fetchone() == (1000, 1)

    def test_a_busy_session_of_the_dead_server_is_waited_for(self, cluster: Cluster) -> None:
        cluster.start()
        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        busy = psycopg.connect(cluster.url)
        os.kill(postmaster(cluster), signal.SIGKILL)

        cluster.start()

        busy.close()
        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (1,)

    def test_one_that_waits_for_its_sessions_to_end_is_started_anew(self, cluster: Cluster) -> None:
        cluster.start()
        asked = postmaster(cluster)
        session = psycopg.connect(cluster.url)
        os.kill(asked, signal.SIGTERM)

        cluster.start()

        assert postmaster(cluster) != asked
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_a_reused_process_number_does_not_hinder_the_start(self, cluster: Cluster) -> None:
        cluster.start()
        pid_file = cluster.place.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        os.kill(int(lines[0]), signal.SIGKILL)
        owner = cluster.place.data.stat().st_uid
        bystander = subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=owner)
        pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")

        cluster.start()

        assert postmaster(cluster) != bystander.pid
        psycopg.connect(cluster.url).close()
        bystander.communicate(b"\n")


class TestSupervisorKilled:
    def test_the_next_start_adopts_the_running_server(self, home: Path, cluster: Cluster) -> None:
        killed = supervisor(home)
        before = postmaster(cluster)
        killed.kill()
        killed.wait()

        cluster.start()

        assert postmaster(cluster) == before
        cluster.leave()
        assert not cluster.is_ready

    def test_a_kill_while_the_data_are_made_leaves_nothing_half(self, home: Path, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        (home / "postgres.json").unlink()
        cluster.place.data.rename(cluster.place.data.with_name("data.new"))

        cluster.start()

        assert not cluster.place.data.with_name("data.new").exists()
        psycopg.connect(cluster.url).close()


class TestExplained:
    def test_a_full_disk_is_named(self) -> None:
        said = '2026-11-21 FATAL:  could not write lock file "postmaster.pid": No space left on device'

        sentence = str(explained(said, folder=Path("/srv/careloop/data")))

        assert sentence == (
            "The disk that holds the database is full. "
            "Free some space in /srv/careloop/data's file system, then start again."
        )

    def test_a_failed_start_repeats_the_server_s_reason(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        with (cluster.place.data / "postgresql.conf").open("a") as settings:
            settings.write("no_such_setting = 1\n")

        with pytest.raises(Exception, match="no_such_setting"):
            cluster.start()
