"""Printed components to fill in: a label with its widget."""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from careloop.ui.printed.marks import icon, icon_before
from careloop.ui.printed.words import NOTHING, after, attributes, quoted

__all__ = ["field", "select", "text_input"]

CHOSEN = SafeString(" selected")


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
        _id(id_, name),
        label,
        format_html(' <span class="field-optional">{}</span>', _("(optional)")) if optional else NOTHING,
        slot,
        format_html('<div class="field-help" id="{}_help">{}</div>', quoted(name), help_) if help_ else NOTHING,
        format_html(
            '<div class="field-error" id="{}_error">{}<span>{}</span></div>',
            quoted(name),
            icon(name="circle-alert", size="small"),
            error,
        )
        if error
        else NOTHING,
    )


def select(
    *,
    slot: SafeString,
    attrs: Mapping[str, object],
    label: str = "",
    name: str = "",
    value: object = "",
    options: Iterable[tuple[object, str]] = (),
    empty: str = "",
    help_: str = "",
    error: str = "",
    optional: object = "",
    id_: str = "",
    hide_label: object = "",
) -> SafeString:
    """One choice of a list with its field. label, name: needed. :options: pairs of (value, words). value: the chosen one. empty: words of an empty first choice. Or write <option> elements in the slot. help, error, optional, hide_label: as in field."""  # noqa: E501
    chosen = str(value)
    widget = format_html(
        '<select id="{}" name="{}"{}{}>{}{}{}</select>',
        _id(id_, name),
        name,
        _described(name=name, help_=help_, error=error),
        attributes(attrs),
        format_html('<option value="">{}</option>', empty) if empty else NOTHING,
        format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((quoted(one), CHOSEN if str(one) == chosen else NOTHING, words) for one, words in options),
        ),
        slot,
    )
    return field(
        slot=widget,
        label=label,
        name=name,
        help_=help_,
        error=error,
        optional=optional,
        id_=id_,
        hide_label=hide_label,
    )


def text_input(
    *,
    attrs: Mapping[str, object],
    label: str = "",
    name: str = "",
    value: object = "",
    type_: str = "text",
    help_: str = "",
    error: str = "",
    optional: object = "",
    icon: str = "",
    id_: str = "",
    hide_label: object = "",
) -> SafeString:
    """One line of text with its field. label, name: needed. type: text, email, tel, url, password, search, number, date. icon: inside on the left. help, error, optional, hide_label: as in field. Others (required, autocomplete, maxlength, …) pass through."""  # noqa: E501
    widget = format_html(
        '<div class="with-icon">{}<input type="{}" id="{}" name="{}" value="{}"{}{}></div>',
        icon_before(icon),
        type_,
        _id(id_, name),
        name,
        NOTHING if value is None else quoted(value),
        _described(name=name, help_=help_, error=error),
        attributes(attrs),
    )
    return field(
        slot=widget,
        label=label,
        name=name,
        help_=help_,
        error=error,
        optional=optional,
        id_=id_,
        hide_label=hide_label,
    )


def _id(id_: str, name: str) -> SafeString:
    return quoted(id_) if id_ else after("id_", name)


def _described(*, name: str, help_: str, error: str) -> SafeString:
    """Return the attributes that tie a widget to its field's help and error."""
    places = [f"{name}_error"] * bool(error) + [f"{name}_help"] * bool(help_)
    return format_html(
        "{}{}",
        SafeString(' aria-invalid="true"') if error else NOTHING,
        format_html(' aria-describedby="{}"', " ".join(places)) if places else NOTHING,
    )
