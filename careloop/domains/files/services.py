"""Acts on files."""

import unicodedata
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from careloop.domains.files.errors import FileNotFound, FileTooLarge
from careloop.domains.files.models import File
from careloop.domains.files.sniffing import preview_of, sniff
from careloop.kernel.actors import Actor
from careloop.kernel.acts import act
from careloop.kernel.blobs import read_blob, store_blob

__all__ = ["attach_loose", "draw_preview", "drop_loose", "keep_file", "sweep_loose"]


@act
def keep_file(*, name: str, declared_type: str, content: bytes, is_loose: bool, actor: Actor, at: datetime) -> int:
    """Keep a file and return its id. The bytes are on disk before the row exists.

    name: as the sender wrote it; control and direction marks are taken out.
    declared_type: the sender's word on what it is.
    is_loose: uploaded while somebody writes, not yet part of a message.

    Raises FileTooLarge.
    """
    limit = settings.ATTACHMENT_BYTES_LIMIT
    if len(content) > limit:
        raise FileTooLarge(
            _("“%(name)s” is larger than %(limit)d MB. Share a link to it instead.")
            % {"name": name[:80], "limit": limit // 1024**2}
        )
    kind = sniff(name=name, declared_type=declared_type, head=content[:65536])
    sha256, byte_count = store_blob(content)
    file = File.objects.create(
        sha256=sha256,
        name=_tidy(name),
        content_type=kind.content_type[:120],
        byte_count=byte_count,
        is_risky=kind.is_risky,
        width=kind.width,
        height=kind.height,
        is_loose=is_loose,
        uploaded_by=str(actor),
        created_at=at,
    )
    return file.pk


@act
def attach_loose(*, file_ids: list[int], actor: Actor) -> None:
    """Make uploaded files part of what their uploader sends. Raises FileNotFound for anybody else's, or one used already."""
    taken = File.objects.filter(pk__in=file_ids, is_loose=True, uploaded_by=str(actor)).update(is_loose=False)
    if taken != len(set(file_ids)):
        raise FileNotFound(_("One of the attached files is gone. Attach it again."))


@act
def drop_loose(*, file_ids: Collection[int], actor: Actor) -> None:
    """Throw away uploaded files that their uploader will not send; what is sent already, or anybody else's, stays."""
    File.objects.filter(pk__in=file_ids, is_loose=True, uploaded_by=str(actor)).delete()


@act
def sweep_loose(*, before: datetime, kept_ids: Collection[int]) -> int:
    """Throw away files that were uploaded before a moment and never sent, except some, and say how many."""
    _total, by_kind = File.objects.filter(is_loose=True, created_at__lt=before).exclude(pk__in=kept_ids).delete()
    return by_kind.get("files.File", 0)


@act
def draw_preview(*, file_id: int) -> None:
    """Draw the small picture of an image; asked twice, it draws once. Raises FileNotFound."""
    file = File.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(_("There is no such file."))
    if file.preview_sha256 or file.width is None:
        return
    preview = preview_of(read_blob(file.sha256))
    if preview is not None:
        file.preview_sha256, _size = store_blob(preview)
        file.save(update_fields=["preview_sha256"])


def _tidy(name: str) -> str:
    # Right-to-left marks make "exe.png" out of "gnp.exe"; control characters break headers.
    shown = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > 200 and dot and len(ending) <= 10:
        shown = f"{stem[: 200 - len(ending) - 1]}.{ending}"
    return shown[:200] or "file"
