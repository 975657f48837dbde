"""The contacts, cases and stretches of time of which a number is made, page by page and as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from careloop.kernel.sentences import Unusable
from careloop.processes.measuring.errors import QuestionUnclear
from careloop.processes.measuring.lakes import insight, opened
from careloop.processes.measuring.types import Question

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MOST_ROWS", "Behind", "RowBehind", "rows_behind", "rows_behind_check", "table_behind"]

PAGE: Final = 50
MOST_ROWS: Final = 1_000_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Ends of the names of columns that say who worked.
PEOPLE: Final = ("agent_id", "supervisor_id", "evaluator_id", "agent_state_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBehind:
    """One row. at: when, timezone-aware; None where it has a day only. ids: by the name of the column, such as contact_id.

    numerator, denominator, value: what it brings; None where the metric has no such part.
    """

    at: datetime | None
    ids: Mapping[str, str]
    numerator: float | None
    denominator: float | None
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A page of rows. is_secret: they are shown to nobody, because people gave them without their name."""

    rows: Sequence[RowBehind]
    has_more: bool
    is_secret: bool = False


def rows_behind(question: Question, *, workspace_id: int, page: int, size: int = PAGE, names_people: bool) -> Behind:
    """Return a page of the rows behind a number, in the order of time; outside any scope.

    page: from 0. size: of a page. names_people: whether the rows may say who worked. The caller has checked who may ask.

    Raises QuestionUnclear, MeasuringMissing.
    """
    page = min(max(page, 0), MOST_ROWS // size)
    table = _fetched(question, workspace_id, limit=(page + 1) * size + 1, names_people=names_people)
    return _page(table, page=page, size=size)


def table_behind(question: Question, *, workspace_id: int, names_people: bool) -> "pa.Table | None":
    """Return all rows behind a number with `at`, its ids and what each brings; None where there are no facts. See `rows_behind`.

    Raises QuestionUnclear where they are more than a million, too.
    """
    import pyarrow as pa

    table = _fetched(question, workspace_id, limit=MOST_ROWS + 1, names_people=names_people)
    if table is None:
        return None
    if table.num_rows > MOST_ROWS:
        raise QuestionUnclear(
            _(
                "More than a million rows stand behind this number. Choose a shorter period, or save the whole table of facts."
            )
        )
    if "at_us" not in table.column_names:
        return table
    place = table.column_names.index("at_us")
    return table.set_column(place, "at", table["at_us"].cast(pa.timestamp("us", "UTC")))


def _fetched(question: Question, workspace_id: int, *, limit: int, names_people: bool) -> "pa.Table | None":
    with opened(workspace_id, as_of=question.as_of) as facts:
        if facts is None:
            return None
        try:
            table: pa.Table = insight("kpis").behind(
                facts,
                question.metric,
                since=question.since,
                until=question.until,
                where=question.conditions or None,
                options=question.options,
                limit=limit,
            )
        except Unusable as error:
            raise QuestionUnclear(error.sentence(gettext)) from error
    return _without_people(table, names_people=names_people)


def rows_behind_check(
    check: str,
    *,
    since: datetime,
    until: datetime,
    conditions: Mapping[str, Any],
    workspace_id: int,
    page: int,
    names_people: bool,
) -> Behind:
    """Return a page of the rows that an integrity check is about, in the order of time; outside any scope.

    conditions: a condition tree as JSON, empty for everything. page: from 0. names_people: see `rows_behind`.
    The caller has checked who may ask. Raises QuestionUnclear, MeasuringMissing.
    """
    page = min(max(page, 0), MOST_ROWS // PAGE)
    with opened(workspace_id) as facts:
        # Another release may not make this check any more.
        if facts is None or check not in insight("kpis.checks").CHECKS:
            return Behind(rows=(), has_more=False)
        examining = insight("kpis.examining")
        if not examining.is_told(check):
            return Behind(rows=(), has_more=False, is_secret=True)
        try:
            table = examining.rows_of(
                facts, check, since=since, until=until, where=conditions or None, limit=(page + 1) * PAGE + 1
            )
        except Unusable as error:
            raise QuestionUnclear(error.sentence(gettext)) from error
    return _page(_without_people(table, names_people=names_people), page=page, size=PAGE)


def _page(table: "pa.Table | None", *, page: int, size: int) -> Behind:
    found = [] if table is None else table.slice(page * size, size + 1).to_pylist()
    return Behind(rows=[_row(row) for row in found[:size]], has_more=len(found) > size)


def _without_people(table: "pa.Table", *, names_people: bool) -> "pa.Table":
    return table if names_people else table.drop_columns([one for one in table.column_names if one.endswith(PEOPLE)])


def _row(row: Mapping[str, Any]) -> RowBehind:
    at = row.get("at_us")
    return RowBehind(
        at=None if at is None else EPOCH + timedelta(microseconds=at),
        ids={name: str(value) for name, value in row.items() if name.endswith("_id") and value is not None},
        numerator=row.get("numerator"),
        denominator=row.get("denominator"),
        value=row.get("value"),
    )
