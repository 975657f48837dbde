"""`<c-…>` in a template, as django-cotton reads it, except that the components of `ui.printed` are printed by their functions.

A builtin of the template engine, behind Cotton's own tags.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django_cotton.templatetags import UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, PreparedAttr, cotton_component
from django_cotton.templatetags._slot import CottonSlotNode
from django_cotton.utils import get_cotton_data

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
        self.nodelist = node.nodelist
        self._printed = printed
        taken = signature(printed).parameters.keys()
        self._has_slot, self._has_attrs = "slot" in taken, "attrs" in taken
        self._has_named_slots = bool(node.nodelist.get_nodes_by_type(CottonSlotNode))
        self._fixed: dict[str, object] = {}
        self._worked_out: list[tuple[str, PreparedAttr]] = []
        for attr in node._prepared_attrs:
            name = f"{attr.key}_" if f"{attr.key}_" in taken else attr.key
            if name not in taken and not self._has_attrs:
                raise template.TemplateSyntaxError(f"<c-{node.component_name}> does not take {attr.key}.")
            if attr.compiled is None:
                self._fixed[name] = attr.value if attr.value is True else conditional_escape(attr.value)
            else:
                self._worked_out.append((name, attr))
        self._taken = frozenset(taken)

    def render(self, context: template.Context) -> SafeString:
        """Print it with what its attributes are worth now; one that is worth nothing keeps its default."""
        given = dict(self._fixed)
        for name, attr in self._worked_out:
            if attr.kind is AttrKind.ESCAPED:
                given[name] = attr.compiled.nodelist.render(context)
            else:
                _resolve(name, attr, context, given)
        if self._has_attrs:
            named = {name: value for name, value in given.items() if name in self._taken}
            given = {**named, "attrs": {name: value for name, value in given.items() if name not in named}}
        if self._has_named_slots:
            given.update(self._named_slots(context))
        elif self._has_slot:
            given["slot"] = self.nodelist.render(context)
        return self._printed(**given)

    def _named_slots(self, context: template.Context) -> dict[str, SafeString]:
        # The slots inside put what they hold on the top of Cotton's stack.
        stack = get_cotton_data(context)["stack"]
        stack.append({"slots": {}})
        try:
            rest = self.nodelist.render(context)
        finally:
            slots: dict[str, SafeString] = stack.pop()["slots"]
        return {**slots, "slot": rest}


def _resolve(name: str, attr: PreparedAttr, context: template.Context, given: dict[str, Any]) -> None:
    try:
        given[name] = attr.compiled.resolve(context)
    except UnprocessableDynamicAttr:
        if attr.kind is AttrKind.UNQUOTED:
            given[name] = attr.value
