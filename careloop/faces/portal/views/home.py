"""The portal's first page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from careloop.domains.cases.queries import requests_of
from careloop.faces.portal.door import portal_page
from careloop.faces.portal.pages import page
from careloop.faces.portal.views.requests import lines_of
from careloop.faces.portal.visits import visit_of

__all__ = ["home"]

NEWEST = 3


@require_safe
@portal_page()
def home(request: HttpRequest) -> HttpResponse:
    """Offer the two things a customer comes for: to ask, and to see what became of it."""
    actor = visit_of(request).actor
    newest = lines_of(requests_of(customer=actor, limit=NEWEST).items) if actor else []
    return page(request, "home.html", {"newest": newest})
