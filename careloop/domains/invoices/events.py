from careloop.kernel.events import Event, event_type

__all__ = ["InvoiceIssued", "InvoiceSaved"]


@event_type("invoice.issued")
class InvoiceIssued(Event):
    """What a client is billed for in a month was frozen. month: YYYY-MM. handled_seconds: of contacts whose time is known."""

    month: str
    contact_count: int
    handled_seconds: float
    kept_count: int
    made_count: int
    correction_count: int


@event_type("invoice.saved")
class InvoiceSaved(Event):
    """A person saved a statement with its contacts as a file. file_format: csv, xlsx or parquet."""

    month: str
    file_format: str
    row_count: int
