"""Printed components that show one thing at a glance: faces, icons, states, times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.assets import asset_address
from careloop.ui.moments import moment
from careloop.ui.people import hue, initials
from careloop.ui.printed.words import NOTHING, after, attributes, quoted

__all__ = ["avatar", "badge", "due", "icon", "icon_before", "priority", "status_badge", "time"]

SOON = timedelta(hours=1)
DOT = SafeString('<span class="status-dot" aria-hidden="true"></span>')
HIDDEN = SafeString('aria-hidden="true"')


def avatar(*, name: str = "", kind: str = "person", size: str = "", picture: str = "") -> SafeString:
    """A face. name: needed. kind: person, customer, machine. size: small, large. picture: address of a photo. Hidden from screen readers: write the name beside it."""  # noqa: E501
    sized = after(" avatar-", size)
    if kind == "machine":
        return format_html(
            '<span class="avatar avatar-machine{}" aria-hidden="true">{}</span>', sized, icon(name="sparkles")
        )
    inside = format_html('<img src="{}" alt="">', quoted(picture)) if picture else initials(name)
    return format_html(
        '<span class="avatar avatar-{} hue-{}{}" aria-hidden="true">{}</span>', kind, hue(name), sized, inside
    )


def badge(*, slot: SafeString, attrs: Mapping[str, object], tone: str = "neutral", icon: str = "") -> SafeString:
    """A short word with a meaning. tone: neutral, accent, new, open, waiting, due-soon, missed, solved, closed, machine, internal. icon: optional."""  # noqa: E501
    return format_html(
        '<span class="badge tone-{}"{}>{}<span class="badge-words">{}</span></span>',
        tone,
        attributes(attrs),
        icon_before(icon),
        slot,
    )


def due(*, at: datetime | None = None) -> SafeString:
    """When something is due, as a time with a mark: a clock, an alarm clock in the last hour before, a warning once it is over. It turns by itself while the page stands open. at: a timezone-aware datetime, or nothing."""  # noqa: E501
    if not at:
        return NOTHING
    left = at - timezone.now()
    state = "late" if left < timedelta() else "soon" if left <= SOON else "later"
    words = {"later": "", "soon": _("Due soon"), "late": _("Overdue")}
    return format_html(
        '<due-mark class="due" data-state="{}" data-soon="{}" data-late="{}">{}{}{}'
        '<span class="due-words">{}</span> {}</due-mark>',
        state,
        quoted(words["soon"]),
        quoted(words["late"]),
        icon(name="clock", size="small"),
        icon(name="alarm-clock", size="small"),
        icon(name="triangle-alert", size="small"),
        words[state],
        time(at=at),
    )


def icon(*, name: str = "", size: str = "", label: str = "") -> SafeString:
    """A Lucide icon. name: from the Lucide set. size: small, large, huge. label: words, when no text stands beside it."""
    said = format_html('role="img" aria-label="{}"', quoted(label)) if label else HIDDEN
    return _drawn(asset_address("icons.svg"), name, size, said)


def priority(*, level: str = "normal", label: str = "", compact: object = "") -> SafeString:
    """How urgent. level: low, normal, high, urgent. label: the workspace's word; the level's own when left out. compact: only the bars are seen."""  # noqa: E501
    words = label or _words_of(level)
    return format_html(
        '<span class="priority priority-{}"{}><span class="priority-bars" aria-hidden="true"><i></i><i></i><i></i></span>'
        '<span class="priority-words{}">{}</span></span>',
        level,
        format_html(' title="{}"', quoted(words)) if compact else NOTHING,
        SafeString(" visually-hidden") if compact else NOTHING,
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
        return NOTHING
    worded = moment(at=at, now=timezone.now())
    exact = quoted(worded.exact)
    return format_html(
        '<relative-time><time datetime="{}" title="{}" data-exact="{}">{}</time></relative-time>',
        SafeString(worded.iso),
        exact,
        exact,
        worded.relative,
    )


def icon_before(name: str) -> SafeString:
    """Return an icon, or nothing when it has no name."""
    return icon(name=name) if name else NOTHING


@lru_cache(maxsize=1000)
def _drawn(sprite: str, name: str, size: str, said: SafeString) -> SafeString:
    # Escaped whether marked safe or not, because marked and unmarked text share a place in the cache.
    sized = SafeString(f" icon-{escape(size)}") if size else NOTHING
    return format_html('<svg class="icon{}" {}><use href="{}#{}"></use></svg>', sized, said, sprite, escape(name))


def _words_of(level: str) -> str:
    match level:
        case "low":
            return _("Low")
        case "high":
            return _("High")
        case "urgent":
            return _("Urgent")
    return _("Normal")
