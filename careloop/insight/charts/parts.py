"""What all charts share."""

from typing import Any, Final

__all__ = ["SCHEMA", "TIP", "Spec", "chart", "nothing"]

Spec = dict[str, Any]
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
TIP: Final[Spec] = {"field": "tip", "type": "nominal"}


def chart(*, values: list[dict[str, Any]], height: int, **rest: Any) -> Spec:
    """Return a specification as wide as its place. values: rows. height: in pixels."""
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": values},
        **rest,
    }


def nothing() -> Spec:
    """Return a chart without anything in it, for what has only words."""
    return chart(values=[], height=1, mark="point", encoding={})
