"""The components that a page prints by the dozen, as functions: the machinery of a template costs five times their words.

In templates they are written like all others: `<c-icon name="inbox" />`. Each docstring is what the reference says of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.assets import asset_address
from careloop.ui.moments import moment
from careloop.ui.people import hue, initials

__all__ = [
    "PRINTED",
    "attributes",
    "avatar",
    "button",
    "field",
    "icon",
    "icon_button",
    "menu_item",
    "priority",
    "status_badge",
    "table_row",
    "time",
]

NOTHING = SafeString("")
BUSY = SafeString('<span class="busy loading loading-spinner loading-xs" aria-hidden="true"></span>')
CURRENT = SafeString(' aria-current="true"')
DOT = SafeString('<span class="status-dot" aria-hidden="true"></span>')
HIDDEN = SafeString('aria-hidden="true"')


def attributes(attrs: Mapping[str, object]) -> SafeString:
    """Return a component's remaining attributes as they stand in its tag. True gives the bare name; False and None nothing."""
    pairs = [(conditional_escape(name), value) for name, value in attrs.items()]
    bare = "".join(f" {name}" for name, value in pairs if value is True)
    valued = "".join(
        f' {name}="{_quoted(value)}"' for name, value in pairs if value is not None and not isinstance(value, bool)
    )
    return SafeString(bare + valued)


def avatar(*, name: str = "", kind: str = "person", size: str = "", picture: str = "") -> SafeString:
    """A face. name: needed. kind: person, customer, machine. size: small, large. picture: address of a photo. Hidden from screen readers: write the name beside it."""  # noqa: E501
    sized = _with(" avatar-", size)
    if kind == "machine":
        return format_html(
            '<span class="avatar avatar-machine{}" aria-hidden="true">{}</span>', sized, icon(name="sparkles")
        )
    inside = format_html('<img src="{}" alt="">', _quoted(picture)) if picture else initials(name)
    return format_html(
        '<span class="avatar avatar-{} hue-{}{}" aria-hidden="true">{}</span>', kind, hue(name), sized, inside
    )


def button(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    kind: str = "plain",
    size: str = "",
    icon: str = "",
    type_: str = "button",
    wide: object = "",
    class_: str = "",
    shortcut: str = "",
) -> SafeString:
    """A button. kind: primary, plain, quiet, danger. size: small, large. type: button, submit. icon: before the words. wide: full width. shortcut: keys shown in it and listened to. Other attributes (hx-post, name, value, form, data-…) pass through."""  # noqa: E501
    return format_html(
        '<button type="{}" class="btn btn-{}{}{}{}"{}{}>{}{}{}{}</button>',
        type_,
        kind,
        _with(" btn-", size),
        SafeString(" btn-full") if wide else NOTHING,
        _with(" ", class_),
        format_html(' data-shortcut="{}"', _quoted(shortcut)) if shortcut else NOTHING,
        attributes(attrs),
        _icon(icon),
        BUSY,
        slot,
        format_html('<span class="kbd wide-only" aria-hidden="true">{}</span>', shortcut) if shortcut else NOTHING,
    )


def field(
    *,
    slot: SafeString,
    label: str = "",
    name: str = "",
    help_: str = "",
    error: str = "",
    optional: object = "",
    id_: str = "",
    hide_label: object = "",
) -> SafeString:
    """A label, a widget (the slot), help and error. name: the widget's; the widget has id id_NAME unless id says otherwise. help, error: a sentence. optional: says so. hide_label: for screen readers only. The widget should name NAME_help and NAME_error in aria-describedby."""  # noqa: E501
    return format_html(
        '<div class="field"><label class="field-label{}" for="{}">{}{}</label>{}{}{}</div>',
        SafeString(" visually-hidden") if hide_label else NOTHING,
        _quoted(id_) if id_ else _with("id_", name),
        label,
        format_html(' <span class="field-optional">{}</span>', _("(optional)")) if optional else NOTHING,
        slot,
        format_html('<div class="field-help" id="{}_help">{}</div>', _quoted(name), help_) if help_ else NOTHING,
        format_html(
            '<div class="field-error" id="{}_error">{}<span>{}</span></div>',
            _quoted(name),
            icon(name="circle-alert", size="small"),
            error,
        )
        if error
        else NOTHING,
    )


def icon(*, name: str = "", size: str = "", label: str = "") -> SafeString:
    """A Lucide icon. name: from the Lucide set. size: small, large, huge. label: words, when no text stands beside it."""
    said = format_html('role="img" aria-label="{}"', _quoted(label)) if label else HIDDEN
    return _drawn(asset_address("icons.svg"), name, size, said)


def icon_button(
    *,
    attrs: Mapping[str, object],
    icon: str = "",
    label: str = "",
    kind: str = "quiet",
    size: str = "",
    type_: str = "button",
    class_: str = "",
) -> SafeString:
    """A button that is only an icon. icon, label: needed; the label is read aloud and shown on hover. kind, size, type: as in button."""  # noqa: E501
    said = _quoted(label)
    return format_html(
        '<button type="{}" class="btn btn-square btn-{}{}{}" aria-label="{}" title="{}"{}>{}</button>',
        type_,
        kind,
        _with(" btn-", size),
        _with(" ", class_),
        said,
        said,
        attributes(attrs),
        _icon(icon),
    )


