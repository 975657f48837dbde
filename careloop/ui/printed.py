"""The components that a page prints by the hundred, as functions: the machinery of a template costs ten times their words.

In templates they are written like all others: `<c-icon name="inbox" />`. Each docstring is what the reference says of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.assets import asset_address
from careloop.ui.moments import moment
from careloop.ui.people import hue, initials

__all__ = ["PRINTED", "avatar", "icon", "priority", "status_badge", "time"]


def avatar(*, name: str = "", kind: str = "person", size: str = "", picture: str = "") -> SafeString:
    """A face. name: needed. kind: person, customer, machine. size: small, large. picture: address of a photo. Hidden from screen readers: write the name beside it."""  # noqa: E501
    sized = f" avatar-{size}" if size else ""
    if kind == "machine":
        return format_html(
            '<span class="avatar avatar-machine{}" aria-hidden="true">{}</span>', sized, icon(name="sparkles")
        )
    inside = format_html('<img src="{}" alt="">', _quoted(picture)) if picture else initials(name)
    return format_html(
        '<span class="avatar avatar-{} hue-{}{}" aria-hidden="true">{}</span>', kind, hue(name), sized, inside
    )


def icon(*, name: str = "", size: str = "", label: str = "") -> SafeString:
    """A Lucide icon. name: from the Lucide set. size: small, large, huge. label: words, when no text stands beside it."""
    sized = f" icon-{size}" if size else ""
    said = format_html('role="img" aria-label="{}"', _quoted(label)) if label else HIDDEN
    sprite = asset_address("icons.svg")
    return format_html('<svg class="icon{}" {}><use href="{}#{}"></use></svg>', sized, said, sprite, name)


def priority(*, level: str = "normal", label: str = "", compact: object = "") -> SafeString:
    """How urgent. level: low, normal, high, urgent. label: the workspace's word; the level's own when left out. compact: only the bars are seen."""  # noqa: E501
    words = label or _words_of(level)
    return format_html(
        '<span class="priority priority-{}"{}><span class="priority-bars" aria-hidden="true"><i></i><i></i><i></i></span>'
        '<span class="priority-words{}">{}</span></span>',
        level,
        format_html(' title="{}"', _quoted(words)) if compact else "",
        " visually-hidden" if compact else "",
        words,
    )


def status_badge(*, category: str = "open", label: str = "") -> SafeString:
    """A case's status. category: new, open, waiting, solved, closed (sets color and shape of the mark). label: the workspace's own word."""  # noqa: E501
    mark = icon(name="check") if category == "solved" else DOT
    return format_html(
        '<span class="badge tone-{}">{}<span class="badge-words">{}</span></span>', category, mark, label
    )


def time(*, at: datetime | None = None) -> SafeString:
    """A time: relative, exact on hover and in print, in the reader's zone. at: a timezone-aware datetime, as :at="case.opened_at"."""  # noqa: E501
    if not at:
        return SafeString("")
    worded = moment(at=at, now=timezone.now())
    return format_html(
        '<relative-time><time datetime="{}" title="{}" data-exact="{}">{}</time></relative-time>',
        worded.iso,
        worded.exact,
        worded.exact,
        worded.relative,
    )


PRINTED: Mapping[str, Callable[..., SafeString]] = MappingProxyType(
    {"avatar": avatar, "icon": icon, "priority": priority, "status-badge": status_badge, "time": time}
)
"""By the name after `c-`."""

HIDDEN = SafeString('aria-hidden="true"')
DOT = SafeString('<span class="status-dot" aria-hidden="true"></span>')


def _quoted(value: Any) -> SafeString:
    # Text already marked safe may still hold a bare quote, which is harmless in a page and not in an attribute.
    return SafeString(conditional_escape(value).replace('"', "&quot;"))


def _words_of(level: str) -> str:
    match level:
        case "low":
            return _("Low")
        case "high":
            return _("High")
        case "urgent":
            return _("Urgent")
    return _("Normal")
