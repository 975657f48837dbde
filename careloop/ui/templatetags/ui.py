"""`{% load ui %}`: built files, safe attributes, and how workspaces are shown."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from careloop.ui import people
from careloop.ui.assets import asset_address
from careloop.ui.printed.words import attributes as printed_attributes

register = template.Library()


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
    return printed_attributes(attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs)


@register.tag
def choose(parser: Parser, token: Token) -> template.Node:
    """Print the part that a value names, or nothing: `{% choose column %}{% when "number" %}…{% when "team" %}…{% endchoose %}`.

    One look-up, where a chain of `{% elif %}` compares one by one, for every cell of a list.
    """
    _choose, named = token.split_contents()
    parser.parse(("when", "endchoose"))
    parts: dict[str, NodeList] = {}
    token = parser.next_token()
    while token.contents != "endchoose":
        _when, name = token.split_contents()
        parts[name.strip('"')] = parser.parse(("when", "endchoose"))
        token = parser.next_token()
    return ChooseNode(parser.compile_filter(named), parts)


class ChooseNode(template.Node):
    """What `choose` reads."""

    def __init__(self, named: FilterExpression, parts: Mapping[str, NodeList]) -> None:
        self._named, self._parts = named, parts

    def render(self, context: template.Context) -> str:
        """Print the named part."""
        part = self._parts.get(self._named.resolve(context))
        return "" if part is None else part.render(context)


@register.filter
def mark(name: str) -> str:
    """Shorten the name of a workspace: `{{ name|mark }}`."""
    return people.mark(name)
