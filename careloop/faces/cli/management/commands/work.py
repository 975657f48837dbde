"""`careloop work`: everything that happens behind the pages."""

import asyncio
import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from procrastinate.contrib.django import app

from careloop.domains.channels.queries import live_mailboxes_everywhere
from careloop.faces.cli.fitness import refuse_unfit_role
from careloop.faces.inbound.fetching import watch
from careloop.kernel import clock
from careloop.kernel.claims import Claim
from careloop.processes.working import follow_log, work_off_due

log = logging.getLogger(__name__)

WAKE_SECONDS = 1.0
LOOK_FOR_MAILBOXES_SECONDS = 15.0


class Command(BaseCommand):
    help = "Follow the event log, ring timers, fetch and send mail, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unfit_role()
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        loops = [
            threading.Thread(target=follow, args=(stopping,), name="log"),
            threading.Thread(target=_keep_mailboxes, args=(stopping,), name="mailboxes"),
            threading.Thread(target=_run_jobs, args=(stopping,), name="jobs"),
        ]
        for loop in loops:
            loop.start()
        while not stopping.wait(1.0):
            if not all(loop.is_alive() for loop in loops):
                stopping.set()
        for loop in loops:
            loop.join(timeout=30)


def follow(stopping: threading.Event) -> None:
    """Follow the log, ring timers and settle mail until `stopping` is set; any number of processes may."""
    while not stopping.is_set():
        try:
            if not follow_log() + work_off_due(clock.now()):
                _wait_for_news(stopping)
        except (OperationalError, InterfaceError):
            log.exception("worker.database_gone")
            stopping.wait(2.0)
        finally:
            close_old_connections()


def _wait_for_news(stopping: threading.Event) -> None:
    """Sleep until an event is recorded, or a second has passed: timers have no other bell."""
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("LISTEN careloop_recorded")
    for _notice in raw.notifies(timeout=0 if stopping.is_set() else WAKE_SECONDS, stop_after=1):
        return


def _keep_mailboxes(stopping: threading.Event) -> None:
    watchers: dict[tuple[int, int], threading.Thread] = {}
    fetching = Claim("fetching")  # one worker fetches; the others are ready to take its place
    while not stopping.is_set():
        try:
            for key in live_mailboxes_everywhere() if fetching.hold() else ():
                if key not in watchers or not watchers[key].is_alive():
                    watchers[key] = _watcher(key, stopping)
        except (OperationalError, InterfaceError):
            log.exception("worker.database_gone")
        finally:
            close_old_connections()
        stopping.wait(LOOK_FOR_MAILBOXES_SECONDS)
    for watcher in watchers.values():
        watcher.join(timeout=30)
    fetching.let_go()


def _watcher(key: tuple[int, int], stopping: threading.Event) -> threading.Thread:
    workspace_id, mailbox_id = key
    thread = threading.Thread(
        target=watch,
        kwargs={"workspace_id": workspace_id, "mailbox_id": mailbox_id, "stopping": stopping},
        name=f"mailbox-{mailbox_id}",
        daemon=True,
    )
    thread.start()
    return thread


def _run_jobs(stopping: threading.Event) -> None:
    async def run() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django connectors have it
        async with worker_app.open_async():
            work = asyncio.create_task(
                worker_app.run_worker_async(install_signal_handlers=False, delete_jobs="successful", concurrency=4)
            )
            while not stopping.is_set() and not work.done():
                await asyncio.sleep(0.5)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    asyncio.run(run())
