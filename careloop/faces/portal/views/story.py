"""One request: what was said, and the customer's own words on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.errors import CaseNotFound
from careloop.domains.cases.services import reopen
from careloop.domains.cases.states import Category
from careloop.domains.files.errors import FileNotFound
from careloop.faces.portal.door import portal_page
from careloop.faces.portal.forms import CallForm, ReplyForm, uploads_of
from careloop.faces.portal.limits import Limit
from careloop.faces.portal.pages import address_of, page
from careloop.faces.portal.tokens import once
from careloop.faces.portal.views.sign_in import to_sign_in
from careloop.faces.portal.visits import Visit, visit_of
from careloop.faces.portal.words import STATES
from careloop.gateways.mime import in_our_type, sanitize
from careloop.kernel.actors import Actor, ActorKind
from careloop.kernel.errors import Refusal
from careloop.kernel.streaming import blob_stream
from careloop.processes.calling import callback_window, is_callback_offered, wish_callback
from careloop.processes.hands import close_by_customer
from careloop.processes.portal_access import Story, Word, add_reply, file_of_request, request_story

__all__ = ["callback", "conversation", "file", "file_preview", "reopening", "reply", "request_page", "solution"]

PORTAL = Actor(kind=ActorKind.HOUSE, name="portal")
CALLS = (Limit(action="portal_call", most=10, window_seconds=3600),)
REPLIES = (Limit(action="reply", most=60, window_seconds=3600),)
# Only pictures that every browser draws by itself are shown in place; all else is saved first.
SHOWN_TYPES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


@require_safe
@portal_page()
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a request with what was said last, or, with `before`, what was said before that."""
    visit = visit_of(request)
    if visit.actor is None:
        return to_sign_in(request)
    before_id = _before(request)
    story = request_story(number=number, customer=visit.actor, before_id=before_id)
    if before_id is not None:
        return page(request, "earlier.html", _context(visit, story))
    return _page(request, story, _form(visit, story))


@require_safe
@portal_page()
def conversation(request: HttpRequest, number: int) -> HttpResponse:
    """Return what was said for the open page.

    With `before`, what was said before that; with `seen`, only whether something is new, and 204 when nothing is.
    """
    visit = visit_of(request)
    if visit.actor is None:
        return HttpResponse(status=204)
    before_id = _before(request)
    story = request_story(number=number, customer=visit.actor, before_id=before_id)
    if before_id is not None:
        return page(request, "words.html", _context(visit, story))
    seen = request.GET.get("seen")
    if seen is None:
        return page(request, "request.html#conversation", _context(visit, story))
    if seen == story.mark:
        return HttpResponse(status=204)
    return page(request, "request.html#news", _context(visit, story))


@require_POST
@portal_page(limits=REPLIES)
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Add the customer's words; what they wrote is never lost, whatever stands in the way."""
    visit = visit_of(request)
    if visit.actor is None:
        return page(request, "signed_out.html", {"text": request.POST.get("text", ""), "number": number}, status=403)
    story = request_story(number=number, customer=visit.actor)
    form, status = _form(visit, story, posted=request.POST), 422
    if visit.wait_seconds:
        form.ask_to_wait(visit.wait_seconds)
        status = 429
    elif form.is_valid() and form.taken is not None:
        try:
            once(form.taken, lambda: _added(request, story, form))
        except Refusal as refusal:
            form.show(refusal)
            status = refusal.status
        else:
            messages.success(request, _("We have your answer. Thank you."))
            return redirect(f"{address_of(visit, 'request', number=number)}#end")
    return _page(request, story, form, status=status)


