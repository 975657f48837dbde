"""Two answers side by side, as plain values: what changed, whether chance explains it, and what the change is made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from careloop.insight.changes import Part, Split, change, split
from careloop.processes.measuring.types import Answer, Figure, Question

__all__ = ["comparison"]

# Names of times; a change of time is none of mix.
TIMES = frozenset({"half_hour", "quarter_hour", "hour", "day", "week", "month", "weekday", "time_of_day"})


def comparison(now: Answer, before: Answer, *, questions: Sequence[Question]) -> dict[str, Any]:
    """Compare answers to two questions that differ by their period alone. Where there were no facts yet, nothing has changed."""
    by = questions[0].by
    reaches = before.reaches_back
    made = split(now.rows, before.rows, by=by[0]) if reaches and len(by) == 1 and by[0] not in TIMES else None
    parts: dict[tuple[Any, ...], Part] = {} if made is None else {(part.key,): part for part in made.parts}
    earlier = {tuple(row.dimensions.values()): row for row in before.rows}
    pairs = [(row, earlier.pop(tuple(row.dimensions.values()), None)) for row in now.rows]
    lone: list[tuple[Figure | None, Figure | None]] = [(None, row) for row in earlier.values()]
    return {
        "since": questions[1].since.isoformat(),
        "until": questions[1].until.isoformat(),
        "reaches_back": reaches,
        "total": _shown({}, now.total, before.total, made, reaches=reaches),
        "rows": [
            _shown(one.dimensions, row, other, parts.get(tuple(one.dimensions.values())), reaches=reaches)
            for row, other in (*pairs, *lone)
            if (one := row or other) is not None
        ],
    }


def _shown(
    dimensions: Mapping[str, Any],
    now: Figure | None,
    before: Figure | None,
    part: Part | Split | None,
    *,
    reaches: bool,
) -> dict[str, Any]:
    found = change(now, before) if reaches else None
    return {
        "dimensions": dict(dimensions),
        "value": None if now is None else now.value,
        "before": None if before is None else before.value,
        "difference": None if found is None else found.difference,
        "low": None if found is None else found.low,
        "high": None if found is None else found.high,
        "verdict": None if found is None else found.verdict.value,
        "mix": None if part is None else part.mix,
        "rate": None if part is None else part.rate,
    }
