"""`careloop up` brings the house up, minds its database, and leaves nothing running."""

import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from careloop.faces.cli.management.commands.up import AskedToStop, Minding
from careloop.gateways.postgres import Cluster
from careloop.gateways.postgres.cluster import Progress, silent
from tests.faces.cli.conftest import careloop, started


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def postmaster(cluster: Cluster) -> int:
    return int((cluster.place.data / "postmaster.pid").read_text().split()[0])


class TestUp:
    def test_serves_through_a_killed_database_until_it_is_asked_to_end(self, home: Path) -> None:
        port = free_port()
        house = started("up", "--json", home=home, PORT=str(port), WEB_PROCESSES="2")
        assert house.stdout is not None
        told = json.loads(house.stdout.readline())
        assert told == {"address": f"http://127.0.0.1:{port}", "host": "127.0.0.1", "port": port}
        cluster = Cluster(home)
        killed = postmaster(cluster)

        os.kill(killed, signal.SIGKILL)

        deadline = time.monotonic() + 30
        while not cluster.is_ready and time.monotonic() < deadline:
            time.sleep(0.05)
        assert postmaster(cluster) != killed
        refused = careloop("up", home=home, PORT=str(port))
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"Careloop already runs for {home}.")
        house.send_signal(signal.SIGTERM)
        house.communicate()
        assert house.returncode == 0
        assert not cluster.is_ready
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0

    def test_serves_without_a_demo_where_others_would_know_its_password(self, home: Path) -> None:
        house = started(
            "up",
            "--demo",
            "--json",
            home=home,
            PORT=str(free_port()),
            PUBLIC_URL="https://care.example",
            SECRET_KEY="s" * 50,
        )
        assert house.stdout is not None

        told = json.loads(house.stdout.readline())

        house.send_signal(signal.SIGTERM)
        _said, complained = house.communicate()
        assert told["address"] == "https://care.example"
        assert "so it gets no demo" in complained
        assert house.returncode == 0

    def test_refuses_a_port_that_another_program_uses(self, home: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            refused = careloop("up", home=home, PORT=str(port))

        assert refused.returncode == 1
        assert refused.stderr == (
            f"Another program uses port {port}. Choose another one: PORT={port + 1} careloop up\n"
        )


class NeverReady(Cluster):
    """A database whose recovery takes for ever."""

    is_ready = False

    def start(self, *, progress: Progress = silent) -> None:
        for seconds in range(5, 60, 5):
            progress(seconds)
        raise AssertionError("nobody stopped the wait")


class TestMinding:
    def test_a_house_that_waits_for_its_database_stops_when_it_is_asked_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("careloop.faces.cli.management.commands.up.LOOK_AT_DATABASE_EVERY_SECONDS", 0.0)
        stop = threading.Event()
        minding = Minding(NeverReady(tmp_path), stop=stop)
        stop.set()

        with pytest.raises(AskedToStop):
            minding.look()
