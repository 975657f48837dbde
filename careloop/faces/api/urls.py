"""Where the API is found."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from careloop.faces.api.door import door, outward_door, unknown_address
from careloop.faces.api.house import OUTWARD, api, contract
from careloop.faces.api.problems import MethodNotAllowed, refused

__all__ = ["urlpatterns"]


@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponseBase:
    """Return the API's contract; it holds no secrets and needs no token."""
    if request.method not in {"GET", "HEAD"}:
        answer = refused(MethodNotAllowed(_("This address takes only: %(methods)s.") % {"methods": "GET, HEAD"}))
        answer["Allow"] = "GET, HEAD"
        return answer
    return JsonResponse(contract())


def _rooms() -> list[URLPattern | URLResolver]:
    """Return the addresses of all rooms, each behind the door; ninja's own start page is not served."""
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in patterns:
        pattern.callback = (outward_door if pattern.name in OUTWARD else door)(pattern.callback)
    return list(patterns)


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", openapi, name="api_contract"),
    path("v1/", include(_rooms())),
    path("", unknown_address),
    path("<path:rest>", unknown_address),
]
