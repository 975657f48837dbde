"""What a widget asks for: how things stand, a chat, a word, a file, an end. Streams are in streams.py."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careloop.domains.cases.queries import case_id_of_number
from careloop.domains.chats import services as chats
from careloop.domains.chats.errors import ChatNotFound, WidgetUnclear
from careloop.domains.chats.news import say_typing
from careloop.domains.chats.queries import place_of, widget_secret
from careloop.domains.chats.states import State
from careloop.domains.conversations.types import Channel
from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.types import FileRow
from careloop.faces.portal.chat.door import call_of, mark_in, secret_of, widget_door
from careloop.faces.portal.chat.shapes import chat_shown, file_shown, invitations_shown, moment, window_shown
from careloop.faces.portal.chat.words import widget_words
from careloop.faces.portal.limits import Limit
from careloop.faces.portal.tokens import FormMark, once
from careloop.kernel.actors import HOUSE, Actor, ActorKind
from careloop.kernel.streaming import blob_stream
from careloop.processes.calling import wish_callback
from careloop.processes.chatting import (
    Beginning,
    Door,
    Proved,
    ask_for_call,
    ask_for_mail,
    call_window_of,
    keep_upload,
    leave,
    may_invite,
    opening_of,
    proved_by,
    refuse_unless_agreed,
    refuse_unless_calls,
    resume,
    start_chat,
    words_of,
)
from careloop.processes.portal_access import write_request
from careloop.ui.assets import BUILT, asset_path
from careloop.ui.brand import brand_css

__all__ = [
    "beginnings",
    "callback",
    "config",
    "ending",
    "file",
    "files",
    "invitation",
    "preview",
    "reading",
    "requests",
    "resumption",
    "script",
    "typing",
]

WIDGET: Final = Actor(kind=ActorKind.HOUSE, name="chat")
STARTS: Final = (Limit(action="chat_start", most=20, window_seconds=3600),)
CALLS: Final = (Limit(action="chat_call", most=5, window_seconds=3600),)
REQUESTS: Final = (Limit(action="chat_request", most=20, window_seconds=3600),)
UPLOADS: Final = (Limit(action="chat_file", most=60, window_seconds=3600),)


@require_safe
def script(request: HttpRequest, portal: str, widget_key: str) -> HttpResponse:
    """Hand out the widget's script under an address that stays, whatever is built."""
    path = BUILT / Path(asset_path("widget.js")).name
    response = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=300"
    return response


@widget_door("GET")
def config(request: HttpRequest) -> HttpResponse:
    """Say what the widget looks like, which words it uses, and whether anybody is here."""
    call = call_of(request)
    wanted, opening = call.widget.settings, opening_of(call.widget, at=call.at)
    return JsonResponse(
        {
            "name": wanted.name,
            "brand": brand_css(call.workspace.settings.accent_color).replace(":root", ":host"),
            "greeting": wanted.greetings.get(call.language, ""),
            "language": call.language,
            "state": opening.door,
            "opens_at": moment(opening.opens_at),
            "silence": wanted.visitor_silence_s,
            "invitations": invitations_shown(wanted, language=call.language) if opening.door is Door.OPEN else [],
            "callback": window_shown(call_window_of(call.widget, at=call.at)),
            "notice": {"text": wanted.notice, "url": wanted.notice_url} if wanted.notice else None,
            "limit": settings.ATTACHMENT_BYTES_LIMIT // 1024**2,
            "words": widget_words(),
        }
    )


@widget_door("GET")
def invitation(request: HttpRequest) -> HttpResponse:
    """Say, at the moment in which a visitor would be invited, whether somebody is free for them."""
    call = call_of(request)
    return JsonResponse({"may": bool(call.widget.settings.invitations) and may_invite(call.widget, at=call.at)})


@widget_door("POST", limits=STARTS)
def beginnings(request: HttpRequest) -> HttpResponse:
    """Begin a chat with its first word; the browser has made its secret, and shows it in the header.

    A page may have been open since before the service closed, or before too many came to wait: then a message is left instead.
    """
    call = call_of(request)
    chat = start_chat(
        Beginning(
            secret=_secret(request),
            mark=mark_in(call.text("mark", most=40)),
            address=call.text("address", most=320),
            name=call.text("name", most=200),
            proved=_proved(request),
            language=call.language,
            page=call.text("page", most=500),
            text=call.text("text", most=5000),
            is_agreed=call.said.get("agreed") is True,
        ),
        widget=call.widget,
        at=call.at,
    )
    return JsonResponse(chat_shown(chat, place_of(chat, at=call.at)), status=201)


@widget_door("POST", limits=STARTS)
def resumption(request: HttpRequest) -> HttpResponse:
    """Let another browser of a visitor whom the site has named into their open chat."""
    call, proved = call_of(request), _proved(request)
    if proved is None:
        raise ChatNotFound(_("There is no open chat of yours. Begin a new one."))
    chat = resume(widget=call.widget, proved=proved, secret=_secret(request), at=call.at)
    return JsonResponse(chat_shown(chat, None))


