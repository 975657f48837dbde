"""Pieces of SQL with the kind of value they give and what can go wrong in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["INSTANT", "Fault", "Piece", "Reading", "Steps", "Type", "guarded"]

INSTANT = "careloop_instant"
"""The SQL function behind which zones.Clocks stands."""


class Type(StrEnum):
    """What a value of a mapping is; the words are those of the mapping language."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "yes_no"
    TIME = "time"
    DATE = "date"
    CLOCK = "clock"
    NOTHING = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A way in which a value of a row cannot be had.

    when: SQL that is true for such a row. reason: its code. given: SQL of the text that was looked at.
    """

    when: str
    reason: str
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An SQL expression. Times are microseconds since 1970 in UTC, clocks microseconds since midnight, both BIGINT."""

    sql: str
    type: Type
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Local clock readings that are turned into instants for all rows of the file at once.

    name: of the column that the instants become. sql: the query of the readings and their zones, in the order of the rows.
    """

    name: str
    sql: str


@dataclass(slots=True, kw_only=True)
class Steps:
    """Columns worked out one after another, so that nothing is worked out twice.

    readings: of the steps that ask for instants, what they ask, by name.
    """

    made: list[str] = field(default_factory=list)
    readings: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, sql: str) -> str:
        """Make a column of an expression over columns of the file and earlier steps; return its name."""
        if (known := next((made for made in self.made if made.startswith(f"{sql} as _")), None)) is not None:
            return known.rpartition(" as ")[2]
        name = f"_{len(self.made) + 1}"
        self.made.append(f"{sql} as {name}")
        return name

    def instant(self, local: str, zone: str) -> str:
        """Make a column of the instants of local readings, steps both or literals; return its name."""
        name = self.add(f"{INSTANT}({local}, {zone})")
        self.readings[name] = local, zone
        return name

    def over(self, relation: str, *, but: Collection[str] = ()) -> str:
        """Return a relation with the steps beside its own columns. but: steps that are among those."""
        for step in self.made:
            if step.rpartition(" as ")[2] not in but:
                relation = f"(select *, {step} from {relation})"
        return relation

    def asked(self, relation: str) -> list[Reading]:
        """Return what clocks are asked by the steps so far, each knowing the answers to those before it."""
        found: list[Reading] = []
        for place, step in enumerate(self.made):
            name = step.rpartition(" as ")[2]
            if name in self.readings:
                local, zone = self.readings[name]
                before = Steps(made=self.made[:place]).over(relation, but=[reading.name for reading in found])
                found.append(Reading(name=name, sql=f"select {local}::bigint, {zone}::varchar from {before}"))
        return found


def guarded(faults: Sequence[Fault], condition: str) -> tuple[Fault, ...]:
    """Return the faults as they are where they matter only under a condition."""
    return tuple(
        Fault(when=f"(coalesce({condition}, false) and {fault.when})", reason=fault.reason, given=fault.given)
        for fault in faults
    )
