"""The filter editor: build the conditions of a list without knowing their language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from careloop.domains.cases.conditions import REGISTRY
from careloop.domains.cases.errors import CaseUnclear
from careloop.faces.web.actors import actor_of
from careloop.faces.web.desk.editing import UNIT_LABELS, Row, rows_of, rows_posted, tree_of
from careloop.faces.web.desk.listing import listing_of
from careloop.faces.web.desk.offering import rows_shown

__all__ = ["case_filter"]


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
        "rows": rows_shown(rows, viewer=actor_of(request)),
        "fields": [(field.name, _(field.label)) for field in REGISTRY],
        "units": list(UNIT_LABELS.items()),
        "problem": problem,
    }
    template = "desk/filter.html#editor" if request.htmx else "desk/filter.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if problem else 200)
