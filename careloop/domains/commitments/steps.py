"""What events of a case do to its clocks, as pure values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from careloop.domains.cases.events import (
    CaseAnswered,
    CaseOpened,
    CasePrioritized,
    CaseReasoned,
    CaseReopened,
    CaseSolved,
    CaseTagged,
    CaseTyped,
    CustomerAnsweredBack,
    Moving,
    Place,
)
from careloop.domains.cases.states import DONE, Category
from careloop.domains.commitments.states import BY_POLICY, Measure
from careloop.kernel.events import Event, known_events

__all__ = ["TURNING", "Does", "Step", "steps"]

_SAYING = (CaseAnswered, CaseOpened, CasePrioritized, CaseReasoned, CaseReopened, CaseSolved, CaseTagged, CaseTyped)
TURNING: Final = frozenset(
    name for name, kind in known_events().items() if issubclass(kind, (*_SAYING, CustomerAnsweredBack, Moving))
)
"""The names of the events that do something to clocks; whoever replays a story needs no others."""
_ANSWERS = (Measure.FIRST_RESPONSE, Measure.NEXT_RESPONSE)


class Does(StrEnum):
    """What a step does. ASK: other policies may fit the case now. PLACE: it lies elsewhere, where some clocks stand still."""

    START = auto()
    FINISH = auto()
    CALL_OFF = auto()
    ASK = auto()
    PLACE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens to the clocks of a case.

    measures: which clocks; those that do not run are left alone, and one that runs is not started again. A promised callback is
    finished only where words were promised. Waits in chats follow their chats (`waits`); only spam ends them from here.
    category, is_spam: where the case lies from now on; only of PLACE.
    """

    at: datetime
    does: Does
    measures: tuple[Measure, ...] = BY_POLICY
    category: Category = Category.NEW
    is_spam: bool = False


def steps(events: Sequence[Event]) -> Iterator[Step]:
    """Yield what events of one case do to its clocks.

    events: in the order in which they happened. What is imported from elsewhere was never promised by us.
    """
    for event in events:
        if getattr(event, "is_quiet", False):
            continue
        match event:
            case CaseOpened(at=at):
                waited_for = (Measure.FIRST_RESPONSE, Measure.RESOLUTION) if event.waits else (Measure.RESOLUTION,)
                yield Step(at=at, does=Does.START, measures=waited_for)
            case CaseReopened(at=at):
                yield Step(at=at, does=Does.START, measures=(Measure.RESOLUTION,))
            case CustomerAnsweredBack(at=at):
                yield Step(at=at, does=Does.START, measures=(Measure.NEXT_RESPONSE,))
            case CaseAnswered(at=at):
                yield Step(at=at, does=Does.FINISH, measures=_ANSWERS)
                yield Step(at=at, does=Does.FINISH, measures=(Measure.CALLBACK,))
            case CaseSolved(at=at):
                yield Step(at=at, does=Does.FINISH, measures=(Measure.RESOLUTION,))
            case CasePrioritized(at=at) | CaseTyped(at=at) | CaseReasoned(at=at) | CaseTagged(at=at):
                yield Step(at=at, does=Does.ASK)
        if isinstance(event, Moving):
            now: Place = event.now  # type: ignore[attr-defined]
            category, is_spam = Category(now[0]), now[3]
            if is_spam:
                yield Step(at=event.at, does=Does.CALL_OFF, measures=(Measure.CALLBACK, Measure.WAIT))
            if category in DONE:
                yield Step(at=event.at, does=Does.CALL_OFF)
            else:
                yield Step(at=event.at, does=Does.ASK)
                yield Step(at=event.at, does=Does.PLACE, category=category, is_spam=is_spam)
