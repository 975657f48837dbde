"""Files: uploaded before they are sent, downloaded by whoever may read what they hang on."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from ninja import File, Status, UploadedFile

from careloop.domains.files.errors import FileNotFound
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.conversations import FileShown
from careloop.faces.api.visits import visit_of
from careloop.kernel.streaming import blob_stream
from careloop.processes.answering import upload
from careloop.processes.timeline import visible_file

__all__ = ["handed_out", "room"]

room = Room()


@room.opens("POST", "/files", Scope.CASES_WRITE, FileShown, status=201)
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Upload a file, to be named within a day in what is sent; the form's part is called “file”."""
    visit = visit_of(request)
    row = upload(
        name=file.name or "",
        declared_type=file.content_type or "",
        content=file.read(),
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, row)


@room.opens("GET", "/files/{file_id}", Scope.CASES_READ, FileShown)
def get_file(request: HttpRequest, file_id: PathId) -> Any:
    """Get what is known about a file that hangs on a message or a note."""
    return visible_file(file_id=file_id, viewer=visit_of(request).actor)


@room.opens("GET", "/files/{file_id}/content", Scope.CASES_READ, Any)
def download_file(request: HttpRequest, file_id: PathId) -> Any:
    """Download a file that hangs on a message or a note."""
    row = visible_file(file_id=file_id, viewer=visit_of(request).actor)
    return handed_out(request, sha256=row.sha256, name=row.name)


def handed_out(request: HttpRequest, *, sha256: str, name: str) -> StreamingHttpResponse:
    """Return a blob of the workspace: whatever it claims to be, it is bytes to be saved, never a page to be shown.

    Raises FileNotFound when it is gone from the disk.
    """
    try:
        response = blob_stream(request, sha256=sha256, content_type="application/octet-stream")
    except FileNotFoundError:
        raise FileNotFound(_("There is no such file.")) from None
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
