"""`{% load ui %}`: built files, safe attributes, and how workspaces are shown."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from careloop.ui import people
from careloop.ui.assets import asset_address

register = template.Library()

QUOTE = '"'


@register.simple_tag
def asset(name: str) -> str:
    """Give the address of a built file: `{% asset "style.css" %}`.

    name: a plain name from the build's manifest.

    Raises AssetsNotBuilt when the front end was not built.
    """
    return asset_address(name)


@register.simple_tag
def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Print a component's remaining attributes, escaped: `{% attributes attrs %}`.

    Cotton's own `{{ attrs }}` prints values as they are, so a customer's name could close the quote; this does not.

    attrs: the component's `attrs`. True prints the bare name; False and None print nothing.
    """
    shown = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    pairs = [(conditional_escape(name), value) for name, value in shown.items()]
    bare = "".join(f" {name}" for name, value in pairs if value is True)
    # Text already marked safe may still hold a bare quote, which is harmless in a page and not in an attribute.
    valued = "".join(
        f' {name}="{conditional_escape(value).replace(QUOTE, "&quot;")}"'
        for name, value in pairs
        if value is not None and not isinstance(value, bool)
    )
    return mark_safe(bare + valued)  # noqa: S308


@register.filter
def mark(name: str) -> str:
    """Shorten the name of a workspace: `{{ name|mark }}`."""
    return people.mark(name)
