"""The values that fields are compared with, in and out of JSON."""

from datetime import UTC, datetime
from typing import Any, Final, assert_never

from careloop.kernel.conditions.fields import Field, Kind, Operator
from careloop.kernel.conditions.tree import BadCondition, Length, One, Someone, Unit, Value
from careloop.kernel.sentences import gettext_noop
from careloop.kernel.text import exact_query

__all__ = ["parsed_value", "plain_value"]

MOST_VALUES: Final = 100
MOST_LETTERS: Final = 500
LARGEST_NUMBER: Final = 10**15
LARGEST_ID: Final = 2**63 - 1
LARGEST_AMOUNT: Final = 100_000


def parsed_value(loaded: object, *, field: Field, operator: Operator, path: str) -> Value:
    """Check the value of a comparison.

    Raises BadCondition when it does not fit the field or the operator.
    """
    match operator:
        case Operator.IS_SET | Operator.IS_NOT_SET:
            if loaded is not None:
                raise BadCondition(path, gettext_noop("Asking whether a field is set takes no value."))
            return None
        case Operator.ANY_OF | Operator.ALL_OF | Operator.NONE_OF:
            values = _listed(loaded, path)
            return tuple(dict.fromkeys(_one(value, field, f"{path}[{index}]") for index, value in enumerate(values)))
        case Operator.BETWEEN:
            return _range(loaded, field, path)
        case Operator.WITHIN_LAST | Operator.WITHIN_NEXT | Operator.OLDER_THAN:
            return _length(loaded, field, path)
        case Operator.CONTAINS_WORDS | Operator.LACKS_WORDS:
            words = _text(loaded, field, path)
            if exact_query(words) is None:
                raise BadCondition(path, gettext_noop("There is no word in “%(text)s” to look for."), text=words)
            return words
        case _:
            return _one(loaded, field, path)


def plain_value(value: Value) -> Any:
    """Return the JSON form of a value."""
    match value:
        case tuple():
            return [plain_value(one) for one in value]
        case datetime():
            return value.isoformat()
        case Length(amount=amount, unit=unit):
            return {"amount": amount, "unit": unit.value}
        case Someone():
            return value.value
    return value


def _one(loaded: object, field: Field, path: str) -> One:
    match field.kind:
        case Kind.TEXT | Kind.TAG:
            return _text(loaded, field, path)
        case Kind.NUMBER:
            return _number(loaded, field, path)
        case Kind.BOOLEAN:
            if not isinstance(loaded, bool):
                raise BadCondition(path, gettext_noop("“%(field)s” is either true or false."), field=field.label)
            return loaded
        case Kind.CHOICE | Kind.CHOICE_SET:
            choice = _text(loaded, field, path)
            if choice not in field.choices:
                message = gettext_noop("“%(field)s” has no choice “%(choice)s”.")
                raise BadCondition(path, message, field=field.label, choice=choice)
            return choice
        case Kind.MOMENT:
            return _moment(loaded, field, path)
        case Kind.DURATION:
            return _length(loaded, field, path)
        case Kind.PERSON if loaded == Someone.ME.value:
            return Someone.ME
        case Kind.PERSON | Kind.REFERENCE:
            if isinstance(loaded, bool) or not isinstance(loaded, int) or not 0 < loaded <= LARGEST_ID:
                raise BadCondition(path, gettext_noop("“%(field)s” is chosen by its number."), field=field.label)
            return loaded
    assert_never(field.kind)


def _listed(loaded: object, path: str) -> list[object]:
    if not isinstance(loaded, list) or not 1 <= len(loaded) <= MOST_VALUES:
        raise BadCondition(path, gettext_noop("Give a list of 1 to %(most)s values."), most=MOST_VALUES)
    return loaded


def _range(loaded: object, field: Field, path: str) -> tuple[One, One]:
    if not isinstance(loaded, list) or len(loaded) != 2:
        raise BadCondition(path, gettext_noop("Give two values: the least and the most."))
    least, most = (_one(value, field, f"{path}[{index}]") for index, value in enumerate(loaded))
    if _size(least) > _size(most):
        raise BadCondition(path, gettext_noop("The first value is larger than the second. Swap them."))
    return least, most


def _size(value: One) -> Any:
    return value.duration if isinstance(value, Length) else value


def _text(loaded: object, field: Field, path: str) -> str:
    if not isinstance(loaded, str) or not loaded.strip():
        raise BadCondition(path, gettext_noop("“%(field)s” is compared with a text."), field=field.label)
    if len(loaded) > MOST_LETTERS:
        raise BadCondition(path, gettext_noop("A text has at most %(most)s characters here."), most=MOST_LETTERS)
    if "\0" in loaded or any("\ud800" <= char <= "\udfff" for char in loaded):
        raise BadCondition(path, gettext_noop("This text holds a character that cannot be stored."))
    return loaded


def _number(loaded: object, field: Field, path: str) -> int | float:
    if isinstance(loaded, bool) or not isinstance(loaded, int | float):
        raise BadCondition(path, gettext_noop("“%(field)s” is compared with a number."), field=field.label)
    if not abs(loaded) <= LARGEST_NUMBER:  # written so that NaN is refused too
        raise BadCondition(path, gettext_noop("This number is too large."))
    return loaded


def _moment(loaded: object, field: Field, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(loaded) if isinstance(loaded, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = gettext_noop("“%(field)s” is compared with a moment such as 2026-11-21T09:00:00+09:00.")
    raise BadCondition(path, message, field=field.label)


def _length(loaded: object, field: Field, path: str) -> Length:
    match loaded:
        case {"amount": int(amount), "unit": str(unit), **others} if not others and not isinstance(amount, bool):
            if unit in list(Unit) and 0 < amount <= LARGEST_AMOUNT:
                return Length(amount=amount, unit=Unit(unit))
    message = gettext_noop("“%(field)s” is compared with 1 to %(most)s minutes, hours or days.")
    raise BadCondition(path, message, field=field.label, most=LARGEST_AMOUNT)
