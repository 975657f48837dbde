"""Printed components that do something or lead somewhere."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.printed.marks import icon, icon_before
from careloop.ui.printed.words import CURRENT, NOTHING, after, attributes, quoted

__all__ = ["button", "icon_button", "link_button", "menu", "menu_item", "menu_rule", "tag_chip"]

BUSY = SafeString('<span class="busy loading loading-spinner loading-xs" aria-hidden="true"></span>')
RULE = SafeString('<div class="menu-rule"></div>')


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
        after(" btn-", size),
        SafeString(" btn-full") if wide else NOTHING,
        after(" ", class_),
        format_html(' data-shortcut="{}"', quoted(shortcut)) if shortcut else NOTHING,
        attributes(attrs),
        icon_before(icon),
        BUSY,
        slot,
        format_html('<span class="kbd wide-only" aria-hidden="true">{}</span>', shortcut) if shortcut else NOTHING,
    )


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
    said = quoted(label)
    return format_html(
        '<button type="{}" class="btn btn-square btn-{}{}{}" aria-label="{}" title="{}"{}>{}</button>',
        type_,
        kind,
        after(" btn-", size),
        after(" ", class_),
        said,
        said,
        attributes(attrs),
        icon_before(icon),
    )


def link_button(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    href: str = "",
    kind: str = "plain",
    size: str = "",
    icon: str = "",
    wide: object = "",
    class_: str = "",
) -> SafeString:
    """A link that looks like a button, for going somewhere. href: needed. kind, size, icon, wide: as in button."""
    return format_html(
        '<a href="{}" class="btn btn-{}{}{}{}"{}>{}{}</a>',
        quoted(href),
        kind,
        after(" btn-", size),
        SafeString(" btn-full") if wide else NOTHING,
        after(" ", class_),
        attributes(attrs),
        icon_before(icon),
        slot,
    )


def menu(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    label: str = "",
    icon: str = "",
    kind: str = "quiet",
    size: str = "",
    side: str = "",
    trigger: str = "",
) -> SafeString:
    """A list of acts behind a button; put <c-menu-item> inside. label: of the button (read aloud when only the icon shows). icon: alone on the button when there is no trigger slot. kind, size: as in button. side: end (opens leftward), up, up-end. Slot trigger: what the button shows instead."""  # noqa: E501
    opens = SafeString(
        (" menu-end" if side in {"end", "up-end"} else "") + (" menu-up" if side in {"up", "up-end"} else "")
    )
    return format_html(
        '<pop-menu><details class="menu{}"{}><summary class="btn btn-{}{}{}</summary>'
        '<div class="menu-list">{}</div></details></pop-menu>',
        opens,
        attributes(attrs),
        kind,
        after(" btn-", size),
        _opener(label=label, mark=icon, trigger=trigger),
        slot,
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
    inside = format_html("{}<span>{}</span>{}", icon_before(icon), slot, _at_end(current, end))
    more = (CURRENT if current else NOTHING, attributes(attrs), inside)
    if href:
        return format_html('<a class="{}" href="{}"{}{}>{}</a>', looks, quoted(href), *more)
    return format_html('<button type="{}" class="{}"{}{}>{}</button>', type_, looks, *more)


def menu_rule() -> SafeString:
    """A line between groups of a menu."""
    return RULE


def tag_chip(
    *, slot: SafeString, attrs: Mapping[str, object], href: str = "", remove: str = "", name: str = "tag"
) -> SafeString:
    """A tag; the slot is its name. href: its list. remove: the value a button of this name sends to the form around it."""
    if href:
        return format_html('<a class="tag" href="{}">{}</a>', quoted(href), slot)
    removal = (
        format_html(
            '<button class="chip-remove" name="{}" value="{}" aria-label="{}"{}>{}</button>',
            name,
            quoted(remove),
            SafeString(_("Remove the tag %(remove)s") % {"remove": quoted(remove)}),
            attributes(attrs),
            icon(name="x", size="small"),
        )
        if remove
        else NOTHING
    )
    return format_html('<span class="tag">{}{}</span>', slot, removal)


def _opener(*, label: str, mark: str, trigger: str) -> SafeString:
    """Return the end of a menu's opening tag and what its button shows."""
    said = quoted(label)
    if trigger:
        return format_html('" title="{}">{}<span class="visually-hidden">{}</span>', said, trigger, label)
    if mark:
        return format_html(' btn-square" aria-label="{}" title="{}">{}', said, said, icon(name=mark))
    return format_html('">{}{}', label, icon(name="chevron-down", size="small"))


def _at_end(current: object, end: str) -> SafeString:
    if current:
        return format_html('<span class="menu-item-end">{}</span>', icon(name="check", size="small"))
    return format_html('<span class="menu-item-end">{}</span>', end) if end else NOTHING
