"""What a machine wrote, made fit for acts: clean HTML and the same as plain text."""

from django.utils.html import linebreaks

from careloop.faces.api.shapes.cases import OurWordsGiven, WordsGiven
from careloop.gateways.mime import html_to_text, sanitize
from careloop.processes.answering.types import Words

__all__ = ["clean_html", "words_of"]


def words_of(given: WordsGiven) -> Words:
    """Return what was said, its HTML without anything that could harm a reader."""
    reply_ids, left_open = (given.saved_reply_ids, given.left_open) if isinstance(given, OurWordsGiven) else ((), ())
    if given.html is not None:
        html = clean_html(given.html)
        return Words(
            text=html_to_text(html), html=html, file_ids=given.file_ids, reply_ids=reply_ids, left_open=left_open
        )
    text = given.text or ""
    html = linebreaks(text, autoescape=True) if text else ""
    return Words(text=text, html=html, file_ids=given.file_ids, reply_ids=reply_ids, left_open=left_open)


def clean_html(html: str) -> str:
    """Return the HTML of a writer of ours, with his images."""
    return sanitize(html, allow_remote_images=True, inline={})
