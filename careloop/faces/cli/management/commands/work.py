"""`careloop work`: everything that happens behind the pages."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from psycopg_pool import AsyncNullConnectionPool

from careloop.domains.channels.queries import live_mailboxes_everywhere
from careloop.domains.telephony.queries import listened_pbxes_everywhere
from careloop.domains.workspaces.queries import workspace_ids
from careloop.faces.cli.extras import LAKE_PACKAGES, has_packages
from careloop.faces.cli.fitness import refuse_unfit_role
from careloop.faces.cli.refreshing import refresh_apart
from careloop.faces.cli.supervision import STEADY_AFTER_SECONDS, pause_seconds
from careloop.faces.inbound.fetching import watch
from careloop.faces.inbound.listening import watch_phone
from careloop.kernel import clock
from careloop.kernel.bells import RECORDED, ROUTING
from careloop.kernel.claims import Claim
from careloop.kernel.readers import BATCH
from careloop.kernel.shelter import Shelter
from careloop.processes.calling import follow_phones
from careloop.processes.examining import is_examination_due
from careloop.processes.measuring.beforehand import Pace, is_due
from careloop.processes.phoning import Folds, close_folds, fold_phones
from careloop.processes.routing.caring import Care, take_care
from careloop.processes.routing.searching import route
from careloop.processes.wall_feeding import Looked, feed_walls
from careloop.processes.working import follow_log, work_off_due

log = logging.getLogger(__name__)

POLITENESS = 5
"""Where processors are short, whoever waits at a screen goes before what is done behind it."""
WAKE_SECONDS = 1.0
GATHER_SECONDS = 0.2
LOOK_FOR_MAILBOXES_SECONDS = 15.0
TAKE_CARE_SECONDS = 10.0
LAKE_SECONDS = 30.0
LOOK_FOR_STALE_CELLS_SECONDS = 5.0
LOOK_FOR_NEW_FACTS_SECONDS = 2.0
LOOK_FOR_CALLS_SECONDS = 1.0
LOOK_FOR_RINGING_SECONDS = 0.3
REFRESH_SECONDS = 120.0
LONGEST_PAUSE_SECONDS = 5.0  # an answer waits no longer than this for a database that is back
WATCHERS_END_WITHIN_SECONDS = 2.0


class Command(BaseCommand):
    help = "Follow the event log, ring timers, fetch and send mail, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unfit_role()
        os.nice(POLITENESS)
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        loops = [
            threading.Thread(target=follow, args=(stopping,), name="log"),
            threading.Thread(target=route_work, args=(stopping,), name="routing"),
            threading.Thread(target=_take_care, args=(stopping,), name="care"),
            threading.Thread(target=_keep_mailboxes, args=(stopping,), name="mailboxes"),
            threading.Thread(target=_run_jobs, args=(stopping,), name="jobs"),
        ]
        if has_packages(LAKE_PACKAGES):
            loops.append(threading.Thread(target=_keep_lake, args=(stopping,), name="lake"))
            loops.append(threading.Thread(target=_keep_cells, args=(stopping,), name="cells"))
            loops.append(threading.Thread(target=keep_walls, args=(stopping,), name="walls"))
            loops.append(threading.Thread(target=_keep_phones, args=(stopping,), name="phones"))
            loops.append(threading.Thread(target=keep_calls, args=(stopping,), name="calls"))
            loops.append(threading.Thread(target=keep_screens, args=(stopping,), name="screens"))
        for loop in loops:
            loop.start()
        while not stopping.wait(1.0):
            if not all(loop.is_alive() for loop in loops):
                stopping.set()
        for loop in loops:
            loop.join(timeout=30)


def follow(stopping: threading.Event) -> None:
    """Follow the log, ring timers and settle mail until `stopping` is set; any number of processes may.

    What fails in one workspace waits for its next try while the rest goes on.
    """
    shelter = Shelter()

    def turn() -> None:
        read, done = follow_log(shelter), work_off_due(clock.now(), shelter)
        if done or read >= BATCH:
            return  # where there was so much, more may wait
        if read:
            # What is recorded meanwhile is read together; the more there is, the less each costs.
            stopping.wait(GATHER_SECONDS)
        else:
            _wait_for(RECORDED, stopping)

    _repeat(turn, "log", stopping)


def route_work(stopping: threading.Event) -> None:
    """Bring together what waits and who has room until `stopping` is set; any number of processes may.

    Apart from what follows the log, so that no batch of anything else stands between a customer and whoever is free.
    """
    shelter = Shelter()

    def turn() -> None:
        if not route(clock.now(), shelter):
            _wait_for(ROUTING, stopping)

    _repeat(turn, "routing", stopping)


def _take_care(stopping: threading.Event) -> None:
    """Find people who are gone and work that was missed, for as long as the claim to that is ours."""
    claim, shelter, care = Claim("routing"), Shelter(), Care()

    def turn() -> None:
        if claim.hold():
            take_care(care, at=clock.now(), sheltering=shelter)
        stopping.wait(TAKE_CARE_SECONDS)

    _repeat(turn, "care", stopping)
    claim.let_go()


def _repeat(turn: Callable[[], None], loop: str, stopping: threading.Event) -> None:
    """Take turns until `stopping` is set, all over one connection.

    A turn that fails, as each does when the database restarts, is followed by a pause and a new connection: the first
    failure in a row is logged with its story, each later one in a line and after a longer pause.
    """
    failures = 0
    while not stopping.is_set():
        began = time.monotonic()
        try:
            turn()
            failures = 0
        except Exception as problem:
            failures = 1 if time.monotonic() - began > STEADY_AFTER_SECONDS else failures + 1
            pause = min(pause_seconds(failures), LONGEST_PAUSE_SECONDS)
            facts = {"loop": loop, "failures": failures, "pause_seconds": pause, "problem": type(problem).__name__}
            log.error("worker.failed", extra=facts, exc_info=problem if failures == 1 else None)
            connection.close()
            stopping.wait(pause)
    connection.close()


def _wait_for(bell: str, stopping: threading.Event) -> None:
    """Sleep until a bell rings, or a second has passed: timers have no bell."""
    connection.ensure_connection()
    raw = connection.connection
    raw.execute(f"LISTEN {bell}")
    # What was heard while we worked is heard first, so nothing recorded meanwhile is slept through.
    for _notice in raw.notifies(timeout=0 if stopping.is_set() else WAKE_SECONDS, stop_after=1):
        pass
    # A thousand rings are one reason to look.
    for _notice in raw.notifies(timeout=0):
        pass


def _keep_mailboxes(stopping: threading.Event) -> None:
    """Watch every live mailbox."""

    def watch_one(key: tuple[int, int], leaving: threading.Event) -> None:
        watch(workspace_id=key[0], mailbox_id=key[1], stopping=leaving)

    _keep_watched("mailboxes", "fetching", live_mailboxes_everywhere, watch_one, stopping)


def _keep_phones(stopping: threading.Event) -> None:
    """Listen to every live telephone system."""

    def watch_one(key: tuple[int, int], leaving: threading.Event) -> None:
        watch_phone(workspace_id=key[0], pbx_id=key[1], stopping=leaving)

    _keep_watched("phones", "phones", listened_pbxes_everywhere, watch_one, stopping)


def _keep_watched(
    loop: str,
    claim: str,
    live: Callable[[], list[tuple[int, int]]],
    watch_one: Callable[[tuple[int, int], threading.Event], None],
    stopping: threading.Event,
) -> None:
    """Watch all that is live, each in a thread, for as long as the claim is ours; the other workers are ready to take over."""
    ours, watchers, leaving = Claim(claim), dict[tuple[int, int], threading.Thread](), threading.Event()

    def turn() -> None:
        if ours.hold():
            leaving.clear()
            for key in live():
                if key not in watchers or not watchers[key].is_alive():
                    watchers[key] = _watcher(loop, key, watch_one, leaving)
        else:
            leaving.set()  # whoever has the claim now watches them
        stopping.wait(LOOK_FOR_MAILBOXES_SECONDS)

    _repeat(turn, loop, stopping)
    leaving.set()
    # One that waits for news hears of it only when its wait ends; to cut it off loses nothing, for each piece is stored apart.
    deadline = time.monotonic() + WATCHERS_END_WITHIN_SECONDS
    for watcher in watchers.values():
        watcher.join(timeout=max(0.0, deadline - time.monotonic()))
    ours.let_go()


def _keep_lake(stopping: threading.Event) -> None:
    """Let the lake follow the log for as long as the claim to it is ours: one process holds what that takes in memory."""
    claim, shelter = Claim("lake"), Shelter()

    def turn() -> None:
        if claim.hold():
            # Here, because it brings DuckDB, which the other workers need not carry.
            from careloop.processes.lake import following

            # Only behind a full batch is certainly more: what comes meanwhile makes one file with what comes before the next turn.
            while (
                not stopping.is_set()
                and following.follow(Path(settings.LAKE_ROOT), at=clock.now(), sheltering=shelter) >= following.BATCH
            ):
                pass
        stopping.wait(LAKE_SECONDS)

    _repeat(turn, "lake", stopping)
    claim.let_go()


def keep_walls(stopping: threading.Event) -> None:
    """Feed the walls from the lakes until `stopping` is set, for as long as the claim to that is ours.

    Apart from what follows the log, which may take a minute: an import shows a moment after it is kept.
    """
    claim, shelter, looked = Claim("walls"), Shelter(), dict[int, Looked]()

    def turn() -> None:
        if claim.hold():
            feed_walls(looked, at=clock.now(), sheltering=shelter)
        stopping.wait(LOOK_FOR_NEW_FACTS_SECONDS)

    _repeat(turn, "walls", stopping)
    claim.let_go()


def _keep_cells(stopping: threading.Event) -> None:
    """Have the cells made again that boards are added up from, and the integrity checks, for as long as the claim to that is ours.

    A process of its own does it and ends: so the libraries take no memory in between, and nothing else waits for processors.
    """
    claim, pace = Claim("cells"), Pace()

    def turn() -> None:
        if claim.hold() and pace.is_time() and _is_refresh_due():
            began = time.monotonic()
            refresh_apart(stopping, seconds=REFRESH_SECONDS)
            pace.took(time.monotonic() - began)
        stopping.wait(LOOK_FOR_STALE_CELLS_SECONDS)

    _repeat(turn, "cells", stopping)
    claim.let_go()


def _is_refresh_due() -> bool:
    root, now = Path(settings.LAKE_ROOT), clock.now()
    return any(
        is_due(root / str(workspace_id), now=now) or is_examination_due(workspace_id, at=now)
        for workspace_id in workspace_ids()
    )


def keep_calls(stopping: threading.Event) -> None:
    """Make facts of what telephone systems send until `stopping` is set, for as long as the claim to that is ours."""
    claim, shelter, folds = Claim("calls"), Shelter(), Folds()

    def turn() -> None:
        if not claim.hold():
            close_folds(folds)  # whoever has the claim now opens them, and goes on from what is kept
        elif fold_phones(folds, at=clock.now(), sheltering=shelter):
            return
        stopping.wait(LOOK_FOR_CALLS_SECONDS)

    _repeat(turn, "calls", stopping)
    close_folds(folds)
    claim.let_go()


def keep_screens(stopping: threading.Event) -> None:
    """Bring calls to their agents' screens until `stopping` is set, for as long as the claim to that is ours.

    Apart from what makes facts of them, which waits for files.
    """
    claim, shelter = Claim("screens"), Shelter()

    def turn() -> None:
        if not (claim.hold() and follow_phones(at=clock.now(), sheltering=shelter)):
            stopping.wait(LOOK_FOR_RINGING_SECONDS)

    _repeat(turn, "screens", stopping)
    claim.let_go()


def _watcher(
    loop: str,
    key: tuple[int, int],
    watch_one: Callable[[tuple[int, int], threading.Event], None],
    stopping: threading.Event,
) -> threading.Thread:
    def run() -> None:
        try:
            watch_one(key, stopping)
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"{loop}-{key[1]}", daemon=True)
    thread.start()
    return thread


def _run_jobs(stopping: threading.Event) -> None:
    """Do the jobs; their worker ends when the database restarts, and is followed by a new one."""
    _repeat(lambda: asyncio.run(_jobs(stopping)), "jobs", stopping)


async def _jobs(stopping: threading.Event) -> None:
    """Do jobs until `stopping` is set. Raises whatever ends the work before.

    The worker says goodbye in the database when it ends, also when it ends because the database is gone. A pool that keeps
    connections tries each dead one after a longer pause, up to half a minute in all; one that keeps none fails at once.
    """
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django connectors have it
    async with AsyncNullConnectionPool(kwargs=connector_params()) as pool, worker_app.open_async(pool):
        work = asyncio.create_task(
            worker_app.run_worker_async(install_signal_handlers=False, delete_jobs="successful", concurrency=4)
        )
        while not stopping.is_set() and not work.done():
            await asyncio.sleep(0.5)
        if work.done():
            work.result()
            raise RuntimeError("The jobs' worker ended by itself; its own log says why.")
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
