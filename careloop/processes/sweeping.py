"""What nobody needs any more, thrown away in the night."""

from collections.abc import Collection
from datetime import datetime, timedelta

from careloop.domains.automation.services import forget_runs
from careloop.domains.cases.queries import files_in_drafts
from careloop.domains.channels.queries import blobs_of_mails
from careloop.domains.exports.queries import blobs_of_exports
from careloop.domains.files.queries import blobs_of_files
from careloop.domains.files.services import sweep_loose
from careloop.domains.invoices.queries import blobs_of_statements
from careloop.domains.webhooks.services import forget_deliveries
from careloop.domains.workspaces.queries import workspace_ids
from careloop.kernel import blobs
from careloop.kernel.scope import workspace_scope

__all__ = ["DELIVERIES_KEPT_FOR", "RUNS_KEPT_FOR", "sweep_blobs", "sweep_deliveries", "sweep_runs", "sweep_uploads"]

LOOSE_FOR = timedelta(days=1)
RUNS_KEPT_FOR = timedelta(days=400)
"""How long the log of rules is kept: over a year, so that the same season can be compared."""
DELIVERIES_KEPT_FOR = timedelta(days=30)
"""How long messages to other systems are kept: they carry what customers wrote, so no longer than anybody sends them again."""


def sweep_blobs(*, at: datetime) -> int:
    """Throw away the bytes of every workspace that were stored more than a day before `at` and that no row names.

    They are left by whoever died before the commit, and by files that were thrown away. Returns how many.
    """
    count = 0
    for workspace_id in workspace_ids():
        with workspace_scope(workspace_id):
            count += blobs.sweep_blobs(before=at - LOOSE_FOR, named=_named)
    return count


def _named(hashes: Collection[str]) -> set[str]:
    return blobs_of_files(hashes) | blobs_of_mails(hashes) | blobs_of_statements(hashes) | blobs_of_exports(hashes)


def sweep_uploads(*, at: datetime) -> int:
    """Throw away the files of every workspace that were uploaded more than a day before `at`, never sent, and wait in no draft.

    Returns how many. Their bytes stay until the blobs are swept: another file may have the same.
    """
    count = 0
    for workspace_id in workspace_ids():
        with workspace_scope(workspace_id):
            count += sweep_loose(before=at - LOOSE_FOR, kept_ids=files_in_drafts())
    return count


def sweep_runs(*, at: datetime) -> int:
    """Throw away what rules did more than 400 days before `at`, in every workspace, and return how many runs that were.

    What they did to cases stays in the event log.
    """
    count = 0
    for workspace_id in workspace_ids():
        gone = 1
        while gone:
            with workspace_scope(workspace_id):
                gone = forget_runs(before=at - RUNS_KEPT_FOR)
            count += gone
    return count


def sweep_deliveries(*, at: datetime) -> int:
    """Throw away what webhooks sent more than 30 days before `at`, in every workspace, and return how many messages that were."""
    count = 0
    for workspace_id in workspace_ids():
        gone = 1
        while gone:
            with workspace_scope(workspace_id):
                gone = forget_deliveries(before=at - DELIVERIES_KEPT_FOR)
            count += gone
    return count
