"""Every page of the portal in its workspace's brand, and the one translator from a refusal to a page."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from careloop.domains.workspaces.types import Language as Spoken
from careloop.faces.portal.visits import Visit, visit_of
from careloop.kernel.errors import NotFound, Refusal
from careloop.ui.shell import Language, PublicShell

__all__ = ["address_of", "page", "refused"]

# Each in its own words, so that whoever reads only that language finds it.
LANGUAGES: Final = tuple(Language(code=code, name=LANG_INFO[code]["name_local"]) for code in Spoken)


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template of the portal inside its workspace's shell.

    context: what the template needs beside `shell`, `visit` and `key`.
    """
    visit = visit_of(request)
    about = {"shell": _shell(visit), "visit": visit, "key": visit.workspace.key}
    response = render(request, f"portal/{template}", {**about, **(context or {})}, status=status)
    if visit.wait_seconds:
        response["Retry-After"] = str(visit.wait_seconds)
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return a refusal as a page with its own status; what is not there and what is not theirs look the same."""
    is_missing = isinstance(refusal, NotFound)
    return page(request, "refusal.html", {"refusal": refusal, "is_missing": is_missing}, status=refusal.status)


def address_of(visit: Visit, name: str, **parts: object) -> str:
    """Return the path of a page of the visited portal."""
    return reverse(f"portal_{name}", kwargs={"portal": visit.workspace.key, **parts})


def _shell(visit: Visit) -> PublicShell:
    customer = visit.customer
    return PublicShell(
        brand_name=visit.workspace.name,
        home_url=address_of(visit, "home"),
        brand_css_url=reverse("brand_css", args=[visit.workspace.settings.accent_color[1:]]),
        languages=LANGUAGES,
        language_url=address_of(visit, "language"),
        person_name=customer.name if customer else "",
        requests_url=address_of(visit, "requests") if customer else "",
        sign_in_url="" if customer else address_of(visit, "sign_in"),
        sign_out_url=address_of(visit, "sign_out") if customer else "",
    )
