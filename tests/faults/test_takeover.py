"""The worker that fetches is killed: another one takes its place, and no mail is lost or taken twice."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from careloop.gateways.postgres import Cluster
from tests.cast import NOW
from tests.faces.cli.conftest import careloop, home, started
from tests.mailing import written
from tests.proof.house import found_in
from tests.servers.dovecot import Dovecot, dovecot_binary, running_dovecot

__all__ = ["home"]

pytestmark = pytest.mark.dovecot

PATIENCE_SECONDS = 90.0


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    if dovecot_binary() is None:
        pytest.skip("NOT TESTED: taking over from a killed worker. Install Dovecot to run it.")
    with running_dovecot() as server:
        yield server


def comes_to(database: str, count: int) -> bool:
    """Wait until so many mails were taken in, and say whether it is exactly so many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(database, autocommit=True) as owner:
        while time.monotonic() < deadline:
            row = owner.execute("SELECT count(*) FILTER (WHERE state = 'accepted'), count(*) FROM channels_rawmail")
            if (found := row.fetchone()) == (count, count):
                return True
            assert found is not None
            assert found[1] <= count
            time.sleep(0.1)
    return False


def letter(number: int) -> bytes:
    return written(
        text=f"Question {number}", message_id=f"<q{number}@c.example>", sender=f"c{number}@c.example", at=NOW
    )


def test_another_worker_fetches_when_the_one_who_did_is_killed(home: Path, dovecot: Dovecot) -> None:
    assert careloop("migrate", home=home).returncode == 0
    with Cluster(home).running() as database:
        found_in(
            home,
            {
                "imap_host": dovecot.host,
                "imap_port": dovecot.port,
                "imap_security": "plain",
                "imap_user": "takeover",
                "imap_password": dovecot.password,
            },
        )
        workers = [started("work", home=home)]
        try:
            dovecot.deliver("takeover", letter(1))
            assert comes_to(database, 1)
            workers.append(started("work", home=home))

            workers[0].kill()
            dovecot.deliver("takeover", letter(2))

            assert comes_to(database, 2)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            for worker in workers:
                worker.communicate()
        assert workers[1].returncode == 0
