"""Words of visitors: those that come at the same moment go through the door together, and are written in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from careloop.domains.chats.queries import chats_of_secrets, widget_in_use
from careloop.domains.workspaces.queries import workspace_of_key
from careloop.domains.workspaces.types import WorkspaceFacts
from careloop.faces.portal.chat.door import (
    Call,
    asked_language,
    language_of,
    mark_in,
    origin_of,
    preflight,
    refuse_strange_site,
    refused,
    said_in,
    secret_of,
    shared_with,
)
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.kernel.gathering import Gathering
from careloop.kernel.scope import remembered, workspace_scope
from careloop.kernel.statements import plan_once
from careloop.processes.chatting import Utterance, secret_hash, visitors_say
from careloop.processes.workspace import is_known

__all__ = ["messages"]

MOST_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Knock:
    """A word at the door. portal, widget_key: of its address. language: as asked for. hash: of the browser's secret."""

    portal: str
    widget_key: str
    origin: str
    language: str
    hash: str
    said: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """The answer to a word: the message's id, or why there is none. origins: of the sites that may read it."""

    answer: int | Refusal
    origins: Sequence[str]
    language: str


@csrf_exempt  # no cookie is read, so nobody's browser can be made to speak for them
def messages(request: HttpRequest, portal: str, widget_key: str) -> HttpResponseBase:
    """Take a word of the visitor's in, once, however often it is sent."""
    if request.method == "OPTIONS":
        workspace = workspace_of_key(portal)
        if workspace is None:
            raise Http404
        return preflight(request, workspace, widget_key)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, OPTIONS"})
    heard = _words.bring(
        _Knock(
            portal=portal,
            widget_key=widget_key,
            origin=origin_of(request),
            language=asked_language(request),
            hash=secret_hash(secret_of(request)),
            said=said_in(request),
        )
    )
    if heard is None:
        raise Http404
    if isinstance(heard.answer, Refusal):
        with translation.override(heard.language):
            response = refused(heard.answer)
    else:
        response = JsonResponse({"id": heard.answer}, status=201)
    return shared_with(request, response, heard.origins)


def _hear(knocks: Sequence[_Knock]) -> list[_Heard | None]:
    """Take words in, and answer each; None for an address that leads to no workspace."""
    heard: dict[int, _Heard] = {}
    for portal in sorted({knock.portal for knock in knocks}):
        workspace = workspace_of_key(portal)
        if workspace is not None:
            here = {number: knock for number, knock in enumerate(knocks) if knock.portal == portal}
            with workspace_scope(workspace.id):
                plan_once()
                is_known(workspace)
                heard |= _heard_in(workspace, here)
    return [heard.get(number) for number in range(len(knocks))]


def _heard_in(workspace: WorkspaceFacts, knocks: Mapping[int, _Knock]) -> dict[int, _Heard]:
    at, chats = clock.now(), chats_of_secrets({knock.hash for knock in knocks.values()})
    calls: dict[int, Call] = {}
    words: dict[int, Utterance] = {}
    heard: dict[int, _Heard] = {}
    for number, knock in knocks.items():
        origins, language = list[str](), settings.LANGUAGE_CODE
        try:
            widget = remembered(f"widget {knock.widget_key}", partial(widget_in_use, knock.widget_key))
            origins = list(widget.settings.allowed_origins)
            language = language_of(knock.language, widget)
            chat = chats.get(knock.hash)
            calls[number] = Call(
                workspace=workspace,
                widget=widget,
                language=language,
                at=at,
                said=knock.said,
                chat=chat if chat is not None and chat.widget_id == widget.id else None,
            )
            with translation.override(language):
                refuse_strange_site(knock.origin, widget)
                words[number] = _utterance(calls[number])
        except Refusal as refusal:
            heard[number] = _Heard(answer=refusal, origins=origins, language=language)
    answers = visitors_say(list(words.values()), at=at) if words else []
    for number, answer in zip(words, answers, strict=True):
        call = calls[number]
        heard[number] = _Heard(answer=answer, origins=call.widget.settings.allowed_origins, language=call.language)
    return heard


def _utterance(call: Call) -> Utterance:
    previous = call.text("previous", most=40)
    return Utterance(
        chat=call.own_chat,
        mark=mark_in(call.text("mark", most=40)),
        previous=mark_in(previous) if previous else "",
        text=call.text("text", most=5000),
        file_ids=tuple(call.numbers("files")),
    )


_words: Final = Gathering(_hear, most=MOST_AT_ONCE)
