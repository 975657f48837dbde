"""Large answers leave piece by piece: what is in memory at a time does not grow with the file."""

import asyncio
import os
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from careloop.kernel.blobs import store_blob
from careloop.kernel.scope import workspace_scope
from careloop.kernel.streaming import PIECE_BYTES, blob_stream, stream
from tests.cast import House
from tests.fixtures import house, quick_passwords

__all__ = ["house", "quick_passwords"]

LARGE = 50 * 1024 * 1024
MOST_IN_MEMORY = 16 * PIECE_BYTES
FACTORIES: list[Callable[[], Any]] = [RequestFactory, AsyncRequestFactory]


def request_of(factory: Callable[[], Any], *, method: str = "GET") -> HttpRequest:
    """Return a request as a server of one kind or the other hands it in."""
    request: HttpRequest = factory().generic(method, "/")
    return request


def sizes_of(response: StreamingHttpResponse) -> list[int]:
    """Let a server take the answer, and return how large its pieces were."""

    async def taken() -> list[int]:
        return [len(piece) async for piece in response]

    if not response.is_async:
        return [len(piece) for piece in response]
    with ThreadPoolExecutor(1) as beside:  # a browser test may have left its loop running in this thread
        return beside.submit(asyncio.run, taken()).result()


@pytest.mark.database
@pytest.mark.parametrize("factory", FACTORIES)
def test_the_largest_attachment_is_never_whole_in_memory(house: House, tmp_path: Path, factory: Any) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(LARGE)
    with workspace_scope(house.north), path.open("rb") as content:
        sha256, _size = store_blob(content)
        response = blob_stream(request_of(factory), sha256=sha256, content_type="application/octet-stream")

    tracemalloc.start()
    sizes = sizes_of(response)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert response["Content-Length"] == str(LARGE)
    assert sum(sizes) == LARGE
    assert max(sizes) <= PIECE_BYTES
    assert peak < MOST_IN_MEMORY


@pytest.mark.database
@pytest.mark.parametrize("factory", FACTORIES)
def test_whoever_asks_for_the_head_gets_the_size_and_no_piece(house: House, factory: Any) -> None:
    with workspace_scope(house.north):
        sha256, _size = store_blob(b"the plan")
        response = blob_stream(request_of(factory, method="HEAD"), sha256=sha256, content_type="text/plain")

    assert response["Content-Length"] == "8"
    assert sizes_of(response) == []


@pytest.mark.database
def test_a_blob_that_is_gone_fails_before_anything_was_sent(house: House) -> None:
    with workspace_scope(house.north), pytest.raises(FileNotFoundError):
        blob_stream(request_of(RequestFactory), sha256="0" * 64, content_type="text/plain")


def test_a_reader_who_leaves_in_the_middle_leaves_nothing_open() -> None:
    read, write = os.pipe()

    def pieces() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            os.close(write)

    async def leave_early() -> bytes:
        content = aiter(stream(request_of(AsyncRequestFactory), pieces(), content_type="text/plain"))
        piece: bytes = await anext(content)
        await content.aclose()  # type: ignore[attr-defined]
        return piece

    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(asyncio.run, leave_early()).result()

    assert first == b"one"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.close(write)
    os.close(read)
