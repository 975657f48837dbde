"""Bytes handed to a browser that may do nothing with them but keep or draw them."""

from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from careloop.kernel.streaming import blob_part, blob_stream

__all__ = ["downloaded", "drawn", "played"]

# Whatever a browser makes of the bytes, they run nothing and fetch nothing.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def downloaded(request: HttpRequest, *, sha256: str, name: str, content_type: str) -> StreamingHttpResponse:
    """Return a blob of the workspace in scope as a download under a name."""
    response = _locked_down(request, sha256, content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def drawn(request: HttpRequest, *, sha256: str, content_type: str) -> StreamingHttpResponse:
    """Return a blob of the workspace in scope as a picture for a page of ours."""
    return _locked_down(request, sha256, content_type)


def played(request: HttpRequest, *, sha256: str, content_type: str) -> StreamingHttpResponse:
    """Return a blob of the workspace in scope, or the part that is asked for, as a sound for a page of ours."""
    return _shielded(blob_part(request, sha256=sha256, content_type=content_type))


def _locked_down(request: HttpRequest, sha256: str, content_type: str) -> StreamingHttpResponse:
    return _shielded(blob_stream(request, sha256=sha256, content_type=content_type))


def _shielded(response: StreamingHttpResponse) -> StreamingHttpResponse:
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-cache"
    return response
