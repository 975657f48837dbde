"""What can be asked about: fields, their kinds, and the operators of each kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["OPERATORS", "OPPOSITES", "BadField", "Field", "Kind", "Operator", "Registry"]


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICE_SET = "choice_set"
    MOMENT = "moment"
    DURATION = "duration"
    PERSON = "person"
    REFERENCE = "reference"
    TAG = "tag"


class Operator(StrEnum):
    """What is asked about a field. These names are stored; they are added to, never changed."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    CONTAINS_WORDS = "contains_words"
    LACKS_WORDS = "lacks_words"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_LAST = "within_last"
    WITHIN_NEXT = "within_next"
    OLDER_THAN = "older_than"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"


_PRESENCE = (Operator.IS_SET, Operator.IS_NOT_SET)
_AMOUNT = (Operator.AT_LEAST, Operator.AT_MOST, Operator.BETWEEN)
_ONE = (Operator.IS, Operator.IS_NOT, Operator.ANY_OF, Operator.NONE_OF)
_SEVERAL = (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF)
_TIME = (Operator.BEFORE, Operator.AFTER, Operator.BETWEEN)
_AGE = (Operator.WITHIN_LAST, Operator.WITHIN_NEXT, Operator.OLDER_THAN)

OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: (*_ONE, Operator.CONTAINS_WORDS, Operator.LACKS_WORDS, *_PRESENCE),
    Kind.NUMBER: (Operator.IS, Operator.IS_NOT, *_AMOUNT, *_PRESENCE),
    Kind.BOOLEAN: (Operator.IS, *_PRESENCE),
    Kind.CHOICE: (*_ONE, *_PRESENCE),
    Kind.CHOICE_SET: (*_SEVERAL, *_PRESENCE),
    Kind.MOMENT: (*_TIME, *_AGE, *_PRESENCE),
    Kind.DURATION: (*_AMOUNT, *_PRESENCE),
    Kind.PERSON: (*_ONE, *_PRESENCE),
    Kind.REFERENCE: (*_ONE, *_PRESENCE),
    Kind.TAG: (*_SEVERAL, *_PRESENCE),
}

# Each of these holds exactly when the other does not, missing values included.
OPPOSITES: Mapping[Operator, Operator] = {
    Operator.IS_NOT: Operator.IS,
    Operator.NONE_OF: Operator.ANY_OF,
    Operator.LACKS_WORDS: Operator.CONTAINS_WORDS,
    Operator.IS_NOT_SET: Operator.IS_SET,
}


class BadField(Exception):
    """A field was declared wrongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a condition may ask about.

    name: what is stored, such as "status"; stays the same for ever.
    kind: what the field holds, and so which operators it has.
    label: what people call it; an English phrase that has translations, or the workspace's own word.
    choices: for kinds CHOICE and CHOICE_SET, stored value to label; empty otherwise.

    Raises BadField when a choice field has no choices or another has some.
    """

    name: str
    kind: Kind
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name or not self.label:
            raise BadField("A field needs a name and a label.")
        if (self.kind in {Kind.CHOICE, Kind.CHOICE_SET}) is not bool(self.choices):
            raise BadField(f"Choices belong to choice fields and to no others: {self.name}")


class Registry:
    """The fields that conditions about one kind of thing may use, in the order in which people see them."""

    __slots__ = ("_fields",)

    def __init__(self, *fields: Field) -> None:
        self._fields = {known.name: known for known in fields}
        if len(self._fields) != len(fields):
            raise BadField("Two fields have the same name.")

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def get(self, name: str) -> Field | None:
        """Return the field of that name, None when there is none."""
        return self._fields.get(name)
