"""What somebody wrote in the composer, cleaned."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.html import linebreaks

from careloop.faces.web.casepage.typed import left_open
from careloop.gateways.mime import html_to_text, sanitize
from careloop.processes.answering.types import Words

__all__ = ["composed_html", "composed_words"]


def composed_html(given: QueryDict) -> str:
    """Return the composer's field `body` as clean HTML; where no script ran it holds plain text, or the HTML it began with."""
    body = given.get("body", "").strip()
    if "body_text" in given or body.startswith("<"):
        html = sanitize(body, allow_remote_images=False, inline={})
        return html if html_to_text(html).strip() else ""
    return linebreaks(body, autoescape=True) if body else ""


def composed_words(given: QueryDict, *, file_ids: Sequence[int]) -> Words:
    """Return the same as the inside of a message."""
    html = composed_html(given)
    reply_ids = [
        int(text) for text in given.getlist("reply_ids") if text.isascii() and text.isdigit() and len(text) < 18
    ]
    return Words(text=html_to_text(html), html=html, file_ids=file_ids, reply_ids=reply_ids, left_open=left_open(given))
