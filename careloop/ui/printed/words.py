"""What the printed components share: text that is ready to stand in an attribute."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

__all__ = ["CURRENT", "NOTHING", "after", "attributes", "id_of", "quoted"]

NOTHING = SafeString("")
CURRENT = SafeString(' aria-current="true"')


def attributes(attrs: Mapping[str, object]) -> SafeString:
    """Return a component's remaining attributes as they stand in its tag. True gives the bare name; False and None nothing."""
    pairs = [(conditional_escape(name), value) for name, value in attrs.items()]
    bare = "".join(f" {name}" for name, value in pairs if value is True)
    valued = "".join(
        f' {name}="{quoted(value)}"' for name, value in pairs if value is not None and not isinstance(value, bool)
    )
    return SafeString(bare + valued)


def quoted(value: Any) -> SafeString:
    """Return a value as it may stand between the quotes of an attribute."""
    # Text already marked safe may still hold a bare quote, which is harmless in a page and not in an attribute.
    return SafeString(conditional_escape(value).replace('"', "&quot;"))


def after(before: str, word: str) -> SafeString:
    """Return a word behind another, ready to stand in an attribute, or nothing when there is none."""
    return SafeString(before + quoted(word)) if word else NOTHING


def id_of(name: str) -> SafeString:
    """Return the attribute id with a space before it, or nothing when there is no name."""
    return format_html(' id="{}"', quoted(name)) if name else NOTHING
