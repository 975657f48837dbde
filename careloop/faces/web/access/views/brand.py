"""A brand's colors as a style sheet."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from careloop.ui.brand import brand_css

__all__ = ["brand"]

COLOR = re.compile(r"[0-9a-f]{6}")


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def brand(request: HttpRequest, color: str) -> HttpResponse:
    """Return the tokens of one accent color; the address says the color, so it never changes and tells of no workspace."""
    if not COLOR.fullmatch(color):
        raise Http404
    return HttpResponse(brand_css(f"#{color}"), content_type="text/css; charset=utf-8")
