"""The list of one's requests, and a new one."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.queries import requests_of
from careloop.domains.cases.types import RequestRow
from careloop.domains.conversations.types import Channel
from careloop.faces.portal.door import portal_page
from careloop.faces.portal.forms import OwnRequestForm, RequestForm, uploads_of
from careloop.faces.portal.limits import Limit
from careloop.faces.portal.pages import address_of, page
from careloop.faces.portal.tokens import once, read_number, sealed_number
from careloop.faces.portal.views.sign_in import to_sign_in
from careloop.faces.portal.visits import Visit, visit_of
from careloop.faces.portal.words import STATES
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.processes.portal_access import write_request

__all__ = ["WRITERS", "lines_of", "new_request", "request_list", "request_sent"]

PORTAL = Actor(kind=ActorKind.HOUSE, name="portal")
WRITERS = (
    Limit(action="request", most=30, window_seconds=3600),
    Limit(action="request", most=10, window_seconds=3600, field="address"),
)


def lines_of(rows: Iterable[RequestRow]) -> list[dict[str, Any]]:
    """Return requests with their states in the customer's words."""
    return [{"row": row, "state": STATES[row.category]} for row in rows]


@require_safe
@portal_page()
def request_list(request: HttpRequest) -> HttpResponse:
    """List the requests of the signed-in customer, the liveliest first."""
    visit = visit_of(request)
    if visit.actor is None:
        return to_sign_in(request)
    cursor = request.GET.get("after")
    found = requests_of(customer=visit.actor, cursor=cursor)
    context = {"lines": lines_of(found.items), "next_cursor": found.next_cursor, "is_first": not cursor}
    return page(request, "requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(limits=WRITERS)
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a request; who is signed in is not asked for a name and an address."""
    visit = visit_of(request)
    kind = RequestForm if visit.customer is None else OwnRequestForm
    form = kind(request.POST or None, purpose=_purpose(visit), at=visit.at, initial=_initial(request))
    status = 200
    if visit.wait_seconds:
        form.ask_to_wait(visit.wait_seconds)
        status = 429
    elif request.method == "POST":
        status = 422
        if form.is_valid() and form.taken is not None:
            try:
                number = once(form.taken, lambda: _written(request, form))
            except Refusal as refusal:
                form.show(refusal)
                status = refusal.status
            else:
                sealed = sealed_number(number, purpose=visit.workspace.key)
                return redirect(address_of(visit, "request_sent", sealed=sealed))
    return page(request, "new_request.html", {"form": form, "limit": _limit()}, status=status)


@require_safe
@portal_page()
def request_sent(request: HttpRequest, sealed: str) -> HttpResponse:
    """Say that the request arrived and what happens next."""
    number = read_number(sealed, purpose=visit_of(request).workspace.key)
    if number is None:
        raise CaseNotFound(_("There is no such request."))
    return page(request, "sent.html", {"number": number})


def _written(request: HttpRequest, form: OwnRequestForm) -> int:
    visit, said = visit_of(request), form.cleaned_data
    return write_request(
        channel=Channel.PORTAL,
        address=said.get("address", ""),
        name=said.get("name", ""),
        language=get_language() or visit.workspace.language,
        subject_line=said["subject"],
        text=said["text"],
        uploads=uploads_of(request),
        customer=visit.actor,
        actor=visit.actor or PORTAL,
        at=visit.at,
    )


def _purpose(visit: Visit) -> str:
    return f"request:{visit.workspace.key}"


def _initial(request: HttpRequest) -> dict[str, str]:
    about = request.GET.get("about", "")
    return {"subject": str(_("About my request %(number)s") % {"number": about})} if about.isdecimal() else {}


def _limit() -> int:
    return int(settings.ATTACHMENT_BYTES_LIMIT // 1024**2)
