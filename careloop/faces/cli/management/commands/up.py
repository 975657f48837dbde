"""`careloop up`: PostgreSQL, web and worker in one go, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from careloop.faces.cli.answers import AnsweringCommand
from careloop.faces.cli.entry import say_waiting
from careloop.faces.cli.supervision import Part, keep_running
from careloop.gateways.postgres import Cluster, make_home
from careloop.kernel.errors import Conflict
from careloop.processes.demo import DemoRefused

LOOK_AT_DATABASE_EVERY_SECONDS = 5.0


class AlreadyUp(Conflict):
    """Another `careloop up` minds this home, or another program has the port."""


class Command(AnsweringCommand):
    purpose = lazily("Start PostgreSQL, bring the database up to this version, and serve web and worker until Ctrl-C.")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--demo", action="store_true", dest="with_demo", help=_("First seed the demo, if nothing else lives here.")
        )

    def handle(self, *, as_json: bool, with_demo: bool = False, **_options: Any) -> None:
        host, port = settings.BIND_ADDRESS, settings.PORT
        stop = threading.Event()
        with _only_one(settings.CARELOOP_HOME), _until_asked_to(stop):
            _refuse_taken_port(host, port)
            cluster = Cluster(settings.CARELOOP_HOME) if settings.HAS_PRIVATE_DATABASE else None
            if cluster:
                cluster.start(progress=say_waiting)
            try:
                call_command("migrate", verbosity=0, interactive=False)
                if with_demo:
                    self._seed(as_json=as_json)
                connections.close_all()
                told = {"host": host, "port": port, "as_json": as_json, "stop": stop}
                threading.Thread(target=self._announce, kwargs=told).start()
                keep_running(
                    parts(host, port),
                    environment={**os.environ, "CARELOOP_HOME": str(settings.CARELOOP_HOME)},
                    stop=stop,
                    say=lambda words: self.stderr.write(words),
                    look_after=Minding(cluster, stop=stop).look,
                )
            except AskedToStop:
                pass
            finally:
                stop.set()
                if cluster:
                    cluster.leave(progress=say_waiting)

    def _seed(self, *, as_json: bool) -> None:
        """Seed the demo and say who can sign in; a house that must not have one is served all the same."""
        try:
            call_command("demo", as_json=as_json, stdout=self.stdout)
        except DemoRefused as refusal:
            self.stderr.write(str(refusal))

    def _announce(self, *, host: str, port: int, as_json: bool, stop: threading.Event) -> None:
        """Say where the house is as soon as it answers."""
        reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not listened on
        while not stop.wait(0.1):
            with socket.socket() as probe:
                if probe.connect_ex((reachable, port)) == 0:
                    break
        else:
            return
        address = settings.PUBLIC_URL
        words = _("Careloop is ready: %(address)s (Ctrl-C stops it)") % {"address": address}
        self.answer(as_json=as_json, words=words, facts={"address": address, "host": host, "port": port})
        self.stdout.flush()


class AskedToStop(Exception):
    """Somebody wants the house to stop while it waits for its database."""


class Minding:
    """Starts the private PostgreSQL again when it was killed."""

    def __init__(self, cluster: Cluster | None, *, stop: threading.Event) -> None:
        self._cluster = cluster
        self._stop = stop
        self._next_at = time.monotonic() + LOOK_AT_DATABASE_EVERY_SECONDS

    def look(self) -> None:
        """Look every few seconds, and wait through the recovery when there is one. Raises AskedToStop out of that wait."""
        if self._cluster is None or time.monotonic() < self._next_at:
            return
        if not self._cluster.is_ready:
            self._cluster.start(progress=self._go_on_waiting)
        self._next_at = time.monotonic() + LOOK_AT_DATABASE_EVERY_SECONDS

    def _go_on_waiting(self, seconds: int) -> None:
        if self._stop.is_set():
            raise AskedToStop
        say_waiting(seconds)


def parts(host: str, port: int) -> list[Part]:
    """Return what a house that is up consists of, besides its database."""
    python = [sys.executable, "-m"]
    web = [*python, "uvicorn", "careloop.config.asgi:application", "--host", host, "--port", str(port)]
    # Live streams never end by themselves; browsers resume them.
    web += ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]
    if settings.WEB_PROCESSES > 1:
        # A process that is slow to say that it lives is busy, not dead.
        web += ["--workers", str(settings.WEB_PROCESSES), "--timeout-worker-healthcheck", "60"]
    return [
        Part(name=_("The web server"), command=web),
        *[Part(name=_("The worker"), command=[*python, "careloop", "work"])] * settings.WORKERS,
    ]


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    make_home(home)
    descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AlreadyUp(
            _("Careloop already runs for %(home)s. Stop that one first, or set another CARELOOP_HOME.") % {"home": home}
        ) from None
    finally:
        os.close(descriptor)


@contextmanager
def _until_asked_to(stop: threading.Event) -> Iterator[None]:
    """Set `stop` on Ctrl-C and on SIGTERM; a second Ctrl-C interrupts at once."""

    def ask(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise AlreadyUp(
                _("Another program uses port %(port)s. Choose another one: PORT=%(other)s careloop up")
                % {"port": port, "other": port + 1}
            ) from None
