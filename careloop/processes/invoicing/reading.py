"""The rows of a statement as they were frozen: page by page, and as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from careloop.domains.invoices.types import StatementRow
from careloop.kernel.blobs import open_blob
from careloop.processes.measuring.exporting import FileFormat, pieces_of
from careloop.processes.measuring.lakes import insight

__all__ = ["Line", "LinesPage", "lines_of", "pieces_of_statement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a contact, or a promise. month: YYYY-MM, an earlier one for a correction. See `careloop.insight.invoices.SCHEMA`."""

    month: str
    kind: str
    item_id: str
    contact_id: str | None
    case_id: str | None
    at: datetime | None
    channel: str | None
    basis: str
    contacts: int
    unmeasured: int
    handled_s: float
    kept: int
    made: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesPage:
    lines: Sequence[Line]
    has_more: bool


def lines_of(statement: StatementRow, *, kind: str, page: int, size: int) -> LinesPage:
    """Return a page of the rows of a statement, in the scope of its workspace.

    kind: "contact", "commitment", "correction", or empty for all, in the order of the file. page: from 0.
    """
    with open_blob(statement.sha256) as file:
        rows = insight("invoices").rows_in(
            file, month=f"{statement.month:%Y-%m}", kind=kind, start=page * size, count=size + 1
        )
    return LinesPage(lines=[Line(**row) for row in rows[:size]], has_more=len(rows) > size)


def pieces_of_statement(statement: StatementRow, file_format: FileFormat, *, zone: str) -> Iterator[bytes]:
    """Return all rows of a statement as a file, piece by piece, opened in the scope of its workspace.

    zone: IANA name of the one in which CSV and Excel tell moments.
    """
    invoices = insight("invoices")
    file = open_blob(statement.sha256)
    return pieces_of(invoices.SCHEMA, invoices.batches_in(file), file_format, zone=zone)
