"""The list of cases, page by page, and its views with their counts."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from careloop.domains.cases import queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.conditions import COLUMNS, ORDERS
from careloop.domains.cases.types import CaseRow
from careloop.domains.commitments.queries import standings_of_cases
from careloop.domains.commitments.states import Measure
from careloop.domains.commitments.types import Standing
from careloop.faces.web.actors import actor_of
from careloop.faces.web.desk.listing import Listing, first_view_of, listing_of
from careloop.faces.web.desk.quick import quick_filters, quickly_filtered
from careloop.faces.web.desk.wording import sayings
from careloop.kernel import clock
from careloop.kernel.actors import Actor

__all__ = ["case_list", "case_view", "view_counts"]

PAGE = 50


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the view a person starts with, or the cases that an address asks for."""
    key = "all" if "filter" in request.GET else first_view_of(actor_of(request))
    return case_view(request, key)


@require_safe
def case_view(request: HttpRequest, key: str) -> HttpResponse:
    """Show one page of a view, or of what was made of it."""
    as_kept = listing_of(request, key)
    listing = quickly_filtered(as_kept, request.GET)
    if listing != as_kept and not _is_htmx(request):
        return redirect(listing.address())
    cursor = request.GET.get("cursor") if listing == as_kept else None
    viewer = actor_of(request)
    page = queries.cases(
        viewer=viewer,
        condition=listing.condition,
        order=listing.order,
        cursor=cursor,
        limit=PAGE,
        now=clock.now(),
    )
    quick = quick_filters(listing, viewer=viewer)
    context = {
        "listing": listing,
        "current_view": listing.view.key,
        "rows": page.items,
        "promised": _promised(page.items, viewer) if "promises" in listing.columns else {},
        "older": listing.address(cursor=page.next_cursor) if page.next_cursor else "",
        "newest": listing.address() if cursor else "",
        "chips": _chips(listing),
        "quick": quick,
        "bulk_people": [choice for one in quick if one.name == "assignee" for choice in one.choices],
        "bulk_statuses": [choice for one in quick if one.name == "status" for choice in one.choices],
        "columns": [(name, _(label), name in listing.columns) for name, label in COLUMNS.items()],
        "orders": [(name, _(label)) for name, label in ORDERS.items()],
        "heads": [(name, _(COLUMNS[name])) for name in listing.columns],
        "may_share": cases_rules.may_share_views(viewer),
        "may_work": cases_rules.may_work(viewer),
        "may_change_view": not listing.view.is_system and (listing.view.is_own or cases_rules.may_share_views(viewer)),
    }
    answer = render(request, "desk/cases.html#list" if _is_htmx(request) else "desk/cases.html", context)
    answer["Vary"] = "HX-Request"
    return push_url(answer, listing.address()) if listing != as_kept else answer


@require_safe
def view_counts(request: HttpRequest) -> HttpResponse:
    """Return the views of the rail with how many cases lie in each; asked for once the page stands."""
    viewer, now = actor_of(request), clock.now()
    rows = [(row, queries.count_of(row, viewer=viewer, now=now)) for row in queries.views_of(viewer)]
    context = {"views": rows, "current": request.GET.get("current", ""), "counted_at": now}
    answer = render(request, "desk/rail.html#counted", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_htmx(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _promised(rows: Sequence[CaseRow], viewer: Actor) -> dict[int, list[tuple[Measure, Standing]]]:
    """Return how the promises of some cases stand, by case, in the order in which they are made."""
    standings = standings_of_cases([row.id for row in rows], viewer=viewer)
    return {
        case_id: [(measure, by_measure[measure]) for measure in Measure if measure in by_measure]
        for case_id, by_measure in standings.items()
    }


def _chips(listing: Listing) -> list[tuple[str, str]]:
    """Return each condition in words, with the address of the list without it."""
    said = sayings(list(listing.parts))
    return [(words, listing.without(index).address()) for index, words in enumerate(said)]
