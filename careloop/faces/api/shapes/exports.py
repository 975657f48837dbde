"""Facts as files."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from careloop.faces.api.shapes.boards import FileFormatName, ZoneName
from careloop.faces.api.shapes.common import Given, Moment, Shown

TableName = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z_]+$")]


class TableShown(Shown):
    """A table of facts that has rows. rows: about how many. key: what names a row. instant: which a period is about, or null."""

    name: str
    meaning: str
    rows: int
    key: list[str]
    instant: str | None


class TableList(Shown):
    items: list[TableShown]


class ExportGiven(Given):
    """table: of GET /facts. since is included, until is not; a table without an instant is saved whole.

    zone: in which CSV and Excel tell moments, the token's maker's unless given; Parquet is in UTC.
    """

    table: TableName
    format: FileFormatName
    since: Moment
    until: Moment
    zone: ZoneName | None = None


class ExportShown(Shown):
    """state: waiting, writing, ready or failed. why: a code, and reason a sentence, where it failed. size: in bytes.

    rows_in_all: null until they were counted. expires_at: when the file is thrown away.
    """

    id: int
    table: str
    format: FileFormatName
    since: datetime
    until: datetime
    zone: str
    asked_at: datetime
    state: Literal["waiting", "writing", "ready", "failed"]
    why: str
    reason: str
    rows_written: int
    rows_in_all: int | None
    size: int | None
    settled_at: datetime | None
    expires_at: datetime | None


class ExportList(Shown):
    items: list[ExportShown]
