"""The private PostgreSQL of one CARELOOP_HOME: started by the first who needs it, stopped by the last who leaves."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

from careloop.gateways.postgres import record as records
from careloop.gateways.postgres import server
from careloop.gateways.postgres.account import Account, server_account
from careloop.gateways.postgres.binaries import MAJOR, programs_for
from careloop.gateways.postgres.creation import create, give_password
from careloop.gateways.postgres.errors import NotOurs, NotRunning
from careloop.gateways.postgres.errors import marked as _
from careloop.gateways.postgres.server import Place

TOLD_EVERY_SECONDS = 5

Progress = Callable[[int], None]


def silent(seconds: int) -> None:
    """Take no notice of how long a wait lasts."""


class Cluster:
    """The private PostgreSQL under one home.

    Any number of processes may use it at the same time; one server at most runs. `start` makes, starts or adopts it;
    `leave` stops it unless another process still uses it; `stop` stops it in any case. A server whose supervisor was
    killed keeps running, and the next `start` adopts it.
    """

    def __init__(self, home: Path, *, fsync: bool = True) -> None:
        """Describe the cluster of `home` without touching any process.

        home: CARELOOP_HOME, made when missing.
        fsync: whether commits must survive a power cut; only tests do without.
        """
        self.home = home.absolute()
        self.fsync = fsync
        self._use: int | None = None
        self._user = 0

    @property
    def url(self) -> str:
        """The address of the database as its owner, valid whether the server runs or not."""
        kept = records.kept(self.home)
        query = urlencode({"host": self.home / kept.socket_folder})
        return f"postgresql://{records.OWNER}:{quote(kept.password)}@/{records.DATABASE}?{query}"

    @property
    def place(self) -> Place:
        """Where the server's files are."""
        kept = records.kept(self.home)
        folder = self.home / kept.folder
        return Place(
            data=folder / "data",
            log=folder / "log",
            socket_folder=self.home / kept.socket_folder,
            lock=self.home / "postgres.server.lock",
        )

    @property
    def is_ready(self) -> bool:
        """Whether the server accepts connections at this moment."""
        return server.is_ready(self.place)

    def start(self, *, progress: Progress = silent) -> None:
        """Make the server run and wait until it is ready, however long it recovers from a crash; twice equals once.

        progress: told the whole seconds waited so far, every few seconds. What it raises ends the wait.

        Raises DatabaseTrouble with a sentence that says what to do.
        """
        is_used_already = self._use is not None
        self._begin_use()
        try:
            with records.locked(self.home / "postgres.start.lock"):
                if not self.is_ready:
                    self._launch_and_wait(progress)
        except BaseException as problem:
            if not is_used_already:
                self._end_use()
            if isinstance(problem, OSError):  # such as a full disk
                raise server.explained(str(problem), folder=self.home) from problem
            raise

    def attach(self, *, progress: Progress = silent) -> None:
        """Use the server that another process started, waiting until it is ready. Raises NotRunning when none did."""
        place = self.place
        self._begin_use()
        for _moment in _moments(progress):
            if not server.is_alive(place):
                self._end_use()
                raise NotRunning(
                    _("The database in %(folder)s is not running. Start it with: careloop up"), folder=self.home
                )
            if server.is_ready(place):
                return

    def leave(self, *, progress: Progress = silent) -> None:
        """Stop using the server; whoever leaves last stops it."""
        if self._use is None or self._user != os.getpid():
            return  # a forked child shares our lock: letting go of it there would stop the server under us
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._end_use()  # another command is still at work; it will stop the server when it leaves
        else:
            self.stop(progress=progress)

    def stop(self, *, progress: Progress = silent) -> None:
        """Stop the server, whoever uses it, and wait until its last process is gone."""
        place = self.place
        for _moment in _moments(progress):
            if not server.is_alive(place):
                break
            server.interrupt(place)  # again and again: a server that has just begun cannot be told yet
        self._end_use()

    def destroy(self) -> None:
        """Stop the server and delete its data, its log and its password; where there is no home there is nothing to delete."""
        if not self.home.is_dir():
            return
        with records.locked(self.home / "postgres.start.lock"):  # nobody starts it while its files go
            self.stop()
            place = self.place
            shutil.rmtree(place.socket_folder, ignore_errors=True)
            shutil.rmtree(place.data.parent, ignore_errors=True)
            (self.home / records.FILE).unlink()

    @contextmanager
    def running(self, *, progress: Progress = silent) -> Iterator[str]:
        """Start the server for the length of a block, which receives its address."""
        self.start(progress=progress)
        try:
            yield self.url
        finally:
            self.leave(progress=progress)

    def _launch_and_wait(self, progress: Progress) -> None:
        account = server_account(self.place.data)
        programs = programs_for(account)
        is_launched = False
        for _moment in _moments(progress):
            if server.is_alive(self.place):
                if server.is_ready(self.place):
                    return
                if server.has_lost_its_socket(self.place) or server.waits_for_its_sessions(self.place):
                    server.interrupt(self.place)
            elif is_launched:
                raise server.failure(self.place)
            else:
                self._prepare(account, programs)
                server.launch(place=self.place, programs=programs, account=account, fsync=self.fsync)
                is_launched = True

    def _prepare(self, account: Account, programs: Path) -> None:
        """Make what is missing before the server starts; runs while no server does."""
        kept, place = records.kept(self.home), self.place
        folder = place.data.parent
        if not account.may_pass(folder.parent):
            raise NotOurs(
                _(
                    "The system user of the database cannot reach %(folder)s. "
                    "Set CARELOOP_HOME to a folder that every user may pass through, such as /srv/careloop."
                ),
                folder=folder,
            )
        for private in (folder, place.log):
            records.private_folder(private, account)
        if not place.data.exists():
            if kept.is_created:
                raise NotOurs(
                    _("The database folder %(folder)s is missing. Put it back, or restore a backup into a new home."),
                    folder=place.data,
                )
            create(data=place.data, programs=programs, account=account, password=kept.password, fsync=self.fsync)
        elif not kept.is_created:  # the record was lost, or we were killed before it was complete
            give_password(data=place.data, programs=programs, account=account, password=kept.password)
        _check_version(place.data)
        if place.socket_folder.is_relative_to(folder):
            records.private_folder(place.socket_folder, account)
        else:
            kept = replace(kept, socket_folder=str(records.revived_socket_folder(place.socket_folder, account)))
        complete = replace(kept, is_created=True)
        if complete != records.kept(self.home):
            records.write(self.home, complete)

    def _begin_use(self) -> None:
        if self._use is None:
            records.make_home(self.home)
            self._use = os.open(self.home / "postgres.users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._use, fcntl.LOCK_SH)
            self._user = os.getpid()

    def _end_use(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None


def _check_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(MAJOR):
        raise NotOurs(
            _(
                "The database in %(folder)s was made by PostgreSQL %(made_by)s; "
                "this Careloop brings PostgreSQL %(major)s. Nothing was changed. "
                "Make a backup with the older Careloop and restore it into a new home."
            ),
            folder=data,
            made_by=made_by,
            major=MAJOR,
        )


def _moments(progress: Progress) -> Iterator[None]:
    """Yield again and again with a short pause between, telling `progress` how long it takes."""
    began, told = time.monotonic(), 0
    while True:
        yield
        server.pause()
        waited = int(time.monotonic() - began)
        if waited >= told + TOLD_EVERY_SECONDS:
            told = waited
            progress(waited)
