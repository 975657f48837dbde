"""`<c-…>` in a template, as django-cotton reads it, except that the components of `ui.printed` are printed by their functions.

A builtin of the template engine, behind Cotton's own tags.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.utils.safestring import SafeString
from django_cotton.templatetags import UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, PreparedAttr, cotton_component

from careloop.ui.printed import PRINTED

register = template.Library()


@register.tag("cotton")
def component(parser: Parser, token: Token) -> template.Node:
    """Read one component. Raises TemplateSyntaxError for an attribute that a printed one does not take."""
    node: CottonComponentNode = cotton_component(parser, token)
    printed = PRINTED.get(node.component_name)
    return node if printed is None else PrintedNode(node, printed)


class PrintedNode(template.Node):
    """A component whose function prints it."""

    def __init__(self, node: CottonComponentNode, printed: Callable[..., SafeString]) -> None:
        self._name = node.component_name
        self._printed = printed
        self._attrs: list[PreparedAttr] = node._prepared_attrs
        unknown = {attr.key for attr in self._attrs} - signature(printed).parameters.keys()
        if unknown:
            raise template.TemplateSyntaxError(f"<c-{self._name}> does not take {', '.join(sorted(unknown))}.")

    def render(self, context: template.Context) -> SafeString:
        """Print it with what its attributes are worth now; one that is worth nothing keeps its default."""
        given = {}
        for attr in self._attrs:
            if attr.compiled is None:
                given[attr.key] = attr.value
            elif attr.kind is AttrKind.ESCAPED:
                given[attr.key] = attr.compiled.nodelist.render(context)
            else:
                _resolve(attr, context, given)
        return self._printed(**given)


def _resolve(attr: PreparedAttr, context: template.Context, given: dict[str, Any]) -> None:
    try:
        given[attr.key] = attr.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        if attr.kind is AttrKind.UNQUOTED:
            given[attr.key] = attr.value
