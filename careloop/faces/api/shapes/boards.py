"""Boards, their tiles, the catalogue, and what numbers come to."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from careloop.faces.api.shapes.common import Asked, Given, Moment, Shown

PeriodName = Literal[
    "today", "yesterday", "last_7_days", "last_28_days", "last_90_days", "this_week", "last_week", "this_month",
    "last_month", "this_year",
]  # fmt: skip
Kind = Literal["number", "series", "heat_map", "distribution", "table"]
Against = Literal["none", "previous", "target"]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")]
MetricId = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")]
Word = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]*$")]
FileFormatName = Literal["csv", "xlsx", "parquet"]
ZoneName = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_+/-]+$", description="Such as Asia/Seoul.")
]
Options = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]],
    Field(max_length=20),
]


class TileContentShown(Shown):
    """by: what a table or a line is split by. conditions: a tree; empty for everything. period: empty for the board's own."""

    kind: Kind
    metric: str
    options: dict[str, str]
    by: str
    conditions: dict[str, Any]
    period: str
    comparison: Against
    target: float | None
    width: int


class TileShown(Shown):
    key: str
    content: TileContentShown


class BoardShown(Shown):
    """key: a number, or the word of a board that every workspace has. is_personal: its numbers are the reader's own."""

    key: str
    name: str
    note: str
    period: PeriodName
    tiles: list[TileShown]
    is_own: bool
    is_system: bool
    is_personal: bool


class BoardList(Shown):
    items: list[BoardShown]


class BoardGiven(Given):
    name: Name
    period: PeriodName = "last_28_days"
    is_shared: bool = False


class CopyGiven(Given):
    name: Name
    is_shared: bool = False


class TileGiven(Given):
    """target: in the unit of the metric, shares from 0 to 1; given exactly when compared with a target. width: in quarters."""

    kind: Kind
    metric: MetricId
    options: Options = {}
    by: Word = ""
    conditions: dict[str, Any] = {}
    period: PeriodName | Literal[""] = ""
    comparison: Against = "previous"
    target: Annotated[float, Field(ge=-1e12, le=1e12)] | None = None
    width: Annotated[int, Field(ge=1, le=4)] = 1


class OptionShown(Shown):
    """choices: what it may be; empty for free ones. choice_names: what each is called, in the language asked for."""

    name: str
    meaning: str
    kind: str
    default: str
    choices: list[str]
    choice_names: dict[str, str]


class MetricShown(Shown):
    """What a metric is, in the language asked for. needs: facts without which there is no number."""

    id: str
    code: str
    version: int
    name: str
    numerator: str
    denominator: str
    symbols: str
    unit: str
    direction: str
    aggregation: str
    interval: str
    subject: str
    gaming: str
    source: str
    options: list[OptionShown]
    pairs: list[str]
    needs: list[str]


class MetricList(Shown):
    items: list[MetricShown]


class NumberAsked(Asked):
    """conditions: a condition tree as JSON. options: as JSON, name to value as text.

    as_of: the data as they were known at the end of that day in UTC, and the metric as it was defined then.
    day_begins: when a day of operation begins, on the half hour or the hour; as the workspace has set it where nothing is said.
    """

    metric: MetricId
    since: Moment
    until: Moment
    conditions: Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")] = ""
    options: Annotated[str, Field(max_length=5_000, pattern=r"^[^\x00]*$")] = ""
    as_of: date | None = None
    day_begins: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[03]0$")] | None = None


class ChangeShown(Shown):
    """What lies between two periods. verdict: higher, lower, unclear where chance may explain it, unknown without intervals."""

    dimensions: dict[str, str | float | None]
    value: float | None
    before: float | None
    difference: float | None
    low: float | None
    high: float | None
    verdict: str | None
    mix: float | None
    rate: float | None


class ComparisonShown(Shown):
    """since, until: of the period before. mix and rate of the rows add up to those of the total, and these to the change.

    reaches_back: whether facts reach back to the beginning of the period before; where they do not, nothing is compared.
    """

    since: str
    until: str
    reaches_back: bool
    total: ChangeShown
    rows: list[ChangeShown]


class MeasurementAsked(NumberAsked):
    """by: dimensions, parted by commas.

    compare: another period to hold this one against: previous, for the one of the same kind just before, or two moments with two
    dots between them.
    """

    by: Annotated[str, Field(max_length=120, pattern=r"^[a-z_,]*$")] = ""
    compare: Annotated[str, Field(max_length=80, pattern=r"^(previous|[0-9T:.+\-Z]+\.\.[0-9T:.+\-Z]+)?$")] = ""


class FileAsked(Asked):
    """format: of the file. zone: in which CSV and Excel tell moments, the token's maker's unless given; Parquet is in UTC."""

    format: FileFormatName
    zone: ZoneName | None = None


class MeasurementFileAsked(NumberAsked, FileAsked):
    """by: dimensions, parted by commas."""

    by: Annotated[str, Field(max_length=120, pattern=r"^[a-z_,]*$")] = ""


class BehindAsked(NumberAsked):
    """page: from 0, in the order of time."""

    page: Annotated[int, Field(ge=0, le=10_000)] = 0
    limit: Annotated[int, Field(ge=1, le=200, description="Rows on the page.")] = 50


class BehindFileAsked(NumberAsked, FileAsked):
    pass


class FigureShown(Shown):
    """value: null where the denominator is 0 or where it is hidden. standing: shown, small_sample or hidden."""

    dimensions: dict[str, str | float | None]
    value: float | None
    low: float | None
    high: float | None
    method: str
    numerator: float | None
    denominator: float | None
    n: int | None
    standing: str
    is_provisional: bool


class FlagShown(Shown):
    """A flag beside a number; /flags/{id} says more. said: the answer, empty without one. key: which queue or agent."""

    id: int
    check: str
    severity: str
    sentence: dict[str, str]
    value: float
    state: str
    said: str
    about: str
    key: str
    is_doubtful: bool


class RowBehindShown(Shown):
    """One row of which a number is made. ids: by the name of the column, such as contact_id; who worked only for those who lead.

    numerator, denominator, value: what it brings; null where the metric has no such part.
    """

    at: datetime | None
    ids: dict[str, str]
    numerator: float | None
    denominator: float | None
    value: float | None


class BehindPage(Shown):
    """is_hidden: the rows are not shown, because the number is not: too few stand behind it, or nothing was measured."""

    items: list[RowBehindShown]
    next_page: int | None
    is_hidden: bool


class MeasurementShown(Shown):
    """total: null where nothing was measured; not_measured then names the facts it would need. options: all of them.

    unit: what values are measured in, given the options.
    flags: of the number as a whole; part_flags: of parts among the rows.
    version: of the definition that was used; newest_version: of today's. comparison: null unless asked for.
    complete_until: until when all sources are complete. matured_until: until when late facts can change nothing.
    """

    metric: str
    version: int
    newest_version: int
    options: str
    unit: str
    zone: str
    total: FigureShown | None
    rows: list[FigureShown]
    complete_until: str | None
    matured_until: str | None
    not_measured: list[str]
    flags: list[FlagShown]
    part_flags: list[FlagShown]
    notes: dict[str, float | None]
    comparison: ComparisonShown | None = None
