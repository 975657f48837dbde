"""The rows of the filter editor with what can be chosen in each, for every page that asks for conditions."""

import json
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from careloop.domains.cases import queries as cases
from careloop.domains.customers.queries import rows_of as customer_rows
from careloop.domains.people import queries as people
from careloop.domains.telephony.queries import pbxes
from careloop.faces.web.desk.editing import OPERATOR_LABELS, Row
from careloop.faces.web.desk.wording import sayings
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import BadCondition, from_json

__all__ = ["ShownRow", "rows_for_all", "rows_shown"]

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of the editor with what can be chosen in it. words: what a kept group says."""

    key: int
    row: Row
    words: str
    operators: Choices
    choices: Choices


def rows_for_all(rows: list[Row], *, viewer: Actor) -> list[ShownRow]:
    """Return the rows of the editor for what holds whoever looks: nobody in particular is "me" there."""
    return [
        replace(one, choices=[choice for choice in one.choices if choice[0] != "me"])
        for one in rows_shown(rows, viewer=viewer)
    ]


def rows_shown(rows: list[Row], *, viewer: Actor) -> list[ShownRow]:
    """Return the rows of the editor as the viewer sees them."""
    offered: dict[str, Choices] = {}
    for row in rows:
        if row.field and row.shape in {"one", "several"} and row.field not in offered:
            asked = [value for other in rows if other.field == row.field for value in other.values]
            offered[row.field] = _choices(row, asked, viewer)
    return [
        ShownRow(
            key=key,
            row=row,
            words=_words(row),
            operators=[(o.value, str(OPERATOR_LABELS[o])) for o in row.operators] if row.field else [],
            choices=offered.get(row.field, []),
        )
        for key, row in enumerate(rows)
    ]


def _words(row: Row) -> str:
    if not row.kept:
        return ""
    try:
        kept = json.loads(row.kept)
    except (ValueError, RecursionError):
        kept = None
    try:
        tree = from_json(kept, registry=row.registry)
    except BadCondition as problem:
        return problem.sentence(_)
    return sayings([tree], registry=row.registry)[0]


def _choices(row: Row, asked: list[str], viewer: Actor) -> Choices:
    known = row.registry[row.field]
    if known.choices:
        return [(value, _(label)) for value, label in known.choices.items()]
    match row.field:
        case "status":
            return [(str(row.id), row.name) for row in cases.statuses(with_retired=True)]
        case "type":
            return [(str(row.id), row.name) for row in cases.case_types(with_retired=True)]
        case "reason":
            return [(str(row.id), " › ".join(row.path)) for row in cases.reasons()]
        case "team":
            return [(str(team.id), team.name) for team in people.teams_of(viewer)]
        case "pbx":
            return [(str(row.id), row.name) for row in pbxes()]
        case "assignee":
            return [("me", _("Me")), *((str(person.id), person.name) for person in people.people_of(viewer))]
    # Customers are too many to list: those asked for stand here, others are found by typing.
    numbers = [int(value) for value in asked if value.isascii() and value.isdigit() and len(value) < 19]
    return [(str(key), row.name) for key, row in customer_rows(numbers).items()]
