"""A form that other sites show in a frame: no cookie, no session, no script needed."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from careloop.domains.channels.errors import WebFormNotFound
from careloop.domains.channels.queries import web_form
from careloop.domains.channels.types import WebFormRow
from careloop.domains.conversations.types import Channel
from careloop.faces.portal.door import portal_page
from careloop.faces.portal.forms import SiteForm, uploads_of
from careloop.faces.portal.limits import Limit
from careloop.faces.portal.pages import address_of, page
from careloop.faces.portal.tokens import once, read_number, sealed_number
from careloop.faces.portal.visits import Visit, visit_of
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.processes.portal_access import write_request

__all__ = ["site_form", "site_form_sent"]

FORMS = Actor(kind=ActorKind.HOUSE, name="web_form")
WRITERS = (
    Limit(action="web_form", most=30, window_seconds=3600),
    Limit(action="web_form", most=10, window_seconds=3600, field="address"),
)


# A frame on another site gets no cookies, so the usual check has nothing to compare; the form's signed mark stands for it.
@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(limits=WRITERS, knows_visitor=False)
def site_form(request: HttpRequest, form_key: str) -> HttpResponse:
    """Show a form of the company's site and take what is written in it."""
    visit, shape = visit_of(request), web_form(form_key)
    with translation.override(shape.language):
        form = SiteForm(request.POST or None, purpose=_purpose(visit, shape), at=visit.at)
        status = 200
        if visit.wait_seconds:
            form.ask_to_wait(visit.wait_seconds)
            status = 429
        elif request.method == "POST":
            status = 422
            if form.is_valid() and form.taken is not None:
                try:
                    number = once(form.taken, lambda: _written(request, shape, form))
                except Refusal as refusal:
                    form.show(refusal)
                    status = refusal.status
                else:
                    sealed = sealed_number(number, purpose=_purpose(visit, shape))
                    return redirect(address_of(visit, "site_form_sent", form_key=shape.key, sealed=sealed))
        limit = settings.ATTACHMENT_BYTES_LIMIT // 1024**2
        return _framed(request, shape, "site_form.html", {"form": form, "limit": limit}, status=status)


@xframe_options_exempt
@require_safe
@portal_page(knows_visitor=False)
def site_form_sent(request: HttpRequest, form_key: str, sealed: str) -> HttpResponse:
    """Say that the request arrived and what happens next."""
    visit, shape = visit_of(request), web_form(form_key)
    number = read_number(sealed, purpose=_purpose(visit, shape))
    if number is None:
        raise WebFormNotFound(_("There is nothing here. Open the form again."))
    with translation.override(shape.language):
        return _framed(request, shape, "site_form_sent.html", {"number": number}, status=200)


def _written(request: HttpRequest, shape: WebFormRow, form: SiteForm) -> int:
    said = form.cleaned_data
    return write_request(
        channel=Channel.WEB_FORM,
        address=said["address"],
        name=said["name"],
        language=shape.language,
        subject_line=said["subject"],
        text=said["text"],
        uploads=uploads_of(request),
        team_id=shape.team_id,
        mailbox_id=shape.mailbox_id,
        customer=None,
        actor=FORMS,
        at=visit_of(request).at,
    )


def _framed(
    request: HttpRequest, shape: WebFormRow, template: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    """Render a page that the form's own sites, and no others, may show in a frame. It sets no cookie."""
    without_cookies = {"csrf_token": "", "messages": ()}
    # Light as most sites are: a frame that follows the device would stand dark in a light page.
    look = {"theme": "light"}
    origins = list(shape.allowed_origins) or ["'none'"]
    response = page(request, template, {**context, **without_cookies, **look, "shape": shape}, status=status)
    response.headers["Content-Language"] = shape.language
    csp_replace({"frame-ancestors": origins})(lambda _request: response)(request)
    return response


def _purpose(visit: Visit, shape: WebFormRow) -> str:
    return f"form:{visit.workspace.key}:{shape.key}"
