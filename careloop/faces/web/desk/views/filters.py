"""The filter editor: build the conditions of a list without knowing their language."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.cases import queries as cases
from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.errors import CaseUnclear
from careloop.domains.customers.queries import rows_of as customer_rows
from careloop.domains.people import queries as people
from careloop.faces.web.actors import actor_of
from careloop.faces.web.desk.editing import OPERATOR_LABELS, UNIT_LABELS, Row, rows_of, rows_posted, tree_of
from careloop.faces.web.desk.listing import listing_of
from careloop.faces.web.desk.wording import sayings
from careloop.kernel.actors import Actor
from careloop.kernel.conditions import And, Condition

__all__ = ["case_filter"]

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row of the editor with what can be chosen in it. words: what a kept group says."""

    key: int
    row: Row
    words: str
    operators: Choices
    choices: Choices


@require_http_methods(["GET", "HEAD", "POST"])
def case_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Show the conditions of a list as rows, change the rows, and lead to the list they make."""
    listing, problem = listing_of(request, key), ""
    join, rows = rows_posted(request.POST) if request.method == "POST" else rows_of(listing.condition)
    act, _dash, index = request.POST.get("act", "").partition("-")
    if act == "add":
        rows = [*rows, Row().told()]
    elif act == "remove":
        rows = [row for at, row in enumerate(rows) if str(at) != index]
    elif act == "show":
        try:
            made = tree_of(join, rows)
        except CaseUnclear as refusal:
            problem = str(refusal)
        else:
            address = listing.with_condition(made).address()
            return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "current_view": listing.view.key,
        "join": join,
        "rows": _shown(rows, viewer=actor_of(request)),
        "fields": [(field.name, _(field.label)) for field in REGISTRY],
        "units": list(UNIT_LABELS.items()),
        "problem": problem,
    }
    template = "desk/filter.html#editor" if request.htmx else "desk/filter.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if problem else 200)


def _shown(rows: list[Row], *, viewer: Actor) -> list[ShownRow]:
    offered: dict[str, Choices] = {}
    for row in rows:
        if row.field and row.shape in {"one", "several"} and row.field not in offered:
            asked = [value for other in rows if other.field == row.field for value in other.values]
            offered[row.field] = _choices(row.field, asked, viewer)
    return [
        ShownRow(
            key=key,
            row=row,
            words=_words(row.kept),
            operators=[(o.value, str(OPERATOR_LABELS[o])) for o in row.operators] if row.field else [],
            choices=offered.get(row.field, []),
        )
        for key, row in enumerate(rows)
    ]


def _words(kept: str) -> str:
    if not kept:
        return ""
    try:
        tree: Condition = tree_of("and", [Row(kept=kept)])
    except CaseUnclear as refusal:
        return str(refusal)
    return sayings([tree.parts[0] if isinstance(tree, And) else tree])[0]


def _choices(field: str, asked: list[str], viewer: Actor) -> Choices:
    if REGISTRY[field].choices:
        return [(value, _(label)) for value, label in REGISTRY[field].choices.items()]
    match field:
        case "status":
            return [(str(row.id), row.name) for row in cases.statuses(with_retired=True)]
        case "type":
            return [(str(row.id), row.name) for row in cases.case_types(with_retired=True)]
        case "reason":
            return [(str(row.id), " › ".join(row.path)) for row in cases.reasons()]
        case "team":
            return [(str(team.id), team.name) for team in people.teams_of(viewer)]
        case "assignee":
            return [("me", _("Me")), *((str(person.id), person.name) for person in people.people_of(viewer))]
    # Customers are too many to list: those asked for stand here, others are found by typing.
    numbers = [int(value) for value in asked if value.isascii() and value.isdigit() and len(value) < 19]
    return [(str(key), row.name) for key, row in customer_rows(numbers).items()]
