"""The one kind of HTML that a browser-like parser must not be given: thousands of elements within each other."""

import re

__all__ = ["is_bottomless", "without_tags"]

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These never nest in themselves, and are often left open.
NEVER_DEEP = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "o",
        "p",
        "td",
        "th",
        "tr",
        "wbr",
    }
)
FEWEST_TAGS, DEEPEST = 2000, 1000


def is_bottomless(html: str) -> bool:
    """Say whether the HTML is nested so deeply that parsing it, quadratic in depth, would take minutes.

    html: decoded. Ordinary newsletters stay below depth 100; those with few tags are not even looked at.
    """
    if html.count("<") < FEWEST_TAGS:
        return False
    depth = 0
    for tag in TAG.finditer(html):
        if tag[2].lower() not in NEVER_DEEP:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > DEEPEST:
                return True
    return False


def without_tags(html: str) -> str:
    """Drop everything between angle brackets; the plain way for HTML that is bottomless."""
    return re.sub(r"<[^<>]*>?", " ", html)
