"""Lists that people keep under a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.cases import queries
from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases import services as cases
from careloop.domains.cases.conditions import COLUMNS, ORDERS, as_tree
from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.types import ViewRow
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen
from careloop.faces.web.desk.listing import Listing, listing_of
from careloop.faces.web.desk.wording import sayings
from careloop.kernel import clock
from careloop.kernel.conditions import to_json
from careloop.kernel.errors import Refusal

__all__ = ["view_content", "view_form", "view_list", "view_place", "view_removal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewShown:
    """A view in the list of views. words: its conditions. beside: keys of those it can be moved among, in their order."""

    row: ViewRow
    words: str
    may_change: bool
    beside: Sequence[str]

    @property
    def before(self) -> int:
        return self.beside.index(self.row.key) - 1

    @property
    def behind(self) -> int:
        return self.beside.index(self.row.key) + 1

    @property
    def is_first(self) -> bool:
        return self.before < 0

    @property
    def is_last(self) -> bool:
        return self.behind == len(self.beside)


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """List the views a person has, in words, with what they may change."""
    viewer = actor_of(request)
    rows = queries.views_of(viewer)
    said = sayings([as_tree(row.conditions) for row in rows])
    shared = [row.key for row in rows if not row.is_system and not row.is_own]
    own = [row.key for row in rows if row.is_own]
    context = {
        "rows": [
            ViewShown(
                row=row,
                words=words,
                may_change=not row.is_system and (row.is_own or cases_rules.may_share_views(viewer)),
                beside=own if row.is_own else shared,
            )
            for row, words in zip(rows, said, strict=True)
        ],
    }
    return render(request, "desk/views.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def view_form(request: HttpRequest, key: str) -> HttpResponse:
    """Keep a list under a name: as a new view, or as what the view it came from shall hold from now on."""
    listing, viewer = listing_of(request, key), actor_of(request)
    may_change = _may_change(listing, request)
    given = request.POST if request.method == "POST" else None
    context = {
        "listing": listing,
        "words": sayings([listing.condition])[0],
        "orders": [(name, _(label)) for name, label in ORDERS.items()],
        "columns": [(name, _(label), name in listing.columns) for name, label in COLUMNS.items()],
        "may_share": cases_rules.may_share_views(viewer),
        "may_change": may_change,
        "name": given.get("name", "") if given is not None else listing.view.name if may_change else "",
        "is_shared": "is_shared" in given if given is not None else may_change and not listing.view.is_own,
        "is_new": given.get("is_new") == "1" if given is not None else not may_change,
    }
    if given is None:
        return render(request, "desk/view_form.html", context)
    try:
        view_id = _save(request, listing, is_new=not may_change or given.get("is_new") == "1")
    except Refusal as refusal:
        return render(request, "desk/view_form.html", {**context, "problem": refusal.message}, status=refusal.status)
    messages.success(request, _("The view is kept."))
    return redirect("case_view", workspace=workspace_of(request).key, key=str(view_id))


@require_POST
def view_content(request: HttpRequest, key: str) -> HttpResponse:
    """Let a view hold from now on what its list was made into; its name stays."""
    listing = listing_of(request, key)
    if not _may_change(listing, request):
        raise CaseNotFound(_("There is no such view."))
    view_id = cases.save_view(
        view_id=int(listing.view.key),
        name=listing.view.name,
        conditions=to_json(listing.condition),
        columns=listing.columns,
        order=listing.order,
        is_shared=not listing.view.is_own,
        actor=actor_of(request),
        at=clock.now(),
    )
    messages.success(request, _("The view is kept."))
    return redirect("case_view", workspace=workspace_of(request).key, key=str(view_id))


@require_POST
def view_place(request: HttpRequest, key: int) -> HttpResponse:
    """Move a view to another `place` among those beside it."""
    cases.place_view(view_id=key, place=chosen(request.POST, "place"), actor=actor_of(request), at=clock.now())
    return redirect("view_list", workspace=workspace_of(request).key)


@require_POST
def view_removal(request: HttpRequest, key: int) -> HttpResponse:
    """Throw a view away; its cases stay."""
    cases.delete_view(view_id=key, actor=actor_of(request), at=clock.now())
    messages.success(request, _("The view is gone; its cases stay."))
    return redirect("view_list", workspace=workspace_of(request).key)


def _save(request: HttpRequest, listing: Listing, *, is_new: bool) -> int:
    return cases.save_view(
        view_id=None if is_new else int(listing.view.key),
        name=request.POST.get("name", ""),
        conditions=to_json(listing.condition),
        columns=listing.columns,
        order=listing.order,
        is_shared="is_shared" in request.POST,
        actor=actor_of(request),
        at=clock.now(),
    )


def _may_change(listing: Listing, request: HttpRequest) -> bool:
    return not listing.view.is_system and (listing.view.is_own or cases_rules.may_share_views(actor_of(request)))
