from careloop.kernel.events import Event, event_type

__all__ = ["ReportAskedFor", "ReportChanged", "ReportDeleted", "ReportMade", "ReportRan"]


@event_type("report.made")
class ReportMade(Event):
    """A report was made. board: its key. reader_count: how many get it."""

    board: str
    reader_count: int


@event_type("report.changed")
class ReportChanged(Event):
    """A report changed. change: settings, paused or resumed."""

    change: str


@event_type("report.deleted")
class ReportDeleted(Event):
    """A report is gone, and with it the record of its mails."""

    run_count: int


@event_type("report.asked_for")
class ReportAskedFor(Event):
    """Somebody had a report sent to them now."""

    run_id: int


@event_type("report.ran")
class ReportRan(Event):
    """A mail of a report is settled. state: sent, skipped, failed or uncertain. why: a code of states.Why; empty when sent."""

    run_id: int
    user_id: int
    state: str
    why: str
