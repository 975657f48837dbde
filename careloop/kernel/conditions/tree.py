"""The tree that a condition is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Final

from careloop.kernel.conditions.fields import Operator
from careloop.kernel.sentences import Unusable

__all__ = [
    "ME",
    "And",
    "BadCondition",
    "Comparison",
    "Condition",
    "Length",
    "Not",
    "One",
    "Or",
    "Someone",
    "Unit",
    "Value",
]


class Someone(Enum):
    """A person whom a condition knows without a name."""

    ME = "me"


ME: Final = Someone.ME  # whoever reads the view or is checked by the rule, in place of a person's id


class Unit(StrEnum):
    """A unit of elapsed time; a day is 24 hours."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length of time as people say it: 4 hours.

    amount: above 0.
    unit: what is counted.
    """

    amount: int
    unit: Unit

    @property
    def duration(self) -> timedelta:
        """The length as elapsed time."""
        return timedelta(**{self.unit.value: self.amount})


One = str | bool | int | float | datetime | Length | Someone
Value = One | tuple[One, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One question about one field.

    field: name of a field of the registry.
    operator: one of the operators of the field's kind.
    value: what the field is compared with: a tuple for any_of, all_of, none_of and between, None for is_set and
        is_not_set.
    """

    field: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All parts hold; without parts it always holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """At least one part holds; without parts it never holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = And | Or | Not | Comparison


class BadCondition(Unusable):
    """A condition cannot be used.

    path: where in the tree, such as `and[1].value`, empty for the whole of it.
    """

    def __init__(self, path: str, message: str, **details: object) -> None:
        self.path = path
        super().__init__(message, **details)

    def __str__(self) -> str:
        return self.sentence(str)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """Say where and why, in the language of `translate`, which is asked for the label of the field too."""
        labels = {"field": translate(str(self.details["field"]))} if "field" in self.details else {}
        reason = translate(self.message) % {**self.details, **labels}
        return f"{self.path}: {reason}" if self.path else reason