@widget_door("POST", limits=UPLOADS, knows_chat=True)
def files(request: HttpRequest) -> HttpResponse:
    """Keep a file that the visitor is about to send."""
    call, upload = call_of(request), request.FILES.get("file")
    if upload is None:
        raise FileNotFound(_("There is no such file."))
    row = keep_upload(
        chat=call.own_chat,
        name=upload.name or "",
        declared_type=upload.content_type or "",
        content=upload.read(),
        at=call.at,
    )
    return JsonResponse(file_shown(row), status=201)


@widget_door("GET", knows_chat=True)
def file(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Hand out a file of a word of this chat, to be saved."""
    found = _file_of(request, file_id)
    response = blob_stream(request, sha256=found.sha256, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return _harmless(response)


@widget_door("GET", knows_chat=True)
def preview(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Hand out the small picture of a file of this chat, which the house has drawn; while it is being drawn there is none."""
    found = _file_of(request, file_id)
    if not found.is_picture or not found.is_previewed:
        raise FileNotFound(_("There is no such file."))
    return _harmless(blob_stream(request, sha256=found.preview_sha256, content_type="image/webp"))


def _file_of(request: HttpRequest, file_id: int) -> FileRow:
    found = (one for line in words_of(call_of(request).own_chat.id) for one in line.files if one.id == file_id)
    row = next(found, None)
    if row is None:
        raise FileNotFound(_("There is no such file."))
    return row


def _harmless(response: StreamingHttpResponse) -> StreamingHttpResponse:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@widget_door("POST", knows_chat=True)
def typing(request: HttpRequest) -> HttpResponse:
    """Tell the agent that the visitor writes; nothing is kept."""
    chat = call_of(request).own_chat
    if chat.state != State.ENDED:
        say_typing(chat_id=chat.id, who="visitor", name=chat.customer)
    return HttpResponse(status=204)


@widget_door("POST", knows_chat=True)
def reading(request: HttpRequest) -> HttpResponse:
    """Note up to which word the visitor has read; a number beyond the last one counts as the last one."""
    call = call_of(request)
    chat, read = call.own_chat, call.numbers("read")
    known = [line.id for line in words_of(chat.id) if read and line.id <= read[0]]
    if known:
        chats.note_read_by_visitor(chat_id=chat.id, message_id=known[-1])
    return HttpResponse(status=204)


@widget_door("POST", knows_chat=True)
def ending(request: HttpRequest) -> HttpResponse:
    """End the chat because the visitor says so, or mail them what was said, or both; or end the wait to be answered by mail."""
    call = call_of(request)
    if call.said.get("by_mail") is True:
        ask_for_mail(chat=call.own_chat, at=call.at)
        return HttpResponse(status=204)
    leave(chat=call.own_chat, wants_transcript=call.said.get("transcript") is True, at=call.at)
    return HttpResponse(status=204)


@widget_door("POST", limits=REQUESTS)
def requests(request: HttpRequest) -> HttpResponse:
    """Take a message in while nobody is here: it becomes a case, once for each mark, and is answered by mail."""
    call, proved = call_of(request), _proved(request)
    wanted = call.widget.settings
    mark = FormMark(nonce=f"chat:{call.widget.id}:{mark_in(call.text('mark', most=40))}", shown_at=call.at)

    refuse_unless_agreed(call.widget, is_agreed=call.said.get("agreed") is True)
    phone = call.text("phone", most=40).strip()
    if phone:
        refuse_unless_calls(call.widget, at=call.at)

    def write() -> int:
        number = write_request(
            channel=Channel.WEB_FORM,
            address=proved.address if proved else call.text("address", most=320),
            name=proved.name if proved else call.text("name", most=200),
            language=call.language,
            subject_line="",
            text=call.text("text", most=20_000),
            uploads=(),
            team_id=wanted.team_id,
            mailbox_id=wanted.mailbox_id,
            customer=None,
            actor=WIDGET,
            at=call.at,
        )
        chats.note_agreement(widget_id=call.widget.id, case_number=number, actor=WIDGET, at=call.at)
        if phone:
            case_id = case_id_of_number(number=number, viewer=WIDGET)
            wish_callback(case_id=case_id, number=phone, actor=WIDGET, at=call.at)
        return number

    number = once(mark, write)
    window = call_window_of(call.widget, at=call.at) if phone else None
    return JsonResponse({"number": number, "callback": window_shown(window)}, status=201)


@widget_door("POST", limits=CALLS, knows_chat=True)
def callback(request: HttpRequest) -> HttpResponse:
    """Promise a visitor who waits that we call them instead, and end the wait."""
    call = call_of(request)
    refuse_unless_calls(call.widget, at=call.at)
    booked = ask_for_call(chat=call.own_chat, number=call.text("phone", most=40), at=call.at)
    return JsonResponse({"from": moment(booked.from_at), "by": moment(booked.due_at)}, status=201)


def _proved(request: HttpRequest) -> Proved | None:
    call = call_of(request)
    token = call.text("identity", most=5000)
    if not token:
        return None
    return proved_by(token, secret=widget_secret(widget_id=call.widget.id, viewer=HOUSE), at=call.at)


def _secret(request: HttpRequest) -> str:
    secret = secret_of(request)
    if len(secret) < 32:
        raise WidgetUnclear(_("The browser sent no usable secret. Reload the page, then try again."))
    return secret
