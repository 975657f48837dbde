"""What providers post to us: a form, small, under our public name."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

__all__ = ["NoForm", "form_of", "public_url"]

MOST_BYTES: Final = 64 * 1024
"""Several times of what any webhook has ever needed."""
FORM: Final = "application/x-www-form-urlencoded"


class NoForm(Exception):
    """Something else was posted. status: of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def form_of(request: HttpRequest) -> tuple[str, bytes]:
    """Return the address as the provider called it, and what it posted. Raises NoForm."""
    if request.content_type != FORM:
        raise NoForm(415)
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise NoForm(413)
    return public_url(request.get_full_path()), request.body


def public_url(path: str) -> str:
    """Return an address of ours under our public name, whatever a proxy made of it on the way."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
