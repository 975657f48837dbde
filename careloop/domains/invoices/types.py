"""What may cross the threshold of the invoices domain."""

from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["Amounts", "StatementRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What rows come to. unmeasured: contacts whose handled time no source gives. kept, made: promises."""

    contacts: int
    unmeasured: int
    handled_seconds: float
    kept: int
    made: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """An issued statement.

    month: its first day. own: what happened in it. corrections: what has changed of earlier months since they were stated.
    complete_until: until when the data were complete when it was issued; None where no source said.
    sha256: of the Parquet file with all rows, which is kept as it was. zone: in which the month began and ended.
    """

    id: int
    month: date
    own: Amounts
    corrections: Amounts
    correction_count: int
    zone: str
    issued_at: datetime
    issuer_id: int | None
    issuer_name: str
    complete_until: datetime | None
    sha256: str
    row_count: int