def menu_item(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    href: str = "",
    icon: str = "",
    danger: object = "",
    current: object = "",
    end: str = "",
    type_: str = "submit",
) -> SafeString:
    """One act in a menu: a link with href, else a button (of a form around it, or with hx-post). icon; danger; current: the chosen one; end: faint words on the right."""  # noqa: E501
    looks = SafeString("menu-item menu-item-danger" if danger else "menu-item")
    inside = format_html("{}<span>{}</span>{}", _icon(icon), slot, _at_end(current, end))
    more = (CURRENT if current else NOTHING, attributes(attrs), inside)
    if href:
        return format_html('<a class="{}" href="{}"{}{}>{}</a>', looks, _quoted(href), *more)
    return format_html('<button type="{}" class="{}"{}{}>{}</button>', type_, looks, *more)


def priority(*, level: str = "normal", label: str = "", compact: object = "") -> SafeString:
    """How urgent. level: low, normal, high, urgent. label: the workspace's word; the level's own when left out. compact: only the bars are seen."""  # noqa: E501
    words = label or _words_of(level)
    return format_html(
        '<span class="priority priority-{}"{}><span class="priority-bars" aria-hidden="true"><i></i><i></i><i></i></span>'
        '<span class="priority-words{}">{}</span></span>',
        level,
        format_html(' title="{}"', _quoted(words)) if compact else NOTHING,
        SafeString(" visually-hidden") if compact else NOTHING,
        words,
    )


def status_badge(*, category: str = "open", label: str = "") -> SafeString:
    """A case's status. category: new, open, waiting, solved, closed (sets color and shape of the mark). label: the workspace's own word."""  # noqa: E501
    mark = icon(name="check") if category == "solved" else DOT
    return format_html(
        '<span class="badge tone-{}">{}<span class="badge-words">{}</span></span>', category, mark, label
    )


def table_row(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    href: str = "",
    value: str = "",
    label: str = "",
    name: str = "row",
    unread: object = "",
    current: object = "",
    id_: str = "",
) -> SafeString:
    """A row; write its <td> cells in the slot, the main link as class "cell-main". href: what Enter opens. value: makes it tickable (sent as `name`). label: read aloud for the box. unread: bold. current: the open one."""  # noqa: E501
    box = (
        format_html(
            '<td class="cell-select"><input type="checkbox" name="{}" value="{}" aria-label="{}"></td>',
            name,
            _quoted(value),
            SafeString(_("Select %(label)s") % {"label": _quoted(label)}),
        )
        if value
        else NOTHING
    )
    return format_html(
        '<tr{} class="table-row{}"{}{}{}>{}{}</tr>',
        format_html(' id="{}"', _quoted(id_)) if id_ else NOTHING,
        SafeString(" is-unread") if unread else NOTHING,
        format_html(' data-href="{}"', _quoted(href)) if href else NOTHING,
        CURRENT if current else NOTHING,
        attributes(attrs),
        box,
        slot,
    )


def time(*, at: datetime | None = None) -> SafeString:
    """A time: relative, exact on hover and in print, in the reader's zone. at: a timezone-aware datetime, as :at="case.opened_at"."""  # noqa: E501
    if not at:
        return NOTHING
    worded = moment(at=at, now=timezone.now())
    exact = _quoted(worded.exact)
    return format_html(
        '<relative-time><time datetime="{}" title="{}" data-exact="{}">{}</time></relative-time>',
        SafeString(worded.iso),
        exact,
        exact,
        worded.relative,
    )


PRINTED: Mapping[str, Callable[..., SafeString]] = MappingProxyType(
    {
        "avatar": avatar,
        "button": button,
        "field": field,
        "icon": icon,
        "icon-button": icon_button,
        "menu-item": menu_item,
        "priority": priority,
        "status-badge": status_badge,
        "table-row": table_row,
        "time": time,
    }
)
"""By the name after `c-`. One that takes `slot` gets what stands in it, one that takes `attrs` the attributes it does not name."""


def _icon(name: str) -> SafeString:
    return icon(name=name) if name else NOTHING


@lru_cache(maxsize=1000)
def _drawn(sprite: str, name: str, size: str, said: SafeString) -> SafeString:
    # Escaped whether marked safe or not, because marked and unmarked text share a place in the cache.
    sized = SafeString(f" icon-{escape(size)}") if size else NOTHING
    return format_html('<svg class="icon{}" {}><use href="{}#{}"></use></svg>', sized, said, sprite, escape(name))


def _with(before: str, word: str) -> SafeString:
    """Return a word behind another, ready to stand in an attribute, or nothing when there is none."""
    return SafeString(before + _quoted(word)) if word else NOTHING


def _at_end(current: object, end: str) -> SafeString:
    if current:
        return format_html('<span class="menu-item-end">{}</span>', icon(name="check", size="small"))
    return format_html('<span class="menu-item-end">{}</span>', end) if end else NOTHING


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
