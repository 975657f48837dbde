"""What a number is of, in words: a queue, a person, a day, a half hour."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Final

from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from careloop.domains.cases import queries as cases
from careloop.domains.commitments.queries import policy_names
from careloop.domains.people.queries import names_of, team_names_of
from careloop.faces.web.boards.codes import CODES
from careloop.processes.lake.keys import number_of
from careloop.processes.measuring.types import Key

__all__ = ["key_words", "names_in", "weekday_words"]

KINDS: Final = {
    "agent": "user",
    "supervisor": "user",
    "evaluator": "user",
    "queue": "team",
    "team": "team",
    "owner_team": "team",
    "reason": "reason",
    "reason_group": "reason",
    "policy": "commitment_policy",
}
"""What stands behind a dimension of our own facts; others' keys are shown as they are."""

NAMES: Final[Mapping[str, Callable[[Collection[int]], Mapping[int, str]]]] = {
    "user": names_of,
    "team": team_names_of,
    "commitment_policy": policy_names,
}

Names = Mapping[str, Mapping[str, str]]


def names_in(dimensions: Iterable[tuple[str, Key]]) -> Names:
    """Look up the names behind the keys of our own facts, one question for each kind of thing. Within the workspace's scope."""
    wanted: dict[str, set[str]] = {}
    for name, key in dimensions:
        if name in KINDS and isinstance(key, str):
            wanted.setdefault(KINDS[name], set()).add(key)
    found = {kind: _named(kind, keys) for kind, keys in wanted.items()}
    return {name: found[kind] for name, kind in KINDS.items() if kind in found}


def key_words(name: str, key: Key, names: Names) -> str:
    """Say one key of a dimension or a bucket of time."""
    if key is None:
        return _("not known")
    match name:
        case "weekday":
            return str(WEEKDAYS[int(float(key)) - 1])
        case "time_of_day":
            return str(key)
        case "day" | "week":
            return formats.date_format(date.fromisoformat(str(key)), "SHORT_DATE_FORMAT")
        case "month":
            return formats.date_format(date.fromisoformat(str(key)), "YEAR_MONTH_FORMAT")
        case "hour" | "half_hour" | "quarter_hour":
            # As the clocks of the workspace showed it.
            return formats.date_format(datetime.fromisoformat(str(key)), "SHORT_DATETIME_FORMAT")
    return names.get(name, {}).get(str(key)) or str(CODES.get(name, {}).get(str(key), key))


def weekday_words(key: Key) -> str:
    """Say a weekday, 1 for Monday, in as few letters as the language has for it."""
    return str(WEEKDAYS_ABBR[int(float(key or 1)) - 1])


def _named(kind: str, keys: Iterable[str]) -> Mapping[str, str]:
    if kind == "reason":
        return {row.code: " › ".join(row.path) for row in cases.reasons()}
    numbers = {number: key for key in keys if (number := number_of(kind, key)) is not None}
    found = NAMES[kind](numbers)
    return {numbers[number]: word for number, word in found.items()}
