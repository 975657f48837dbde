"""Printed components that hold others: rows and stacks, facts, panels, windows, rows of a table."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.printed.acts import icon_button
from careloop.ui.printed.marks import icon
from careloop.ui.printed.words import CURRENT, NOTHING, after, attributes, id_of, quoted

__all__ = ["dialog", "fact", "facts", "panel", "row", "stack", "table_row"]


def dialog(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    id_: str = "",
    title: str = "",
    wide: object = "",
    open_: object = "",
    foot: str = "",
) -> SafeString:
    """A window over the page; opened by any element with data-opens="ID". id, title: needed. wide; open: at once. Slot foot: buttons, the main one last. A <form method="dialog"> button closes it."""  # noqa: E501
    name = quoted(id_)
    return format_html(
        '<dialog class="modal-sheet{}" id="{}" aria-labelledby="{}-title"{}{}><header class="modal-head">'
        '<h2 id="{}-title">{}</h2><form method="dialog">{}</form></header><div class="modal-body">{}</div>{}</dialog>',
        SafeString(" modal-sheet-wide") if wide else NOTHING,
        name,
        name,
        SafeString(" data-open-now") if open_ else NOTHING,
        attributes(attrs),
        name,
        title,
        icon_button(attrs={}, icon="x", label=_("Close"), type_="submit"),
        slot,
        format_html('<footer class="modal-foot">{}</footer>', foot) if foot else NOTHING,
    )


def fact(*, slot: SafeString, label: str = "") -> SafeString:
    """One pair inside facts. label: the name; slot: the value."""
    return format_html("<dt>{}</dt><dd>{}</dd>", label, slot)


def facts(*, slot: SafeString) -> SafeString:
    """Pairs of a name and a value; put <c-fact label="…">value</c-fact> inside."""
    return format_html('<dl class="facts">{}</dl>', slot)


def panel(*, slot: SafeString, attrs: Mapping[str, object], title: str = "", closed: object = "") -> SafeString:
    """A part of the side panel that folds. title: needed. closed: starts folded."""
    return format_html(
        '<details class="panel"{}{}><summary>{}{}</summary><div class="panel-body">{}</div></details>',
        NOTHING if closed else SafeString(" open"),
        attributes(attrs),
        title,
        icon(name="chevron-right", size="small"),
        slot,
    )


def row(
    *, slot: SafeString, attrs: Mapping[str, object], gap: str = "", side: str = "", class_: str = ""
) -> SafeString:
    """Things beside each other, wrapping. gap: none, tight, small, large. side: apart (first left, last right), end."""
    return format_html(
        '<div class="row{}{}{}"{}>{}</div>',
        after(" gap-", gap),
        after(" row-", side),
        after(" ", class_),
        attributes(attrs),
        slot,
    )


def stack(
    *, slot: SafeString, attrs: Mapping[str, object], gap: str = "", class_: str = "", as_: str = "div"
) -> SafeString:
    """Things under each other. gap: none, tight, small, large. as: another element than div."""
    return format_html(
        '<{} class="stack{}{}"{}>{}</{}>', as_, after(" gap-", gap), after(" ", class_), attributes(attrs), slot, as_
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
            quoted(value),
            SafeString(_("Select %(label)s") % {"label": quoted(label)}),
        )
        if value
        else NOTHING
    )
    return format_html(
        '<tr{} class="table-row{}"{}{}{}>{}{}</tr>',
        id_of(id_),
        SafeString(" is-unread") if unread else NOTHING,
        format_html(' data-href="{}"', quoted(href)) if href else NOTHING,
        CURRENT if current else NOTHING,
        attributes(attrs),
        box,
        slot,
    )
