"""django-helpdesk beside us: an environment of its own, a database of its own on the same server, one process."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import connect

from bench.stage.environments import own_environment
from bench.stage.report import say

__all__ = ["Peer", "running_peer"]

VERSION = "2.6.1"
DATABASE = "peer"


class Peer:
    """The peer's process: takes one request a line and answers each with one line of JSON."""

    def __init__(self, process: "subprocess.Popen[str]", database: str) -> None:
        self._process = process
        self.database = database

    def ask(self, task: str, **arguments: Any) -> Any:
        """Have the peer do a task of bench/peer/work.py and return its answer. Raises RuntimeError when it dies."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"task": task, **arguments}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The peer ended while it did {task}.")
        return json.loads(answer)


@contextmanager
def running_peer(*, server: str, folder: Path) -> Iterator[Peer]:
    """Make the peer's database with its own migrations, start it, and end it afterwards.

    server: address of the PostgreSQL that both sides use. folder: for its uploaded files.
    """
    python = own_environment("django-helpdesk", VERSION, "psycopg[binary]")
    with connect(server, autocommit=True) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
    database = urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    root = Path(__file__).resolve().parents[2]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(root),
        "DJANGO_SETTINGS_MODULE": "bench.peer.settings",
        "PEER_DATABASE_URL": database,
        "PEER_FOLDER": str(folder),
    }
    say(f"Migrating django-helpdesk {VERSION}")
    subprocess.run([python, "-m", "django", "migrate", "--verbosity", "0"], env=environment, check=True)
    process = subprocess.Popen(
        [python, "-m", "bench.peer.work"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Peer(process, database)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)
