"""Views of files. Whoever may read what a file hangs on may have it, and nobody else learns that it exists."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from careloop.domains.files.errors import FileNotFound, FileTooLarge
from careloop.faces.web.actors import actor_of
from careloop.faces.web.files.handing import downloaded, drawn, played
from careloop.kernel import clock
from careloop.kernel.errors import Refusal
from careloop.processes.answering import upload
from careloop.processes.timeline import visible_file

__all__ = ["file_download", "file_picture", "file_preview", "file_sound", "file_upload"]

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})


@require_POST
def file_upload(request: HttpRequest) -> JsonResponse:
    """Keep one file (`file`) for what its uploader is writing, and answer with its id."""
    try:
        file = request.FILES.get("file")
        if file is None:
            raise FileNotFound(_("No file came with the request. Choose one and try again."))
        if (file.size or 0) > settings.ATTACHMENT_BYTES_LIMIT:
            raise FileTooLarge(_("This file is too large. Share a link to it instead."))
        row = upload(
            name=file.name or "",
            declared_type=file.content_type or "",
            content=file.read(),
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        return JsonResponse({"error": {"code": refusal.code, "message": str(refusal)}}, status=refusal.status)
    return JsonResponse({"id": row.id, "name": row.name, "size": row.byte_count})


@require_safe
def file_download(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Hand out a file as a download, whatever its type."""
    row = visible_file(file_id=file_id, viewer=actor_of(request))
    content_type = "application/octet-stream" if row.is_risky else row.content_type
    return downloaded(request, sha256=row.sha256, name=row.name, content_type=content_type)


@require_safe
def file_picture(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Show a picture that stands inside a mail; anything but a plain picture is not there."""
    row = visible_file(file_id=file_id, viewer=actor_of(request))
    if row.is_risky or row.content_type not in PICTURES:
        raise FileNotFound(_("There is no such picture."))
    return drawn(request, sha256=row.sha256, content_type=row.content_type)


@require_safe
def file_preview(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Show the small picture of an image."""
    row = visible_file(file_id=file_id, viewer=actor_of(request))
    if row.is_risky or not row.is_previewed:
        raise FileNotFound(_("There is no such picture."))
    return drawn(request, sha256=row.preview_sha256, content_type="image/webp")


@require_safe
def file_sound(request: HttpRequest, file_id: int) -> StreamingHttpResponse:
    """Play a sound, from wherever the player asks; anything but a plain sound is not there."""
    row = visible_file(file_id=file_id, viewer=actor_of(request))
    if not row.is_sound:
        raise FileNotFound(_("There is no such sound."))
    return played(request, sha256=row.sha256, content_type=row.content_type)
