"""The page of a case, and the parts of it that are fetched again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careloop.domains.cases import rules as cases_rules
from careloop.domains.cases.queries import case_of_number
from careloop.domains.notifications.queries import has_unread
from careloop.domains.notifications.services import mark_case_read
from careloop.faces.web.actors import actor_of
from careloop.faces.web.casepage.promises import promises_shown
from careloop.faces.web.casepage.reading import look_of, page_context, side_context
from careloop.faces.web.casepage.shown import shown
from careloop.kernel import clock
from careloop.processes.timeline import mark_of, newest_since, older

__all__ = ["case", "case_promises", "case_side", "case_story"]

REMOTE_IMAGES = {"img-src": ["https:", "http:"]}


@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show a case; whoever opens it has read its notices."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    if has_unread(case_id=detail.row.id, viewer=actor):
        mark_case_read(case_id=detail.row.id, actor=actor, at=clock.now())
    response = render(request, "casepage/case.html", page_context(request, detail))
    if request.GET.get("images"):
        # Only on the page of somebody who asked, the browser may fetch pictures from outside.
        response._csp_update = REMOTE_IMAGES  # type: ignore[attr-defined]
    return response


@require_safe
def case_story(request: HttpRequest, number: int) -> HttpResponse:
    """Show an earlier part of the story (`before`), or what is new in it (`since`)."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    is_older = "before" in request.GET
    mark = mark_of(request.GET.get("before") or request.GET.get("since", ""))
    story = (
        older(detail=detail, viewer=actor, before=mark)
        if is_older
        else newest_since(detail=detail, viewer=actor, mark=mark)
    )
    moments = shown(story, look_of(request, now=clock.now()), case_id=detail.row.id)
    context = {
        "case": detail.row,
        "story": story,
        "moments": moments,
        "is_older": is_older,
        "reads_notes": cases_rules.may_read_notes(actor),
        "may_work": cases_rules.may_work(actor),
    }
    template = "casepage/case.html#older" if is_older else "casepage/case.html#fresh"
    return render(request, template if request.htmx else "casepage/earlier.html", context)  # type: ignore[attr-defined]


@require_safe
def case_side(request: HttpRequest, number: int) -> HttpResponse:
    """Show again what stands beside the story."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    return render(request, "casepage/case.html#beside", side_context(request, detail))


@require_safe
def case_promises(request: HttpRequest, number: int) -> HttpResponse:
    """Show again what was promised: the clocks turn a moment after what happened."""
    actor = actor_of(request)
    detail = case_of_number(number=number, viewer=actor)
    promises = promises_shown(detail.row, viewer=actor, now=clock.now())
    return render(request, "casepage/promises.html", {"promises": promises})
