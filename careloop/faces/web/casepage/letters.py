"""Words of messages as they stand in the page: cleaned, in our type, without the sender's tricks."""

from collections.abc import Mapping, Sequence

from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from careloop.domains.conversations.types import Author, MessageRow
from careloop.gateways.mime import BLOCKED_IMAGE_ATTRIBUTE, html_to_text, in_our_type, sanitize
from careloop.processes.answering.types import Words

__all__ = ["has_blocked_images", "html_words", "in_page", "plain_words", "written_words"]


def in_page(row: MessageRow, *, inline: Mapping[str, str], shows_images: bool) -> SafeString:
    """Return a message's words as markup for our page.

    inline: content id to the address of that inline image. shows_images: whether the reader asked for remote images.

    A mail with quotes under it is shown as the text above them; any other HTML is shown as HTML in our own type.
    """
    is_ours = row.author in {Author.AGENT, Author.HOUSE}
    if row.html and (is_ours or not row.quoted):
        return html_words(row.html, inline=inline, shows_images=shows_images)
    return plain_words(row.text)


def html_words(html: str, *, inline: Mapping[str, str], shows_images: bool) -> SafeString:
    """Return HTML from outside as markup for our page."""
    shown = in_our_type(sanitize(html, allow_remote_images=shows_images, inline=inline), picture=_("Picture"))
    return mark_safe(shown)  # noqa: S308 - sanitized in the line above


def plain_words(text: str) -> SafeString:
    """Return plain text as paragraphs, its addresses made links."""
    return mark_safe(linebreaks(urlize(text, nofollow=True, autoescape=True)))  # noqa: S308 - urlize escapes


def has_blocked_images(markup: str) -> bool:
    """Say whether markup from `in_page` holds images that wait to be asked for."""
    return BLOCKED_IMAGE_ATTRIBUTE in markup


def written_words(
    *, body: str, text: str | None, file_ids: Sequence[int], reply_ids: Sequence[int], left_open: Sequence[str] = ()
) -> Words:
    """Return what somebody wrote in the composer, sanitized.

    body: HTML from the editor, or plain text where no script ran. text: the same as plain text; None where no script ran.
    """
    if text is None:
        text, html = body.strip(), str(plain_words(body.strip())) if body.strip() else ""
    else:
        html = sanitize(body, allow_remote_images=False, inline={})
        text = html_to_text(html)
    return Words(text=text, html=html, file_ids=file_ids, reply_ids=reply_ids, left_open=left_open)
