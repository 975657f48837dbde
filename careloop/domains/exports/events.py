from careloop.kernel.events import Event, event_type

__all__ = ["ExportAskedFor", "ExportRemoved", "ExportSettled"]


@event_type("export.asked_for")
class ExportAskedFor(Event):
    """Somebody asked for facts as a file. table: of the lake. file_format: csv, xlsx or parquet."""

    table: str
    file_format: str


@event_type("export.settled")
class ExportSettled(Event):
    """A file of facts is ready, or never will be. state: ready or failed. why: a code of states.Why; empty when ready."""

    state: str
    why: str
    row_count: int


@event_type("export.removed")
class ExportRemoved(Event):
    """A file of facts was thrown away, by the one who asked for it or by the house after a day."""

    table: str
