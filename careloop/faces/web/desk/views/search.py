"""The search over everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careloop.faces.web.actors import actor_of
from careloop.kernel.text import query
from careloop.processes.searching import search

__all__ = ["search_page"]

FEWEST, MOST = 2, 200


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show cases, words in messages and notes, and customers that fit; or what to write when nothing can be looked for."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:MOST]
    is_too_short = bool(text) and not _is_enough(text)
    found = None if not text or is_too_short else search(text=text, viewer=actor_of(request))
    context = {"q": text, "found": found, "is_too_short": is_too_short}
    return render(request, "desk/search.html", context)


def _is_enough(text: str) -> bool:
    number = text.removeprefix("#")
    return number.isdigit() or (len(text) >= FEWEST and query(text) is not None)
