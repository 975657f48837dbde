"""Ask for several numbers at once: what one of them cannot be split by keeps none of the others back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from careloop.faces.cli.imports.bar import bar, is_watched
from careloop.faces.cli.kpi import questions
from careloop.insight import kpis
from careloop.insight.kpis import Asked, Result
from careloop.insight.kpis.checking import checked
from careloop.insight.kpis.engine import question_of
from careloop.kernel.sentences import Unusable

__all__ = ["Unanswered", "each", "measured"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A metric that cannot be asked for in that way. sentence: why, in the reader's language."""

    asked: Asked
    sentence: str

    @property
    def identity(self) -> str:
        """Return metric, version and options, as a result does."""
        return f"{self.asked.metric.id} v{self.asked.metric.version} {self.asked.options}".strip()


def each(asked: Sequence[Asked], ask: Callable[[Sequence[Asked]], list[T]]) -> list[T | Unanswered]:
    """Ask for all in one go; where one of them makes no sense, one by one.

    ask: returns an answer for each, in order. Raises QuestionMakesNoSense where none of them can be answered.
    """
    try:
        return [*ask(asked)]
    except Unusable as problem:
        if len(asked) == 1:
            raise questions.refused(problem) from problem
    found: list[T | Unanswered] = []
    for one in asked:
        try:
            found += ask([one])
        except Unusable as problem:
            found.append(Unanswered(asked=one, sentence=problem.sentence(_)))
            refusal = problem
    if all(isinstance(one, Unanswered) for one in found):
        raise questions.refused(refusal)
    return found


def measured(known: kpis.Facts, asked: Sequence[Asked], *, as_json: bool, **question: Any) -> list[Result | Unanswered]:
    """Measure metrics with their integrity checks; a person at a terminal sees how far it is. question: as of measure_all."""
    show = bar() if is_watched(as_json=as_json) else lambda _done, _whole: None
    show(0, len(asked))
    found = each(asked, lambda some: kpis.measure_all(known, some, **question))
    whole = question_of(known, **question)
    answers: list[Result | Unanswered] = []
    for place, one in enumerate(found, start=1):
        answers.append(one if isinstance(one, Unanswered) else checked(one, whole))
        show(place, len(found))
    return answers
