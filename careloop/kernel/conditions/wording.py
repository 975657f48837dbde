"""Say a condition in words, in any language that has the phrases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Final, assert_never

from careloop.kernel.conditions.fields import Field, Kind, Operator, Registry
from careloop.kernel.conditions.tree import And, Comparison, Condition, Length, Not, One, Or, Someone, Unit
from careloop.kernel.sentences import gettext_noop, ngettext_noop

__all__ = ["Voice", "words"]

PHRASES: Final[Mapping[Operator, str]] = {
    Operator.IS: gettext_noop("%(field)s is %(value)s"),
    Operator.IS_NOT: gettext_noop("%(field)s is not %(value)s"),
    Operator.ANY_OF: gettext_noop("%(field)s is one of %(value)s"),
    Operator.ALL_OF: gettext_noop("%(field)s has all of %(value)s"),
    Operator.NONE_OF: gettext_noop("%(field)s is none of %(value)s"),
    Operator.CONTAINS_WORDS: gettext_noop("%(field)s contains the words %(value)s"),
    Operator.LACKS_WORDS: gettext_noop("%(field)s does not contain the words %(value)s"),
    Operator.IS_SET: gettext_noop("%(field)s is set"),
    Operator.IS_NOT_SET: gettext_noop("%(field)s is not set"),
    Operator.BEFORE: gettext_noop("%(field)s is before %(value)s"),
    Operator.AFTER: gettext_noop("%(field)s is after %(value)s"),
    Operator.WITHIN_LAST: gettext_noop("%(field)s is within the last %(value)s"),
    Operator.WITHIN_NEXT: gettext_noop("%(field)s is within the next %(value)s"),
    Operator.OLDER_THAN: gettext_noop("%(field)s is more than %(value)s ago"),
    Operator.AT_LEAST: gettext_noop("%(field)s is at least %(value)s"),
    Operator.AT_MOST: gettext_noop("%(field)s is at most %(value)s"),
    Operator.BETWEEN: gettext_noop("%(field)s is between %(least)s and %(most)s"),
}
# Sets have members where other fields are something, and a moment ends before its last bound.
PHRASES_OF_SETS: Final[Mapping[Operator, str]] = {
    Operator.ANY_OF: gettext_noop("%(field)s has one of %(value)s"),
    Operator.NONE_OF: gettext_noop("%(field)s has none of %(value)s"),
}
PHRASES_OF_KINDS: Final[Mapping[Kind, Mapping[Operator, str]]] = {
    Kind.CHOICE_SET: PHRASES_OF_SETS,
    Kind.TAG: PHRASES_OF_SETS,
    Kind.MOMENT: {Operator.BETWEEN: gettext_noop("%(field)s is from %(least)s until before %(most)s")},
}
YES: Final = gettext_noop("%(field)s: yes")
NO: Final = gettext_noop("%(field)s: no")
ME_PHRASE: Final = gettext_noop("me")
QUOTED: Final = gettext_noop("“%(text)s”")
LENGTHS: Final[Mapping[Unit, tuple[str, str]]] = {
    Unit.MINUTES: ngettext_noop("%(count)s minute", "%(count)s minutes"),
    Unit.HOURS: ngettext_noop("%(count)s hour", "%(count)s hours"),
    Unit.DAYS: ngettext_noop("%(count)s day", "%(count)s days"),
}
LIST: Final = gettext_noop("%(first)s, %(second)s")
LIST_OR: Final = gettext_noop("%(first)s or %(second)s")
LIST_AND: Final = gettext_noop("%(first)s and %(second)s")
BOTH: Final = gettext_noop("%(one)s and %(other)s")
EITHER: Final = gettext_noop("%(one)s or %(other)s")
OPPOSITE: Final = gettext_noop("not (%(condition)s)")
GROUP: Final = gettext_noop("(%(condition)s)")
ALWAYS: Final = gettext_noop("always")
NEVER: Final = gettext_noop("never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a condition is spoken: the language, the names and the zone of whoever reads it.

    gettext: translates a phrase, a label of a field or a label of a choice.
    ngettext: translates a counted phrase.
    name_of: the name of a person or of another thing, by the field and the id.
    moment: writes a moment in the reader's zone.
    number: writes a number.
    """

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    name_of: Callable[[Field, int], str]
    moment: Callable[[datetime], str]
    number: Callable[[int | float], str]


