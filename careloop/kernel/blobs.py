"""Bytes kept by the hash of their content, within a workspace and never across.

A blob is safely on disk before the row that names it is committed; a blob without a row is harmless and swept later. Storing
bytes that lie there already makes them young again, and only the old are swept, so whoever stores has a day to commit.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from careloop.kernel.scope import current_workspace

__all__ = ["blob_path", "has_blob", "open_blob", "read_blob", "store_blob", "sweep_blobs"]

SWEPT_AT_ONCE = 20_000


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
        with _held(folder, fcntl.LOCK_SH):
            if target.exists():
                os.utime(target)
            else:
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


def sweep_blobs(*, before: datetime, named: Callable[[Collection[str]], Collection[str]]) -> int:
    """Throw away blobs of the workspace in scope that were last stored before a moment and that no row names.

    before: at least as long ago as any act may take from storing to its commit. named: returns those of some hashes that rows name.

    Returns how many blobs went, without the drafts of writers that died, which go too.
    """
    folder, count, oldest = _folder(current_workspace()), 0, before.timestamp()
    for draft in folder.glob(".draft-*"):
        if _was_stored(draft) < oldest:
            draft.unlink(missing_ok=True)
    for paths in _in_batches(path for path in folder.glob("*/*") if _was_stored(path) < oldest):
        kept = set(named([path.name for path in paths]))
        for path in paths:
            if path.name in kept:
                continue
            with _held(folder, fcntl.LOCK_EX):
                if _was_stored(path) < oldest:  # nobody has stored the same again since we looked
                    path.unlink(missing_ok=True)
                    count += 1
    return count


def blob_path(sha256: str) -> Path:
    """Return where a blob of the workspace in scope lies."""
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError("A blob is named by 64 hexadecimal digits.")
    return _folder(current_workspace()) / sha256[:2] / sha256


def _folder(workspace_id: int) -> Path:
    return Path(settings.BLOB_ROOT) / str(workspace_id)


@contextmanager
def _held(folder: Path, mode: int) -> Iterator[None]:
    """Keep sweeping and storing apart for a moment, in whichever processes: many may store, one sweeps."""
    descriptor = os.open(folder / ".sweeping", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


def _was_stored(path: Path) -> float:
    """Return when a file was last stored, in seconds since 1970; one that is gone counts as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _in_batches(paths: Iterator[Path]) -> Iterator[list[Path]]:
    while batch := list(islice(paths, SWEPT_AT_ONCE)):
        yield batch


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
