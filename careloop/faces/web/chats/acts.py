"""What is done in a chat: each a POST that leads back to it."""

from collections.abc import Callable
from html import escape

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careloop.domains.cases import queries as cases
from careloop.domains.chats.news import say_typing
from careloop.domains.chats.queries import chat_seen_by
from careloop.domains.people.queries import people_choices, team_choices
from careloop.faces.web.actors import actor_of, person_asking, workspace_of
from careloop.faces.web.casepage.typed import numbers
from careloop.faces.web.chats.forms import CallForm, HandoverForm, WhisperForm, WrapUpForm
from careloop.faces.web.chats.pages import render_chat
from careloop.faces.web.files.taking import kept_files
from careloop.faces.web.refusals import show_refusal_in
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.answering.types import Words
from careloop.processes.chatting import (
    agent_reads,
    agent_says,
    call_in,
    hand_over,
    hand_to_team,
    pick,
    whisper,
    wrap_up,
)

__all__ = ["ending", "handover", "helpers", "reading", "taking", "typing", "whispers", "words"]


@require_POST
def taking(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Take a chat that waits."""
    pick(chat_id=chat_id, actor=actor_of(request), at=clock.now())
    return _back(request, chat_id)


@require_POST
def words(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Answer; a script gets the number of the message or the refusal as JSON, a plain form gets the page."""
    actor, at = actor_of(request), clock.now()
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        message_id = agent_says(
            chat_id=chat_id,
            mark=request.POST.get("mark", "")[:40],
            previous=request.POST.get("previous", "")[:40],
            words=Words(
                text=request.POST.get("text", "").replace("\x00", ""),
                html="",
                file_ids=kept_files(request, actor=actor, at=at),
                reply_ids=numbers(request.POST, "reply_ids"),
            ),
            actor=actor,
            at=at,
        )
    except Refusal as refusal:
        if not wants_json:
            raise
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.status)
    return JsonResponse({"id": message_id}) if wants_json else _back(request, chat_id)


@require_POST
def typing(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Tell the visitor that their agent writes; nothing is kept."""
    actor, person = actor_of(request), person_asking(request)
    row = chat_seen_by(actor, chat_id=chat_id)
    if person is not None and actor.user_id in {row.agent_id, *row.helper_ids}:
        say_typing(chat_id=chat_id, who="agent", name=person.name)
    return HttpResponse(status=204)


@require_POST
def reading(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Note up to which word the agent has read."""
    actor = actor_of(request)
    row = chat_seen_by(actor, chat_id=chat_id)
    read = request.POST.get("read", "")
    if read.isascii() and read.isdigit() and len(read) < 19:
        agent_reads(chat=row, message_id=int(read), actor=actor, at=clock.now())
    return HttpResponse(status=204)


@require_POST
def whispers(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Write a note beside the chat."""
    form = WhisperForm(request.POST)

    def act() -> None:
        text = form.cleaned_data["text"]
        note = Words(text=text, html=f"<p>{escape(text)}</p>")
        whisper(chat_id=chat_id, words=note, actor=actor_of(request), at=clock.now())

    return _acted(request, chat_id, form, "whisper_form", act)


@require_POST
def helpers(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Call a colleague in."""
    form = CallForm(request.POST, people=_people(request))

    def act() -> None:
        call_in(chat_id=chat_id, user_id=form.cleaned_data["user_id"], actor=actor_of(request), at=clock.now())

    return _acted(request, chat_id, form, "call_form", act)


@require_POST
def handover(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Hand a chat to a colleague or a team."""
    actor = actor_of(request)
    form = HandoverForm(request.POST, people=_people(request), teams=team_choices(actor))

    def act() -> None:
        kind, _colon, key = form.cleaned_data["to"].partition(":")
        about, at = form.cleaned_data["about"], clock.now()
        if kind == "user":
            if not hand_over(chat_id=chat_id, user_id=int(key), about=about, actor=actor, at=at):
                asked = _(
                    "Nobody else is here, so your colleague was asked to come. Until then the chat stays with you."
                )
                messages.info(request, asked)
        else:
            team_id = int(key) if key else None
            hand_to_team(chat_id=chat_id, team_id=team_id, about=about, actor=actor, at=at)

    return _acted(request, chat_id, form, "handover_form", act)


@require_POST
def ending(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Wrap a chat up."""
    reasons = [(reason.id, " › ".join(reason.path)) for reason in cases.reasons()]
    statuses = [(status.id, status.name) for status in cases.statuses()]
    form = WrapUpForm(request.POST, reasons=reasons, statuses=statuses)

    def act() -> None:
        said = form.cleaned_data
        wrap_up(
            chat_id=chat_id,
            reason_id=said.get("reason_id"),
            status_id=said["status_id"],
            actor=actor_of(request),
            at=clock.now(),
        )

    return _acted(request, chat_id, form, "wrap_up_form", act)


def _acted(request: HttpRequest, chat_id: int, form: forms.Form, name: str, act: Callable[[], None]) -> HttpResponse:
    """Do what a valid form asks for; what is wrong with it is shown in its place on the page."""
    chat_seen_by(actor_of(request), chat_id=chat_id)
    if not form.is_valid():
        return render_chat(request, chat_id, status=422, **{name: form})
    try:
        act()
    except Refusal as refusal:
        show_refusal_in(form, refusal)
        return render_chat(request, chat_id, status=refusal.status, refusal=str(refusal), **{name: form})
    return _back(request, chat_id)


def _people(request: HttpRequest) -> list[tuple[int, str]]:
    return [(key, name) for key, name, _role in people_choices(actor_of(request))]


def _back(request: HttpRequest, chat_id: int) -> HttpResponse:
    return redirect("chat", workspace=workspace_of(request).key, chat_id=chat_id)
