"""Read what was filled into a form; what does not fit is said beside its field."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.functional import Promise as Lazily
from django.utils.translation import gettext_lazy as _

from careloop.domains.procedures.errors import BadAnswers
from careloop.domains.procedures.states import FieldKind
from careloop.domains.procedures.types import Field, Step

__all__ = ["answers_read"]

LONGEST: Final = 4000
HIGHEST: Final = Decimal(10) ** 12
# ISO 4217 has no smaller parts for these.
WHOLE: Final = frozenset({"KRW", "VND", "JPY", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF"})
THOUSANDTHS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND", "IQD", "LYD"})

Problem = str | Lazily


def answers_read(step: Step, given: Mapping[str, str]) -> dict[str, str]:
    """Return what was filled into a form, by field, in the form it is kept in; fields left empty are left out.

    given: by field, as text: numbers with a point, dates as ISO 8601, "yes" or "no", and a choice as it is offered.

    Raises BadAnswers with a sentence for each field at fault.
    """
    found: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for field in step.fields:
        text = given.get(field.key, "").strip()
        if not text:
            if field.is_required:
                problems[field.key] = _("“%(field)s” has to be filled in.") % {"field": field.label}
            continue
        value, words = _read(field, text)
        if words:
            problems[field.key] = words
        found[field.key] = value
    for key in set(given) - {field.key for field in step.fields}:
        problems[key[:40]] = _("This form has no such field.")
    if problems:
        raise BadAnswers(next(iter(problems.values())), fields=problems)
    return found


def _read(field: Field, text: str) -> tuple[str, Problem | None]:
    named = {"field": field.label}
    match field.kind:
        case FieldKind.TEXT:
            fits = len(text) <= LONGEST and "\x00" not in text
            return text, None if fits else _("“%(field)s” is too long: 4000 characters are the most.") % named
        case FieldKind.NUMBER | FieldKind.AMOUNT:
            return _number(field, text)
        case FieldKind.DATE:
            try:
                return date.fromisoformat(text).isoformat(), None
            except ValueError:
                return text, _("“%(field)s” is no date. Write it as year-month-day.") % named
        case FieldKind.CHOICE:
            fits = text in field.choices
            return text, None if fits else _("“%(field)s” does not offer this. Choose one of its answers.") % named
        case FieldKind.YES_NO:
            return text, None if text in {"yes", "no"} else _("Say yes or no to “%(field)s”.") % named


def _number(field: Field, text: str) -> tuple[str, Problem | None]:
    named = {"field": field.label}
    try:
        # People write thousands with spaces; a comma could be either, so it is not guessed at.
        value = Decimal("".join(text.split()))
    except InvalidOperation:
        return text, _("“%(field)s” is no number. Write digits, with a point before decimals.") % named
    if not value.is_finite() or abs(value) > HIGHEST:
        return text, _("“%(field)s” is out of all proportion.") % named
    places = max(0, -int(value.normalize().as_tuple().exponent))
    if field.kind is FieldKind.AMOUNT and places > _places(field.currency):
        return text, _("“%(field)s” has more decimals than the currency has.") % named
    if places > 9:
        return text, _("“%(field)s” has too many decimals.") % named
    if field.least is not None and value < field.least:
        return text, _("“%(field)s” must be at least %(least)s.") % {**named, "least": field.least}
    if field.most is not None and value > field.most:
        return text, _("“%(field)s” must be at most %(most)s.") % {**named, "most": field.most}
    return format(value, "f"), None


def _places(currency: str) -> int:
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
