"""Have a report sent now."""

from datetime import datetime

from careloop.domains.reports.services import ask_for
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.processes.reporting.due import defer_run

__all__ = ["send_now"]


@act
def send_now(*, report_id: int, actor: Actor, at: datetime) -> int:
    """Send a report to whoever asks, and return the run. Raises ReportNotFound. Records ReportAskedFor."""
    run_id = ask_for(report_id=report_id, actor=actor, at=at)
    defer_run(run_id)
    return run_id
