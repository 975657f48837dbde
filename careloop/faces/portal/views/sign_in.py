"""In by a link from one's own mail, and out again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.sign_ins.queries import usable_link
from careloop.domains.sign_ins.services import end_all_sessions, end_session
from careloop.faces.portal.door import drop_session, keep_session, portal_page, session_token_of
from careloop.faces.portal.forms import AddressForm
from careloop.faces.portal.hosts import base_url_of
from careloop.faces.portal.limits import Limit
from careloop.faces.portal.pages import address_of, page
from careloop.faces.portal.visits import Visit, visit_of
from careloop.kernel.errors import Refusal
from careloop.processes.portal_access import demo_link, request_link
from careloop.processes.portal_access import sign_in as let_in

__all__ = ["link_sent", "sign_in", "sign_in_link", "sign_out", "sign_out_everywhere", "to_sign_in"]

ASKING = (
    Limit(action="sign_in", most=20, window_seconds=900),
    Limit(action="sign_in", most=5, window_seconds=900, field="address"),
)
OPENING = (Limit(action="sign_in_link", most=30, window_seconds=900),)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead somebody who is not signed in to the door, and back afterwards; alike for what is there and what is not."""
    return redirect(f"{address_of(visit_of(request), 'sign_in')}?{urlencode({'next': request.path})}")


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(limits=ASKING)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and have a link mailed to it, with one answer for everybody."""
    visit = visit_of(request)
    form = AddressForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if visit.wait_seconds:
        form.ask_to_wait(visit.wait_seconds)
        return page(request, "sign_in.html", {"form": form}, status=429)
    if request.method != "POST":
        return page(request, "sign_in.html", {"form": form})
    if not form.is_valid():
        return page(request, "sign_in.html", {"form": form}, status=422)
    address, onward = form.cleaned_data["address"], _own_path(visit, form.cleaned_data["next"])
    door = address_of(visit, "sign_in_link", token="-").removesuffix("-")  # noqa: S106  the place of a secret
    link = base_url_of(request, visit.workspace) + door
    if visit.is_open_demo:
        shown = demo_link(address=address, link=link, next_path=onward)
        return page(request, "link_sent.html", {"demo_link": shown})
    request_link(address=address, link=link, next_path=onward, language=get_language() or visit.workspace.language)
    return redirect(address_of(visit, "link_sent"))


@require_safe
@portal_page()
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look now; nothing on this page depends on the address."""
    return page(request, "link_sent.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(limits=OPENING)
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in with a link. Looking at it changes nothing: scanners of mail open every link before its reader does."""
    visit = visit_of(request)
    if visit.wait_seconds:
        form = AddressForm({"address": ""})
        form.errors.clear()
        form.ask_to_wait(visit.wait_seconds)
        return page(request, "sign_in.html", {"form": form}, status=429)
    try:
        if request.method == "POST":
            signed_in = let_in(token=token, at=visit.at)
            response: HttpResponse = redirect(_own_path(visit, signed_in.next_path) or address_of(visit, "requests"))
            keep_session(request, response, token=signed_in.session_token)
        else:
            response = page(request, "sign_in_link.html", {"address": usable_link(token=token, at=visit.at).address})
    except Refusal as refusal:
        response = page(request, "bad_link.html", {"refusal": refusal, "form": AddressForm()}, status=refusal.status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@portal_page()
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the portal in this browser."""
    visit = visit_of(request)
    if visit.actor is not None:
        end_session(token=session_token_of(request), actor=visit.actor, at=visit.at)
    return _left(request, _("You are signed out."))


@require_POST
@portal_page()
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Leave the portal in every browser."""
    visit = visit_of(request)
    if visit.actor is not None:
        end_all_sessions(actor=visit.actor, at=visit.at)
    return _left(request, _("You are signed out on all devices."))


def _left(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    response = redirect(address_of(visit_of(request), "home"))
    drop_session(request, response)
    return response


def _own_path(visit: Visit, path: str) -> str:
    """Return a path within the visited portal, or nothing for any other: a link must not lead its reader elsewhere."""
    home = address_of(visit, "home")
    is_ours = path.startswith(home) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and not path.startswith(address_of(visit, "sign_in")) and ".." not in path else ""
