"""Questions about files. Whether a reader may see one is answered by what it hangs on."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careloop.domains.files.errors import FileNotFound
from careloop.domains.files.models import File
from careloop.domains.files.types import FileRow
from careloop.kernel.actors import Actor

__all__ = ["blobs_of_files", "file_row", "files_by_id", "loose_among"]


def files_by_id(file_ids: Iterable[int]) -> Mapping[int, FileRow]:
    """Return the rows of some files."""
    wanted = set(file_ids)
    return {file.pk: _row(file) for file in File.objects.filter(pk__in=wanted)} if wanted else {}


def file_row(file_id: int) -> FileRow:
    """Return one file's row. Raises FileNotFound."""
    file = File.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(_("There is no such file."))
    return _row(file)


def loose_among(file_ids: Iterable[int], *, actor: Actor) -> set[int]:
    """Return those of some files that the actor uploaded and has not sent yet."""
    wanted = set(file_ids)
    if not wanted:
        return set()
    found = File.objects.filter(pk__in=wanted, is_loose=True, uploaded_by=str(actor))
    return set(found.values_list("pk", flat=True))


def blobs_of_files(hashes: Collection[str]) -> set[str]:
    """Return those of some blobs that are a file's bytes or its small picture."""
    found = File.objects.filter(Q(sha256__in=hashes) | Q(preview_sha256__in=hashes))
    return {blob for pair in found.values_list("sha256", "preview_sha256") for blob in pair}


def _row(file: File) -> FileRow:
    return FileRow(
        id=file.pk,
        name=file.name,
        content_type=file.content_type,
        byte_count=file.byte_count,
        sha256=file.sha256,
        preview_sha256=file.preview_sha256,
        is_risky=file.is_risky,
        width=file.width,
        height=file.height,
    )
