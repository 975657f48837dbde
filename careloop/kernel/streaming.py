"""Answers sent piece by piece, so that a large file costs no more memory than a small one, whichever server runs."""

import os
import re
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import suppress

from asgiref.sync import SyncToAsync, sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse

from careloop.kernel.blobs import blob_path

__all__ = ["PIECE_BYTES", "blob_part", "blob_stream", "leave_thread", "stream"]

PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(?!-$)([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


def stream(request: HttpRequest, pieces: Iterator[bytes], *, content_type: str) -> StreamingHttpResponse:
    """Return an answer that is made while it is sent.

    pieces: read one at a time, in a thread where the server is asynchronous: given a plain iterator there, Django would gather
    all of it in memory first. What they need of the request's scope, language and zone they take along themselves.
    """
    is_asked_for = request.method != "HEAD"
    if isinstance(request, ASGIRequest):
        content: AsyncIterator[bytes] | Iterator[bytes] = _without_blocking(pieces if is_asked_for else iter(()))
    else:
        content = pieces if is_asked_for else iter(())
    return StreamingHttpResponse(content, content_type=content_type)


async def leave_thread() -> None:
    """Let go, where a stream begins that lasts, what it needs no more: the thread that its request has, and its connection."""
    await sync_to_async(connections.close_all)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    thread = None if context is None else SyncToAsync.context_to_thread_executor.pop(context, None)
    if thread is not None:
        thread.shutdown(wait=False)


def blob_stream(request: HttpRequest, *, sha256: str, content_type: str) -> StreamingHttpResponse:
    """Return a blob of the workspace in scope, at most `PIECE_BYTES` of it in memory at a time. Raises FileNotFoundError."""
    path = blob_path(sha256)
    response = stream(request, _pieces_of(os.fspath(path)), content_type=content_type)
    response["Content-Length"] = str(path.stat().st_size)
    return response


def blob_part(request: HttpRequest, *, sha256: str, content_type: str) -> StreamingHttpResponse:
    """Return the part of a blob that a player asks for, and all of it where it asks for none. Raises FileNotFoundError.

    One range of bytes (RFC 9110, 14): what cannot be read is passed over, what lies behind the end is answered 416.
    """
    path = blob_path(sha256)
    size = path.stat().st_size
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = _range(found[1], found[2], size) if found else (0, size - 1)
    if found and first > last:
        response = StreamingHttpResponse(iter(()), status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    response = stream(request, _pieces_of(os.fspath(path), first, last - first + 1), content_type=content_type)
    response["Accept-Ranges"], response["Content-Length"] = "bytes", str(last - first + 1)
    if found:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _range(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _pieces_of(path: str, first: int = 0, count: int | None = None) -> Iterator[bytes]:
    left = count
    with open(path, "rb") as file:  # noqa: PTH123 - opened when the first piece is asked for, closed after the last
        file.seek(first)
        while piece := file.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left)):
            left = None if left is None else left - len(piece)
            yield piece


async def _without_blocking(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while (piece := await sync_to_async(lambda: next(pieces, None))()) is not None:
            yield piece
    finally:
        # A reader who leaves in the middle leaves no file open. A piece that is just being read ends its file by itself.
        if isinstance(pieces, Generator):
            with suppress(ValueError):
                pieces.close()
