"""Files: uploaded before they are sent, downloaded through the case they hang on."""

from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import File, Status, UploadedFile

from careloop.domains.cases.errors import MayNotWorkOnCases
from careloop.domains.cases.queries import note_holds_file
from careloop.domains.cases.rules import may_note, may_work
from careloop.domains.conversations.queries import holds_file
from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.queries import file_row
from careloop.domains.files.services import keep_file
from careloop.domains.files.types import FileRow
from careloop.domains.people.types import Scope
from careloop.faces.api.room import Room
from careloop.faces.api.rooms.seen import detail_of, is_outsider, ranges_of
from careloop.faces.api.shapes.common import PathId
from careloop.faces.api.shapes.conversations import FileShown
from careloop.faces.api.visits import visit_of
from careloop.kernel.blobs import open_blob

__all__ = ["room"]

room = Room()


@room.opens("POST", "/files", Scope.CASES_WRITE, FileShown, status=201)
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Upload a file, to be named within a day in what is sent; the form's part is called “file”."""
    visit = visit_of(request)
    if not may_work(visit.actor) and not may_note(visit.actor):
        raise MayNotWorkOnCases(_("Your role reads cases but does not write in them."))
    file_id = keep_file(
        name=file.name or "",
        declared_type=file.content_type or "",
        content=file.read(),
        is_loose=True,
        actor=visit.actor,
        at=visit.at,
    )
    return Status(201, file_row(file_id))


@room.opens("GET", "/cases/{number}/files/{file_id}", Scope.CASES_READ, FileShown)
def get_file(request: HttpRequest, number: PathId, file_id: PathId) -> Any:
    """Get what is known about a file of a case."""
    return _file(request, number, file_id)


@room.opens("GET", "/cases/{number}/files/{file_id}/content", Scope.CASES_READ, Any)
def download_file(request: HttpRequest, number: PathId, file_id: PathId) -> Any:
    """Download a file of a case."""
    row = _file(request, number, file_id)
    # Whatever it claims to be, it is bytes to be saved, never a page to be shown.
    answer = FileResponse(
        open_blob(row.sha256), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _file(request: HttpRequest, number: int, file_id: int) -> FileRow:
    viewer, detail = visit_of(request).actor, detail_of(request, number)
    is_there = holds_file(
        ranges_of(detail.conversations), file_id=file_id, for_customer=is_outsider(viewer)
    ) or note_holds_file(case_id=detail.row.id, file_id=file_id, viewer=viewer)
    if not is_there:
        raise FileNotFound(_("There is no such file."))
    return file_row(file_id)
