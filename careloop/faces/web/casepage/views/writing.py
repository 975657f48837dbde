"""Words into a case: an answer, a note, a message to a third party; and the drafts of them."""

import re
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_detail, case_id_of_number
from careloop.domains.people.queries import people_of
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.letters import written_words
from careloop.faces.web.casepage.reading import Composing, page_context
from careloop.faces.web.casepage.typed import (
    addresses,
    chosen_numbers,
    chosen_or_none,
    left_open,
    numbers,
    typed_fields,
)
from careloop.faces.web.files.taking import kept_files
from careloop.gateways.mime import html_to_text
from careloop.kernel import clock
from careloop.kernel.errors import NotFound, Refusal
from careloop.processes import answering
from careloop.processes.answering.types import Words
from careloop.processes.timeline import visible_file

__all__ = ["draft", "people", "phrases", "words"]

MENTION = re.compile(r'data-mention="(\d{1,17})"')
DRAFTED_AS = {"answer": "reply", "note": "note", "forward": "forward"}


@require_POST
def words(request: HttpRequest, number: int) -> HttpResponse:
    """Send an answer, keep a note, or write to a third party; a refusal gives every word back."""
    actor = actor_of(request)
    case_id = case_id_of_number(number=number, viewer=actor)
    kind, body = request.POST.get("kind", "answer"), request.POST.get("body", "")
    written = written_words(
        body=body,
        text=request.POST.get("body_text"),
        file_ids=numbers(request.POST, "file_ids"),
        reply_ids=numbers(request.POST, "reply_ids"),
        left_open=left_open(request.POST),
    )
    try:
        _say(request, case_id, kind, written)
    except NotFound:
        raise
    except Refusal as refusal:
        composing = Composing(
            kind=kind,
            html=written.html,
            fields=typed_fields(request.POST),
            files=answering.files_at_hand(case_id=case_id, file_ids=written.file_ids, viewer=actor),
            chosen=chosen_numbers(request.POST),
            status=request.POST.get("status_id", ""),
            unfilled=answering.unfilled_places(written) if kind != "note" else (),
        )
        detail = case_detail(case_id=case_id, viewer=actor)
        context = page_context(request, detail, composing=composing, refusal=refusal)
        return render(request, "casepage/case.html", context, status=refusal.status)
    return redirect(f"{reverse('case', args=[workspace_of(request).key, number])}#end")


@require_POST
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a text as it is typed, with its recipients and files; an empty one is thrown away."""
    actor = actor_of(request)
    written = written_words(body=request.POST.get("body", ""), text="", file_ids=[], reply_ids=[])
    answering.keep_draft(
        case_id=case_id_of_number(number=number, viewer=actor),
        kind=DRAFTED_AS.get(request.POST.get("kind", ""), "reply"),
        html=written.html,
        fields=typed_fields(request.POST),
        file_ids=numbers(request.POST, "file_ids"),
        chosen=chosen_numbers(request.POST),
        status_id=chosen_or_none(request.POST, "status_id"),
        actor=actor,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@require_safe
def phrases(request: HttpRequest, number: int) -> JsonResponse:
    """Answer with the saved replies whose name holds `q`, ready for this case."""
    actor = actor_of(request)
    found = answering.phrases(
        case_id=case_id_of_number(number=number, viewer=actor), text=request.GET.get("q", ""), viewer=actor
    )
    told = [{"id": p.id, "label": p.name, "html": p.html, "text": html_to_text(p.html)} for p in found]
    return JsonResponse(told, safe=False)


@require_safe
def people(request: HttpRequest, number: int) -> JsonResponse:
    """Answer with the people whose name or address holds `q`, for mentions."""
    actor = actor_of(request)
    case_id_of_number(number=number, viewer=actor)
    found = people_of(actor, matching=request.GET.get("q", ""), limit=8)
    return JsonResponse([{"id": p.id, "label": p.name, "detail": p.email} for p in found], safe=False)


def _say(request: HttpRequest, case_id: int, kind: str, written: Words) -> None:
    actor, at = actor_of(request), clock.now()
    written = replace(written, file_ids=[*written.file_ids, *kept_files(request, actor=actor, at=at)])
    match kind:
        case "note":
            mentions = [int(number) for number in MENTION.findall(request.POST.get("body", ""))]
            answering.note(case_id=case_id, words=written, mentions=mentions, actor=actor, at=at)
        case "forward":
            shared = numbers(request.POST, "shared_file_ids")
            for file_id in shared:
                visible_file(file_id=file_id, viewer=actor)
            (to, *more) = addresses(request.POST.get("forward_to", "")) or [""]
            answering.forward(
                case_id=case_id, to=to, cc=more, words=written, shared_file_ids=shared, actor=actor, at=at
            )
        case _:
            answering.reply(
                case_id=case_id,
                words=written,
                conversation_id=chosen_or_none(request.POST, "conversation_id"),
                to=addresses(request.POST["to"]) if request.POST.get("to") else None,
                cc=addresses(request.POST["cc"]) if "cc" in request.POST else None,
                bcc=addresses(request.POST.get("bcc", "")),
                status_id=chosen_or_none(request.POST, "status_id"),
                seen_message_id=chosen_or_none(request.POST, "seen_message_id"),
                actor=actor,
                at=at,
            )
