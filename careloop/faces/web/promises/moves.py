"""Which promises other hours would move, in the words of whoever is about to change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careloop.domains.cases.queries import cases_by_id
from careloop.domains.commitments.types import Moves
from careloop.kernel.actors import Actor

__all__ = ["MovesShown", "moves_shown"]

MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveShown:
    """One promise. now: None where its hours would never suffice. is_over: it would be missed at once."""

    number: int
    subject: str
    measure: str
    was: datetime
    now: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesShown:
    """What a change would move. count: of looked_at promises. seen: the mark of the change. rows: those due soonest."""

    count: int
    looked_at: int
    is_cut: bool
    seen: str
    rows: Sequence[MoveShown]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def moves_shown(moves: Moves, *, seen: str, viewer: Actor, at: datetime) -> MovesShown:
    """Return what a change of hours would move. at: the present."""
    first = moves.moved[:MOST_SHOWN]
    cases = cases_by_id({one.case_id for one in first}, viewer=viewer)
    rows = [
        MoveShown(
            number=cases[one.case_id].number,
            subject=cases[one.case_id].subject,
            measure=str(one.measure.label),
            was=one.was,
            now=one.now,
            is_over=one.now is not None and one.now <= at,
        )
        for one in first
        if one.case_id in cases
    ]
    return MovesShown(count=len(moves.moved), looked_at=moves.clock_count, is_cut=moves.is_cut, seen=seen, rows=rows)
