"""Numbers as rows, in their own units, for whoever reckons on: one row for each number, with all it takes to trust it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from careloop.insight.changes import Split
from careloop.processes.measuring.catalogue import MetricCard
from careloop.processes.measuring.types import Answer, Figure, Key, Question

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SheetPart", "keys_as_text", "sheet_of", "split_sheet"]

COLUMNS: Final[Mapping[str, str]] = {
    "metric": "string",
    "name": "string",
    "of": "string",
    "since": "moment",
    "until": "moment",
    "zone": "string",
    "value": "float64",
    "unit": "string",
    "low": "float64",
    "high": "float64",
    "numerator": "float64",
    "denominator": "float64",
    "n": "int64",
    "standing": "string",
    "is_provisional": "bool",
    "flags": "string",
    "data_complete_until": "moment",
    "options": "string",
    "version": "int64",
    "card": "string",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """One question with its answer. href: of its card, or empty. of: says what a row is of."""

    metric: MetricCard
    question: Question
    answer: Answer
    of: Callable[[Mapping[str, Key]], str]
    href: str = ""


def keys_as_text(dimensions: Mapping[str, Key]) -> str:
    """Say what a row is of as a program reads it."""
    return ", ".join(f"{name}={key}" for name, key in dimensions.items())


def sheet_of(parts: Sequence[SheetPart | str]) -> "pa.Table":
    """Return every number and every row of some answers, the totals first. A text stands for what could not be measured."""
    import pyarrow as pa

    kinds = {"moment": pa.timestamp("us", "UTC"), "bool": pa.bool_(), "string": pa.string()}
    schema = pa.schema([(name, kinds.get(kind) or kind) for name, kind in COLUMNS.items()])
    return pa.Table.from_pylist([row for part in parts for row in _rows(part)], schema=schema)


def split_sheet(found: Split, *, by: str, of: Callable[[Mapping[str, Key]], str]) -> "pa.Table":
    """Return what a change is made of, one row for each part, in the unit of the metric."""
    import pyarrow as pa

    rows = [{"of": of({by: cast("Key", part.key)}), "mix": part.mix, "rate": part.rate} for part in found.parts]
    return pa.Table.from_pylist(rows, schema=pa.schema([("of", pa.string()), ("mix", "float64"), ("rate", "float64")]))


def _rows(part: SheetPart | str) -> Iterator[dict[str, Any]]:
    if isinstance(part, str):
        yield {"name": part}
        return
    answer, question = part.answer, part.question
    common = {
        "metric": answer.metric,
        "name": part.metric.name,
        "since": question.since,
        "until": question.until,
        "zone": answer.zone,
        "unit": part.metric.unit,
        "flags": " ".join(f"{flag.severity}:{flag.check}:{flag.said or flag.state}" for flag in answer.flags),
        "data_complete_until": datetime.fromisoformat(answer.complete_until) if answer.complete_until else None,
        "options": answer.options,
        "version": answer.version,
        "card": part.href,
    }
    if answer.total is None:
        yield {**common, "standing": "not_measured"}
        return
    yield {**common, **_figure(answer.total)}
    for row in answer.rows:
        if question.is_spread:
            edges = "" if row.low is None or row.high is None else f"{row.low:g} – {row.high:g}"
            yield {**common, "of": edges, "n": row.n, "standing": row.standing}
        else:
            yield {**common, **_figure(row), "of": part.of(row.dimensions)}


def _figure(row: Figure) -> dict[str, Any]:
    names = ("value", "low", "high", "numerator", "denominator", "n", "standing", "is_provisional")
    return {name: getattr(row, name) for name in names}
