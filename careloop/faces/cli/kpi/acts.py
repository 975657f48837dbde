"""What `careloop kpi` does: list, explain, measure, and show what is behind a number."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from careloop.faces.cli.extras import require_extra
from careloop.faces.cli.kpi import answering, cards, pictures, questions
from careloop.faces.cli.kpi.answering import Unanswered
from careloop.faces.cli.kpi.compared import compared_csv, compared_facts, compared_table, other_period
from careloop.faces.cli.kpi.numbers import as_csv, as_facts, as_table, beside, caveats, printed
from careloop.faces.cli.kpi.questions import QuestionMakesNoSense
from careloop.insight import kpis
from careloop.insight.kpis import Result
from careloop.kernel.sentences import Unusable

__all__ = ["PICTURES", "contacts", "explained", "listed", "measured"]

ROWS_SHOWN = 50
PICTURES = ("png", "svg")
T = TypeVar("T")


def listed(form: str) -> str:
    """Name every metric."""
    return _json(cards.list_facts()) if form == "json" else cards.list_words()


def explained(name: str | None, form: str) -> str:
    """Say everything about one metric."""
    metric = _metric(name)
    return _json(cards.card_facts(metric)) if form == "json" else cards.card_words(metric)


def measured(
    form: str,
    *,
    metrics: Sequence[str],
    board: str | None,
    facts: str | None,
    by: str,
    since: str | None,
    until: str | None,
    where: str | None,
    option: Sequence[str],
    as_of: str | None = None,
    day_begins: str | None = None,
    compare: str | None = None,
) -> str | bytes:
    """Measure metrics and write them in a form; beside those of another period where one is named."""
    day = questions.day("--as-of", as_of)
    wanted = questions.asked(metrics, board, option, as_of=day)
    if form in PICTURES:
        require_extra("charts", packages=pictures.PACKAGES)
        pictures.refuse_without_picture(questions.dimensions(by))
    known = _facts(facts, as_of=day)
    first, last = questions.moment("--from", since, known.zone), questions.moment("--to", until, known.zone)
    begins = questions.day_begins(day_begins)
    if compare is not None:
        before = other_period(compare, since=first, until=last, zone=known.zone)
        return _compared(form, known, wanted, before, by=by, since=first, until=last, where=where, day_begins_s=begins)
    results = answering.measured(
        known,
        wanted,
        as_json=form == "json",
        by=questions.dimensions(by),
        since=first,
        until=last,
        where=questions.condition(where),
        day_begins_s=begins,
    )
    match form:
        case "json":
            return _json([as_facts(result) for result in results])
        case "csv":
            return as_csv(_with_numbers(results))
        case "parquet":
            return _parquet(_together(_with_numbers(results)))
        case "png" | "svg":
            return pictures.drawn(results, form)
    return as_table(results)


def _compared(
    form: str,
    known: kpis.Facts,
    wanted: Sequence[kpis.Asked],
    before: tuple[datetime, datetime] | None,
    *,
    by: str,
    since: datetime | None,
    until: datetime | None,
    where: str | None,
    day_begins_s: int,
) -> str:
    if since is None or until is None:
        raise QuestionMakesNoSense(_("--compare needs a period to compare: give --from and --to."))
    if form not in ("table", "csv", "json"):
        raise QuestionMakesNoSense(_("A comparison is written as table, csv or json."))
    found = answering.each(
        wanted,
        lambda some: kpis.compare_all(
            known,
            some,
            since=since,
            until=until,
            before=before,
            by=questions.dimensions(by),
            where=questions.condition(where),
            day_begins_s=day_begins_s,
            with_checks=True,
        ),
    )
    match form:
        case "json":
            return _json([compared_facts(one) for one in found])
        case "csv":
            return compared_csv(_answered(found))
    return compared_table(found)


def _with_numbers(found: Sequence[Result | Unanswered]) -> list[Result]:
    """Return what has numbers; what is not measured is said beside the file too."""
    results = _answered(found)
    for result in results:
        if result.not_measured:
            print(f"{result.metric.id}: {caveats(result)[0]}", file=sys.stderr)
    return [result for result in results if not result.not_measured]


def _answered(found: Sequence[T | Unanswered]) -> list[T]:
    """Return what has an answer; what has none is said beside the file, in which it has no place."""
    for one in found:
        if isinstance(one, Unanswered):
            print(f"{one.asked.metric.id}: {one.sentence}", file=sys.stderr)
    return [one for one in found if not isinstance(one, Unanswered)]


def contacts(
    name: str | None,
    form: str,
    *,
    facts: str | None,
    by: str,
    since: str | None,
    until: str | None,
    where: str | None,
    option: Sequence[str],
    limit: int | None,
    check: str | None = None,
    as_of: str | None = None,
) -> str | bytes:
    """Show the rows behind one number, or behind one of its integrity checks."""
    day = questions.day("--as-of", as_of)
    (wanted,) = questions.asked([_metric(name).id], None, option, as_of=day)
    known = _facts(facts, as_of=day)
    try:
        rows = kpis.behind(
            known,
            wanted.metric.id,
            by=questions.dimensions(by),
            since=questions.moment("--from", since, known.zone),
            until=questions.moment("--to", until, known.zone),
            where=questions.condition(where),
            options=dict(wanted.options.settings),
            check=check,
            limit=ROWS_SHOWN if limit is None and form == "table" else limit,
        )
    except Unusable as problem:
        raise questions.refused(problem) from problem
    match form:
        case "json":
            return _json(rows.to_pylist())
        case "csv":
            out = io.StringIO()
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(rows.column_names)
            writer.writerows(row.values() for row in rows.to_pylist())
            return out.getvalue()
        case "parquet":
            return _parquet(rows)
    lines = [rows.column_names, *([_told(value) for value in row.values()] for row in rows.to_pylist())]
    return "\n".join(printed(lines))


def _told(value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _facts(folder: str | None, *, as_of: date | None = None) -> kpis.Facts:
    if folder is None:
        raise QuestionMakesNoSense(_("Say where the facts are: --facts with their folder."))
    return questions.facts_in(folder, as_of=as_of)


def _metric(name: str | None) -> kpis.Metric:
    if name is None:
        raise QuestionMakesNoSense(_("Say which metric; “careloop kpi list” names them."))
    try:
        return kpis.metric(name)
    except Unusable as problem:
        raise questions.refused(problem) from problem


def _together(results: Sequence[Result]) -> pa.Table:
    tables = []
    for result in results:
        shown = result.whole if result.cells is None else result.cells
        if shown is not None:
            table = shown.arrow()
            names = {"metric": result.metric.id, "version": result.metric.version, "options": str(result.options)}
            for place, (name, value) in enumerate(names.items()):
                table = table.add_column(place, name, pa.array([value] * table.num_rows))
            for name, told in beside(result).items():
                table = table.append_column(name, pa.array([told] * table.num_rows, pa.string()))
            tables.append(table)
    return pa.concat_tables(tables, promote_options="permissive") if tables else pa.table({})


def _parquet(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    content: bytes = out.getvalue().to_pybytes()
    return content


def _json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, default=str)
