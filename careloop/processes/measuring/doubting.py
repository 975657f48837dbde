"""What stands beside answers because a check failed: always as of now, whenever the answer was worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from careloop.domains.integrity.queries import standing, touching
from careloop.domains.integrity.types import About, FlagRow
from careloop.kernel.scope import workspace_scope
from careloop.processes.measuring.types import Answer, FlagFound, Question

__all__ = ["doubted"]

PARTS: Final = (About.QUEUE, About.AGENT)


def doubted(answers: Sequence[Answer], questions: Sequence[Question], *, workspace_id: int) -> list[Answer]:
    """Return answers with the flags that touch them, outside any scope."""
    if not questions:
        return []
    with workspace_scope(workspace_id):
        rows = standing(
            since=min(question.since for question in questions), until=max(question.until for question in questions)
        )
    return [_with(answer, question, rows) for answer, question in zip(answers, questions, strict=True)]


def _with(answer: Answer, question: Question, rows: Sequence[FlagRow]) -> Answer:
    if answer.total is None or not rows:
        return answer
    touch = partial(touching, rows, metrics=(question.metric,), since=question.since, until=question.until)
    own = touch(narrowed=narrowed_to(question.conditions))
    split: Mapping[str, set[str]] = {
        part.value: {str(row.dimensions.get(part.value)) for row in answer.rows}
        for part in PARTS
        if part.value in question.by
    }
    others = [row for row in touch(narrowed=split) if row not in own]
    return replace(answer, flags=tuple(map(_found, own)), part_flags=tuple(map(_found, others)))


def narrowed_to(conditions: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return which queues and agents a condition as JSON lets through, as far as its outermost parts say so."""
    parts = conditions.get("and")
    found: dict[str, set[str]] = {}
    for part in parts if isinstance(parts, list) else [conditions]:
        if not isinstance(part, Mapping):
            continue
        if "and" in part:
            found |= narrowed_to(part)
        elif part.get("field") in PARTS and part.get("operator") in {"is", "any_of"}:
            value = part.get("value")
            found[str(part["field"])] = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    return found


def _found(row: FlagRow) -> FlagFound:
    return FlagFound(
        check=row.check,
        severity=row.severity.value,
        sentence=row.sentence,
        value=row.value,
        id=row.id,
        state=row.state.value,
        said=row.said.value if row.said else "",
        about=row.about.value,
        key=row.key,
        is_doubtful=row.is_doubtful,
    )
