"""Begin the mail of a report when its time has come; called by timers, in the timer's transaction."""

from datetime import datetime
from typing import Final

from procrastinate.contrib.django import app

from careloop.domains.reports import services
from careloop.kernel.scope import current_workspace

__all__ = ["REPORT_RETRY", "begin", "defer_run", "retry"]

REPORT_RETRY: Final = "reports.retry"
"""The timer that tries a mail again. Its subject is the run."""


def begin(reader_id: int, at: datetime) -> None:
    """Begin what is due for a reader."""
    run_id = services.begin_due(reader_id=reader_id, at=at)
    if run_id is not None:
        defer_run(run_id)


def retry(run_id: int, at: datetime) -> None:
    """Try a mail again."""
    defer_run(run_id)


def defer_run(run_id: int) -> None:
    """Let a worker make and send a mail after this transaction."""
    app.configure_task("web.mail_report").defer(workspace_id=current_workspace(), run_id=run_id)
