"""Files as they lie about: plain or gzip, finished or still being written to."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

__all__ = ["BLOCK_BYTES", "HEAD_BYTES", "Block", "blocks", "content_digest", "head_digest", "is_gzip", "opened"]

BLOCK_BYTES = 24 * 1024 * 1024
HEAD_BYTES = 4096
"""Of a growing file; what lies there when we first see it stays there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whole lines of a file.

    body: ends with a newline, unless it is the end of a finished file. start: offset of its first byte in the unpacked file.
    is_last: nothing follows for now. position: how far into the file, as it lies there, this took us.
    """

    body: bytes
    start: int
    is_last: bool
    position: int

    @property
    def end(self) -> int:
        """The offset of the first byte after it."""
        return self.start + len(self.body)


def is_gzip(path: Path) -> bool:
    """Say whether the file is packed, by its first bytes rather than by its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def opened(path: Path) -> BinaryIO:
    """Open a file for reading its unpacked bytes. Raises OSError."""
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


def head_digest(path: Path, *, size: int = HEAD_BYTES) -> tuple[str, int]:
    """Return the SHA-256 of the first bytes of the unpacked file, and how many there were, at most `size`."""
    with opened(path) as file:
        head = file.read(size)
    return hashlib.sha256(head).hexdigest(), len(head)


def content_digest(path: Path) -> str:
    """Return the SHA-256 of the file as it lies there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def blocks(path: Path, *, offset: int = 0, block_bytes: int = BLOCK_BYTES, separator: bytes = b"\n") -> Iterator[Block]:
    """Yield the file from an offset on in blocks of whole lines, or of what else a separator ends.

    Half a line at the end is left for the next time. A packed file is finished: there the last line counts in any case.
    """
    is_finished = is_gzip(path)
    with path.open("rb") as raw:
        file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_finished else raw
        file.seek(offset)
        start, rest = offset, b""
        while True:
            more = _read(file, block_bytes)
            body, rest = _whole(rest + more, separator)
            is_last = len(more) < block_bytes
            if is_last and is_finished:
                body += rest
            if body or is_last:
                yield Block(body=body, start=start, is_last=is_last, position=raw.tell())
            if is_last:
                return
            start += len(body)


def _read(file: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end: unpacking may give less than asked for."""
    parts, missing = [], size
    while missing and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _whole(body: bytes, separator: bytes) -> tuple[bytes, bytes]:
    found = body.rfind(separator)
    cut = found + len(separator) if found >= 0 else 0
    return body[:cut], body[cut:]
