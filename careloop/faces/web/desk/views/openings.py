"""Cases that begin with us: taken down by hand, or a mail that we write first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careloop.domains.calls.queries import call_seen_by
from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.rules import may_work
from careloop.domains.customers.queries import rows_of
from careloop.domains.customers.services import create_customer
from careloop.domains.people.queries import signature_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.typed import chosen_numbers, numbers, typed_fields
from careloop.faces.web.desk.composed import composed_html, composed_words
from careloop.faces.web.desk.opening_forms import MailForm, OpeningForm
from careloop.faces.web.files.taking import kept_files
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.actors import Actor
from careloop.kernel.errors import Refusal
from careloop.processes.answering import (
    files_at_hand,
    keep_draft,
    open_by_hand,
    open_draft,
    phrases,
    unfilled_places,
    write_first,
)
from careloop.processes.answering.types import Words
from careloop.processes.calling import open_case_for_call

__all__ = ["case_new", "mail_draft", "mail_new", "mail_phrases"]


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    """Take down a case by hand; what was typed and attached stays when something is wrong."""
    actor, at = actor_of(request), clock.now()
    _refuse_unless_worker(actor)
    form = OpeningForm(
        request.POST if request.method == "POST" else None, viewer=actor, initial=_beginning(request, actor)
    )
    status, file_ids = 200, _file_ids(request)
    if request.method == "POST":
        status = 422
        try:
            file_ids = [*file_ids, *kept_files(request, actor=actor, at=at)]
            if form.is_valid():
                return _to_case(request, _open(form, file_ids, actor=actor, at=at))
        except Refusal as refusal:
            show_refusal_in(form, refusal)
            status = refusal.status
    context = {"form": form, "file_ids": file_ids, "known": _known_customer(form)}
    return render(request, "desk/case_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_new(request: HttpRequest) -> HttpResponse:
    """Write to a customer first; what was typed stays when something is wrong."""
    actor, at = actor_of(request), clock.now()
    _refuse_unless_worker(actor)
    draft = open_draft(case_id=None, viewer=actor) if request.method != "POST" else None
    initial = {"to": request.GET.get("to", ""), "name": request.GET.get("name", ""), **(draft.fields if draft else {})}
    form = MailForm(request.POST if request.method == "POST" else None, viewer=actor, initial=initial)
    status, file_ids = 200, _file_ids(request)
    if request.method == "POST":
        status = 422
        try:
            file_ids = [*file_ids, *kept_files(request, actor=actor, at=at)]
            if form.is_valid():
                with transaction.atomic():
                    case_id = write_first(
                        mailbox_id=int(form.cleaned_data["mailbox"]),
                        to=form.cleaned_data["to"],
                        name=form.cleaned_data["name"],
                        cc=form.cleaned_data["cc"],
                        bcc=form.cleaned_data["bcc"],
                        subject_line=form.cleaned_data["subject_line"],
                        words=composed_words(request.POST, file_ids=file_ids),
                        team_id=_number(form.cleaned_data["team"]),
                        actor=actor,
                        at=at,
                    )
                messages.success(request, _("The mail is on its way."))
                return _to_case(request, case_id)
        except Refusal as refusal:
            show_refusal_in(form, refusal)
            status = refusal.status
    context = {
        "form": form,
        "files": draft.files if draft else files_at_hand(case_id=None, file_ids=file_ids, viewer=actor),
        "reply_ids": draft.chosen.get("reply_ids", ()) if draft else numbers(request.POST, "reply_ids"),
        "body": draft.html if draft else composed_html(request.POST),
        # A form that was sent is never shown under the same mark again, so that its text is not brought back.
        "mark": int(at.timestamp() * 1000),
        "unfilled": unfilled_places(composed_words(request.POST, file_ids=())),
        "is_signed": bool(actor.user_id and signature_of(actor.user_id)),
    }
    return render(request, "desk/mail_new.html", context, status=status)


@require_POST
def mail_draft(request: HttpRequest) -> HttpResponse:
    """Keep a new mail as it is typed, with its recipients and files; an empty one is thrown away."""
    keep_draft(
        case_id=None,
        kind="mail",
        html=composed_html(request.POST),
        fields=typed_fields(request.POST),
        file_ids=numbers(request.POST, "file_ids"),
        chosen=chosen_numbers(request.POST),
        actor=actor_of(request),
        at=clock.now(),
    )
    return HttpResponse(status=204)


@require_safe
def mail_phrases(request: HttpRequest) -> JsonResponse:
    """Answer with the saved replies whose name holds `q`, for a mail that belongs to no case yet."""
    actor = actor_of(request)
    _refuse_unless_worker(actor)
    found = phrases(case_id=None, text=request.GET.get("q", ""), viewer=actor)
    return JsonResponse([{"id": p.id, "label": p.name, "html": p.html} for p in found], safe=False)


def _open(form: OpeningForm, file_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    given = form.cleaned_data
    # A refused case leaves no customer behind.
    with transaction.atomic():
        if form.is_new_customer:
            customer_id = create_customer(
                name=given["name"],
                kind=given["kind"] or "email",
                value=given["value"],
                language="",
                source="by_hand",
                actor=actor,
                at=at,
            )
        else:
            customer_id = given["customer"]
            if not rows_of([customer_id]):
                raise MayNotWorkOnCases(_("This customer is gone. Choose another one."))
        matter: dict[str, Any] = {
            "channel": given["channel"],
            "customer_id": customer_id,
            "subject_line": given["subject_line"],
            "words": Words(text=given["text"], html=linebreaks(given["text"], autoescape=True), file_ids=file_ids),
            "team_id": _number(given["team"]),
            "assignee_id": _number(given["assignee"]),
            "status_id": _number(given["status"]),
        }
        if given["call"]:
            return open_case_for_call(call_id=given["call"], **matter, actor=actor, at=at)
        return open_by_hand(**matter, actor=actor, at=at)


def _beginning(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Return what the form begins with: for a customer, or for a call and whoever calls."""
    customer_id, call_id = _key(request, "customer"), _key(request, "call")
    begun: dict[str, Any] = {"assignee": actor.user_id, "customer": customer_id}
    if call_id is None:
        return begun
    call = call_seen_by(actor, call_id=call_id)
    known = customer_id or call.customer_id
    new = {} if known else {"kind": "phone", "value": call.number}
    return {**begun, **new, "call": call.id, "channel": "voice", "customer": known}


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _to_case(request: HttpRequest, case_id: int) -> HttpResponse:
    number = case_detail(case_id=case_id, viewer=actor_of(request)).row.number
    return redirect(f"{reverse('case_list', args=[workspace_of(request).key])}{number}")


def _known_customer(form: OpeningForm) -> list[tuple[int, str]]:
    """Return the customer the form has chosen, to stand in its list."""
    value = form["customer"].value()
    key = int(value) if str(value or "").isdecimal() and len(str(value)) < 18 else 0
    return [(row.id, row.name) for row in rows_of([key]).values()] if key else []


def _file_ids(request: HttpRequest) -> list[int]:
    """Return the files that scripts sent before the form, and those kept when the form was refused before."""
    given = [*request.POST.getlist("file_ids"), *request.POST.getlist("files_ids")]
    return list(dict.fromkeys(int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 18))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _refuse_unless_worker(actor: Actor) -> None:
    if not may_work(actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not open them."))