def words(tree: Condition, *, registry: Registry, voice: Voice) -> str:
    """Say a condition that was checked against this registry as a phrase, without a full stop."""
    match tree:
        case And(parts=()):
            return voice.gettext(ALWAYS)
        case Or(parts=()):
            return voice.gettext(NEVER)
        case And(parts=(part,)) | Or(parts=(part,)):
            return words(part, registry=registry, voice=voice)
        case And(parts=parts):
            return _joined(voice.gettext(BOTH), [_grouped(part, registry, voice) for part in parts])
        case Or(parts=parts):
            return _joined(voice.gettext(EITHER), [_grouped(part, registry, voice) for part in parts])
        case Not(part=part):
            return voice.gettext(OPPOSITE) % {"condition": words(part, registry=registry, voice=voice)}
        case Comparison():
            return _comparison(tree, registry[tree.field], voice)
    assert_never(tree)


def _grouped(part: Condition, registry: Registry, voice: Voice) -> str:
    """Say a part, in parentheses when it joins several itself."""
    said = words(part, registry=registry, voice=voice)
    while isinstance(part, And | Or) and len(part.parts) == 1:
        (part,) = part.parts
    is_joined = isinstance(part, And | Or) and bool(part.parts)
    return voice.gettext(GROUP) % {"condition": said} if is_joined else said


def _joined(phrase: str, parts: Sequence[str]) -> str:
    return reduce(lambda one, other: phrase % {"one": one, "other": other}, parts)


def _comparison(comparison: Comparison, field: Field, voice: Voice) -> str:
    label = voice.gettext(field.label)
    if isinstance(comparison.value, bool):
        return voice.gettext(YES if comparison.value else NO) % {"field": label}
    phrase = voice.gettext(
        PHRASES_OF_KINDS.get(field.kind, PHRASES).get(comparison.operator, PHRASES[comparison.operator])
    )
    match comparison.operator, comparison.value:
        case Operator.BETWEEN, (least, most):
            return phrase % {"field": label, "least": _one(least, field, voice), "most": _one(most, field, voice)}
    return phrase % {"field": label, "value": _value(comparison, field, voice)}


def _value(comparison: Comparison, field: Field, voice: Voice) -> str:
    match comparison.value:
        case None:
            return ""
        case tuple() as values:
            ending = LIST_AND if comparison.operator is Operator.ALL_OF else LIST_OR
            return _listed([_one(value, field, voice) for value in values], ending, voice)
        case value:
            return _one(value, field, voice)


def _listed(said: Sequence[str], ending: str, voice: Voice) -> str:
    phrases = [voice.gettext(ending if place == len(said) - 1 else LIST) for place in range(1, len(said))]
    beginning = said[0]
    for phrase, following in zip(phrases, said[1:], strict=True):
        beginning = phrase % {"first": beginning, "second": following}
    return beginning


def _one(value: One, field: Field, voice: Voice) -> str:
    match value:
        case Someone.ME:
            return voice.gettext(ME_PHRASE)
        case str() if field.choices:
            return voice.gettext(field.choices[value])
        case str():
            return voice.gettext(QUOTED) % {"text": value}
        case Length(amount=amount, unit=unit):
            return voice.ngettext(*LENGTHS[unit], amount) % {"count": voice.number(amount)}
        case datetime():
            return voice.moment(value)
        case int() if field.kind in {Kind.PERSON, Kind.REFERENCE}:
            return voice.name_of(field, value)
        case _:
            return voice.number(value)
