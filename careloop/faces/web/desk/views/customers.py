"""Customers: finding them, their card, their record."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from careloop.domains.customers import queries
from careloop.faces.web.actors import actor_of

__all__ = ["customer_options"]


@require_safe
def customer_options(request: HttpRequest) -> JsonResponse:
    """Answer ?q= with the customers it may mean, for lists with typing."""
    found = queries.find(text=request.GET.get("q", ""), viewer=actor_of(request), limit=12)
    options = [{"value": str(row.id), "label": row.name, "detail": row.address} for row in found]
    return JsonResponse(options, safe=False)
