"""HTML mail made fit to be shown inside our page."""

import html as html_standard
import re
from collections.abc import Mapping
from urllib.parse import unquote

import nh3

from careloop.gateways.mime.charsets import clean
from careloop.gateways.mime.nesting import is_bottomless, without_tags

__all__ = ["BLOCKED_IMAGE_ATTRIBUTE", "in_our_type", "sanitize"]

BLOCKED_IMAGE_ATTRIBUTE = "data-blocked-src"
TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
    "var", "wbr",
}  # fmt: skip
GONE_WITH_CONTENT = {
    "script", "style", "title", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet",
    "select", "textarea", "audio", "video", "canvas", "noembed", "noframes", "frameset",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"align", "bgcolor", "color", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "font": {"face", "size"},
    "img": {"alt", "src"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "col": {"span"},
    "colgroup": {"span"},
}
# Nothing here can leave its box, hide words, or fetch anything.
STYLES = {
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style",
    "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color",
    "border-left-style", "border-left-width", "border-radius", "border-right", "border-right-color",
    "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top",
    "border-top-color", "border-top-style", "border-top-width", "border-width", "color", "direction", "font",
    "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
    "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "text-indent", "vertical-align", "white-space", "width", "word-break", "word-wrap",
}  # fmt: skip
# Functions fetch or compute, a backslash hides both, a minus pulls a box out of its frame.
HARMFUL_VALUE = re.compile(
    r"\\|@|<|/\*"
    r"|[a-z-]+\s*\((?<!rgb\()(?<!rgba\()(?<!hsl\()(?<!hsla\()"
    r"|(?<![\w#])-\s*[\d.]",
    re.IGNORECASE,
)
# The serializer of nh3 writes attributes as name="value" with every quote inside escaped, so this pattern is exact.
IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
NAMELESS = re.compile(r'<img(?![^>]* alt=")')
SOURCE = re.compile(r' src="([^"]*)"')
# What carries meaning stays; fonts, colors and sizes are the page's own.
IN_OUR_TYPE = nh3.Cleaner(
    tags=TAGS - {"big", "center", "font", "span"},
    attributes={
        "*": {"dir", "lang", "title"},
        "a": {"href", "rel", "target"},
        "img": {"alt", "loading", "referrerpolicy", "src", BLOCKED_IMAGE_ATTRIBUTE},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="pass_through",
    link_rel=None,
)
LONGEST_HTML = 2_000_000


def sanitize(html: str, *, allow_remote_images: bool, inline: Mapping[str, str]) -> str:
    """Make the HTML of a mail safe to put into a page.

    html: decoded, as received.
    allow_remote_images: False until the reader asks; an image fetched from outside tells the sender who reads when.
    inline: content id (without angle brackets) to the address at which we serve that inline image.

    Returns markup without scripts, forms, frames, style sheets, classes and ids, its inline styles cut to colors,
    fonts and spacing. Links are http, https, mailto or tel, open in a new tab and carry rel="noopener noreferrer
    nofollow". A blocked image keeps its address in data-blocked-src and has no src. Never raises.
    """
    cleaner = nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=GONE_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=lambda tag, name, value: filtered(tag=tag, name=name, value=value),
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    readable = clean(html[:LONGEST_HTML])
    shown = cleaner.clean(without_tags(readable) if is_bottomless(readable) else readable)
    return IMAGE.sub(lambda image: placed(image[0], allow_remote_images=allow_remote_images, inline=inline), shown)


def in_our_type(shown: str, *, picture: str) -> str:
    """Take the sender's fonts, colors and sizes out of sanitized HTML, so that it reads like the page around it.

    shown: what `sanitize` returned; nothing else is fit for this.
    picture: what is read aloud for an image that its sender did not describe.
    """
    return NAMELESS.sub(f'<img alt="{html_standard.escape(picture)}"', IN_OUR_TYPE.clean(shown))


def filtered(*, tag: str, name: str, value: str) -> str | None:
    """Give the value an attribute may keep, or None to drop it."""
    if name == "style":
        kept = [one for one in value.split(";") if one.strip() and not HARMFUL_VALUE.search(one)]
        return ";".join(kept) or None
    if name == "href" and tag == "a":
        return None if value.strip().lower().startswith("cid:") else value
    if name == "src":
        return value if value.strip().lower().startswith(("http:", "https:", "cid:")) else None
    return value


def placed(image: str, *, allow_remote_images: bool, inline: Mapping[str, str]) -> str:
    """Give one cleaned image its final source: ours, the remote one if allowed, or none."""
    source = SOURCE.search(image)
    if source is None:
        return image
    address = html_standard.unescape(source[1]).strip()
    if address.lower().startswith("cid:"):
        own = inline.get(address[4:]) or inline.get(unquote(address[4:]))
        replacement = f' src="{html_standard.escape(own)}"' if own else ""
    elif allow_remote_images:
        replacement = f' src="{source[1]}" referrerpolicy="no-referrer" loading="lazy"'
    else:
        replacement = f' {BLOCKED_IMAGE_ATTRIBUTE}="{source[1]}"'
    return image[: source.start()] + replacement + image[source.end() :]
