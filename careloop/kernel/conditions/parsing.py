"""Conditions in and out of JSON. What comes in may be anything at all."""

import json
from dataclasses import dataclass, field
from typing import Any, Final, Never, assert_never

from careloop.kernel.conditions.fields import OPERATORS, Operator, Registry
from careloop.kernel.conditions.tree import And, BadCondition, Comparison, Condition, Not, Or
from careloop.kernel.conditions.values import parsed_value, plain_value
from careloop.kernel.sentences import gettext_noop

__all__ = ["from_json", "from_text", "to_json"]

MOST_LEVELS: Final = 8
MOST_PARTS: Final = 200
MOST_CHARACTERS: Final = 65_536


def from_text(text: str, *, registry: Registry) -> Condition:
    """Read a condition from JSON text, such as a form field.

    Raises BadCondition as `from_json` does, and for text that is not JSON or longer than 65 536 characters.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadCondition("", gettext_noop("This condition is too long."))
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCondition("", gettext_noop("This condition cannot be read: it is not JSON.")) from error
    return from_json(loaded, registry=registry)


def from_json(loaded: object, *, registry: Registry) -> Condition:
    """Check a condition that was read from JSON, and return it as a tree.

    loaded: {"and": […]}, {"or": […]}, {"not": {…}} or {"field": …, "operator": …, "value": …}.
    registry: the fields that the condition may use.

    Raises BadCondition with the path and a sentence when anything is unknown, misplaced, too deep or too large.
    """
    return _Parser(registry=registry).condition(loaded, "", 1)


def to_json(tree: Condition) -> dict[str, Any]:
    """Return the JSON form of a condition, the one that `from_json` reads."""
    match tree:
        case And(parts=parts):
            return {"and": [to_json(part) for part in parts]}
        case Or(parts=parts):
            return {"or": [to_json(part) for part in parts]}
        case Not(part=part):
            return {"not": to_json(part)}
        case Comparison(field=name, operator=operator, value=None):
            return {"field": name, "operator": operator.value}
        case Comparison(field=name, operator=operator, value=value):
            return {"field": name, "operator": operator.value, "value": plain_value(value)}
    assert_never(tree)


@dataclass(slots=True, kw_only=True)
class _Parser:
    registry: Registry
    parts: int = field(default=0, init=False)

    def condition(self, loaded: object, path: str, level: int) -> Condition:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise BadCondition(path, gettext_noop("A condition has at most %(most)s parts."), most=MOST_PARTS)
        if level > MOST_LEVELS:
            raise BadCondition(path, gettext_noop("A condition has at most %(most)s levels."), most=MOST_LEVELS)
        match loaded:
            case {"and": parts, **others} if not others:
                return And(parts=self._several(parts, _inside(path, "and"), level))
            case {"or": [], **others} if not others:
                raise BadCondition(_inside(path, "or"), gettext_noop("Give at least one part of which one must hold."))
            case {"or": parts, **others} if not others:
                return Or(parts=self._several(parts, _inside(path, "or"), level))
            case {"not": part, **others} if not others:
                return Not(part=self.condition(part, _inside(path, "not"), level + 1))
            case {"field": name, "operator": operator, **others} if others.keys() <= {"value"}:
                return self._comparison(name, operator, others.get("value"), path)
        return _refuse_shape(path)

    def _several(self, parts: object, path: str, level: int) -> tuple[Condition, ...]:
        if not isinstance(parts, list):
            raise BadCondition(path, gettext_noop("The parts of “and” and “or” stand in a list."))
        return tuple(self.condition(part, f"{path}[{index}]", level + 1) for index, part in enumerate(parts))

    def _comparison(self, name: object, operator_name: object, loaded: object, path: str) -> Comparison:
        known = self.registry.get(name) if isinstance(name, str) else None
        if known is None:
            raise BadCondition(
                _inside(path, "field"), gettext_noop("There is no field “%(name)s” here."), name=_shown(name)
            )
        operator = next((each for each in OPERATORS[known.kind] if each == operator_name), None)
        if operator is None:
            raise BadCondition(
                _inside(path, "operator"),
                gettext_noop("“%(field)s” cannot be compared by “%(operator)s”."),
                field=known.label,
                operator=_shown(operator_name),
            )
        value = parsed_value(loaded, field=known, operator=operator, path=_inside(path, "value"))
        return Comparison(field=known.name, operator=Operator(operator), value=value)


def _inside(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _shown(value: object) -> str:
    """Return something unknown in a length that fits a sentence."""
    shown = value if isinstance(value, str) else type(value).__name__
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _refuse_shape(path: str) -> Never:
    raise BadCondition(
        path,
        gettext_noop("A part is either “and”, “or”, “not”, or a field with an operator and a value, and nothing else."),
    )
