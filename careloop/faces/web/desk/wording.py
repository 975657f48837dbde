"""Conditions in the words of whoever reads them."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from careloop.domains.cases import queries as cases
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.customers.queries import rows_of
from careloop.domains.people.queries import member_names_of, team_names_of
from careloop.domains.telephony.queries import pbxes
from careloop.kernel.conditions import Condition, Field, Registry, Voice, comparisons_of, words

__all__ = ["sayings"]

Names = Mapping[str, Mapping[int, str]]


def sayings(parts: list[Condition], *, registry: Registry = REGISTRY) -> list[str]:
    """Say conditions in the reader's language and zone, each as one phrase without a full stop.

    registry: what they ask about; usually cases. Names are looked up once for all of them, with at most one question per kind of
    thing.
    """
    voice = _voice(_names(parts))
    return [words(part, registry=registry, voice=voice) for part in parts]


def _voice(names: Names) -> Voice:
    def name_of(field: Field, key: int) -> str:
        return names.get(field.name, {}).get(key) or gettext("somebody or something that is gone")

    return Voice(
        gettext=gettext, ngettext=ngettext, name_of=name_of, moment=_moment, number=lambda n: formats.localize(n)
    )


def _names(parts: list[Condition]) -> Names:
    wanted: dict[str, set[int]] = {}
    for part in parts:
        for comparison in comparisons_of(part):
            values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
            numbers = {value for value in values if isinstance(value, int)}
            if numbers:
                wanted.setdefault(comparison.field, set()).update(numbers)
    return {name: _looked_up(name, keys) for name, keys in wanted.items()}


def _looked_up(field: str, keys: set[int]) -> Mapping[int, str]:
    match field:
        case "status":
            return {row.id: row.name for row in cases.statuses(with_retired=True)}
        case "type":
            return {row.id: row.name for row in cases.case_types(with_retired=True)}
        case "reason":
            return {row.id: " › ".join(row.path) for row in cases.reasons()}
        case "team":
            return team_names_of(keys)
        case "assignee":
            return member_names_of(keys)
        case "pbx":
            return {row.id: row.name for row in pbxes()}
        case "requester":
            return {key: row.name for key, row in rows_of(keys).items()}
    return {}


def _moment(moment: datetime) -> str:
    try:
        return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    except OverflowError:  # the first and the last day of the calendar do not exist in every zone
        return moment.isoformat()