@require_POST
@portal_page(limits=CALLS)
def callback(request: HttpRequest, number: int) -> HttpResponse:
    """Promise the customer a call at the number that they say."""
    visit = visit_of(request)
    if visit.actor is None:
        return redirect(address_of(visit, "request", number=number))
    story = request_story(number=number, customer=visit.actor)
    form, status = CallForm(request.POST), 422
    if visit.wait_seconds:
        form.ask_to_wait(visit.wait_seconds)
        status = 429
    elif form.is_valid():
        try:
            wish_callback(case_id=story.case_id, number=form.cleaned_data["phone"], actor=PORTAL, at=visit.at)
        except Refusal as refusal:
            form.add_error("phone" if refusal.fields else None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Thank you. We will call you."))
            return redirect(address_of(visit, "request", number=number))
    return _page(request, story, _form(visit, story), call_form=form, status=status)


@require_POST
@portal_page()
def solution(request: HttpRequest, number: int) -> HttpResponse:
    """Let the customer say that the matter is solved."""
    return _moved(request, number, close_by_customer, _("Thank you. The request is solved."))


@require_POST
@portal_page()
def reopening(request: HttpRequest, number: int) -> HttpResponse:
    """Let the customer take a solved request up again."""
    return _moved(request, number, reopen, _("The request is open again. Tell us below what is still missing."))


@require_safe
@portal_page()
def file(request: HttpRequest, number: int, file_id: int) -> StreamingHttpResponse:
    """Hand out a file of a request, to be saved unless it is a plain picture."""
    row = file_of_request(number=number, file_id=file_id, customer=_signed_in(request))
    is_shown = row.content_type in SHOWN_TYPES and not row.is_risky
    return _file_answer(request, row.sha256, row.content_type, row.name, is_shown=is_shown)


@require_safe
@portal_page()
def file_preview(request: HttpRequest, number: int, file_id: int) -> StreamingHttpResponse:
    """Hand out the small picture of a file of a request."""
    row = file_of_request(number=number, file_id=file_id, customer=_signed_in(request))
    if not row.is_previewed:
        raise FileNotFound(_("There is no such file."))
    return _file_answer(request, row.preview_sha256, "image/webp", row.name, is_shown=True)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _signed_in(request: HttpRequest) -> Actor:
    actor = visit_of(request).actor
    if actor is None:
        raise CaseNotFound(_("There is no such request."))
    return actor


def _moved(request: HttpRequest, number: int, move: Any, thanks: str) -> HttpResponse:
    visit = visit_of(request)
    if visit.actor is None:
        return redirect(address_of(visit, "request", number=number))
    story = request_story(number=number, customer=visit.actor)
    try:
        move(case_id=story.case_id, actor=visit.actor, at=visit.at)
    except Refusal as refusal:
        return _page(request, story, _form(visit, story), refusal=refusal, status=refusal.status)
    messages.success(request, thanks)
    return redirect(address_of(visit, "request", number=number))


def _added(request: HttpRequest, story: Story, form: ReplyForm) -> int:
    return add_reply(
        case_id=story.case_id,
        text=form.cleaned_data["text"],
        uploads=uploads_of(request),
        actor=_signed_in(request),
        at=visit_of(request).at,
    )


def _page(
    request: HttpRequest,
    story: Story,
    form: ReplyForm,
    *,
    call_form: CallForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**_context(visit_of(request), story), "form": form, "refusal": refusal}
    is_open = story.category not in {Category.SOLVED, Category.CLOSED} and story.we_call_by is None
    if is_open and is_callback_offered():
        at = visit_of(request).at
        context |= {"call_form": call_form or CallForm(), "window": callback_window(at=at)}
    return page(request, "request.html", context, status=status)


def _context(visit: Visit, story: Story) -> dict[str, Any]:
    words = [{"word": word, "html": _shown_html(visit, story, word)} for word in story.words]
    return {"story": story, "words": words, "state": STATES[story.category]}


def _shown_html(visit: Visit, story: Story, word: Word) -> str:
    """Return our own people's markup, made harmless once more, its own pictures served by us and all others blocked."""
    inline = {
        one.content_id: address_of(visit, "file", number=story.number, file_id=one.file_id)
        for one in word.enclosures
        if one.content_id and one.content_type in SHOWN_TYPES
    }
    if not word.html:
        return ""
    return in_our_type(sanitize(word.html, allow_remote_images=False, inline=inline), picture=_("Picture"))


def _file_answer(
    request: HttpRequest, sha256: str, content_type: str, name: str, *, is_shown: bool
) -> StreamingHttpResponse:
    shown_as = content_type if is_shown else "application/octet-stream"
    response = blob_stream(request, sha256=sha256, content_type=shown_as)
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    # Whatever a file is, it runs nothing and reaches nothing of the portal.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _form(visit: Visit, story: Story, *, posted: QueryDict | None = None) -> ReplyForm:
    purpose = f"reply:{visit.workspace.key}:{story.number}"
    return ReplyForm(posted, category=story.category, purpose=purpose, at=visit.at)
