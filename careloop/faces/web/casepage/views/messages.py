"""One message: taken back, sent again, or looked at as it came."""

import base64

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.cases.queries import case_detail
from careloop.domains.cases.rules import may_work
from careloop.domains.channels.queries import raw_of_message
from careloop.domains.conversations.errors import MessageNotFound
from careloop.domains.conversations.types import MessageRow
from careloop.domains.files.queries import files_by_id
from careloop.faces.web.actors import actor_of, workspace_of
from careloop.faces.web.casepage.letters import plain_words
from careloop.faces.web.files.handing import downloaded
from careloop.gateways.mime import sanitize
from careloop.kernel import clock
from careloop.kernel.blobs import read_blob
from careloop.processes import answering
from careloop.processes.timeline import visible_message

__all__ = ["message_original", "message_recall", "message_sending", "message_source"]

# A document of its own in a frame without rights: no scripts, no forms, nothing fetched but pictures that were asked for.
FRAME_POLICY = (
    "default-src 'none'; img-src data:{images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
MOST_INLINE_BYTES = 2_000_000


@require_POST
def message_recall(request: HttpRequest, message_id: int) -> HttpResponse:
    """Take an answer back into the composer while it is still in the house."""
    actor = actor_of(request)
    _row, case_id = visible_message(message_id=message_id, viewer=actor)
    answering.take_back(message_id=message_id, actor=actor, at=clock.now())
    return redirect(f"{_address(request, case_id)}#composer")


@require_POST
def message_sending(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send a message again that did not get through."""
    actor = actor_of(request)
    _row, case_id = visible_message(message_id=message_id, viewer=actor)
    answering.send_again(message_id=message_id, actor=actor, at=clock.now())
    return redirect(f"{_address(request, case_id)}#message-{message_id}")


@require_safe
@xframe_options_sameorigin
def message_original(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show a message as its sender laid it out, cleaned, in a document that may do nothing."""
    row, _case_id = visible_message(message_id=message_id, viewer=actor_of(request))
    shows_images = request.GET.get("images") == "yes"
    body = (
        sanitize(row.html, allow_remote_images=shows_images, inline=_inline(row)) if row.html else plain_words(row.text)
    )
    response = render(request, "casepage/original.html", {"body": body, "row": row})
    response["Content-Security-Policy"] = FRAME_POLICY.format(images=" https: http:" if shows_images else "")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def message_source(request: HttpRequest, message_id: int) -> StreamingHttpResponse:
    """Hand out the mail as it came, byte by byte, to those who work on cases."""
    actor = actor_of(request)
    visible_message(message_id=message_id, viewer=actor)
    raw = raw_of_message(message_id)
    if raw is None or not may_work(actor):
        raise MessageNotFound(_("There is no such mail to download."))
    return downloaded(request, sha256=raw.sha256, name=f"message-{message_id}.eml", content_type="message/rfc822")


def _inline(row: MessageRow) -> dict[str, str]:
    # The frame has no rights of its origin, so it sends no session with a request: its pictures travel inside.
    files = files_by_id(f.file_id for f in row.files if f.content_id)
    found = {}
    for hanging in row.files:
        file = files.get(hanging.file_id)
        if file is not None and file.width and not file.is_risky and file.byte_count <= MOST_INLINE_BYTES:
            content = base64.b64encode(read_blob(file.sha256)).decode()
            found[hanging.content_id] = f"data:{file.content_type};base64,{content}"
    return found


def _address(request: HttpRequest, case_id: int) -> str:
    number = case_detail(case_id=case_id, viewer=actor_of(request)).row.number
    return reverse("case", args=[workspace_of(request).key, number])
