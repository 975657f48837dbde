"""`{% load ui %}`: built files, safe attributes, and how people, sizes and times are shown."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from careloop.ui import people
from careloop.ui.assets import asset_path
from careloop.ui.moments import Moment
from careloop.ui.moments import moment as moment_of

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Give the address of a built file: `{% asset "style.css" %}`.

    name: a plain name from the build's manifest.

    Raises AssetsNotBuilt when the front end was not built.
    """
    return static(asset_path(name))


@register.simple_tag
def attributes(attrs: Mapping[str, object]) -> SafeString:
    """Print a component's remaining attributes, escaped: `{% attributes attrs %}`.

    Cotton's own `{{ attrs }}` prints values as they are, so a customer's name could close the quote; this does not.

    attrs: the component's `attrs`. True prints the bare name; False and None print nothing.
    """
    shown = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    pairs = [(name, value) for name, value in shown.items() if value is not False and value is not None]
    bare = format_html_join("", " {}", ((name,) for name, value in pairs if value is True))
    # Text already marked safe may still hold a bare quote, which is harmless in a page and not in an attribute.
    words = ((name, value if isinstance(value, str) else str(value)) for name, value in pairs if value is not True)
    quoted = ((name, conditional_escape(value).replace('"', "&quot;")) for name, value in words)
    valued = format_html_join("", ' {}="{}"', ((name, mark_safe(value)) for name, value in quoted))  # noqa: S308
    return bare + valued


@register.simple_tag
def moment(at: datetime) -> Moment:
    """Word a time for the reader: `{% moment at as worded %}`.

    at: timezone-aware.
    """
    return moment_of(at=at, now=timezone.now())


@register.filter
def initials(name: str) -> str:
    """Shorten a person's name: `{{ name|initials }}`."""
    return people.initials(name)


@register.filter
def mark(name: str) -> str:
    """Shorten the name of a workspace: `{{ name|mark }}`."""
    return people.mark(name)


@register.filter
def hue(name: str) -> int:
    """Choose the color number of a name: `{{ name|hue }}`."""
    return people.hue(name)
