"""What may cross the threshold of the exports domain."""

from dataclasses import dataclass
from datetime import datetime

from careloop.domains.exports.states import SETTLED, ExportState, Why

__all__ = ["ExportAsked", "ExportRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked:
    """What somebody asks for.

    table: of the lake. file_format: csv, xlsx or parquet. since, until: timezone-aware, the first included and the second not.
    zone: IANA name of the one in which CSV and Excel tell moments.
    """

    table: str
    file_format: str
    since: datetime
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A file that was asked for.

    rows_in_all: None until they were counted. size: in bytes. sha256: of the file; empty until it is ready.
    settled_at: since when it is ready, or will never be. expires_at: when it is thrown away.
    """

    id: int
    asked: ExportAsked
    maker_id: int
    asked_at: datetime
    state: ExportState
    why: Why
    rows_written: int
    rows_in_all: int | None
    size: int | None
    sha256: str
    settled_at: datetime | None
    expires_at: datetime | None

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED
