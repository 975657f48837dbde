"""One running server: who holds it, whether it is ready, how it begins and ends.

The server inherits an open, locked file. The kernel frees that lock when the last of its processes is gone, so the
lock tells the truth where process numbers cannot: after a crash, when a number was reused, from another container.
"""

import contextlib
import fcntl
import os
import shlex
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from careloop.gateways.postgres.account import Account
from careloop.gateways.postgres.binaries import run
from careloop.gateways.postgres.errors import CannotStart, NotOurs
from careloop.gateways.postgres.errors import marked as _

PORT = 5432
ANSWER_SECONDS = 2
PAUSE_SECONDS = 0.02
SAID_AT_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one server lives: its data, its log, its socket, and the file whose lock its processes hold."""

    data: Path
    log: Path
    socket_folder: Path
    lock: Path


def is_alive(place: Place) -> bool:
    """Say whether any process of the server still runs. Any number of processes may look at the same time."""
    try:
        descriptor = os.open(place.lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared: two that look must not take each other for the server, nor for whoever starts it.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def is_ready(place: Place) -> bool:
    """Say whether the server answers; false while it recovers from a crash, stops, or is dead."""
    address = make_conninfo(host=str(place.socket_folder), port=PORT, connect_timeout=ANSWER_SECONDS)
    return PGconn.ping(address.encode()) == Ping.OK


def launch(*, place: Place, programs: Path, account: Account, fsync: bool) -> None:
    """Start the server and return at once; it becomes ready later, and outlives us.

    pg_ctl gives it a session of its own, so that Ctrl-C in a terminal reaches it through its supervisor only, after
    those who still use it. Its first words go to `startup.log` until it opens its own log.

    Raises NotOurs when a PostgreSQL that nobody started here uses the data folder, CommandFailed.
    """
    _clear_stale_locks(place)
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(place.socket_folder),
        "unix_socket_permissions": "0700",
        "log_directory": str(place.log),
    }
    if not fsync:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    options = shlex.join(f"--{name}={value}" for name, value in settings.items())
    first_words = place.log / "startup.log"
    first_words.unlink(missing_ok=True)
    lock = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits for whoever is just looking
        arguments = ["start", "--no-wait", "--silent", "-D", str(place.data), "-l", str(first_words), "-o", options]
        run(programs / "pg_ctl", arguments, account=account, folder=place.data, kept_open=[lock])
    finally:
        os.close(lock)


def interrupt(place: Place) -> None:
    """Ask the server to end its sessions and to stop ("fast shutdown"); nothing happens when it is gone already."""
    lines = _pid_file(place)
    if lines and is_alive(place):
        with contextlib.suppress(ProcessLookupError):  # its last processes are about to leave
            os.kill(int(lines[0]), signal.SIGINT)


def waits_for_its_sessions(place: Place) -> bool:
    """Say whether the server stops, which it may do for ever: asked by SIGTERM, it waits until every session has ended."""
    return _status(place) == "stopping"


def has_lost_its_socket(place: Place) -> bool:
    """Say whether a server that is ready cannot be reached any more because somebody cleaned its socket away."""
    return _status(place) == "ready" and not (place.socket_folder / f".s.PGSQL.{PORT}").exists()


def failure(place: Place) -> CannotStart:
    """Explain why a server ended instead of becoming ready, from its last words."""
    logs = sorted(place.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    said = "\n".join(path.read_text(errors="replace").strip() for path in logs[-2:])
    return explained(said, folder=place.data)


def explained(said: str, *, folder: Path) -> CannotStart:
    """Turn the server's last words into a sentence that says what to do.

    said: the end of its log.
    folder: its data folder.
    """
    if "No space left on device" in said:
        return CannotStart(
            _(
                "The disk that holds the database is full. "
                "Free some space in %(folder)s's file system, then start again."
            ),
            folder=folder,
        )
    return CannotStart(_("PostgreSQL could not start. Its last words: %(said)s"), said=said[-SAID_AT_MOST:])


def pause() -> None:
    """Wait a moment before looking again."""
    time.sleep(PAUSE_SECONDS)


def _status(place: Place) -> str:
    return "".join(_pid_file(place)[7:8]).strip()


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _clear_stale_locks(place: Place) -> None:
    """Remove a dead server's lock files when another program got its number; PostgreSQL itself would then refuse."""
    if is_alive(place):
        return
    for file in (place.data / "postmaster.pid", place.socket_folder / f".s.PGSQL.{PORT}.lock"):
        try:
            command = Path(f"/proc/{file.read_text().split()[0]}/cmdline").read_bytes()
        except FileNotFoundError:
            continue  # no file, a dead process, or a system without /proc: PostgreSQL decides
        if str(place.data).encode() in command:
            raise NotOurs(
                _("A PostgreSQL that Careloop did not start uses %(folder)s. Stop it first."), folder=place.data
            )
        file.unlink()
