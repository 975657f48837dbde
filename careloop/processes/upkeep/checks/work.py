"""Checks of what happens in the background: numbering, jobs, reactions, mailboxes."""

from datetime import datetime, timedelta

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careloop.kernel.timers import GIVE_UP_AFTER
from careloop.processes.subscriptions import READERS
from careloop.processes.upkeep.checks.findings import Finding, failed, fine, worrying

__all__ = ["check_jobs", "check_mailboxes", "check_waiting", "check_worker"]

IDLE_WORKER_AFTER = timedelta(seconds=60)
MAILBOX_IS_LATE_AFTER = timedelta(minutes=5)
WAITS_TOO_LONG_AFTER = timedelta(minutes=5)

_WAITING = """
WITH waiting AS (
    SELECT h.workspace_id, 'reader ' || r.name AS work, (
        SELECT e.recorded_at FROM kernel_event e WHERE e.workspace_id = h.workspace_id
        AND e.position > coalesce(c.position, 0) ORDER BY e.position LIMIT 1
    ) AS since
    FROM unnest(%s::text[]) r (name) CROSS JOIN kernel_log_head h
    LEFT JOIN kernel_reader_cursor c ON c.reader = r.name AND c.workspace_id = h.workspace_id
    WHERE h.position > coalesce(c.position, 0)
    UNION ALL
    SELECT workspace_id, 'timers', min(due_at) FROM kernel_timer WHERE attempts < %s GROUP BY 1
    UNION ALL
    SELECT workspace_id, 'mail', min(stored_at) FROM channels_rawmail WHERE state = 'stored' GROUP BY 1
)
SELECT waiting.work, coalesce(w.key, '-'), waiting.since FROM waiting
LEFT JOIN workspaces_workspace w ON w.id = waiting.workspace_id WHERE waiting.since < %s ORDER BY waiting.since
"""


def check_worker(owner: BaseDatabaseWrapper, now: datetime) -> Finding:
    """Check that somebody numbers new events, which every worker does at once."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT min(recorded_at) FROM kernel_event WHERE position IS NULL")
        (oldest,) = cursor.fetchone()
    if oldest is None or now - oldest < IDLE_WORKER_AFTER:
        return fine("worker", _("Nothing waits for a worker."))
    return failed(
        "worker",
        _("Events have waited for a worker since %(since)s.") % {"since": f"{oldest:%Y-%m-%d %H:%M} UTC"},
        _("Start the worker: careloop up, or careloop work"),
    )


def check_jobs(owner: BaseDatabaseWrapper) -> Finding:
    """Check for jobs and reactions that were given up."""
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')"
            " + (SELECT count(*) FROM kernel_failedreaction WHERE due_at IS NULL)"
            " + (SELECT count(*) FROM kernel_timer WHERE attempts >= %s)",
            [GIVE_UP_AFTER],
        )
        (count,) = cursor.fetchone()
    if not count:
        return fine("jobs", _("No job was given up."))
    return worrying(
        "jobs",
        ngettext("%(count)s job was given up.", "%(count)s jobs were given up.", count) % {"count": count},
        _("Look at the log of the worker for the reason, mend it, then retry the jobs."),
    )


def check_waiting(owner: BaseDatabaseWrapper, now: datetime) -> Finding:
    """Check that no work waits in any workspace though a worker runs: it fails there again and again."""
    with owner.cursor() as cursor:
        cursor.execute(_WAITING, [[reader.name for reader in READERS], GIVE_UP_AFTER, now - WAITS_TOO_LONG_AFTER])
        late = cursor.fetchall()
    if not late:
        return fine("waiting", _("No work waits longer than it should."))
    return failed(
        "waiting",
        _("This work waits too long: %(work)s.")
        % {"work": "; ".join(f"{work}, {key}, {since:%Y-%m-%d %H:%M} UTC" for work, key, since in late)},
        _("Look for work.failed in the log of the worker: it names the work, the workspace and the reason."),
    )


def check_mailboxes(owner: BaseDatabaseWrapper, *, now: datetime) -> Finding:
    """Check that every live mailbox was read within the last minutes."""
    latest = now - MAILBOX_IS_LATE_AFTER
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT address, last_error FROM channels_mailbox WHERE state = 'live' AND imap_host <> ''"
            " AND (failing_since IS NOT NULL OR coalesce(last_fetched_at, created_at) < %s) ORDER BY id",
            [latest],
        )
        late = cursor.fetchall()
    if not late:
        return fine("mailboxes", _("Every live mailbox was read lately."))
    return failed(
        "mailboxes",
        _("These mailboxes are not read: %(mailboxes)s.")
        % {"mailboxes": ", ".join(f"{address} ({error})" if error else address for address, error in late)},
        _("Check the mailbox's settings in the workspace, and that the worker runs."),
    )
