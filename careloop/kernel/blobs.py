"""Bytes kept by the hash of their content, within a workspace and never across.

A blob is safely on disk before the row that names it is committed; a blob without a row is harmless and swept later.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from careloop.kernel.scope import current_workspace

__all__ = ["blob_path", "has_blob", "open_blob", "read_blob", "store_blob"]


def store_blob(content: bytes | BinaryIO) -> tuple[str, int]:
    """Keep bytes in the workspace in scope.

    content: all the bytes, or a binary file read from where it stands.

    Returns the SHA-256 of the content in hex and its size in bytes. Raises OSError when the disk is full; nothing is left behind.
    """
    folder = _folder(current_workspace())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in _parts(content):
                digest.update(part)
                size += len(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        target = blob_path(digest.hexdigest())
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            Path(draft).replace(target)
            _sync_folder(target.parent)
    finally:
        Path(draft).unlink(missing_ok=True)
    return digest.hexdigest(), size


def open_blob(sha256: str) -> BinaryIO:
    """Open a blob of the workspace in scope for reading. Raises FileNotFoundError."""
    return blob_path(sha256).open("rb")


def read_blob(sha256: str) -> bytes:
    """Return a blob of the workspace in scope as a whole. Raises FileNotFoundError."""
    return blob_path(sha256).read_bytes()


def has_blob(sha256: str) -> bool:
    """Say whether the workspace in scope keeps a blob with this hash."""
    return blob_path(sha256).is_file()


def blob_path(sha256: str) -> Path:
    """Return where a blob of the workspace in scope lies."""
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError("A blob is named by 64 hexadecimal digits.")
    return _folder(current_workspace()) / sha256[:2] / sha256


def _folder(workspace_id: int) -> Path:
    return Path(settings.BLOB_ROOT) / str(workspace_id)


def _parts(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while part := content.read(1024 * 1024):
        yield part


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
